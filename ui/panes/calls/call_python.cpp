// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/call_python.h"

#include "ui/bridge/python_literal.h"
#include "ui/bridge/text.h"
#include "ui/panes/calls/call_curl.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <span>

using namespace Qt::StringLiterals;

namespace ui::calls {
namespace {

using bridge::qt;
using gateway::CallRecord;
using gateway::Endpoint;
using nlohmann::ordered_json;

constexpr int deepest = 64;

/// What an SDK's method takes by name; all else goes through its extra_body.
constexpr std::array chatNames {"model", "messages", "stream", "stream_options", "temperature", "top_p", "max_tokens", "max_completion_tokens", "n", "stop", "seed", "tools", "tool_choice", "parallel_tool_calls",
    "response_format", "presence_penalty", "frequency_penalty", "logit_bias", "logprobs", "top_logprobs", "reasoning_effort", "user", "metadata", "store", "service_tier", "modalities", "audio"};
constexpr std::array completionNames {"model", "prompt", "stream", "temperature", "top_p", "max_tokens", "n", "stop", "seed", "suffix", "echo", "logprobs", "user"};
constexpr std::array inputNames {"model", "input"};
constexpr std::array responseNames {"model", "input", "instructions", "stream", "temperature", "top_p", "max_output_tokens", "tools", "tool_choice", "parallel_tool_calls", "previous_response_id", "reasoning", "text", "store", "metadata", "user"};
constexpr std::array imageNames {"model", "prompt", "n", "size", "quality"};
constexpr std::array messageNames {"model", "max_tokens", "system", "messages", "stream", "temperature", "top_p", "top_k", "stop_sequences", "tools", "tool_choice", "thinking", "metadata"};

struct Method
{
    const char *name = nullptr;                ///< null: no SDK has one
    std::span<const char *const> parameters {};
    const char *shown = nullptr;               ///< of the answer
    const char *streamed = "event";            ///< of each piece of a stream
};

constexpr const char *chatText = "answer.choices[0].message.content", *chatDelta = "event.choices[0].delta.content if event.choices else \"\"";

Method methodOf(Endpoint endpoint)
{
    switch (endpoint) {
    case Endpoint::ChatCompletions:
    case Endpoint::Other: return {"chat.completions.create", chatNames, chatText, chatDelta};
    case Endpoint::Completions: return {"completions.create", completionNames, "answer.choices[0].text", "event.choices[0].text if event.choices else \"\""};
    case Endpoint::Embeddings: return {"embeddings.create", inputNames, "answer.data[0].embedding"};
    case Endpoint::Moderations: return {"moderations.create", inputNames, "answer.results[0]"};
    case Endpoint::Responses: return {"responses.create", responseNames, "answer.output_text"};
    case Endpoint::Images: return {"images.generate", imageNames, "answer.data[0]"};
    case Endpoint::Messages: return {"messages.create", messageNames, "answer.content"};
    case Endpoint::Models:
    case Endpoint::GenerateContent:
    case Endpoint::CountTokens:
    case Endpoint::ImageEdits:
    case Endpoint::Transcriptions:
    case Endpoint::Speech:
    case Endpoint::Rerank:
    case Endpoint::Passthrough:
    case Endpoint::Realtime: break;
    }
    return {};
}

std::optional<ordered_json> objectOf(const QString &body)
{
    bool tooDeep = false;
    auto json = ordered_json::parse(bridge::utf8(body), [&tooDeep](int depth, ordered_json::parse_event_t, ordered_json &) { return !(tooDeep = tooDeep || depth > deepest); }, false);
    return json.is_object() && !tooDeep ? std::optional(std::move(json)) : std::nullopt;
}

QString withSdk(const CallRecord &record, const Method &method, const ordered_json &body, const QString &origin)
{
    const bool anthropic = record.endpoint == Endpoint::Messages;
    QString text = (anthropic ? u"from anthropic import Anthropic\n\nclient = Anthropic(\n    base_url=\"%1\",\n    api_key=\"%2\")\n\n"_s : u"from openai import OpenAI\n\nclient = OpenAI(\n    base_url=\"%1/v1\",\n    api_key=\"%2\")\n\n"_s)
                       .arg(origin, QLatin1StringView(placeholderKey));
    QStringList arguments;
    ordered_json extra = ordered_json::object();
    for (const auto &[name, value] : body.items()) {
        if (std::ranges::find(method.parameters, name) != method.parameters.end())
            arguments << u"    "_s + qt(name) + u'=' + bridge::pythonLiteral(value, 4);
        else
            extra[name] = value;
    }
    if (!extra.empty())
        arguments << u"    extra_body="_s + bridge::pythonLiteral(extra, 4);
    text += u"answer = client."_s + QLatin1StringView(method.name) + u"(\n"_s + arguments.join(u",\n"_s) + u")\n"_s;
    if (body.contains("stream") && body["stream"] == true)
        return text + u"for event in answer:\n    print("_s + QLatin1StringView(method.streamed) + (method.streamed == std::string_view("event") ? u")"_s : u", end=\"\")"_s);
    return text + u"print("_s + QLatin1StringView(method.shown) + u')';
}

/// Bodies of several parts are told by their fields, as curl's are.
QString withHttpx(const CallRecord &record, const QString &origin)
{
    const bool get = record.endpoint == Endpoint::Models;
    const bool parts = record.endpoint == Endpoint::Transcriptions || record.endpoint == Endpoint::ImageEdits;
    QString text = u"import httpx\n\nanswer = httpx.%1(\n    \"%2\",\n    headers={\"Authorization\": \"Bearer %3\""_s.arg(get ? u"get"_s : u"post"_s, origin + callPath(record), QLatin1StringView(placeholderKey));
    if (parts) {
        ordered_json fields {{"model", record.askedModel}};
        if (record.endpoint == Endpoint::ImageEdits)
            fields["prompt"] = "A signal box";
        return text + u"},\n    data=%1,\n    files={\"%2\": open(\"FILE\", \"rb\")},\n    timeout=600)\nprint(answer.text)"_s.arg(bridge::pythonLiteral(fields, 4), record.endpoint == Endpoint::ImageEdits ? u"image"_s : u"file"_s);
    }
    text += get ? u"},\n"_s : u", \"Content-Type\": \"application/json\"},\n"_s;
    if (!get) {
        const QString body = bodyToSend(record);
        const auto json = objectOf(body);
        text += json ? u"    json="_s + bridge::pythonLiteral(*json, 4) : u"    content="_s + qt(ordered_json(bridge::utf8(body)).dump(-1, ' ', false, ordered_json::error_handler_t::replace));
        text += u",\n"_s;
    }
    text += u"    timeout=600)\n"_s;
    return text + (record.endpoint == Endpoint::Speech ? u"open(\"FILE\", \"wb\").write(answer.content)"_s : u"print(answer.text)"_s);
}

} // namespace

QString pythonOf(const CallRecord &record, const gateway::api::Gateway &gateway)
{
    const QString origin = listenerOrigin(gateway);
    if (record.endpoint == Endpoint::Realtime)
        return u"from openai import OpenAI\n\nclient = OpenAI(\n    base_url=\"%1/v1\",\n    api_key=\"%2\")\n\nwith client.realtime.connect(model=%3) as connection:\n    for event in connection:\n        print(event)"_s.arg(
            origin, QLatin1StringView(placeholderKey), qt(ordered_json(record.askedModel).dump(-1, ' ', false, ordered_json::error_handler_t::replace)));
    const Method method = methodOf(record.endpoint);
    const auto body = method.name ? objectOf(bodyToSend(record)) : std::nullopt;
    return body ? withSdk(record, method, *body, origin) : withHttpx(record, origin);
}

} // namespace ui::calls
