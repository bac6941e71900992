// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/values.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Guardrails of privacy policies: what a call or its answer has to be like as a whole, beside what is found in it.
namespace gateway::config {

/// What becomes of a call where somebody who has a say in it does not answer.
enum class OnFailure : std::uint8_t { Block, Allow };
std::string_view toText(OnFailure failure);

enum class GuardrailKind : std::uint8_t {
    MaxBytes,   ///< of all texts of a request together, as UTF-8
    MaxTokens,  ///< of the same, estimated
    Forbid,     ///< no text may match one of the patterns
    Require,    ///< some text must match each of them
    Injection,  ///< no text of a request may try to take the model over, as far as phrases tell
    JsonSchema, ///< answers must be JSON that keeps to it
    Webhook     ///< a service of the operator's judges
};
std::string_view toText(GuardrailKind kind);

enum class GuardrailAction : std::uint8_t {
    Block, ///< the call is refused, or its answer
    Report ///< it goes on; what was found is counted
};
std::string_view toText(GuardrailAction action);

enum class LooksAt : std::uint8_t { Request, Answers, Both };
std::string_view toText(LooksAt what);

/// What becomes of a streamed answer that can only be judged as a whole.
enum class StreamWay : std::uint8_t {
    Check, ///< it passes as it comes, and is broken off at its end
    Hold   ///< nothing of it goes on before it has been judged
};
std::string_view toText(StreamWay way);

/// Which field belongs to which kind, check_guardrails.cpp says.
struct Guardrail
{
    std::optional<GuardrailKind> kind {};   ///< nullopt: missing, which the checks refuse
    std::string name {};                    ///< in errors, records and figures; empty: the kind's
    GuardrailAction action = GuardrailAction::Block;
    LooksAt looksAt = LooksAt::Request;     ///< forbid, require, webhook
    std::int64_t limit = 0;                 ///< max_bytes, max_tokens
    std::vector<std::string> patterns {};   ///< forbid, require; in RE2's syntax
    std::vector<std::string> phrases {};    ///< injection: beside those that are built in
    std::optional<double> threshold {};     ///< injection: 0 to 1; absent: 0.5
    JsonText schema {};                     ///< json_schema
    bool repair = true;                     ///< json_schema: an answer that does not fit is asked for once more
    StreamWay streams = StreamWay::Check;   ///< json_schema; require and webhook that look at answers
    std::string url {};                     ///< webhook
    Millis timeout = standardTimeout;       ///< webhook
    OnFailure onFailure = OnFailure::Block; ///< webhook
    bool enabled = true;                    ///< false: it is as if it were not there
    bool operator==(const Guardrail &) const = default;

    static constexpr Millis standardTimeout {5'000}, shortestTimeout {50}, longestTimeout {60'000};
    [[nodiscard]] std::string_view shownName() const { return name.empty() && kind ? toText(*kind) : std::string_view(name); }
    [[nodiscard]] bool looksAtRequests() const { return looksAt != LooksAt::Answers; }
    [[nodiscard]] bool looksAtAnswers() const { return looksAt != LooksAt::Request; }
};

inline constexpr std::size_t mostGuardrails = 50, mostPatterns = 200, longestSchema = 256 * 1024;

} // namespace gateway::config
