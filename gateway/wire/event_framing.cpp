// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/event_framing.h"

#include "gateway/wire/sse_parser.h"

namespace gateway::wire {
namespace {

class SseFraming final : public EventFraming
{
public:
    explicit SseFraming(std::size_t largestEvent) : m_parser(largestEvent) {}
    void feed(std::string_view bytes) override { m_parser.feed(bytes); }
    Next next(FramedEvent &event) override { return told(m_parser.next(m_event), event); }
    Next finish(FramedEvent &event) override { return told(m_parser.finish(m_event), event); }

private:
    Next told(SseParser::Next parsed, FramedEvent &event) const
    {
        if (parsed != SseParser::Event)
            return parsed == SseParser::NeedMore ? Next::NeedMore : Next::TooLarge;
        event = {.raw = m_event.raw, .type = m_event.type, .data = m_event.data, .hasData = m_event.hasData, .terminated = m_event.terminated};
        return Next::Event;
    }

    SseParser m_parser;
    SseEvent m_event {};
};

} // namespace

std::unique_ptr<EventFraming> makeFraming(FramingKind kind, std::size_t largestEvent)
{
    switch (kind) {
    case FramingKind::Sse:
    case FramingKind::Lines:
    case FramingKind::AwsFrames: break;
    }
    return std::make_unique<SseFraming>(largestEvent);
}

} // namespace gateway::wire
