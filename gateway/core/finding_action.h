// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"

#include <string>
#include <string_view>

/// What became of a finding is a word in PrivacyFinding::action. A guardrail may have the name of a rule, so that its findings
/// say there whose they are: "guardrail block".
namespace gateway {

inline constexpr std::string_view guardrailMark = "guardrail ";

[[nodiscard]] inline std::string guardrailAction(std::string_view word)
{
    return std::string(guardrailMark).append(word);
}

[[nodiscard]] inline bool isGuardrails(const PrivacyFinding &finding)
{
    return finding.action.starts_with(guardrailMark);
}

/// "block", of a rule's or a guardrail's finding.
[[nodiscard]] inline std::string_view actionWord(const PrivacyFinding &finding)
{
    return std::string_view(finding.action).substr(isGuardrails(finding) ? guardrailMark.size() : 0);
}

} // namespace gateway
