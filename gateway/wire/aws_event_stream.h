// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gateway::wire {

/// One frame of an `application/vnd.amazon.eventstream` body. All views hold until the parser is called again.
struct AwsFrame
{
    enum class Kind : std::uint8_t {
        Event,     ///< :message-type event, and what names none
        Exception, ///< an error that the service models: `payload` is its JSON
        Error      ///< one that it does not model: it has no payload, so `payload` is {"message": <its :error-message>}
    };
    Kind kind = Kind::Event;
    std::string_view type;        ///< :event-type, :exception-type or :error-code, as its kind has it; empty: none
    std::string_view contentType; ///< empty: not said
    std::string_view payload;
};

/// Cuts an AWS event stream into frames (wire.md 10): lengths, the checksums of prelude and message, headers of all types.
/// Bytes may be split anywhere; a frame that lies within one read is not copied. Nothing is kept but the frame that has
/// begun, of which no more is stored than has come. Not thread-safe; no I/O.
///   parser.feed(bytes); while (parser.next(frame) == AwsEventStreamParser::Frame) ...; at the end: parser.midFrame()
class AwsEventStreamParser
{
public:
    enum Next {
        Frame,
        NeedMore, ///< everything fed is used up
        Broken    ///< too large, a wrong checksum or header: `why()` says which; the parser gives nothing more
    };

    static constexpr std::size_t largest = 16 * 1024 * 1024;

    explicit AwsEventStreamParser(std::size_t maxFrame = largest) : m_maxFrame(maxFrame) {}

    /// Gives bytes, which must stay valid until next() said NeedMore.
    void feed(std::string_view bytes) { m_input = bytes; }
    Next next(AwsFrame &frame);

    /// The bytes end within a frame: a stream that ends so was cut.
    [[nodiscard]] bool midFrame() const { return !m_frameGiven && !m_pending.empty(); }
    [[nodiscard]] std::string_view why() const { return m_why; } ///< words for the record; empty: nothing is broken
    [[nodiscard]] std::size_t buffered() const { return m_pending.size(); }

private:
    bool checkPrelude(std::string_view prelude);
    bool read(std::string_view bytes, AwsFrame &frame);
    bool readHeaders(std::string_view headers, AwsFrame &frame);
    Next broken(std::string_view why);

    std::size_t m_maxFrame;
    std::string_view m_input;
    std::string m_pending;     ///< the beginning of a frame whose end has not come
    std::size_t m_total = 0;   ///< of the frame at hand; 0: its prelude has not been read
    bool m_frameGiven = false; ///< what is in m_pending was given out and goes at the next call
    std::string_view m_why;
    std::string m_made;        ///< an Error's payload
};

} // namespace gateway::wire
