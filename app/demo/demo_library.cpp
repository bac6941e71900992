// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo/demo_library.h"

#include <algorithm>

namespace app::demo {

namespace {

namespace config = gateway::config;
using Action = config::PrivacyAction;

std::vector<config::PrivacyPolicy> policies()
{
    config::PrivacyPolicy usual {.name = std::string(config::usualPolicy)};
    usual.rules = {
        {.detect = "email", .allow = {"*@signalbox.example"}},
        {.detect = "phone", .action = Action::Mask},
        {.detect = "credit_card", .action = Action::Block},
        {.detect = "iban", .action = Action::Mask},
        {.detect = "regex", .name = "ticket", .pattern = "TCK-[0-9]{6}"},
        {.detect = "dictionary", .name = "codename", .words = {"Bluebird", "Heron", "Kingfisher"}},
        {.detect = "api_key", .action = Action::Block},
        {.detect = "street_address", .action = Action::Report},
    };
    usual.guardrails = {
        {.kind = config::GuardrailKind::MaxBytes, .name = "size", .limit = 512 * 1024},
        {.kind = config::GuardrailKind::Injection, .action = config::GuardrailAction::Report},
        {.kind = config::GuardrailKind::Forbid, .name = "rivals", .action = config::GuardrailAction::Report, .looksAt = config::LooksAt::Answers, .patterns = {"(?i)acme corp", "(?i)globex"}},
    };
    config::PrivacyPolicy strict {.name = "strict", .extends = usual.name, .rules = {{.detect = "all", .action = Action::Mask}}};
    return {usual, strict};
}

config::PromptVersion version(std::int64_t number, std::string system)
{
    config::PromptVersion made;
    made.version = number;
    made.model = promptRoute;
    made.messages = {{"system", std::move(system)}, {"user", "Ticket from {{customer_tier}} user:\n{{text}}"}};
    made.parameters.text = R"({"temperature":0.2})";
    made.variables = {{.name = "language", .maxLength = 40}, {.name = "customer_tier", .oneOf = {"free", "pro", "enterprise"}}, {.name = "text", .description = "what the customer wrote"}};
    made.author = "demo";
    return made;
}

config::Prompt prompt()
{
    config::Prompt made;
    made.name = demoPrompt;
    made.folder = promptTeam;
    made.versions = {
        version(1, "You summarise support tickets. Write in {{language}}."),
        version(2, "You summarise support tickets for the team lead.\nWrite in {{language}}. Be as complete as possible.\nEnd with one line: \"Next: ...\"."),
        version(3, "You summarise support tickets for the team lead.\nWrite in {{language}}, at most 40 words.\nName the product, what is broken, what was tried.\nLeave placeholders such as <EMAIL_1> as they are.\nEnd with one line: \"Next: ...\"."),
    };
    made.versions[1].labels = {std::string(config::usualLabel)};
    made.versions[2].labels = {"staging"};
    made.experiment = {{.label = std::string(config::usualLabel), .weight = 3}, {.label = "staging", .weight = 1}};
    const config::JsonText scanner {R"({"language":"English","customer_tier":"pro","text":"The scanner app closes after the update. Reinstalling did not help."})"};
    const config::JsonText refund {R"({"language":"English","customer_tier":"free","text":"The refund for TCK-482910 never came."})"};
    made.testSets = {{.name = "tickets", .cases = {{.name = "scanner", .variables = scanner, .matches = {"(?i)the"}, .notMatches = {"(?i)i cannot"}}, {.name = "refund", .variables = refund, .matches = {"."}, .notMatches = {"TICKET_2"}}}}};
    return made;
}

} // namespace

void addLibrary(config::Config &demo)
{
    demo.privacyPolicies = policies();
    if (const auto research = std::ranges::find(demo.teams, "research", &config::Team::name); research != demo.teams.end())
        research->privacy = "strict";
    demo.cache.semantic = config::SemanticCache {.embedWith = {.lexical = true}};
    for (config::Route &route : demo.routes) {
        if (route.name == "gpt-4o")
            route.cache = config::RouteCache {};
        else if (route.name == "smart")
            route.cache = config::RouteCache {.mode = config::CacheMode::Semantic, .ttl = std::chrono::hours {1}};
    }
    demo.prompts = {prompt()};
}

} // namespace app::demo
