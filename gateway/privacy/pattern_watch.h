// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/privacy/guards.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::privacy {

/// Looks for patterns in a text that comes in pieces cut anywhere, by a window of its end: what they match may go over pieces, as
/// far as PatternSet finds it at all (PatternSet::longestMatch). What may not match any more with what comes next is told once that
/// is here. Holds nothing back. Not thread-safe.
class PatternWatch
{
public:
    /// @param patterns  outlives this
    explicit PatternWatch(const GuardPatterns &patterns) : m_patterns(patterns), m_seenTo(patterns.owners.size(), 0) {}

    /// @return the patterns that matched with this piece, each as often as it did. Holds until the next call.
    const std::vector<std::uint32_t> &feed(std::string_view piece) { return look(piece, false); }
    /// The text ends here.
    const std::vector<std::uint32_t> &finish() { return look({}, true); }

private:
    const std::vector<std::uint32_t> &look(std::string_view piece, bool ends);
    void forget();

    const GuardPatterns &m_patterns;
    std::string m_window;
    bool m_isCut = false;               ///< the window begins within the text
    std::vector<std::size_t> m_seenTo;  ///< by pattern: the end of its last match, in the window
    std::string m_lowered;
    std::vector<PatternSet::Match> m_matches;
    std::vector<std::uint32_t> m_found;
};

} // namespace gateway::privacy
