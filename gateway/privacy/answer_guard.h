// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/privacy/guards.h"
#include "gateway/wire/answer_text.h"

#include <string>
#include <vector>

/// Whole answers against a policy's guardrails. Pure.
namespace gateway::privacy {

struct AnswerVerdict
{
    std::vector<GuardFinding> findings {}; ///< in the order of the guardrails
    /// What to say to the model so that it mends its answer, where nothing but that keeps the answer from going on; empty: asking
    /// again is not wanted.
    std::string repair {};
    std::string said {};                   ///< the answer that is to be mended
};

/// What a pattern has to be in, and a schema is about: what every choice says, but for one that calls tools, whose turn is not over.
/// An answer that cannot be read to its end is let through by none of those that look at answers as a whole.
[[nodiscard]] AnswerVerdict judgeAnswer(const Guards &guards, const wire::AnswerText &answer);

/// All that guardrails have against a text, were it an answer: what is forbidden too. Webhooks are not asked.
[[nodiscard]] std::vector<GuardFinding> judgeText(const Guards &guards, std::string_view text);

} // namespace gateway::privacy
