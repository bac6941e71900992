// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/line_parser.h"

#include "gateway/core/text.h"

#include <utility>

namespace gateway::wire {
namespace {

constexpr std::size_t keptBuffer = 64 * 1024; // a buffer that one large line grew beyond this is given back

std::string_view withoutCr(std::string_view line)
{
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

} // namespace

void LineParser::feed(std::string_view bytes)
{
    m_input = bytes;
}

LineParser::Next LineParser::next(std::string_view &line)
{
    while (!m_failed) {
        dropTaken();
        if (m_input.empty())
            return NeedMore;
        const std::size_t end = m_input.find('\n');
        const std::string_view piece = m_input.substr(0, end);
        if (m_pending.size() + piece.size() > m_maxLine) {
            m_failed = true;
            break;
        }
        m_input.remove_prefix(end == std::string_view::npos ? m_input.size() : end + 1);
        if (end == std::string_view::npos) {
            m_pending += piece;
            return NeedMore;
        }
        line = piece;
        if (!m_pending.empty()) {
            m_pending += piece;
            m_pendingDone = true;
            line = m_pending;
        }
        line = withoutCr(line);
        if (!trimmed(line).empty())
            return Line;
    }
    return TooLarge;
}

LineParser::Next LineParser::finish(std::string_view &line)
{
    if (m_failed)
        return TooLarge;
    dropTaken();
    if (trimmed(m_pending).empty())
        return NeedMore;
    m_pendingDone = true;
    line = withoutCr(m_pending);
    return Line;
}

void LineParser::dropTaken()
{
    if (!std::exchange(m_pendingDone, false))
        return;
    m_pending.clear();
    if (m_pending.capacity() > keptBuffer)
        std::string().swap(m_pending);
}

} // namespace gateway::wire
