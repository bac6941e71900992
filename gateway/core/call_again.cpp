// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/call_again.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>

namespace gateway {

namespace {

using Json = nlohmann::ordered_json;

constexpr int deepest = 100;

std::string percentEncoded(std::string_view text)
{
    std::string encoded;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
        encoded += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
    return encoded;
}

/// Why the log's request cannot be sent; nullopt: it can.
std::optional<std::string> missing(const CallDetail &detail)
{
    const CapturedBodies &bodies = detail.record.bodies;
    if (detail.bodiesExpired)
        return "Its request is not kept any more: bodies are deleted before the calls themselves.";
    if (bodies.dropped)
        return "Its request was not kept: too many bodies were waiting to be stored at that moment.";
    if (bodies.request.empty())
        return "The log has no request of it.";
    if (bodies.requestCut)
        return "The log has its request only in part.";
    return std::nullopt;
}

Json parsed(const std::string &body)
{
    bool tooDeep = false;
    auto json = Json::parse(body, [&tooDeep](int depth, Json::parse_event_t, Json &) { return !(tooDeep = tooDeep || depth > deepest); }, false);
    return tooDeep ? Json(Json::value_t::discarded) : json;
}

/// Of Gemini's, whose path names model and manner.
CallAgain gemini(const CallRecord &record, const std::string &model, bool counts)
{
    const std::string path = fmt::format("/v1beta/models/{}:{}", percentEncoded(model.empty() ? record.askedModel : model), counts ? "countTokens" : "streamGenerateContent?alt=sse");
    return {.path = path, .body = {}, .streams = !counts};
}

/// Empty: nothing of the kind can be sent again.
CallAgain wayOf(const CallRecord &record, const Json &body, const std::string &model)
{
    switch (record.endpoint) {
    case Endpoint::ChatCompletions: return {.path = "/v1/chat/completions", .body = {}, .streams = true};
    case Endpoint::Completions: return {.path = "/v1/completions", .body = {}, .streams = true};
    case Endpoint::Messages: return {.path = "/v1/messages", .body = {}, .streams = true, .anthropic = true};
    case Endpoint::Responses: return {.path = "/v1/responses", .body = {}, .streams = true};
    case Endpoint::GenerateContent: return gemini(record, model, false);
    case Endpoint::CountTokens: return body.contains("contents") ? gemini(record, model, true) : CallAgain {.path = "/v1/messages/count_tokens", .body = {}, .anthropic = true};
    case Endpoint::Embeddings: return {.path = "/v1/embeddings", .body = {}};
    case Endpoint::Moderations: return {.path = "/v1/moderations", .body = {}};
    case Endpoint::Rerank: return {.path = "/v1/rerank", .body = {}};
    case Endpoint::Models:
    case Endpoint::Other:
    case Endpoint::Images:
    case Endpoint::Transcriptions:
    case Endpoint::Speech:
    case Endpoint::Passthrough:
    case Endpoint::Realtime:
    case Endpoint::ImageEdits: break;
    }
    return {};
}

} // namespace

bool isScrubbed(const CallRecord &record)
{
    return std::ranges::any_of(record.findings, [](const PrivacyFinding &finding) { return finding.asked > 0 && (finding.action == "tokenize" || finding.action == "mask" || finding.action == "hash"); });
}

Result<CallAgain> callAgain(const CallDetail &detail, const std::string &model)
{
    const CallRecord &record = detail.record;
    if (wayOf(record, Json::object(), model).path.empty())
        return fail(ErrorCode::Invalid, fmt::format("Calls of the kind \"{}\" cannot be sent again: only those can whose request and answer are text.", toText(record.endpoint)));
    if (auto why = missing(detail))
        return fail(ErrorCode::Invalid, std::move(*why));
    Json body = parsed(record.bodies.request);
    if (!body.is_object())
        return fail(ErrorCode::Invalid, "Its request is no JSON object, or nested too deep.");
    CallAgain again = wayOf(record, body, model);
    const bool pathNames = again.path.starts_with("/v1beta/");
    if (!pathNames && !model.empty())
        body["model"] = model;
    else if (!pathNames && !body.contains("model") && !record.askedModel.empty()) // where the call's path named it
        body["model"] = record.askedModel;
    if (again.streams && !pathNames)
        body["stream"] = true;
    if (again.streams && (record.endpoint == Endpoint::ChatCompletions || record.endpoint == Endpoint::Completions))
        body["stream_options"] = {{"include_usage", true}};
    again.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
    return again;
}

} // namespace gateway
