// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/codecs.h"

#include "gateway/wire/anthropic/answer_decoder.h"
#include "gateway/wire/anthropic/answer_writer.h"
#include "gateway/wire/anthropic/request_reader.h"
#include "gateway/wire/anthropic/request_writer.h"
#include "gateway/wire/gemini/answer_decoder.h"
#include "gateway/wire/gemini/request_writer.h"
#include "gateway/wire/openai_chat/answer_decoder.h"
#include "gateway/wire/openai_chat/answer_writer.h"
#include "gateway/wire/openai_chat/request_reader.h"
#include "gateway/wire/openai_chat/request_writer.h"

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

} // namespace

Result<ChatRequest> readRequest(WireFormat format, std::string_view body)
{
    switch (format) {
    case WireFormat::OpenAiChat: return openai_chat::readRequest(body);
    case WireFormat::Anthropic: return anthropic::readRequest(body);
    case WireFormat::Gemini:
    case WireFormat::OpenAiResponses:
    case WireFormat::BedrockConverse:
    case WireFormat::CohereV2:
    case WireFormat::OllamaChat: break;
    }
    return fail(ErrorCode::NotSupported, "No caller speaks this format.");
}

WrittenBody writeRequest(WireFormat format, const ChatRequest &request, const WriteSettings &settings)
{
    const std::string_view named = settings.modelInBody ? settings.model : std::string_view();
    switch (format) {
    case WireFormat::OpenAiChat: {
        auto written = openai_chat::writeRequest(request, settings.model);
        return {.body = std::move(written.body), .losses = std::move(written.losses)};
    }
    case WireFormat::Anthropic: {
        auto written = anthropic::writeRequest(request, {.model = named, .rules = anthropic::rulesOf(settings.model)});
        return {.body = std::move(written.body), .losses = std::move(written.losses), .schemaTool = std::move(written.schemaTool)};
    }
    case WireFormat::Gemini: {
        auto written = gemini::writeRequest(request, {.rules = gemini::rulesOf(settings.model), .fileUris = settings.fetchesUrls});
        return {.body = std::move(written.body), .losses = std::move(written.losses)};
    }
    case WireFormat::OpenAiResponses:
    case WireFormat::BedrockConverse:
    case WireFormat::CohereV2:
    case WireFormat::OllamaChat: break;
    }
    return {};
}

std::unique_ptr<AnswerDecoder> makeDecoder(WireFormat format, DecodeSettings settings)
{
    switch (format) {
    case WireFormat::OpenAiChat: return std::make_unique<openai_chat::ChatAnswerDecoder>(std::move(settings.callId), settings.reasoning);
    case WireFormat::Anthropic: return std::make_unique<anthropic::MessagesAnswerDecoder>(std::move(settings.schemaTool));
    case WireFormat::Gemini: return std::make_unique<gemini::GeminiAnswerDecoder>(std::move(settings.callId));
    case WireFormat::OpenAiResponses:
    case WireFormat::BedrockConverse:
    case WireFormat::CohereV2:
    case WireFormat::OllamaChat: break;
    }
    return nullptr;
}

std::unique_ptr<AnswerWriter> makeStreamWriter(WireFormat format, const AnswerSettings &settings, std::string &out)
{
    switch (format) {
    case WireFormat::OpenAiChat: return std::make_unique<openai_chat::ChatStreamWriter>(chatHead(settings), settings.includeUsage, out);
    case WireFormat::Anthropic:
        return std::make_unique<anthropic::MessagesStreamWriter>(idFrom("msg_", settings.callId), settings.model, settings.promptTokens, out);
    case WireFormat::Gemini:
    case WireFormat::OpenAiResponses:
    case WireFormat::BedrockConverse:
    case WireFormat::CohereV2:
    case WireFormat::OllamaChat: break;
    }
    return nullptr;
}

std::unique_ptr<BodyWriter> makeBodyWriter(WireFormat format, const AnswerSettings &settings)
{
    switch (format) {
    case WireFormat::OpenAiChat: return std::make_unique<openai_chat::ChatBodyWriter>(chatHead(settings));
    case WireFormat::Anthropic: return std::make_unique<anthropic::MessagesBodyWriter>(idFrom("msg_", settings.callId), settings.model);
    case WireFormat::Gemini:
    case WireFormat::OpenAiResponses:
    case WireFormat::BedrockConverse:
    case WireFormat::CohereV2:
    case WireFormat::OllamaChat: break;
    }
    return nullptr;
}

std::string_view keepaliveBytes(CallerFormat format)
{
    switch (format) {
    case CallerFormat::Anthropic: return "event: ping\ndata: {\"type\": \"ping\"}\n\n";
    case CallerFormat::Gemini: return "\r\n"; // its SDKs know no comments; a blank line is nothing in events and in an array alike
    case CallerFormat::OpenAi: break;
    }
    return ": keep-alive\n\n";
}

} // namespace gateway::wire
