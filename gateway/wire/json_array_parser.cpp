// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/json_array_parser.h"

#include <utility>

namespace gateway::wire {
namespace {

constexpr std::size_t keptBuffer = 64 * 1024; // a buffer that one large element grew beyond this is given back

} // namespace

JsonArrayParser::Next JsonArrayParser::next(std::string_view &element)
{
    if (std::exchange(m_pendingDone, false)) {
        m_pending.clear();
        if (m_pending.capacity() > keptBuffer)
            std::string().swap(m_pending);
    }
    if (m_failure != NeedMore)
        return m_failure;
    if (m_at != At::Within && !skipToElement())
        return fail(Malformed);
    if (m_at != At::Within || m_input.empty())
        return NeedMore;

    std::size_t taken = 0;
    const Found found = findEnd(taken);
    if (m_pending.size() + taken > m_maxElement) // first: what is said must not depend on how reads are cut
        return fail(TooLarge);
    if (found == Found::Broken)
        return fail(Malformed);
    const std::string_view piece = m_input.substr(0, taken);
    m_input.remove_prefix(taken);
    if (found == Found::NotYet) {
        m_pending += piece;
        return NeedMore;
    }
    m_at = m_alone ? At::End : At::Between;
    element = piece;
    if (!m_pending.empty()) {
        m_pending += piece;
        m_pendingDone = true;
        element = m_pending;
    }
    return Element;
}

/// Passes over what stands between elements, up to the next one's first byte or the end of the input. False: it is none of
/// what may stand there.
bool JsonArrayParser::skipToElement()
{
    for (; !m_input.empty(); m_input.remove_prefix(1)) {
        const char c = m_input.front();
        if (c == ' ' || c == '\n' || c == '\r' || c == '\t')
            continue;
        const bool mayBegin = m_at == At::Begin || m_at == At::First || m_at == At::Comma;
        if (c == '{' && mayBegin) {
            m_alone = m_at == At::Begin;
            m_at = At::Within;
            return true;
        }
        if (c == '[' && m_at == At::Begin)
            m_at = At::First;
        else if (c == ',' && m_at == At::Between)
            m_at = At::Comma;
        else if (c == ']' && (m_at == At::First || m_at == At::Between))
            m_at = At::End;
        else
            return false;
    }
    return true;
}

/// Where in the element the input ended is remembered.
JsonArrayParser::Found JsonArrayParser::findEnd(std::size_t &at)
{
    at = 0;
    while (at < m_input.size()) {
        if (std::exchange(m_escaped, false)) {
            ++at;
            continue;
        }
        at = m_input.find_first_of(m_inString ? std::string_view("\"\\") : std::string_view("\"{}[]"), at);
        if (at == std::string_view::npos)
            break;
        switch (m_input[at++]) {
        case '"': m_inString = !m_inString; break;
        case '\\': m_escaped = true; break;
        case '{':
        case '[':
            if (++m_depth > maxDepth)
                return Found::Broken;
            break;
        default:
            if (--m_depth == 0)
                return m_input[at - 1] == '}' ? Found::End : Found::Broken; // it began as an object
        }
    }
    at = m_input.size();
    return Found::NotYet;
}

JsonArrayParser::Next JsonArrayParser::fail(Next why)
{
    m_failure = why;
    std::string().swap(m_pending);
    return why;
}

} // namespace gateway::wire
