// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/pattern_watch.h"

#include "gateway/privacy/lower_case.h"

#include <algorithm>

namespace gateway::privacy {

const std::vector<std::uint32_t> &PatternWatch::look(std::string_view piece, bool ends)
{
    m_found.clear();
    m_window += piece;
    lowerCase(m_window, m_lowered);
    m_matches.clear();
    m_patterns.set.scan(m_window, m_lowered, m_matches);
    for (const PatternSet::Match &match : m_matches) {
        const bool mayBeNone = !ends && match.to == m_window.size() && m_patterns.owners[match.pattern].looksAhead;
        const bool atCut = m_isCut && match.from == 0; // "^" and the like would match there
        if (mayBeNone || atCut || match.from < m_seenTo[match.pattern])
            continue;
        m_seenTo[match.pattern] = match.to;
        m_found.push_back(match.pattern);
    }
    forget();
    return m_found;
}

/// Keeps the bytes that a match may still begin in, and one before them.
void PatternWatch::forget()
{
    constexpr std::size_t kept = PatternSet::longestMatch + 1;
    if (m_window.size() <= kept)
        return;
    const std::size_t away = m_window.size() - kept;
    m_window.erase(0, away);
    m_isCut = true;
    for (std::size_t &seen : m_seenTo)
        seen -= std::min(seen, away);
}

} // namespace gateway::privacy
