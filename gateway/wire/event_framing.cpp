// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/event_framing.h"

#include "gateway/wire/aws_event_stream.h"
#include "gateway/wire/line_parser.h"
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

class LineFraming final : public EventFraming
{
public:
    explicit LineFraming(std::size_t largestEvent) : m_parser(largestEvent) {}
    void feed(std::string_view bytes) override { m_parser.feed(bytes); }
    Next next(FramedEvent &event) override { return told(m_parser.next(m_line), event); }
    Next finish(FramedEvent &event) override { return told(m_parser.finish(m_line), event); }

private:
    Next told(LineParser::Next parsed, FramedEvent &event) const
    {
        if (parsed != LineParser::Line)
            return parsed == LineParser::NeedMore ? Next::NeedMore : Next::TooLarge;
        event = {.raw = m_line, .data = m_line, .hasData = true};
        return Next::Event;
    }

    LineParser m_parser;
    std::string_view m_line {};
};

class AwsFraming final : public EventFraming
{
public:
    explicit AwsFraming(std::size_t largestEvent) : m_parser(largestEvent) {}
    void feed(std::string_view bytes) override { m_parser.feed(bytes); }
    Next next(FramedEvent &event) override
    {
        AwsFrame frame;
        const AwsEventStreamParser::Next parsed = m_parser.next(frame);
        if (parsed != AwsEventStreamParser::Frame)
            return parsed == AwsEventStreamParser::NeedMore ? Next::NeedMore : Next::Broken;
        event = {.raw = frame.payload, .type = frame.type, .data = frame.payload, .hasData = true};
        return Next::Event;
    }
    Next finish(FramedEvent &) override { return m_parser.midFrame() ? Next::Broken : Next::NeedMore; }

private:
    AwsEventStreamParser m_parser;
};

} // namespace

std::string_view mediaTypeOf(FramingKind kind)
{
    switch (kind) {
    case FramingKind::Sse: break;
    case FramingKind::Lines: return "application/x-ndjson";
    case FramingKind::AwsFrames: return "application/vnd.amazon.eventstream";
    }
    return "text/event-stream";
}

std::unique_ptr<EventFraming> makeFraming(FramingKind kind, std::size_t largestEvent)
{
    switch (kind) {
    case FramingKind::Sse: break;
    case FramingKind::Lines: return std::make_unique<LineFraming>(largestEvent);
    case FramingKind::AwsFrames: return std::make_unique<AwsFraming>(largestEvent);
    }
    return std::make_unique<SseFraming>(largestEvent);
}

} // namespace gateway::wire
