// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/privacy/word_automaton.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class FilteredRE2;
class RE2;
}

namespace gateway::privacy {

/// Users' regular expressions (RE2, linear in the text). One pass over the text looks for the literals without which none
/// of them can match; only those are run whose literals are there. Built once; then thread-safe.
class PatternSet
{
public:
    PatternSet();
    PatternSet(PatternSet &&) noexcept;
    PatternSet &operator=(PatternSet &&) noexcept;
    ~PatternSet();

    /// Takes a pattern; their numbers count from 0. Invalid: RE2's words for what is wrong with it, or it matches nothing
    /// at all, or too much memory would be needed.
    Result<void> add(const std::string &pattern);
    void seal();

    [[nodiscard]] bool empty() const { return m_spans.empty(); }
    /// Whether no match of any of them holds white space, as far as their texts tell.
    [[nodiscard]] bool withinWords() const;

    struct Match
    {
        std::uint32_t pattern = 0;
        std::size_t from = 0, to = 0;
    };
    static constexpr std::size_t longestMatch = 1024; ///< bytes that a match is sure to be found with; longer ones may end early
    /// All matches, one behind another for each pattern, empty ones left out.
    /// @param lowered  the text by lowerCase()
    void scan(std::string_view text, std::string_view lowered, std::vector<Match> &out) const;

private:
    void runOver(const re2::RE2 &pattern, std::uint32_t number, std::string_view text, std::vector<Match> &out) const;

    /// Where a pattern is kept: in m_filtered, or in m_always because its literals cannot be looked for byte by byte.
    struct Place
    {
        bool filtered = false;
        int index = 0;
    };
    std::vector<Place> m_places;
    std::vector<bool> m_spans; ///< may match white space
    std::unique_ptr<re2::FilteredRE2> m_filtered;
    std::vector<std::uint32_t> m_numbers; ///< of those in m_filtered
    std::vector<std::unique_ptr<re2::RE2>> m_always;
    WordAutomaton m_literals;
    std::size_t m_literalCount = 0;
};

} // namespace gateway::privacy
