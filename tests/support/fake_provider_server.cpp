// SPDX-License-Identifier: GPL-3.0-or-later
// A FakeProvider as a process of its own, for tests that are written in other languages. What it does is named by the
// model that is asked for; the table below is all of it. What stands behind a "~" in a model tells calls apart and no more.
//
// fake_provider_server [--record] [--self-signed] [PORT]; with --record GET .../seen/MODEL says how many calls of that
// model came, and how many of their clients left before their answer was through. GET .../pace/N: from then on every answer
// takes N ms.

#include "tests/support/fake_provider.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <map>
#include <sys/prctl.h>

using namespace support;
using namespace std::chrono_literals;

namespace {

using Personality = Script (*)(const Received &call, int argument);

Script echo(const Received &call, int)
{
    return Script::answer(call.body);
}

Script echoHeaders(const Received &call, int)
{
    return Script::answer(nlohmann::json(std::map<std::string, std::string>(call.headers.begin(), call.headers.end())).dump());
}

Script embed(const Received &call, int)
{
    const nlohmann::json body = nlohmann::json::parse(call.body, nullptr, false);
    const bool several = body.is_object() && body.contains("input") && body["input"].is_array();
    return Script::embeddings(std::vector<std::vector<float>>(several ? body["input"].size() : 1, {0.5F, -0.25F, 1.0F})).usage(5, 0);
}

/// A little of everything, in a fixed order: what a long run meets.
Script mixed(const Received &, int)
{
    static unsigned turn = 0;
    switch (turn++ % 24) {
    case 3: return Script::error(503);
    case 5: return Script::error(429).header("Retry-After", "0");
    case 7: return Script::error(500);
    case 9: return Script::html();
    case 11: return Script::answer("cut before its end").cut();
    case 13: return Script::answer("closed behind the answer").thenClose();
    case 15: return Script::hangUp();
    case 17: return Script::answer("no usage").usagePlace(UsagePlace::Nowhere);
    case 19: return Script::answer("in \xC3\xBC small pieces").chunksOf(3);
    case 21: return Script::answer("late").pause(50ms);
    case 23: return Script::answer("").errorEvent();
    default: return Script::answer("pong");
    }
}

/// A chunk with that delta, as a stream's event.
std::string chunk(std::string_view delta, std::string_view finish = "null")
{
    return R"({"id":"chatcmpl-odd","object":"chat.completion.chunk","created":1,"model":"odd","choices":[{"index":0,"delta":)" + std::string(delta) + R"(,"finish_reason":)" + std::string(finish) + "}]}";
}

/// Two calls of tools whose arguments come in turns; a later piece repeats id and name as empty texts, as some providers do.
Script parallelTools(const Received &, int)
{
    return Script::stream()
        .event(chunk(R"({"role":"assistant","content":null})"))
        .event(chunk(R"({"tool_calls":[{"index":0,"id":"call_a","type":"function","function":{"name":"get_weather","arguments":""}}]})"))
        .event(chunk(R"({"tool_calls":[{"index":1,"id":"call_b","type":"function","function":{"name":"get_time","arguments":"{\"zo"}}]})"))
        .event(chunk(R"({"tool_calls":[{"index":0,"function":{"arguments":"{\"city\":"}}]})"))
        .event(chunk(R"({"tool_calls":[{"index":1,"id":"","function":{"name":"","arguments":"ne\":\"UTC\"}"}}]})"))
        .event(chunk(R"({"tool_calls":[{"index":0,"function":{"arguments":"\"Z\u00fcrich\"}"}}]})"))
        .event(chunk("{}", R"("tool_calls")"))
        .event("[DONE]");
}

/// What servers that mean well send: a first chunk without choices, comments, members that nobody asked for, `usage: null`,
/// usage in the chunk that finishes, CRLF, no [DONE].
Script oddChunks(const Received &, int)
{
    return Script::stream()
        .lineEnds(LineEnd::CrLf)
        .comment("PROCESSING")
        .event(R"({"id":"","object":"","created":0,"model":"","choices":[],"prompt_filter_results":[{"prompt_index":0}]})")
        .event(chunk(R"({"role":"assistant","content":"","tool_calls":[]})"))
        .comment("keep-alive")
        .event(chunk(R"({"reasoning_content":"hm"})"))
        .event(R"({"id":"chatcmpl-odd","object":"chat.completion.chunk","created":1,"model":"odd","usage":null,"choices":[{"index":0,"delta":{"content":"od"},"logprobs":null,"finish_reason":null}]})")
        .event(chunk(R"({"content":"d","x_unknown":{"n":12345678901234567890}})"))
        .event(R"({"id":"chatcmpl-odd","object":"chat.completion.chunk","created":1,"model":"odd","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9}})");
}

/// Fails the first time that this very model is asked for, and not again.
Script once(const Received &call, int status)
{
    static std::map<std::string, int> asked;
    return asked[call.field("model").value_or("")]++ == 0 ? Script::error(status) : Script::answer("pong");
}

bool isStreamed(const Received &call)
{
    return call.field("stream") == "true";
}

/// The headers of an answer, and then nothing.
Script head(const Received &call, int)
{
    return isStreamed(call) ? Script::stream().stall() : Script::whole(200, "application/json", "").contentLength(500).stall();
}

struct Row
{
    std::string_view model; ///< "name-" takes a number behind it: "status-429"
    Personality answer;
};

constexpr Row personalities[] = {
    {"pong", [](const Received &, int) { return Script::answer("pong"); }},
    {"words-", [](const Received &, int count) { return Script::answer("").repeat("word ", static_cast<std::size_t>(count)); }},
    {"echo", echo},
    {"echo-headers", echoHeaders},
    {"json", [](const Received &, int) { return Script::answer("{\"city\":\"Paris\",\"degrees\":21}"); }},
    {"tools", [](const Received &, int) { return Script::answer("").toolCall("get_weather", "{\"city\":\"Paris\",\"unit\":\"celsius\"}"); }},
    {"embed", embed},
    {"complete", [](const Received &, int) { return Script::completion("pong"); }},
    {"no-usage", [](const Received &, int) { return Script::answer("pong").usagePlace(UsagePlace::Nowhere); }},
    {"status-", [](const Received &, int status) { return Script::error(status); }},
    {"context", [](const Received &, int) { return Script::error(400, "context_length_exceeded", "This model's maximum context length is 8 tokens."); }},
    {"quota", [](const Received &, int) { return Script::error(429, "insufficient_quota", "You exceeded your current quota."); }},
    {"cut", [](const Received &, int) { return Script::answer("po").cut(); }},
    {"cut-early", [](const Received &, int) { return Script::stream().role().cut(); }},
    {"stream-error", [](const Received &, int) { return Script::answer("po").errorEvent(); }},
    {"silence", [](const Received &, int) { return Script::silence(); }},
    {"silence-long", [](const Received &, int) { return Script::silence(); }}, // the same under a name that gets a longer limit
    {"stall", [](const Received &, int) { return Script::answer("po").stall(); }},
    {"slow-", [](const Received &, int milliseconds) { return Script::answer("pong").pause(std::chrono::milliseconds(milliseconds)); }},
    {"trickle", [](const Received &, int) { return Script::answer("gr\xC3\xBC\xC3\x9F dich").chunksOf(1).lineEnds(LineEnd::CrLf).commentsBetween().multiLineData(); }},
    {"parallel-tools", parallelTools},
    {"odd", oddChunks},
    {"unicode", [](const Received &, int) { return Script::answer("Gr\xC3\xBC\xC3\x9F" "e \xE4\xB8\x96\xE7\x95\x8C \xF0\x9F\x9A\xA6\xE2\x80\xA8!").chunksOf(1); }},
    {"html", [](const Received &, int) { return Script::html(); }},
    {"once-", once},
    {"limited-", [](const Received &, int seconds) { return Script::error(429).header("Retry-After", std::to_string(seconds)); }},
    {"head", head},
    {"hang-up", [](const Received &, int) { return Script::hangUp(); }},
    {"error-event", [](const Received &, int) { return Script::answer("").errorEvent(); }},
    {"error-in-200", [](const Received &, int) { return Script::json(200, R"({"error":{"message":"The model is overloaded","type":"server_error","code":503}})"); }},
    {"truncated", [](const Received &, int) { return Script::json(200, R"({"id":"x","choices":[{"message":)"); }},
    {"empty", [](const Received &, int) { return Script::whole(200, "application/json", ""); }},
    {"short", [](const Received &, int) { return Script::json(200, R"({"id":"x","choices":[]})").contentLength(4000).connectionClose(); }},
    {"policy", [](const Received &, int) { return Script::error(400, "content_policy_violation", "Your request was rejected as a result of our safety system."); }},
    {"header-flood", [](const Received &, int) { return Script::answer("never").headerFlood(5000, 100); }},
    {"redirect", [](const Received &call, int) { return Script::whole(302, "text/plain", "").header("Location", "http://" + call.header("host").value_or("") + "/v1/redirected"); }},
    {"mixed", mixed},
};

const FakeProvider *self = nullptr;

Script seen(const std::string &model)
{
    const std::vector<Received> all = self->requests();
    const auto ofModel = [&](const Received &call) { return call.field("model") == model || call.target.find(model) != std::string::npos; };
    const auto calls = std::ranges::count_if(all, [&](const Received &call) { return call.target.find("/seen/") == std::string::npos && ofModel(call); });
    const auto left = std::ranges::count_if(all, [&](const Received &call) { return call.leftAt && ofModel(call); });
    return Script::json(200, nlohmann::json({{"calls", calls}, {"left", left}}).dump());
}

Script byModel(const Received &call)
{
    constexpr std::string_view seenPath = "/seen/";
    if (const auto at = call.target.find(seenPath); self && at != std::string::npos)
        return seen(call.target.substr(at + seenPath.size()));
    if (call.method == "GET")
        return Script::models({"pong", "echo", "embed"});
    const std::string named = call.field("model").value_or("");
    const std::string model = named.substr(0, named.find('~'));
    for (const Row &row : personalities) {
        if (model == row.model)
            return row.answer(call, 0);
        if (row.model.ends_with('-') && model.starts_with(row.model))
            return row.answer(call, std::atoi(model.c_str() + row.model.size()));
    }
    return Script::error(404);
}

Script atPace(const Received &call)
{
    static int milliseconds = 0;
    constexpr std::string_view pacePath = "/pace/";
    if (const auto at = call.target.find(pacePath); at != std::string::npos) {
        milliseconds = std::atoi(call.target.c_str() + at + pacePath.size());
        return Script::json(200, "{}");
    }
    const Script script = byModel(call);
    return milliseconds > 0 ? script.delayHead(std::chrono::milliseconds(milliseconds)) : script;
}

} // namespace

int main(int argc, char **argv)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM); // never outlive the test that started it
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigprocmask(SIG_BLOCK, &signals, nullptr);

    FakeProvider::Options options {.record = false};
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        if (word == "--record")
            options.record = true;
        else if (word == "--self-signed")
            options.tls = Tls::SelfSigned;
        else
            options.port = static_cast<std::uint16_t>(std::atoi(argv[i]));
    }
    const FakeProvider provider(FakeProvider::Answerer(atPace), options);
    self = options.record ? &provider : nullptr; // before its address is told
    std::printf("%s\n", provider.baseUrl().c_str());
    std::fflush(stdout);
    int received = 0;
    sigwait(&signals, &received);
    return 0;
}
