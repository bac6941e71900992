// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/chat_stream_scan.h"
#include "gateway/wire/sse_parser.h"
#include "tests/fuzz/pieces.h"

namespace {

using namespace gateway::wire;

/// simdjson reads behind a document: what it gets has room there.
struct Padded
{
    std::string bytes;
    SseEvent event;

    explicit Padded(const SseEvent &from) : bytes(from.data), event(from)
    {
        bytes.reserve(bytes.size() + 64);
        event.data = bytes;
    }
};

struct Reading
{
    SseParser parser {64 * 1024};
    ChatStreamScan scan;
    std::string raw;
    std::string log;

    void note(const SseEvent &event)
    {
        raw += event.raw;
        if (!event.hasData)
            return; // comments and blank lines may be joined in another way
        log += std::string(event.type) + "|" + std::string(event.data) + "\n";
        const Padded padded(event);
        const ChunkInfo chunk = scan.onEvent(padded.event);
        log += std::to_string(static_cast<int>(chunk.kind)) + (chunk.finish ? " finish\n" : "\n");
    }

    bool drain()
    {
        SseEvent event;
        for (;;) {
            const SseParser::Next next = parser.next(event);
            if (next != SseParser::Event)
                return next == SseParser::NeedMore;
            note(event);
        }
    }
};

std::string read(const fuzz::Input &input, std::size_t pieceSize)
{
    Reading reading;
    bool fits = true;
    input.each(pieceSize, [&](std::string_view piece) {
        if (!fits)
            return;
        reading.parser.feed(piece);
        fits = reading.drain();
    });
    if (!fits)
        return reading.log + "too large";
    SseEvent event;
    if (reading.parser.finish(event) == SseParser::Event)
        reading.note(event);
    if (reading.raw != input.bytes)
        fuzz::mustAgree(std::string(input.bytes), reading.raw);
    reading.log += "whole: " + std::to_string(reading.scan.whole());
    return reading.log;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const fuzz::Input input(data, size);
    fuzz::mustAgree(read(input, 0), read(input, input.pieceSize));
    return 0;
}
