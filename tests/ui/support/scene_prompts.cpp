// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/scene_prompts.h"

#include "tests/ui/support/fake_gateway.h"

#include <chrono>

using namespace gateway;
using namespace gateway::config;
using namespace std::chrono_literals;

namespace tests {
namespace {

constexpr const char *ticketSystem = "You summarise support tickets for the team lead.\n";
constexpr const char *ticketRest = "Never guess a cause; quote the log if it names one.\n";

PromptVersion version(std::int64_t number, const char *author, Duration ago, std::vector<PromptMessage> messages)
{
    PromptVersion made;
    made.version = number;
    made.model = "gpt-4o";
    made.messages = std::move(messages);
    made.parameters.text = R"({"temperature":0.2})";
    made.author = author;
    made.createdAt = FakeGateway::sceneTime() - std::chrono::duration_cast<std::chrono::microseconds>(ago);
    return made;
}

/// The picture's prompt: version 8 is on trial, callers get 7.
Prompt ticket()
{
    const PromptMessage question {"user", "Ticket {{ticket_id}} from {{customer_tier}} user:\n{{text}}"}, before {"user", "Ticket from {{customer_tier}} user:\n{{text}}"};
    const std::vector<PromptMessage> examples {{"user", "Ticket TCK-100000 from free user: no label prints"}, {"assistant", "Label printer prints nothing; cable and driver tried.\nNext: send the test page and ask for the LED colour."}};
    const std::string system = ticketSystem, rest = ticketRest;
    Prompt prompt;
    prompt.id = "prm_summarise-ticket";
    prompt.name = "summarise-ticket";
    prompt.folder = "support";
    for (const auto &[number, author, ago] : {std::tuple {4, "Sam", 39 * 24h}, {5, "Jo", 24 * 24h}, {6, "Jo", 15 * 24h}})
        prompt.versions.push_back(version(number, author, ago, {{"system", system + "Be short. Attempt " + std::to_string(number) + "."}, before}));
    prompt.versions.push_back(version(7, "Ana", 7 * 24h, {{"system", system + "Write in {{language}}. Be as complete as possible.\n" + rest + "End with one line: “Next: …”."}, examples[0], examples[1], before}));
    prompt.versions.push_back(version(8, "Ana", 80min,
        {{"system", system + "Write in {{language}}, at most {{max_words}} words.\nName the product, what is broken, what was tried.\n" + rest + "Leave placeholders such as <EMAIL_1> as they are.\nEnd with one line: “Next: …”."}, examples[0], examples[1], question}));
    prompt.versions[3].labels = {"production"};
    prompt.versions[4].labels = {"staging"};
    PromptVersion &latest = prompt.versions[4];
    latest.variables = {{.name = "language", .maxLength = 40}, {.name = "max_words", .type = VariableType::Number, .least = 10, .most = 400}, {.name = "ticket_id", .maxLength = 12},
        {.name = "customer_tier", .oneOf = {"free", "pro", "enterprise"}}, {.name = "text", .description = "what the customer wrote"}};
    const config::JsonText scanner {R"({"language":"English","max_words":40,"ticket_id":"TCK-482910","customer_tier":"pro","text":"The scanner app closes after the update."})"};
    const config::JsonText printer {R"({"language":"English","max_words":20,"ticket_id":"TCK-100000","customer_tier":"free","text":"No label prints."})"};
    prompt.testSets = {{.name = "tickets", .cases = {{.name = "scanner app", .variables = scanner, .matches = {"Scanner app", "Next: "}, .notMatches = {"(?i)sorry"}}, {.name = "printer", .variables = printer, .matches = {"LED"}}, {.name = "says what is next", .variables = printer, .matches = {"Next: \\w+"}}}}};
    return prompt;
}

Prompt small(const char *folder, const char *name, int versions)
{
    Prompt prompt;
    prompt.id = std::string("prm_") + name;
    prompt.name = name;
    prompt.folder = folder;
    for (int i = 1; i <= versions; ++i)
        prompt.versions.push_back(version(i, "Jo", (versions - i + 1) * 24h, {{"system", "You are at work on " + std::string(name) + ", attempt " + std::to_string(i) + "."}, {"user", "{{text}}"}}));
    prompt.versions.back().labels = {"production"};
    return prompt;
}

PromptFigures figures(std::int64_t number, std::uint64_t calls, double score, std::int64_t nanosACall)
{
    PromptFigures made;
    made.version = number;
    made.calls = calls;
    made.cost = Money::fromNanos(nanosACall * static_cast<std::int64_t>(calls));
    made.p50Us = 1'400'000;
    made.p95Us = 2'900'000;
    made.feedback = calls / 9;
    if (made.feedback > 0)
        made.value = score * 2 - 1;
    return made;
}

} // namespace

std::vector<Prompt> scenePrompts()
{
    std::vector<Prompt> prompts {small("growth", "campaign-copy", 4), small("platform", "commit-summary", 2), small("search", "answer-cited", 9), small("search", "rewrite-query", 21), small("support", "support-reply", 12), ticket(), small("support", "triage-label", 5)};
    prompts[1].origin = Origin::File;
    return prompts;
}

std::vector<PromptFigures> sceneFigures(const std::string &prompt)
{
    if (prompt != "summarise-ticket")
        return {};
    return {figures(4, 214, 0.72, 6'300'000), figures(5, 388, 0.71, 4'700'000), figures(6, 96, 0.77, 5'200'000), figures(7, 418, 0.79, 5'100'000), figures(8, 61, 0.84, 3'800'000)};
}

std::vector<std::string> sceneAnswer(const std::string &route)
{
    if (route == "smart")
        return {"The scanner app ", "crashes on launch after the latest update. ", "Tried: reinstall, new login; neither worked. ", "A crash log is attached for Android 15.\n\n", "Next: forward the log to mobile and offer version 5.1."};
    return {"Scanner app 5.2 ", "closes at start since the update on Monday. ", "Customer reinstalled it and logged in again, without effect. ", "Crash log is attached, Android 15.\n\n", "Next: ask engineering for build 5.2.1."};
}

} // namespace tests
