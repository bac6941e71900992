// SPDX-License-Identifier: GPL-3.0-or-later
// Feeds arbitrary bytes, cut into arbitrary reads, through the event parser, the stream's scan and a provider's rewriter,
// and holds them to what must hold for every input. The first byte chooses how reads are cut, the second the provider.
#include "gateway/core/text.h"
#include "gateway/providers/answer_rewrite.h"
#include "gateway/wire/answer_scan.h"
#include "gateway/wire/chat_stream_scan.h"
#include "gateway/wire/sse_parser.h"
#include "gateway/wire/upstream_error.h"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

using namespace gateway;

namespace {

void require(bool holds)
{
    if (!holds)
        std::abort();
}

struct Seen
{
    std::string raw;
    std::vector<std::string> datas;
};

/// Reads of `step` bytes; 0: all at once.
Seen parse(std::string_view stream, std::size_t step)
{
    Seen seen;
    wire::SseParser parser;
    wire::SseEvent event;
    const auto take = [&] {
        seen.raw += event.raw;
        if (event.hasData)
            seen.datas.emplace_back(event.data);
    };
    while (!stream.empty()) {
        const std::string read(stream.substr(0, step == 0 ? stream.size() : step));
        stream.remove_prefix(read.size());
        parser.feed(read);
        while (parser.next(event) == wire::SseParser::Event)
            take();
    }
    if (parser.finish(event) == wire::SseParser::Event)
        take();
    return seen;
}

void scanAndRewrite(std::string_view stream, const providers::ProviderKind &kind)
{
    wire::SseParser parser;
    wire::SseEvent event;
    wire::ChatStreamScan scan(kind.dialect.reasoning);
    providers::StreamRewriter rewriter(kind);
    parser.feed(stream);
    const auto take = [&] {
        const wire::ChunkInfo chunk = scan.onEvent(event);
        require(chunk.usage.to <= event.data.size() && chunk.usage.from <= chunk.usage.to);
        if (wire::relayOf(chunk, true) == wire::Relay::WithCost) {
            // What is made of a usage chunk is one event again, and a usage chunk.
            const std::string made = wire::usageChunkWithCost(event, chunk, Money::fromNanos(1));
            wire::SseParser again;
            wire::SseEvent copy;
            again.feed(made);
            require(again.next(copy) == wire::SseParser::Event && copy.raw.size() == made.size());
            wire::ChatStreamScan other;
            require(other.onEvent(copy).kind == wire::ChunkInfo::Kind::UsageOnly);
        }
        if (wire::relayOf(chunk, true) == wire::Relay::WithoutUsage) {
            const std::string data = wire::withoutUsage(event, chunk);
            wire::ChatStreamScan other;
            const wire::ChunkInfo without = other.onEvent({.raw = data, .data = data, .hasData = true});
            require(without.kind == chunk.kind && !without.usageOnTop);
        }
        if (chunk.kind == wire::ChunkInfo::Kind::Error)
            (void)wire::classifyErrorObject(event.data, WallTime {});
        if (const auto rewritten = rewriter.rewrite(event, chunk))
            require(rewritten->ends_with("\n\n"));
    };
    while (parser.next(event) == wire::SseParser::Event)
        take();
    if (parser.finish(event) == wire::SseParser::Event)
        take();
    (void)scan.usageOrEstimate(1);
}

/// The same bytes as a whole answer, of success and of failure.
void scanBodies(std::string_view bytes, const providers::ProviderKind &kind)
{
    std::string body(bytes);
    const wire::AnswerScan scan = wire::scanAnswer(body, Endpoint::ChatCompletions);
    require(scan.usageObject.to <= body.size() && scan.why.empty() == (scan.kind != wire::AnswerScan::Kind::Malformed));
    if (scan.kind == wire::AnswerScan::Kind::Answer)
        (void)providers::rewriteAnswer(kind, Endpoint::ChatCompletions, body, scan.shape);
    const wire::UpstreamError error = wire::classifyUpstreamError(400, {}, body, WallTime {});
    require(!error.message.empty() && toValidUtf8(error.message) == error.message);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size < 2)
        return 0;
    const std::size_t step = data[0] % 7;
    const auto kinds = providers::providerKinds();
    const providers::ProviderKind &kind = kinds[data[1] % kinds.size()];
    const std::string_view stream(reinterpret_cast<const char *>(data + 2), size - 2);

    const Seen whole = parse(stream, 0);
    const Seen pieces = parse(stream, step);
    require(whole.raw == stream && pieces.raw == stream);
    require(whole.datas == pieces.datas);
    scanAndRewrite(stream, kind);
    scanBodies(stream, kind);
    return 0;
}
