// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo/simulated_handler.h"

#include "gateway/core/text.h"

#include <array>
#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace app::demo {

namespace {

using gateway::Duration;
using gateway::jsonQuoted;
using gateway::pipeline::CallerStream;
using gateway::pipeline::CancelSource;
using gateway::pipeline::HttpHead;
using nlohmann::json;

constexpr int burstSeconds = 20;
constexpr int outageSeconds = 45;
constexpr int tokensAPiece = 3; // as providers send them: a few at a time
constexpr int bytesAToken = 4;
constexpr int dimensions = 16;

constexpr std::array<std::string_view, 24> vocabulary {"the",    "signal",  "is",    "clear",    "so",      "this",  "train", "may",   "pass",  "by",     "the",  "northern",
                                                       "branch", "because", "each",  "section",  "reports", "a",     "free",  "track", "until", "evening", "and", "then"};

const Personality *named(std::string_view name)
{
    for (const Personality &each : personalities()) {
        if (each.name == name)
            return &each;
    }
    return nullptr;
}

std::size_t textBytes(const json &value)
{
    if (value.is_string())
        return value.get_ref<const std::string &>().size();
    std::size_t total = 0;
    if (value.is_array() || value.is_object()) {
        for (const json &inner : value)
            total += textBytes(inner);
    }
    return total;
}

Asked readRequest(std::string_view body, std::mt19937 &random)
{
    Asked asked;
    const json request = json::parse(body.begin(), body.end(), nullptr, false);
    if (!request.is_object())
        return asked;
    if (const auto model = request.find("model"); model != request.end() && model->is_string())
        asked.model = model->get<std::string>();
    if (const auto stream = request.find("stream"); stream != request.end() && stream->is_boolean())
        asked.stream = stream->get<bool>();
    asked.usage = request.contains("stream_options");
    for (const char *key : {"messages", "prompt", "input"}) {
        if (const auto content = request.find(key); content != request.end()) {
            asked.inputTokens += static_cast<int>(textBytes(*content) / bytesAToken) + 1;
            asked.inputs = content->is_array() ? static_cast<int>(content->size()) : 1;
        }
    }
    int most = 2000;
    for (const char *key : {"max_tokens", "max_completion_tokens"}) {
        if (const auto limit = request.find(key); limit != request.end() && limit->is_number_integer())
            most = std::clamp(limit->get<int>(), 1, most);
    }
    asked.at = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()).time_since_epoch().count();
    std::lognormal_distribution<double> length(4.6, 0.6); // a hundred tokens, give or take
    asked.outputTokens = std::clamp(static_cast<int>(length(random)), 1, most);
    return asked;
}

std::string usageJson(const Asked &asked)
{
    return fmt::format(R"({{"prompt_tokens":{},"completion_tokens":{},"total_tokens":{}}})", asked.inputTokens, asked.outputTokens, asked.inputTokens + asked.outputTokens);
}

std::string chunk(int number, const Asked &asked, std::string_view choices, std::string_view usage = {})
{
    return fmt::format("data: {{\"id\":\"chatcmpl-demo{}\",\"object\":\"chat.completion.chunk\",\"created\":{},\"model\":{},\"choices\":{}{}}}\n\n", number, asked.at, jsonQuoted(asked.model),
                       choices, usage.empty() ? "" : fmt::format(",\"usage\":{}", usage));
}

std::string_view lastSegments(std::string_view path, std::string_view personality)
{
    path.remove_prefix(std::min(path.size(), personality.size() + 1));
    return path;
}

} // namespace

SimulatedHandler::SimulatedHandler(gateway::pipeline::Timers &timers)
    : m_timers(timers), m_started(std::chrono::steady_clock::now()), m_random(std::random_device {}())
{
}

bool SimulatedHandler::chance(double share)
{
    return std::uniform_real_distribution<double>(0, 1)(m_random) < share;
}

int SimulatedHandler::fault(const Personality &who, gateway::SteadyTime now)
{
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - m_started).count();
    const auto within = [&](int every, int length) { return every > 0 && seconds % every >= every - length; };
    if (within(who.outageEverySeconds, outageSeconds))
        return 503;
    if (within(who.burstEverySeconds, burstSeconds) && chance(0.7))
        return 429;
    if (chance(who.rateLimited))
        return 429;
    if (chance(who.serverError))
        return chance(0.5) ? 500 : 503;
    return 200;
}

Duration SimulatedHandler::firstToken(const Personality &who)
{
    std::lognormal_distribution<double> spread(std::log(who.firstTokenMs), who.spread);
    const double millis = spread(m_random) * (chance(who.slow) ? 10 : 1);
    return std::chrono::microseconds(static_cast<std::int64_t>(millis * 1000));
}

std::string SimulatedHandler::words(int count)
{
    std::string text;
    for (int i = 0; i < count; ++i) {
        text += ' ';
        text += vocabulary[std::uniform_int_distribution<std::size_t>(0, vocabulary.size() - 1)(m_random)];
    }
    return text;
}

gateway::pipeline::Task<void> SimulatedHandler::handle(const gateway::pipeline::HttpRequest &request, CallerStream &caller)
{
    const std::string_view path = request.path.starts_with('/') ? request.path.substr(1) : request.path;
    const Personality *who = named(path.substr(0, path.find('/')));
    const std::string_view rest = who == nullptr ? std::string_view() : lastSegments(path, who->name);
    if (rest == "v1/models") {
        co_await answerModels(*who, caller);
        co_return;
    }
    const bool embeddings = rest == "v1/embeddings";
    if (!embeddings && rest != "v1/chat/completions" && rest != "v1/completions") {
        co_await fail(404, caller);
        co_return;
    }
    const int status = fault(*who, std::chrono::steady_clock::now());
    CancelSource cancel;
    caller.onGone([&cancel] { cancel.cancel(); });
    const Asked asked = readRequest(request.body, m_random);
    const Duration wait = status == 200 ? firstToken(*who) : Duration(std::chrono::milliseconds(40));
    const bool there = co_await m_timers.pause(wait, cancel);
    if (there && status != 200)
        co_await fail(status, caller);
    else if (there && embeddings)
        co_await answerEmbeddings(*who, asked, caller, cancel);
    else if (there && asked.stream)
        co_await answerStream(*who, asked, caller, cancel);
    else if (there)
        co_await answerWhole(*who, asked, caller, cancel);
    else
        caller.cut();
    caller.onGone({});
}

SimulatedHandler::Task SimulatedHandler::answerModels(const Personality &who, CallerStream &caller)
{
    const std::string body = fmt::format(R"({{"object":"list","data":[{{"id":"simulated-{}","object":"model","created":1,"owned_by":"signalbox-demo"}}]}})", who.name);
    const HttpHead head;
    co_await caller.send(head, body);
}

SimulatedHandler::Task SimulatedHandler::answerEmbeddings(const Personality &, const Asked &asked, CallerStream &caller, CancelSource &)
{
    std::string data;
    std::uniform_real_distribution<double> value(-1, 1);
    for (int i = 0; i < asked.inputs; ++i) {
        std::string vector;
        for (int d = 0; d < dimensions; ++d)
            vector += fmt::format("{}{:.6f}", d == 0 ? "" : ",", value(m_random));
        data += fmt::format(R"({}{{"object":"embedding","index":{},"embedding":[{}]}})", i == 0 ? "" : ",", i, vector);
    }
    const std::string body = fmt::format(R"({{"object":"list","data":[{}],"model":{},"usage":{{"prompt_tokens":{},"total_tokens":{}}}}})", data, jsonQuoted(asked.model),
                                         asked.inputTokens, asked.inputTokens);
    const HttpHead head;
    co_await caller.send(head, body);
}

SimulatedHandler::Task SimulatedHandler::answerWhole(const Personality &who, const Asked &asked, CallerStream &caller, CancelSource &cancel)
{
    const auto writing = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(asked.outputTokens / who.tokensPerSecond));
    const bool there = co_await m_timers.pause(writing, cancel);
    if (!there) {
        caller.cut();
        co_return;
    }
    const std::string body =
        fmt::format(R"({{"id":"chatcmpl-demo{}","object":"chat.completion","created":{},"model":{},"choices":[{{"index":0,"message":{{"role":"assistant","content":{}}},"finish_reason":"stop"}}],"usage":{}}})",
                    ++m_next, asked.at, jsonQuoted(asked.model), jsonQuoted(words(asked.outputTokens)), usageJson(asked));
    const HttpHead head;
    co_await caller.send(head, body);
}

SimulatedHandler::Task SimulatedHandler::answerStream(const Personality &who, const Asked &asked, CallerStream &caller, CancelSource &cancel)
{
    const int number = ++m_next;
    const int cutAt = chance(who.cut) ? asked.outputTokens / 2 : asked.outputTokens + 1;
    const auto pause = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(tokensAPiece / who.tokensPerSecond));
    HttpHead head;
    head.contentType = "text/event-stream";
    const std::string opening = chunk(number, asked, R"([{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}])");
    bool there = co_await caller.begin(head, opening);
    for (int sent = 0; there && sent < asked.outputTokens; sent += tokensAPiece) {
        if (sent >= cutAt) {
            caller.cut();
            co_return;
        }
        const std::string piece = words(std::min(tokensAPiece, asked.outputTokens - sent));
        const std::string event = chunk(number, asked, fmt::format(R"([{{"index":0,"delta":{{"content":{}}},"finish_reason":null}}])", jsonQuoted(piece)));
        there = co_await caller.write(event);
        if (there)
            there = co_await m_timers.pause(pause, cancel);
    }
    if (!there) {
        caller.cut();
        co_return;
    }
    std::string closing = chunk(number, asked, R"([{"index":0,"delta":{},"finish_reason":"stop"}])");
    if (asked.usage)
        closing += chunk(number, asked, "[]", usageJson(asked));
    closing += "data: [DONE]\n\n";
    co_await caller.end(closing);
}

SimulatedHandler::Task SimulatedHandler::fail(int status, CallerStream &caller)
{
    HttpHead head;
    head.status = status;
    std::string_view type = "server_error";
    std::string_view message = "The simulated server had an error.";
    if (status == 429) {
        head.headers = "Retry-After: 2\r\n";
        type = "rate_limit_error";
        message = "The simulated rate limit is reached.";
    } else if (status == 404) {
        type = "invalid_request_error";
        message = "The simulated provider has no such endpoint.";
    } else if (status == 503) {
        message = "The simulated provider is down.";
    }
    const std::string body = fmt::format(R"({{"error":{{"message":"{}","type":"{}","param":null,"code":null}}}})", message, type);
    co_await caller.send(head, body);
}

std::string SimulatedHandler::refuse(int, std::string_view, std::string_view, std::string_view why)
{
    return fmt::format(R"({{"error":{{"message":{},"type":"invalid_request_error"}}}})", jsonQuoted(why));
}

} // namespace app::demo
