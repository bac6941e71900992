// SPDX-License-Identifier: GPL-3.0-or-later
// Requests and answers of one format through the neutral form into each format. What was JSON stays JSON, and the order
// that chat_event.h promises holds whatever a provider sends. The first byte chooses the format, the second whether the
// rest is a request, a whole answer or a stream.
#include "gateway/wire/anthropic/answer_decoder.h"
#include "gateway/wire/anthropic/answer_writer.h"
#include "gateway/wire/anthropic/request_reader.h"
#include "gateway/wire/anthropic/request_writer.h"
#include "gateway/wire/bedrock/answer_decoder.h"
#include "gateway/wire/bedrock/request_writer.h"
#include "gateway/wire/cohere/answer_decoder.h"
#include "gateway/wire/cohere/request_writer.h"
#include "gateway/wire/gemini/answer_decoder.h"
#include "gateway/wire/gemini/request_writer.h"
#include "gateway/wire/image_urls.h"
#include "gateway/wire/json_place.h"
#include "gateway/wire/line_parser.h"
#include "gateway/wire/media_splice.h"
#include "gateway/wire/neutral/lost_reasoning.h"
#include "gateway/wire/ollama/answer_decoder.h"
#include "gateway/wire/ollama/request_writer.h"
#include "gateway/wire/openai_chat/answer_decoder.h"
#include "gateway/wire/openai_chat/answer_writer.h"
#include "gateway/wire/openai_chat/request_reader.h"
#include "gateway/wire/openai_chat/request_writer.h"
#include "gateway/wire/sse_parser.h"
#include "tests/fuzz/checked_events.h"

#include <nlohmann/json.hpp>

#include <memory>
#include <vector>

using namespace gateway::wire;
using fuzz::require;
using nlohmann::json;

namespace {

void request(std::string_view body, bool anthropicFormat)
{
    const auto read = anthropicFormat ? anthropic::readRequest(body) : openai_chat::readRequest(body);
    if (!read) {
        require(!read.error().message.empty(), "a refusal has words");
        return;
    }
    const bool valid = json::accept(body);
    const std::string chat = openai_chat::writeRequest(*read, "m").body;
    const std::string messages = anthropic::writeRequest(*read, {.model = "m"}).body;
    const std::string contents = gemini::writeRequest(*read, {}).body;
    for (const char *model : {"claude-haiku-4-5", "claude-3-7", "nova-2", "llama3-3", "mistral-7b", "pixtral.mistral", "titan", "gpt-oss", "another"}) {
        const std::string converse = bedrock::writeRequest(*read, {.rules = bedrock::rulesOf(model)}).body;
        require(!valid || json::accept(converse), "the Converse body is JSON");
    }
    const std::string cohereChat = cohere::writeRequest(*read, {.model = "m"}).body;
    const std::string ollamaChat = ollama::writeRequest(*read, {.model = "m"}).body;
    if (valid) {
        require(json::accept(cohereChat), "Cohere's body is JSON");
        require(json::accept(ollamaChat), "Ollama's body is JSON");
        require(json::accept(chat), "the chat completions body is JSON");
        require(json::accept(messages), "the Messages body is JSON");
        require(json::accept(contents), "the generateContent body is JSON");
    }
}

/// What is put into a request, or taken out, leaves it one.
void mended(std::string_view body, bool anthropicFormat)
{
    auto read = anthropicFormat ? anthropic::readRequest(body) : openai_chat::readRequest(body);
    if (!read)
        return;
    const bool valid = json::accept(body);
    std::vector<FetchedMedia> fetched;
    for (const MediaAddress &address : mediaToFetch(*read, {})) {
        require(!placeIn(body, address.written).path.empty() || address.written.empty(), "an address stands somewhere");
        fetched.push_back(fetchedMedia(address.url, "%PDF-1.7", "").value());
    }
    const std::string spliced = withMedia(body, *read, anthropicFormat ? WireFormat::Anthropic : WireFormat::OpenAiChat, fetched);
    require(!valid || json::accept(spliced), "a body with bytes in it is JSON");
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
        const std::string contents = gemini::writeRequest(*read, {}).body, messages = anthropic::writeRequest(*read, {.model = "m"}).body;
        require(!valid || (json::accept(contents) && json::accept(messages)), "a mended request is JSON");
        breakSeals(*read, [](std::string_view) { return true; });
        require(sealsFor(*read, format).empty(), "all seals are broken");
    }
}

std::unique_ptr<AnswerDecoder> decoderOf(std::uint8_t format)
{
    switch (format % 7) {
    case 0: return std::make_unique<openai_chat::ChatAnswerDecoder>("call_i");
    case 1: return std::make_unique<anthropic::MessagesAnswerDecoder>();
    case 2: return std::make_unique<gemini::GeminiAnswerDecoder>("call_i");
    case 3: return std::make_unique<bedrock::ConverseAnswerDecoder>("call_i");
    case 4: return std::make_unique<bedrock::ConverseAnswerDecoder>("call_i", "f");
    case 5: return std::make_unique<cohere::CohereAnswerDecoder>("call_i");
    default: return std::make_unique<ollama::OllamaAnswerDecoder>("call_i");
    }
}

void answer(std::string_view bytes, AnswerDecoder &decoder, bool stream)
{
    std::string chatStream, messagesStream;
    openai_chat::ChatStreamWriter chatStreamWriter({.id = "i", .model = "m", .created = 1}, true, chatStream);
    openai_chat::ChatBodyWriter chatBodyWriter({.id = "i", .model = "m", .created = 1});
    anthropic::MessagesStreamWriter messagesStreamWriter("msg_i", "m", 3, messagesStream);
    anthropic::MessagesBodyWriter messagesBodyWriter("msg_i", "m");
    fuzz::Checked sink({&chatStreamWriter, &chatBodyWriter, &messagesStreamWriter, &messagesBodyWriter});

    bool valid = true;
    if (stream && dynamic_cast<ollama::OllamaAnswerDecoder *>(&decoder)) {
        LineParser parser;
        std::string_view line;
        parser.feed(bytes);
        const auto take = [&] {
            valid = valid && json::accept(line);
            decoder.onEvent({}, line, sink);
        };
        while (parser.next(line) == LineParser::Line)
            take();
        if (parser.finish(line) == LineParser::Line)
            take();
    } else if (stream) {
        SseParser parser;
        SseEvent event;
        parser.feed(bytes);
        const auto take = [&] {
            if (!event.hasData)
                return;
            valid = valid && (event.data == "[DONE]" || json::accept(event.data));
            decoder.onEvent(event.type, event.data, sink);
        };
        while (parser.next(event) == SseParser::Event)
            take();
        if (parser.finish(event) == SseParser::Event)
            take();
    } else {
        valid = json::accept(bytes);
        decoder.onBody(bytes, sink);
    }
    decoder.onEnd(sink);
    if (!valid || !sink.endedWell())
        return;
    require(json::accept(chatBodyWriter.body()), "the chat completions answer is JSON");
    require(json::accept(messagesBodyWriter.body()), "the Messages answer is JSON");
    for (const std::string *written : {&chatStream, &messagesStream}) {
        SseParser parser;
        SseEvent event;
        parser.feed(*written);
        while (parser.next(event) == SseParser::Event)
            require(!event.hasData || event.data == "[DONE]" || json::accept(event.data), "every event that is written is JSON");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size < 2)
        return 0;
    const std::string bytes(reinterpret_cast<const char *>(data + 2), size - 2);
    const auto decoder = decoderOf(data[0]);
    switch (data[1] % 3) {
    case 0:
        request(bytes, data[0] & 1);
        mended(bytes, data[0] & 1);
        break;
    case 1: answer(bytes, *decoder, false); break;
    default: answer(bytes, *decoder, true);
    }
    return 0;
}
