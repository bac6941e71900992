// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/openai_responses/response_object.h"

#include "gateway/wire/json_cursor.h"
#include "gateway/wire/usage.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace gateway::wire::openai_responses {
namespace {

struct Echoed
{
    std::string_view name;
    std::string_view standard;
};

constexpr std::array echoed {
    Echoed {"background", "false"},
    Echoed {"instructions", "null"},
    Echoed {"max_output_tokens", "null"},
    Echoed {"max_tool_calls", "null"},
    Echoed {"metadata", "{}"},
    Echoed {"parallel_tool_calls", "true"},
    Echoed {"previous_response_id", "null"},
    Echoed {"prompt_cache_key", "null"},
    Echoed {"reasoning", R"({"effort":null,"summary":null})"},
    Echoed {"safety_identifier", "null"},
    Echoed {"service_tier", R"("default")"},
    Echoed {"store", "false"},
    Echoed {"temperature", "1.0"},
    Echoed {"text", R"({"format":{"type":"text"}})"},
    Echoed {"tool_choice", R"("auto")"},
    Echoed {"tools", "[]"},
    Echoed {"top_logprobs", "0"},
    Echoed {"top_p", "1.0"},
    Echoed {"truncation", R"("disabled")"},
    Echoed {"user", "null"},
};

std::string usageObject(const TokenUsage &usage)
{
    const std::int64_t written = usage.cacheWrite + usage.cacheWrite1h;
    return fmt::format("{{\"input_tokens\":{},\"input_tokens_details\":{{{}\"cached_tokens\":{}}},\"output_tokens\":{},"
                       "\"output_tokens_details\":{{\"reasoning_tokens\":{}}},\"total_tokens\":{}}}",
                       usage.input, written > 0 ? fmt::format("\"cache_write_tokens\":{},", written) : std::string(), usage.cachedInput, usage.output, usage.reasoning,
                       usage.total());
}

std::string_view incompleteReason(FinishReason reason)
{
    return reason == FinishReason::Length ? "max_output_tokens" : "content_filter";
}

} // namespace

Echo echoOf(std::string_view requestBody)
{
    std::array<std::string_view, echoed.size()> said;
    JsonCursor in(requestBody);
    in.members([&](std::string_view key) {
        const auto member = std::ranges::find(echoed, key, &Echoed::name);
        return member == echoed.end() || in.type() == JsonCursor::Type::Null ? in.skip() : in.skip(said[static_cast<std::size_t>(member - echoed.begin())]);
    });
    Echo echo;
    for (std::size_t i = 0; i < echoed.size(); ++i) {
        JsonMember &member = echo.members.emplace_back(JsonMember {std::string(echoed[i].name), std::string(said[i].empty() ? echoed[i].standard : said[i])});
        // It goes into events, whose data is one line; a break in JSON is white space.
        std::ranges::replace_if(member.value, [](char c) { return c == '\n' || c == '\r'; }, ' ');
    }
    return echo;
}

void takeStart(AnswerHead &head, const AnswerStart &start)
{
    if (start.id.raw.starts_with("resp_"))
        head.id = unescapeJson(start.id.raw);
    if (start.created)
        head.created = start.created;
}

std::string_view stemOf(std::string_view responseId)
{
    return responseId.substr(responseId.find('_') + 1); // without one: all of it
}

ResponseStatus statusOf(FinishReason reason)
{
    switch (reason) {
    case FinishReason::Stop:
    case FinishReason::StopSequence:
    case FinishReason::ToolCalls: return ResponseStatus::Completed;
    case FinishReason::Length:
    case FinishReason::ContentFilter:
    case FinishReason::Refusal: return ResponseStatus::Incomplete;
    case FinishReason::Error: return ResponseStatus::Failed;
    }
    return ResponseStatus::Completed;
}

std::string_view toText(ResponseStatus status)
{
    switch (status) {
    case ResponseStatus::InProgress: return "in_progress";
    case ResponseStatus::Completed: return "completed";
    case ResponseStatus::Incomplete: return "incomplete";
    case ResponseStatus::Failed: return "failed";
    }
    return "failed";
}

void writeResponse(JsonWriter &json, const AnswerHead &head, ResponseStatus status, const OutputItems &items, const std::optional<TokenUsage> &usage,
                   std::optional<Money> cost)
{
    const bool over = status != ResponseStatus::InProgress;
    json.object().textMember("id", head.id).textMember("object", "response").member("created_at", head.created).textMember("status", toText(status));
    if (status == ResponseStatus::Failed)
        json.object("error").textMember("code", "server_error").textMember("message", "The model broke off its answer.").endObject();
    else
        json.nullMember("error");
    if (status == ResponseStatus::Incomplete)
        json.object("incomplete_details").textMember("reason", incompleteReason(items.reason())).endObject();
    else
        json.nullMember("incomplete_details");
    json.textMember("model", head.model).array("output");
    if (over)
        for (const OutputItem &item : items.items())
            writeItem(json, item);
    json.endArray();
    for (const JsonMember &member : head.echo.members)
        json.member(member.name, Json {member.value});
    json.key("usage");
    if (!over || !usage) {
        json.null().endObject();
        return;
    }
    const std::string counts = usageObject(*usage);
    const std::string shown = cost ? withCost(counts, *cost) : counts;
    json.value(Json {shown}).endObject();
}

} // namespace gateway::wire::openai_responses
