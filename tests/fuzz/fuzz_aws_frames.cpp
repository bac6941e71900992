// SPDX-License-Identifier: GPL-3.0-or-later
// AWS event streams, and what Bedrock's decoder finds in them. The first byte says how the bytes are cut, the second
// whether they are a stream as it stands or lines of `<kind><type> <payload>`, of which good frames are made.
#include "gateway/wire/bedrock/answer_decoder.h"
#include "gateway/wire/openai_chat/answer_writer.h"
#include "gateway/wire/sse_parser.h"
#include "tests/fuzz/checked_events.h"
#include "tests/gateway/wire/aws_frames.h"

#include <nlohmann/json.hpp>

using namespace gateway::wire;
using fuzz::require;
using nlohmann::json;

namespace {

std::string framesOf(std::string_view lines)
{
    std::string stream;
    while (!lines.empty()) {
        const std::string_view line = lines.substr(0, lines.find('\n'));
        lines.remove_prefix(std::min(line.size() + 1, lines.size()));
        if (line.empty())
            continue;
        const std::string_view type = line.substr(1, std::min(line.find(' ', 1), line.size()) - 1);
        const std::string_view payload = line.substr(std::min(type.size() + 2, line.size()));
        stream += line[0] == 'x' ? frames::exception(type, payload) : line[0] == 'r' ? frames::error(type, payload) : frames::event(type, payload);
    }
    return stream;
}

void mustBeEvents(std::string_view written)
{
    SseParser parser;
    SseEvent event;
    parser.feed(written);
    while (parser.next(event) == SseParser::Event)
        require(!event.hasData || event.data == "[DONE]" || json::accept(event.data), "every event that is written is JSON");
}

std::string read(std::string_view stream, std::size_t step)
{
    std::string log, body;
    openai_chat::ChatStreamWriter writer({.id = "i", .model = "m", .created = 1}, true, body);
    fuzz::Checked sink({&writer});
    bedrock::ConverseAnswerDecoder decoder("call_i", "f", {{"g", "a.b"}});
    AwsEventStreamParser parser(64 * 1024);
    bool valid = true;
    const auto last = frames::read(parser, stream, 0, step, [&](const AwsFrame &frame) {
        log.append(std::to_string(static_cast<int>(frame.kind))).append("|").append(frame.type).append("|").append(frame.payload).append("\n");
        valid = valid && json::accept(frame.payload);
        decoder.onEvent(frame.type, frame.payload, sink);
    });
    require((last == AwsEventStreamParser::Broken) == !parser.why().empty(), "what is broken has words");
    require(parser.buffered() <= 64 * 1024, "no more is kept than a frame may have");
    if (last != AwsEventStreamParser::Broken && !parser.midFrame())
        decoder.onEnd(sink);
    if (valid && sink.endedWell())
        mustBeEvents(body);
    return log + body + std::string(parser.why());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const fuzz::Input input(data, size);
    if (input.bytes.empty())
        return 0;
    const std::string_view rest = input.bytes.substr(1);
    const std::string stream = input.bytes[0] & 1 ? framesOf(rest) : std::string(rest);
    fuzz::mustAgree(read(stream, std::max<std::size_t>(stream.size(), 1)), read(stream, input.pieceSize));
    return 0;
}
