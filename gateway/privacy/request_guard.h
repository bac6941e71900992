// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/privacy/body_scrub.h"
#include "gateway/privacy/guards.h"
#include "gateway/wire/token_estimate.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::privacy {

/// Holds a request against a policy's guardrails, but for those who have to be asked: text by text, as the caller sent it.
/// Not thread-safe.
class RequestGuard
{
public:
    explicit RequestGuard(const Guards &guards);

    /// All texts of a request.
    void look(const BodyScrub &body);
    /// One text.
    /// @param role  what it is to the model
    void look(std::string_view plain, TextRole role = TextRole::Said);
    /// @return in the order of the guardrails; to be called once
    [[nodiscard]] std::vector<GuardFinding> finish();

private:
    void lookForPatterns(std::string_view plain);
    void lookForInjection(std::string_view plain);
    [[nodiscard]] std::optional<GuardFinding> findingOf(std::uint32_t index) const;

    const Guards &m_guards;
    std::size_t m_texts = 0;
    std::uint64_t m_bytes = 0;
    wire::TextSize m_size;
    std::vector<std::uint32_t> m_matches; ///< by pattern
    std::vector<std::uint32_t> m_times;   ///< Injection: texts, by guard
    std::vector<double> m_scores;         ///< Injection: the highest, by guard
    std::string m_lowered;
    std::vector<PatternSet::Match> m_found;
};

} // namespace gateway::privacy
