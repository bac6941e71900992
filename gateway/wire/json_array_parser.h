// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdint>
#include <string>
#include <string_view>

namespace gateway::wire {

/// Cuts a JSON array of objects that comes in pieces into its elements: what Gemini streams without alt=sse (`[{`, `,\r\n`,
/// `]`; wire.md 11, trap 9). An object that stands alone, as errors do, is the one element. Bytes may be split anywhere.
/// Looks at quotes and brackets alone: an element is to be read as JSON by who gets it. No copying where an element lies
/// within one read. Not thread-safe; no I/O.
///   parser.feed(bytes); while (parser.next(element) == JsonArrayParser::Element) ...; at the end: parser.whole()
class JsonArrayParser
{
public:
    enum Next {
        Element,
        NeedMore,  ///< everything fed is used up
        TooLarge,  ///< an element passed the limit; the parser gives nothing more
        Malformed  ///< no array of objects, or one that nests too deep; the same
    };
    static constexpr std::size_t maxDepth = 512;

    explicit JsonArrayParser(std::size_t maxElement = 4 * 1024 * 1024) : m_maxElement(maxElement) {}

    /// Gives bytes, which must stay valid until next() said something else than Element.
    void feed(std::string_view bytes) { m_input = bytes; }
    /// @param element  the next object; holds until the parser is called again
    Next next(std::string_view &element);

    [[nodiscard]] bool whole() const { return m_at == At::End; } ///< the closing bracket has come
    [[nodiscard]] std::size_t buffered() const { return m_pending.size(); }

private:
    enum class At : std::uint8_t {
        Begin,   ///< nothing but white space yet
        First,   ///< behind the opening bracket
        Comma,   ///< behind one
        Within,  ///< an element
        Between, ///< behind an element
        End
    };

    bool skipToElement();
    enum class Found : std::uint8_t { End, NotYet, Broken };
    /// @param at  one behind the byte of the input where the element ends or breaks
    Found findEnd(std::size_t &at);
    Next fail(Next why);

    std::size_t m_maxElement;
    std::string_view m_input; ///< what was fed and is not used up
    std::string m_pending;    ///< the start of an element whose end has not come
    At m_at = At::Begin;
    Next m_failure = NeedMore; ///< what went wrong; NeedMore: nothing
    std::size_t m_depth = 0;
    bool m_inString = false;
    bool m_escaped = false;     ///< the byte before was a backslash within a string
    bool m_alone = false;       ///< there is no array around the element
    bool m_pendingDone = false; ///< m_pending was given out and goes at the next call
};

} // namespace gateway::wire
