// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace gateway::wire {

/// How a provider's stream is cut into events.
enum class FramingKind : std::uint8_t {
    Sse,
    Lines,    ///< one JSON text a line (Ollama)
    AwsFrames ///< application/vnd.amazon.eventstream (Bedrock)
};

/// The Content-Type of such a stream, without parameters.
std::string_view mediaTypeOf(FramingKind kind);

/// One event, whatever its frame. Views hold until the framing is asked again.
struct FramedEvent
{
    std::string_view raw {};  ///< of SSE: every byte of it, so that all joined are the stream; of others: what data is
    std::string_view type {}; ///< SSE's `event:`, AWS's :event-type, :exception-type or :error-code; empty: none
    std::string_view data {};
    bool hasData = false;     ///< false: a comment, a blank line
    bool terminated = true;   ///< false: the stream ended before its end
};

/// Cuts a stream into events; one face for all parsers. Not thread-safe; no I/O.
///   framing.feed(bytes); while (framing.next(event) == Next::Event) ...; at the end: framing.finish(event)
class EventFraming
{
public:
    enum class Next : std::uint8_t {
        Event,
        NeedMore, ///< everything fed is used up
        TooLarge, ///< an event passed the limit; nothing more comes
        Broken    ///< a frame is damaged; nothing more comes
    };

    virtual ~EventFraming() = default;
    /// Gives bytes, which must stay valid until next() said NeedMore.
    virtual void feed(std::string_view bytes) = 0;
    virtual Next next(FramedEvent &event) = 0;
    /// At the end of the stream: Event with what is left, or NeedMore where nothing is.
    virtual Next finish(FramedEvent &event) = 0;
};

std::unique_ptr<EventFraming> makeFraming(FramingKind kind, std::size_t largestEvent);

} // namespace gateway::wire
