// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/codecs.h"

#include "gateway/wire/anthropic/answer_decoder.h"
#include "gateway/wire/anthropic/answer_writer.h"
#include "gateway/wire/anthropic/request_reader.h"
#include "gateway/wire/anthropic/request_writer.h"
#include "gateway/wire/bedrock/answer_decoder.h"
#include "gateway/wire/bedrock/request_writer.h"
#include "gateway/wire/cohere/answer_decoder.h"
#include "gateway/wire/cohere/request_writer.h"
#include "gateway/wire/gemini/answer_decoder.h"
#include "gateway/wire/gemini/answer_writer.h"
#include "gateway/wire/gemini/request_reader.h"
#include "gateway/wire/gemini/request_writer.h"
#include "gateway/wire/ollama/answer_decoder.h"
#include "gateway/wire/ollama/request_writer.h"
#include "gateway/wire/openai_chat/answer_decoder.h"
#include "gateway/wire/openai_chat/answer_writer.h"
#include "gateway/wire/openai_chat/request_reader.h"
#include "gateway/wire/openai_chat/request_writer.h"
#include "gateway/wire/openai_responses/answer_decoder.h"
#include "gateway/wire/openai_responses/answer_writer.h"
#include "gateway/wire/openai_responses/request_reader.h"
#include "gateway/wire/openai_responses/request_writer.h"

#include <utility>

namespace gateway::wire {
namespace {

/// "chatcmpl-" and "msg_" in front of the part of our own id that is unique.
std::string idFrom(std::string_view prefix, std::string_view callId)
{
    return std::string(prefix).append(callId.substr(callId.find('_') + 1));
}

openai_chat::AnswerHead chatHead(const AnswerSettings &settings)
{
    return {.id = idFrom("chatcmpl-", settings.callId), .model = settings.model, .created = settings.created};
}

openai_responses::AnswerHead responsesHead(const AnswerSettings &settings)
{
    return {.id = idFrom("resp_", settings.callId), .model = settings.model, .created = settings.created, .echo = openai_responses::echoOf(settings.requestBody)};
}

gemini::AnswerHead geminiHead(const AnswerSettings &settings)
{
    return {.id = idFrom("", settings.callId), .model = settings.model};
}

gemini::AnswerOptions geminiOptions(const AnswerSettings &settings)
{
    using Framing = gemini::AnswerOptions::Framing;
    return {.framing = settings.asArray ? Framing::Array : Framing::Events, .thoughts = settings.thoughts};
}

/// What every writer gives beside its own.
template <typename Written>
WrittenBody written(Written &from, DecoderMaker decoder)
{
    return {.body = std::move(from.body), .losses = std::move(from.losses), .decoder = std::move(decoder)};
}

DecoderMaker plainDecoder(WireFormat format)
{
    return [format](DecodeSettings settings) { return makeDecoder(format, std::move(settings)); };
}

WrittenBody writeAnthropic(const ChatRequest &request, const WriteSettings &settings)
{
    auto made = anthropic::writeRequest(request, {.model = settings.modelInBody ? settings.model : std::string_view(), .rules = anthropic::rulesOf(settings.model)});
    return written(made, [tool = std::move(made.schemaTool)](const DecodeSettings &) { return std::make_unique<anthropic::MessagesAnswerDecoder>(tool); });
}

WrittenBody writeBedrock(const ChatRequest &request, const WriteSettings &settings)
{
    auto made = bedrock::writeRequest(request, {.rules = bedrock::rulesOf(settings.model)});
    return written(made, [tool = std::move(made.schemaTool), renamed = std::move(made.renamed)](DecodeSettings decode) {
        return std::make_unique<bedrock::ConverseAnswerDecoder>(std::move(decode.callId), tool, renamed);
    });
}

WrittenBody writeCohere(const ChatRequest &request, const WriteSettings &settings)
{
    auto made = cohere::writeRequest(request, {.model = settings.model, .rules = cohere::rulesOf(settings.model)});
    return written(made, [names = std::move(made.toolNames)](DecodeSettings decode) { return std::make_unique<cohere::CohereAnswerDecoder>(std::move(decode.callId), names); });
}

} // namespace

Result<ChatRequest> readRequest(WireFormat format, std::string_view body)
{
    switch (format) {
    case WireFormat::OpenAiChat: return openai_chat::readRequest(body);
    case WireFormat::OpenAiResponses: return openai_responses::readRequest(body);
    case WireFormat::Anthropic: return anthropic::readRequest(body);
    case WireFormat::Gemini: return gemini::readRequest(body);
    case WireFormat::BedrockConverse:
    case WireFormat::CohereV2:
    case WireFormat::OllamaChat: break;
    }
    return fail(ErrorCode::NotSupported, "No caller speaks this format.");
}

WrittenBody writeRequest(WireFormat format, const ChatRequest &request, const WriteSettings &settings)
{
    switch (format) {
    case WireFormat::OpenAiChat: {
        auto made = openai_chat::writeRequest(request, settings.model);
        return written(made, plainDecoder(format));
    }
    case WireFormat::OpenAiResponses: {
        auto made = openai_responses::writeRequest(request, settings.model);
        return written(made, plainDecoder(format));
    }
    case WireFormat::Anthropic: return writeAnthropic(request, settings);
    case WireFormat::Gemini: {
        auto made = gemini::writeRequest(request, {.rules = gemini::rulesOf(settings.model), .fileUris = settings.fetchesUrls});
        return written(made, plainDecoder(format));
    }
    case WireFormat::BedrockConverse: return writeBedrock(request, settings);
    case WireFormat::CohereV2: return writeCohere(request, settings);
    case WireFormat::OllamaChat: {
        auto made = ollama::writeRequest(request, {.model = settings.model, .rules = ollama::rulesOf(settings.model)});
        return written(made, plainDecoder(format));
    }
    }
    return {};
}

std::unique_ptr<AnswerDecoder> makeDecoder(WireFormat format, DecodeSettings settings)
{
    switch (format) {
    case WireFormat::OpenAiChat: return std::make_unique<openai_chat::ChatAnswerDecoder>(std::move(settings.callId), settings.reasoning);
    case WireFormat::OpenAiResponses: return std::make_unique<openai_responses::ResponsesAnswerDecoder>(std::move(settings.callId), settings.reasoning);
    case WireFormat::Anthropic: return std::make_unique<anthropic::MessagesAnswerDecoder>();
    case WireFormat::Gemini: return std::make_unique<gemini::GeminiAnswerDecoder>(std::move(settings.callId));
    case WireFormat::BedrockConverse: return std::make_unique<bedrock::ConverseAnswerDecoder>(std::move(settings.callId));
    case WireFormat::CohereV2: return std::make_unique<cohere::CohereAnswerDecoder>(std::move(settings.callId));
    case WireFormat::OllamaChat: return std::make_unique<ollama::OllamaAnswerDecoder>(std::move(settings.callId), settings.promptTokens);
    }
    return nullptr;
}

std::unique_ptr<AnswerWriter> makeStreamWriter(WireFormat format, const AnswerSettings &settings, std::string &out)
{
    switch (format) {
    case WireFormat::Anthropic:
        return std::make_unique<anthropic::MessagesStreamWriter>(idFrom("msg_", settings.callId), settings.model, settings.promptTokens, out);
    case WireFormat::OpenAiResponses: return std::make_unique<openai_responses::ResponsesStreamWriter>(responsesHead(settings), out);
    case WireFormat::Gemini: return std::make_unique<gemini::GenerateStreamWriter>(geminiHead(settings), geminiOptions(settings), out);
    case WireFormat::OpenAiChat:
    case WireFormat::BedrockConverse: // no caller speaks this and those that follow
    case WireFormat::CohereV2:
    case WireFormat::OllamaChat: break;
    }
    return std::make_unique<openai_chat::ChatStreamWriter>(chatHead(settings), settings.includeUsage, out);
}

std::unique_ptr<BodyWriter> makeBodyWriter(WireFormat format, const AnswerSettings &settings)
{
    switch (format) {
    case WireFormat::Anthropic: return std::make_unique<anthropic::MessagesBodyWriter>(idFrom("msg_", settings.callId), settings.model);
    case WireFormat::OpenAiResponses: return std::make_unique<openai_responses::ResponsesBodyWriter>(responsesHead(settings));
    case WireFormat::Gemini: return std::make_unique<gemini::GenerateBodyWriter>(geminiHead(settings), settings.thoughts);
    case WireFormat::OpenAiChat:
    case WireFormat::BedrockConverse: // no caller speaks this and those that follow
    case WireFormat::CohereV2:
    case WireFormat::OllamaChat: break;
    }
    return std::make_unique<openai_chat::ChatBodyWriter>(chatHead(settings));
}

std::string_view keepaliveBytes(CallerFormat format)
{
    switch (format) {
    case CallerFormat::Anthropic: return "event: ping\ndata: {\"type\": \"ping\"}\n\n";
    // Its SDKs know no comments: two line ends are no event to them, and white space in an array.
    case CallerFormat::Gemini: return "\n\n";
    case CallerFormat::OpenAi:
    case CallerFormat::Responses: break;
    }
    return ": keep-alive\n\n";
}

} // namespace gateway::wire
