// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/privacy/detector.h"
#include "gateway/privacy/folded_text.h"
#include "gateway/privacy/policy.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::privacy {

/// A stretch of text that a rule is about.
struct Hit
{
    std::size_t from = 0, to = 0; ///< bytes of the text
    std::uint32_t rule = 0;       ///< of Policy::rules()
    double score = 0;             ///< 0 to 1
    bool operator==(const Hit &) const = default;

    [[nodiscard]] std::string_view in(std::string_view text) const { return text.substr(from, to - from); }
};

/// Takes out of `hits` what overlaps something better, and sorts the rest by place. The longer one stays; of two equally
/// long ones the surer, then the one whose rule comes first. A chain of overlaps is settled from left to right.
void settleOverlaps(std::vector<Hit> &hits);

/// Looks for all that a policy's rules are about: one pass over the text for all built-in detectors together, one for the
/// words of dictionaries, one for the literals of patterns. Linear in the text. Any bytes are taken. Keeps its memory from
/// one text to the next. Not thread-safe: one for each worker or call.
class Scanner
{
public:
    explicit Scanner(std::shared_ptr<const Policy> policy) : m_policy(std::move(policy)) {}

    /// @param text      under 4 GB
    /// @param external  what external detectors found in it
    /// @return sorted, without overlaps, at or over each rule's threshold, without what it allows. Holds until the next call.
    std::span<const Hit> scan(std::string_view text, std::span<const Hit> external = {});

    [[nodiscard]] const std::shared_ptr<const Policy> &policy() const { return m_policy; }

private:
    class Sink;

    void scanBuiltIn();
    void scanOwn(std::string_view text);
    std::size_t scanWord(std::size_t from);
    void wake(Wake wake, std::size_t from, std::size_t to);
    void scanNumbers(std::size_t digit);
    std::size_t readGroups(std::size_t digit);
    void scanWindows();
    void wakeNumber(std::size_t first, std::size_t last, std::size_t digits);
    [[nodiscard]] const ContextWords::Near &near(std::size_t from, std::size_t to);
    void keepGood(std::string_view text);

    std::shared_ptr<const Policy> m_policy;
    FoldedText m_folded;
    std::string_view m_text; ///< folded
    std::string m_lowered;
    std::vector<DigitGroup> m_groups; ///< of the number that is being read
    std::string m_digits;             ///< all of their digits
    std::size_t m_numbersTo = 0;      ///< digits up to here have been seen
    std::vector<PatternSet::Match> m_matches;
    std::size_t m_nearFrom = 0, m_nearTo = 0; ///< the stretch that m_near is about; empty: none
    ContextWords::Near m_near;
    std::vector<Hit> m_found;         ///< at first in folded places
};

} // namespace gateway::privacy
