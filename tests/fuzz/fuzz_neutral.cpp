// SPDX-License-Identifier: GPL-3.0-or-later
// Requests and answers of one format through the neutral form into each format. What was JSON stays JSON, and the order
// that chat_event.h promises holds whatever a provider sends. The first byte chooses the format, the second whether the
// rest is a request, a whole answer or a stream.
#include "gateway/wire/anthropic/answer_decoder.h"
#include "gateway/wire/bedrock/answer_decoder.h"
#include "gateway/wire/codecs.h"
#include "gateway/wire/event_framing.h"
#include "gateway/wire/image_urls.h"
#include "gateway/wire/json_place.h"
#include "gateway/wire/media_splice.h"
#include "gateway/wire/neutral/lost_reasoning.h"
#include "gateway/wire/sse_parser.h"
#include "tests/fuzz/checked_events.h"

#include <nlohmann/json.hpp>

#include <array>
#include <memory>
#include <vector>

using namespace gateway::wire;
using fuzz::require;
using nlohmann::json;

namespace {

constexpr std::array callers {WireFormat::OpenAiChat, WireFormat::OpenAiResponses, WireFormat::Anthropic, WireFormat::Gemini};

struct Target
{
    WireFormat format;
    std::string_view model;
};
constexpr std::array targets {
    Target {WireFormat::OpenAiChat, "m"}, Target {WireFormat::OpenAiResponses, "gpt-5"}, Target {WireFormat::Anthropic, "claude-haiku-4-5"}, Target {WireFormat::Anthropic, "claude-3-7"},
    Target {WireFormat::Anthropic, "m"}, Target {WireFormat::Gemini, "gemini-1.5-pro"}, Target {WireFormat::Gemini, "gemini-2.5-flash"}, Target {WireFormat::Gemini, "m"},
    Target {WireFormat::BedrockConverse, "claude-haiku-4-5"}, Target {WireFormat::BedrockConverse, "claude-3-7"}, Target {WireFormat::BedrockConverse, "nova-2"},
    Target {WireFormat::BedrockConverse, "llama3-3"}, Target {WireFormat::BedrockConverse, "mistral-7b"}, Target {WireFormat::BedrockConverse, "pixtral.mistral"},
    Target {WireFormat::BedrockConverse, "titan"}, Target {WireFormat::BedrockConverse, "gpt-oss"}, Target {WireFormat::BedrockConverse, "another"},
    Target {WireFormat::CohereV2, "command-a-03-2025"}, Target {WireFormat::OllamaChat, "llama3.2"}};

void request(std::string_view body, WireFormat format)
{
    const auto read = readRequest(format, body);
    if (!read) {
        require(!read.error().message.empty(), "a refusal has words");
        return;
    }
    const bool valid = json::accept(body);
    for (const Target &target : targets) {
        const WrittenBody written = writeRequest(target.format, *read, {.model = target.model});
        require(!valid || json::accept(written.body), "a provider's body is JSON");
        for (const gateway::Loss &loss : written.losses)
            require(!loss.what.empty() && !loss.why.empty(), "a loss is named and has a reason");
        if (valid && std::ranges::find(callers, target.format) != callers.end())
            require(readRequest(target.format, written.body).has_value(), "what is written can be read");
    }
}

/// What is put into a request, or taken out, leaves it one.
void mended(std::string_view body, WireFormat caller)
{
    auto read = readRequest(caller, body);
    if (!read)
        return;
    const bool valid = json::accept(body);
    std::vector<FetchedMedia> fetched;
    for (const MediaAddress &address : mediaToFetch(*read, {})) {
        require(!placeIn(body, address.written).path.empty() || address.written.empty(), "an address stands somewhere");
        fetched.push_back(fetchedMedia(address.url, "%PDF-1.7", "").value());
    }
    if (caller == WireFormat::OpenAiChat || caller == WireFormat::Anthropic)
        require(!valid || json::accept(withMedia(body, *read, caller, fetched)), "a body with bytes in it is JSON");
    putMedia(*read, fetched);
    normaliseMedia(*read);

    const std::string kept = R"({"issuer":"p","thoughts":[{"text":"t","signature":"s","format":"anthropic-claude-v1"}],"calls":[{"id":"c","name":"f","signature":"g"}]})";
    KeptReasoning reasoning;
    require(readKept(kept, reasoning), "what is kept is read");
    for (const WireFormat format : {WireFormat::Gemini, WireFormat::Anthropic, WireFormat::BedrockConverse, WireFormat::OpenAiResponses}) {
        const auto turns = turnsWithoutSeal(*read, format);
        require(turns.size() <= mostGaps, "turns are bounded");
        for (const ModelTurn &turn : turns)
            giveBack(*read, turn, reasoning);
        for (const WireFormat target : {WireFormat::Gemini, WireFormat::Anthropic})
            require(!valid || json::accept(writeRequest(target, *read, {.model = "m"}).body), "a mended request is JSON");
        breakSeals(*read, [](std::string_view) { return true; });
        require(sealsFor(*read, format).empty(), "all seals are broken");
    }
}

/// Every form in which a caller may get an answer.
struct Answers
{
    std::array<std::string, 5> streams;
    std::vector<std::unique_ptr<AnswerWriter>> writers;
    std::vector<BodyWriter *> bodies;

    Answers()
    {
        AnswerSettings settings {.callId = "call_i", .model = "m", .created = 1, .promptTokens = 3, .includeUsage = true, .requestBody = R"({"model":"m","input":"x"})"};
        for (std::size_t i = 0; i < callers.size(); ++i) {
            writers.push_back(makeStreamWriter(callers[i], settings, streams[i]));
            auto body = makeBodyWriter(callers[i], settings);
            bodies.push_back(body.get());
            writers.push_back(std::move(body));
        }
        settings.asArray = true;
        settings.thoughts = false;
        writers.push_back(makeStreamWriter(WireFormat::Gemini, settings, streams[4]));
    }

    [[nodiscard]] std::vector<ChatEventSink *> sinks() const
    {
        std::vector<ChatEventSink *> all;
        for (const auto &writer : writers)
            all.push_back(writer.get());
        return all;
    }

    void mustBeJson() const
    {
        for (BodyWriter *body : bodies)
            require(json::accept(body->body()), "every body that is written is JSON");
        for (std::size_t i = 0; i < 4; ++i) {
            SseParser parser;
            SseEvent event;
            parser.feed(streams[i]);
            while (parser.next(event) == SseParser::Event)
                require(!event.hasData || event.data == "[DONE]" || json::accept(event.data), "every event that is written is JSON");
        }
        require(json::accept(streams[4]), "the array that is written is JSON");
    }
};

std::unique_ptr<AnswerDecoder> decoderOf(std::uint8_t choice)
{
    switch (choice % 9) {
    case 0: return makeDecoder(WireFormat::OpenAiChat, {.callId = "call_i"});
    case 1: return makeDecoder(WireFormat::Anthropic, {.callId = "call_i"});
    case 2: return makeDecoder(WireFormat::Gemini, {.callId = "call_i"});
    case 3: return makeDecoder(WireFormat::BedrockConverse, {.callId = "call_i"});
    case 4: return std::make_unique<bedrock::ConverseAnswerDecoder>("call_i", "f");
    case 5: return makeDecoder(WireFormat::CohereV2, {.callId = "call_i"});
    case 6: return makeDecoder(WireFormat::OllamaChat, {.callId = "call_i", .promptTokens = 2});
    case 7: return makeDecoder(WireFormat::OpenAiResponses, {.callId = "call_i", .reasoning = ReasoningCount::Separate});
    default: return std::make_unique<anthropic::MessagesAnswerDecoder>("f");
    }
}

void answer(std::string_view bytes, std::uint8_t choice, FramingKind framing, bool stream)
{
    const Answers answers;
    const auto decoder = decoderOf(choice);
    fuzz::Checked sink(answers.sinks());
    bool valid = true;
    if (stream) {
        const auto cutter = makeFraming(framing, 1024 * 1024);
        FramedEvent event;
        cutter->feed(bytes);
        const auto take = [&] {
            if (!event.hasData)
                return;
            valid = valid && (event.data == "[DONE]" || json::accept(event.data));
            decoder->onEvent(event.type, event.data, sink);
        };
        while (cutter->next(event) == EventFraming::Next::Event)
            take();
        if (cutter->finish(event) == EventFraming::Next::Event)
            take();
    } else {
        valid = json::accept(bytes);
        decoder->onBody(bytes, sink);
    }
    decoder->onEnd(sink);
    if (valid && sink.endedWell())
        answers.mustBeJson();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size < 2)
        return 0;
    const std::string bytes(reinterpret_cast<const char *>(data + 2), size - 2);
    switch (data[1] % 3) {
    case 0:
        request(bytes, callers[data[0] % callers.size()]);
        mended(bytes, callers[data[0] % callers.size()]);
        break;
    case 1: answer(bytes, data[0], FramingKind::Sse, false); break;
    default: answer(bytes, data[0], data[0] % 9 == 6 ? FramingKind::Lines : FramingKind::Sse, true);
    }
    return 0;
}
