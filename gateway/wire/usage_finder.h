// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/header_view.h"
#include "gateway/core/token_usage.h"
#include "gateway/wire/anthropic/usage.h"
#include "gateway/wire/event_framing.h"
#include "gateway/wire/json_array_parser.h"
#include "gateway/wire/member_catcher.h"
#include "gateway/wire/usage.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace gateway::wire {

/// Finds the token counts in a provider's answer of which nobody knows more than its bytes: whatever of its API was called,
/// whole or streamed, in OpenAI's, Anthropic's, Google's, Amazon's, Cohere's or Ollama's words. The counts tell by their own
/// names whose they are. Holds no more than one event of a stream, and of a whole answer only the counts. Not thread-safe; no I/O.
class UsageFinder
{
public:
    /// @param headers  of the answer: what it is (Content-Type), and Bedrock's own counts
    explicit UsageFinder(std::span<const HeaderView> headers, ReasoningCount reasoning = ReasoningCount::Included);

    /// More of the answer's body, transfer coding taken off.
    void feed(std::string_view bytes);
    /// The body has ended.
    void finish();
    /// What was found so far; nullopt: no count. For streams: sums as the provider has told them last.
    [[nodiscard]] const std::optional<TokenUsage> &usage() const { return m_usage ? m_usage : m_plain; }

private:
    enum class Form : std::uint8_t {
        Nothing, ///< no JSON: not looked at
        Unsure,  ///< JSON whose first byte has not come
        Object,
        Array,
        Events
    };

    void lookAtEvents();
    void lookAtElements();
    void look(std::string_view object, int depth);
    void takeCounts(std::string_view usageObject);
    void takePlain(std::int64_t TokenUsage::*count, std::int64_t value);
    void takeInner(std::string_view key, std::string_view object, int depth);

    Form m_form = Form::Nothing;
    ReasoningCount m_reasoning;
    std::unique_ptr<EventFraming> m_framing;
    std::optional<MemberCatcher> m_catcher;
    std::optional<JsonArrayParser> m_elements;
    anthropic::UsageCount m_anthropic;
    std::optional<TokenUsage> m_usage; ///< of a usage object
    std::optional<TokenUsage> m_plain; ///< of counts that stand by themselves, for answers without such an object
};

} // namespace gateway::wire
