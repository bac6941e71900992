// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gateway::wire {

/// Cuts a byte stream into lines, for streams of one JSON value a line (Ollama's own API). LF ends a line, a CR before it
/// belongs to the end; nothing else does. Lines of nothing but white space are passed over. Bytes may be split anywhere. No
/// copying where a line lies within one read. Not thread-safe; no I/O.
///   parser.feed(bytes); while (parser.next(line) == LineParser::Line) ...; at the end: parser.finish(line)
class LineParser
{
public:
    enum Next {
        Line,
        NeedMore, ///< everything fed is used up
        TooLarge  ///< a line passed the limit; the parser gives nothing more
    };

    explicit LineParser(std::size_t maxLine = 4 * 1024 * 1024) : m_maxLine(maxLine) {}

    /// Gives bytes, which must stay valid until next() said NeedMore.
    void feed(std::string_view bytes);
    /// @param line  without its end; holds until the parser is called again
    Next next(std::string_view &line);
    /// At the end of the stream: Line with what is left, whose end has not come (it may be cut off), or NeedMore.
    Next finish(std::string_view &line);

    [[nodiscard]] std::size_t buffered() const { return m_pending.size(); }

private:
    void dropTaken();

    std::size_t m_maxLine;
    std::string_view m_input;   ///< what was fed and is not used up
    std::string m_pending;      ///< the start of a line whose end has not come
    bool m_pendingDone = false; ///< m_pending was given out and goes at the next call
    bool m_failed = false;
};

} // namespace gateway::wire
