// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/sse_parser.h"

#include <cstring>
#include <utility>

namespace gateway::wire {
namespace {

constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t keptBuffer = 64 * 1024; // a buffer that one large event grew beyond this is given back

const char *findByte(const char *from, const char *end, char byte)
{
    return static_cast<const char *>(std::memchr(from, byte, static_cast<std::size_t>(end - from)));
}

/// Takes the next line off `block`, without its end (CR, LF or CRLF).
std::string_view takeLine(std::string_view &block)
{
    const char *begin = block.data();
    const char *end = begin + block.size();
    const char *lf = findByte(begin, end, '\n');
    const char *stop = lf ? lf : end;
    if (const char *cr = findByte(begin, stop, '\r'))
        stop = cr;
    const std::string_view line(begin, stop);
    std::size_t taken = line.size();
    if (stop < end)
        taken += *stop == '\r' && stop + 1 < end && stop[1] == '\n' ? 2 : 1;
    block.remove_prefix(taken);
    return line;
}

} // namespace

void SseParser::feed(std::string_view bytes)
{
    m_input = bytes;
}

/// One behind the current block's end within `bytes`, or npos; what was seen of an unfinished block is remembered.
std::size_t SseParser::blockEnd(std::string_view bytes)
{
    const char *at = bytes.data();
    const char *end = at + bytes.size();
    const auto position = [&](const char *p) { return static_cast<std::size_t>(p - bytes.data()); };
    while (at < end) {
        if (m_lineEmpty) {
            const bool restOfCrLf = std::exchange(m_afterCr, false) && *at == '\n';
            if (restOfCrLf) {
                ++at;
                continue;
            }
            if (*at == '\n')
                return position(at + 1);
            if (*at == '\r') {
                // The block ends here whether or not an LF follows: waiting for it would hold the event back.
                if (at + 1 < end)
                    return position(at[1] == '\n' ? at + 2 : at + 1);
                m_blockEndedInCr = true;
                return position(end);
            }
            m_lineEmpty = false;
        }
        const char *lf = findByte(at, end, '\n');
        const char *cr = findByte(at, lf ? lf : end, '\r');
        const char *lineEnd = cr ? cr : lf;
        if (!lineEnd)
            return std::string_view::npos;
        m_afterCr = cr != nullptr;
        m_lineEmpty = true;
        at = lineEnd + 1;
    }
    return std::string_view::npos;
}

SseParser::Next SseParser::next(SseEvent &event)
{
    if (m_pendingDone) {
        m_pendingDone = false;
        m_pending.clear();
        if (m_pending.capacity() > keptBuffer)
            std::string().swap(m_pending);
    }
    if (m_failed)
        return TooLarge;
    if (m_input.empty())
        return NeedMore;

    const std::size_t end = blockEnd(m_input);
    const std::size_t taken = end == std::string_view::npos ? m_input.size() : end;
    if (m_pending.size() + taken > m_maxEvent) {
        m_failed = true;
        return TooLarge;
    }
    std::string_view block = m_input.substr(0, taken);
    m_input.remove_prefix(taken);
    if (end == std::string_view::npos) {
        m_pending += block;
        return NeedMore;
    }
    if (!m_pending.empty()) {
        m_pending += block;
        m_pendingDone = true;
        block = m_pending;
    }
    m_lineEmpty = true;
    m_afterCr = std::exchange(m_blockEndedInCr, false);
    parseBlock(block, event);
    return Event;
}

SseParser::Next SseParser::finish(SseEvent &event)
{
    if (m_failed)
        return TooLarge;
    if (m_pendingDone || m_pending.empty())
        return NeedMore;
    m_pendingDone = true;
    parseBlock(m_pending, event);
    event.terminated = false;
    return Event;
}

void SseParser::parseBlock(std::string_view block, SseEvent &event)
{
    event = SseEvent {};
    event.raw = block;
    if (std::exchange(m_atStart, false) && block.starts_with(byteOrderMark))
        block.remove_prefix(byteOrderMark.size());
    bool joined = false;
    while (!block.empty()) {
        const std::string_view line = takeLine(block);
        const std::size_t colon = line.find(':');
        const std::string_view name = line.substr(0, colon);
        std::string_view value = colon == std::string_view::npos ? std::string_view {} : line.substr(colon + 1);
        if (value.starts_with(' '))
            value.remove_prefix(1);
        if (name == "event") {
            event.type = value;
        } else if (name == "data" && !event.hasData) {
            event.data = value;
            event.hasData = true;
        } else if (name == "data") {
            if (!std::exchange(joined, true))
                m_joined.assign(event.data);
            m_joined += '\n';
            m_joined += value;
        }
    }
    if (joined)
        event.data = m_joined;
}

} // namespace gateway::wire
