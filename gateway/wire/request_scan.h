// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/endpoint.h"
#include "gateway/core/error.h"
#include "gateway/core/pooled_containers.h"
#include "gateway/wire/prompt_scan.h"
#include "gateway/wire/span.h"
#include "gateway/wire/token_estimate.h"

#include <cstdint>
#include <forward_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::wire {

/// One member of the body's top-level object.
struct Member
{
    std::string_view name; ///< unescaped
    Span key;              ///< with its quotes
    Span value;
    bool null = false;     ///< JSON null: equals absent
};

/// What one pass over a request body finds, whatever API it is of, as offsets into it. The bytes are not changed and must
/// outlive the scan. Move-only: names with escapes live in it.
struct RequestScan
{
    RequestScan() = default;
    RequestScan(RequestScan &&) = default;
    RequestScan &operator=(RequestScan &&) = default;

    std::string_view body;
    PooledVector<Member> members;             ///< every top-level member, in order, duplicates of unknown keys too
    std::string_view model;                   ///< unescaped
    Span modelValue {};                       ///< with its quotes; empty: the body names none, the path does
    bool isForm = false;                      ///< multipart/form-data: no members, and `modelValue` is plain text (multipart.h)
    bool stream = false;
    bool includeUsage = false;                ///< stream_options.include_usage: the caller wants the usage chunk
    Span streamOptions {};                    ///< the object; empty: absent
    Span includeUsageValue {};                ///< within it; empty: absent
    bool streamOptionsEmpty = false;          ///< the object has no member
    std::string_view user {};                 ///< unescaped (Anthropic: metadata.user_id); empty: absent
    std::vector<std::string> fallbacks {};    ///< models named in `fallbacks`
    Span signalbox {};                        ///< the object under `signalbox`; empty: absent
    Span metadata {};                         ///< the object under `metadata`; empty: absent
    Span promptId {};                         ///< the string that names a prompt, with its quotes; empty: absent, or not looked for
    Span promptVariables {};                  ///< the object with its values; the same
    std::optional<std::int64_t> maxTokens {}; ///< max_completion_tokens, else max_tokens; the same of other formats
    std::int64_t n = 1;
    bool hasTools = false;
    bool hasResponseFormat = false;
    PromptSize prompt {};                     ///< of messages, prompt or input, and tools
    MessageTraits traits {};

    /// The last member of that name that is not null, or nullptr.
    [[nodiscard]] const Member *find(std::string_view name) const;
    std::forward_list<std::string> unescaped {}; ///< owns names and texts that are written with escapes
};

/// Whether a call may name a prompt (a template that the gateway keeps), whose version then has what its body lacks.
enum class PromptNamed : std::uint8_t {
    Nowhere,     ///< it may not, and what the body says of prompts is not looked at
    PerhapsHere, ///< the body may: `prompt_id` and `prompt_variables`, at its top or under `signalbox`
    Outside      ///< the call does, beside its body, which may have the values
};

/// Scans a request body once. Pure; allocates nothing but the list of members for bodies without escaped keys.
/// @param body      UTF-8
/// @param endpoint  tells which of messages, prompt, input, contents must be there
/// @param pathModel the model that the path names; empty: the body must. Outlives the scan
/// @param usualModel  what is asked where neither names one; empty: that is an error. Outlives the scan
/// @param prompt  where a prompt is named, the body of a chat may lack its model and its messages
/// @return the scan, or BadRequest whose `where` is the parameter (empty: the body itself) and whose message says what
///         is wrong and at which byte. A key that the gateway reads and that occurs twice is such an error
///         (architecture.md, "Fast path").
Result<RequestScan> scanRequest(std::string_view body, Endpoint endpoint, std::string_view pathModel = {}, std::string_view usualModel = {},
                                PromptNamed prompt = PromptNamed::Nowhere);

} // namespace gateway::wire
