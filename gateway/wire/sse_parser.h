// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gateway::wire {

/// One block of a server-sent event stream. All views hold until the parser is called again.
struct SseEvent
{
    std::string_view raw;        ///< every byte of it with its blank line: all raws joined are the stream, byte for byte
    std::string_view type;       ///< the `event:` field; empty: none
    std::string_view data;       ///< `data:` lines joined with LF
    bool hasData = false;        ///< false: only comments, other fields or blank lines
    bool terminated = true;      ///< false: the stream ended before the blank line
};

/// Cuts a byte stream into events by the WHATWG grammar (wire.md 11, traps 1 and 2): CR, LF and CRLF end lines, nothing
/// else does; BOM, comments, several data lines; bytes may be split anywhere. Blocks without data are given too, so that
/// what is passed on stays byte for byte. No copying where an event lies within one read. Not thread-safe; no I/O.
///   parser.feed(bytes); while (parser.next(event) == SseParser::Event) ...; at the end: parser.finish(event)
class SseParser
{
public:
    enum Next {
        Event,
        NeedMore, ///< everything fed is used up
        TooLarge  ///< an event passed the limit; the parser gives nothing more
    };

    explicit SseParser(std::size_t maxEvent = 4 * 1024 * 1024) : m_maxEvent(maxEvent) {}

    /// Gives bytes, which must stay valid until next() said NeedMore.
    void feed(std::string_view bytes);
    Next next(SseEvent &event);
    /// At the end of the stream: Event with what is left (terminated = false), or NeedMore where nothing is.
    Next finish(SseEvent &event);

    [[nodiscard]] std::size_t buffered() const { return m_pending.size(); }

private:
    std::size_t blockEnd(std::string_view bytes);
    void parseBlock(std::string_view block, SseEvent &event);

    std::size_t m_maxEvent;
    std::string_view m_input;      ///< what was fed and is not used up
    std::string m_pending;         ///< the start of an event whose end has not come
    bool m_pendingDone = false;    ///< m_pending was given out and goes at the next call
    bool m_lineEmpty = true;       ///< no byte on the current line yet
    bool m_afterCr = false;        ///< the last byte looked at is a CR: an LF next is part of that line end
    bool m_blockEndedInCr = false; ///< the last block ended in CR at the end of a read: an LF next belongs to it
    bool m_atStart = true;         ///< a BOM may come
    bool m_failed = false;
    std::string m_joined;
};

} // namespace gateway::wire
