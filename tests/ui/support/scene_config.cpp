// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/scene_config.h"

#include "gateway/config/plan_children.h"
#include "gateway/providers/kind_fields.h"
#include "tests/ui/support/fake_gateway.h"
#include "tests/ui/support/scene_alerts.h"
#include "tests/ui/support/scene_budgets.h"
#include "tests/ui/support/scene_prompts.h"

using namespace gateway;
using namespace gateway::api;
using namespace std::chrono_literals;

namespace tests {
namespace {

Money dollars(double amount) { return Money::fromNanos(static_cast<std::int64_t>(amount * 1e9 + (amount < 0 ? -0.5 : 0.5))); }

config::ModelSettings model(const char *id, double input, double output)
{
    config::ModelSettings settings;
    settings.id = id;
    settings.inputPerMtok = dollars(input);
    settings.outputPerMtok = dollars(output);
    return settings;
}

config::Credential credential(const char *name, const char *lastFour, int weight = 1)
{
    config::Credential made;
    made.name = name;
    made.apiKey.value = Gateway::maskedSecret(lastFour);
    made.weight = weight;
    made.rpm = 600;
    made.tpm = 400'000;
    return made;
}

config::Provider provider(const char *name, const char *kind, const char *url)
{
    config::Provider made;
    made.id = std::string("prv_") + name;
    made.name = name;
    made.kind = kind;
    made.baseUrl = url;
    return made;
}

config::PlanNode target(const char *providerName, const char *modelName)
{
    config::TargetNode node;
    node.provider = providerName;
    node.model = modelName;
    return {node};
}

config::PlanNode chain(std::vector<config::PlanNode> children)
{
    config::FallbackNode node;
    node.children = std::move(children);
    return {std::move(node)};
}

config::Route route(const char *name, config::PlanNode plan, std::vector<std::string> aliases = {})
{
    config::Route made;
    made.id = std::string("rte_") + name;
    made.name = name;
    made.plan = std::move(plan);
    made.aliases = std::move(aliases);
    return made;
}

std::vector<config::Provider> sceneProviders()
{
    auto openai = provider("openai", "openai", "");
    openai.credentials = {credential("main", "3f7a", 3), credential("spare", "1a2b")};
    openai.models = {model("gpt-4o", 2.5, 10), model("gpt-5", 1.25, 10), model("embed-3-small", 0.02, 0)};
    auto claude = provider("claude", "openai-compatible", "https://api.anthropic.com/v1");
    claude.credentials = {credential("main", "c0de")};
    claude.models = {model("claude-opus-4", 15, 75), model("claude-sonnet-4", 3, 15)};
    auto gemini = provider("gemini", "openai-compatible", "https://generativelanguage.googleapis.com/v1beta/openai");
    gemini.credentials = {credential("main", "77ab")};
    gemini.models = {model("gemini-2.5-flash", 0.3, 2.5), model("gemini-2.5-pro", 1.25, 10)};
    auto local = provider("local-vllm", "vllm", "http://127.0.0.1:8000/v1");
    local.models = {model("llama-3-70b", 0, 0), model("nomic-embed", 0, 0)};
    auto together = provider("together", "together", "");
    together.credentials = {credential("main", "7d31", 2), credential("spare", "9f2c")};
    together.models = {model("llama-3.3-70b", 0.88, 0.88)};
    together.timeouts.firstByte = 60s;
    return {openai, claude, gemini, local, together};
}

/// The picture's route: the free tier within a limit on the cheap models, a tenth of the others on a large one.
config::PlanNode smartPlan()
{
    config::LimitNode limit;
    limit.rpm = 60;
    limit.then = chain({target("local-vllm", "llama-3-70b"), target("together", "llama-3.3-70b"), target("gemini", "gemini-2.5-flash")});
    config::SplitNode split;
    split.branches = {{90, chain({target("openai", "gpt-4o"), target("claude", "claude-sonnet-4"), target("gemini", "gemini-2.5-flash")})}, {10, target("claude", "claude-opus-4")}};
    config::FieldTest free;
    free.field = "metadata.tier";
    free.values = {{config::ConditionValue::Kind::Text, "free"}};
    config::WhenNode when;
    when.branches = {{{free}, {std::move(limit)}}};
    when.otherwise = config::PlanNode {std::move(split)};
    return {std::move(when)};
}

std::vector<config::Route> sceneRoutes()
{
    config::SplitNode canary;
    canary.branches = {{90, target("openai", "gpt-4o")}, {10, target("claude", "claude-opus-4")}};
    return {
        route("gpt-4o", chain({target("openai", "gpt-4o"), target("claude", "claude-sonnet-4"), target("gemini", "gemini-2.5-flash")}), {"gpt-4o-2024-11-20"}),
        route("smart", smartPlan()),
        route("canary", {std::move(canary)}),
        route("embeddings", chain({target("local-vllm", "nomic-embed"), target("openai", "embed-3-small")}), {"text-embedding-3-small"}),
    };
}

config::VirtualKey key(const char *name, const char *team, const char *prefix, std::optional<std::vector<std::string>> models = std::nullopt,
    std::optional<WallTime> expires = std::nullopt)
{
    config::VirtualKey made;
    made.id = std::string("key_") + name;
    made.name = name;
    made.team = team;
    made.prefix = prefix;
    made.hash = "00";
    made.models = std::move(models);
    made.expires = expires;
    made.createdAt = FakeGateway::sceneTime() - std::chrono::days {41};
    return made;
}

WallTime day(int year, unsigned month, unsigned dayOfMonth)
{
    return std::chrono::sys_days {std::chrono::year {year} / std::chrono::month {month} / std::chrono::day {dayOfMonth}} - 1h;
}

std::vector<config::VirtualKey> sceneKeys()
{
    auto old = key("search-old", "search", "sb-Qm31", std::vector<std::string> {"gpt-4o"});
    old.revoked = true;
    using Models = std::vector<std::string>;
    return {
        key("search-rerank", "search", "sb-rW2k", Models {"gpt-4o", "smart"}),
        key("search-backend", "search", "sb-7Q4x", Models {"gpt-4o", "smart", "embeddings"}, day(2028, 1, 1)),
        key("search-eval", "search", "sb-2Lm9", Models {"canary"}),
        key("search-indexer", "search", "sb-Zk81", Models {"embeddings"}),
        key("support-bot", "support", "sb-c0Rt", Models {"smart", "gpt-4o"}, day(2027, 3, 1)),
        key("support-triage", "support", "sb-9vEa", Models {"smart"}),
        key("growth-campaigns", "growth", "sb-Hx3w", Models {"gpt-4o", "canary"}),
        key("growth-web", "growth", "sb-1PfN", Models {"gpt-4o"}, day(2026, 12, 1)),
        key("research-notebooks", "research", "sb-Td5u"),
        key("research-evals", "research", "sb-Ke20", Models {"smart", "canary"}),
        key("platform-ci", "platform", "sb-Vb7s", Models {"smart"}),
        key("platform-internal", "platform", "sb-Ny4g"),
        old,
    };
}

/// The picture's rules, in two policies.
std::vector<config::PrivacyPolicy> scenePolicies()
{
    using Action = config::PrivacyAction;
    config::PrivacyPolicy usual {.id = "pol_default", .name = std::string(config::usualPolicy)};
    usual.rules = {
        {.detect = "email", .allow = {"support@example.org", "*@signalbox.example"}},
        {.detect = "phone", .action = Action::Mask, .regions = {"DE", "AT", "CH"}},
        {.detect = "credit_card", .action = Action::Block},
        {.detect = "iban", .action = Action::Mask},
        {.detect = "regex", .name = "ticket", .pattern = "TCK-[0-9]{6}"},
        {.detect = "dictionary", .name = "codename", .words = {"Bluebird", "Heron", "Kingfisher"}},
        {.detect = "api_key", .action = Action::Block, .threshold = 0.7},
        {.detect = "street_address", .action = Action::Report},
        {.detect = "external", .name = "presidio", .url = "http://127.0.0.1:5002/analyze", .entities = {"PERSON", "LOCATION"}},
    };
    usual.guardrails = {
        {.kind = config::GuardrailKind::MaxBytes, .name = "size", .limit = 200 * 1024},
        {.kind = config::GuardrailKind::Injection, .action = config::GuardrailAction::Report, .phrases = {"open sesame"}},
        {.kind = config::GuardrailKind::Forbid, .name = "rivals", .looksAt = config::LooksAt::Both, .patterns = {"(?i)acme corp", "(?i)globex"}},
        {.kind = config::GuardrailKind::JsonSchema, .name = "invoice", .schema = {R"({"type":"object","required":["total"],"properties":{"total":{"type":"number"}}})"}, .streams = config::StreamWay::Hold},
        {.kind = config::GuardrailKind::Webhook, .name = "judge", .looksAt = config::LooksAt::Both, .url = "http://127.0.0.1:5003/judge", .timeout = config::Millis {2'000}, .onFailure = config::OnFailure::Allow},
    };
    config::PrivacyPolicy strict {.id = "pol_strict", .name = "strict", .extends = usual.name, .rules = {{.detect = "all", .action = Action::Block}}};
    return {usual, strict};
}

KeyUse use(const char *name, double spent, std::uint64_t calls, std::chrono::seconds ago)
{
    return {std::string("key_") + name, ago.count() < 0 ? WallTime {} : FakeGateway::sceneTime() - ago, calls, dollars(spent), false};
}

TargetHealth healthOf(const char *providerName, const char *credentialName, const char *modelName, double errorRate, double rps, std::chrono::milliseconds p95)
{
    TargetHealth health;
    health.provider = providerName;
    health.credential = credentialName;
    health.model = modelName;
    health.errorRate = errorRate;
    health.callsPerSecond = rps;
    health.p95 = p95;
    health.lastUsed = FakeGateway::sceneTime() - 4s;
    return health;
}

struct StripScene
{
    const char *provider;
    std::uint64_t attempts, errors, rateLimited;
    std::int64_t p95Us;
    std::vector<int> warnings, failures, silent;
};

} // namespace

config::Config sceneConfig()
{
    config::Config config;
    config.gateway.timeZone = "Europe/Berlin";
    config.providers = sceneProviders();
    config.routes = sceneRoutes();
    for (const char *name : {"search", "support", "growth", "research", "platform"}) {
        config::Team team;
        team.id = std::string("team_") + name;
        team.name = name;
        config.teams.push_back(team);
    }
    config.keys = sceneKeys();
    config.privacyPolicies = scenePolicies();
    config.teams[3].privacy = "strict"; // research
    config.keys[10].privacy = "strict"; // platform-ci
    config.prompts = scenePrompts();
    addSceneQuotas(config);
    addSceneAlerts(config);
    return config;
}

std::vector<ProviderKindInfo> sceneKinds()
{
    std::vector<ProviderKindInfo> kinds {
        {"openai", "OpenAI", "https://api.openai.com/v1", true, false, {"sk-proj-", "sk-"}, "gpt-4o-mini"},
        {"openai-compatible", "OpenAI-compatible", "", false, false, {}, ""},
        {"azure", "Azure OpenAI", "", true, false, {}, "gpt-4o-mini"},
        {"anthropic", "Anthropic", "https://api.anthropic.com/v1", true, false, {}, "claude-haiku-4-5"},
        {"gemini", "Google Gemini", "https://generativelanguage.googleapis.com/v1beta", true, false, {}, "gemini-2.5-flash"},
        {"vertex", "Google Vertex AI", "", true, false, {}, "gemini-2.5-flash"},
        {"bedrock", "Amazon Bedrock", "", true, false, {}, "amazon.nova-lite-v1:0"},
        {"cohere", "Cohere", "https://api.cohere.com", true, false, {}, "command-a-03-2025"},
        {"together", "Together AI", "https://api.together.xyz/v1", true, false, {}, "meta-llama/Llama-3.3-70B-Instruct-Turbo"},
        {"groq", "Groq", "https://api.groq.com/openai/v1", true, false, {"gsk_"}, "llama-3.3-70b-versatile"},
        {"openrouter", "OpenRouter", "https://openrouter.ai/api/v1", true, false, {"sk-or-"}, "openai/gpt-4o-mini"},
        {"xai", "xAI", "https://api.x.ai/v1", true, false, {"xai-"}, "grok-4"},
        {"vllm", "vLLM", "http://127.0.0.1:8000/v1", false, true, {}, ""},
        {"ollama", "Ollama", "http://127.0.0.1:11434/v1", false, true, {}, "llama3.2:3b"},
        {"lmstudio", "LM Studio", "http://127.0.0.1:1234/v1", false, true, {}, ""},
    };
    for (ProviderKindInfo &kind : kinds)
        kind.fields = *providers::findKindFields(kind.kind);
    return kinds;
}

std::vector<config::Provider> sceneClouds()
{
    auto azure = provider("az", "azure", "https://signalbox-test.openai.azure.com");
    azure.apiVersion = "2024-10-21";
    azure.deployments = {{"gpt-4o", "gpt4o-prod"}, {"gpt-4o-mini", "mini"}};
    azure.credentials = {credential("main", "5e6f"), credential("entra", "")};
    azure.credentials[1].apiKey = {};
    azure.credentials[1].tenantId = "8f0c4f6e-3a55-4d0e-9a57-0b1f2f3c4d5e";
    azure.credentials[1].clientId = "1b2c3d4e-5f60-4711-8a9b-0c1d2e3f4a5b";
    azure.credentials[1].clientSecret.value = Gateway::maskedSecret("Q~8x");
    auto vertex = provider("vx", "vertex", "");
    vertex.project = "my-project-123";
    vertex.location = "europe-west1";
    vertex.credentials = {credential("main", ""), credential("machine", "")};
    vertex.credentials[0].apiKey = vertex.credentials[1].apiKey = {};
    vertex.credentials[0].serviceAccount.value = Gateway::maskedSecret("signalbox@my-project-123.iam.gserviceaccount.com my-project-123");
    vertex.credentials[1].source = config::CredentialSource::Metadata;
    auto bedrock = provider("br", "bedrock", "");
    bedrock.region = "eu-central-1";
    bedrock.credentials = {credential("main", ""), credential("key", "9abc"), credential("environment", "")};
    bedrock.credentials[0].apiKey = bedrock.credentials[2].apiKey = {};
    bedrock.credentials[0].accessKeyId.value = Gateway::maskedSecret("MPLE");
    bedrock.credentials[0].secretAccessKey.value = Gateway::maskedSecret("EKEY");
    bedrock.credentials[2].source = config::CredentialSource::Environment;
    return {azure, vertex, bedrock};
}

std::vector<TargetHealth> sceneHealth()
{
    auto local = healthOf("local-vllm", "", "llama-3-70b", 0.0411, 0.18, 188ms);
    local.circuit = TargetHealth::Circuit::Open;
    local.restsFor = 12s;
    auto rejected = healthOf("together", "spare", "llama-3.3-70b", 1, 0, 214ms);
    rejected.keyRejected = true;
    auto limited = healthOf("openai", "main", "gpt-4o", 0.0192, 1.34, 1410ms);
    limited.rateLimited = true;
    return {limited, healthOf("openai", "spare", "gpt-4o", 0.012, 0.41, 1390ms), healthOf("openai", "main", "embed-3-small", 0.001, 1.95, 212ms),
        healthOf("claude", "main", "claude-sonnet-4", 0.0036, 0.21, 2860ms), healthOf("claude", "main", "claude-opus-4", 0.012, 0.05, 4620ms),
        healthOf("gemini", "main", "gemini-2.5-flash", 0.0017, 0.09, 1180ms), local, healthOf("together", "main", "llama-3.3-70b", 0.0139, 0.14, 1260ms), rejected};
}

std::vector<ProviderStrip> sceneStrips(int bins)
{
    const std::vector<StripScene> scenes {
        {"openai", 5310, 102, 78, 1'410'000, {5, 10, 15, 46, 47}, {16}, {}},
        {"claude", 1980, 7, 4, 3'020'000, {5, 10, 40}, {}, {}},
        {"gemini", 1160, 2, 0, 1'180'000, {5, 10}, {}, {}},
        {"local-vllm", 2190, 90, 0, 188'000, {30, 41, 45, 46}, {47}, {6, 7, 8}},
        {"together", 1150, 16, 3, 1'260'000, {33, 35, 36, 43, 44}, {22}, {}},
    };
    std::vector<ProviderStrip> strips;
    for (const StripScene &scene : scenes) {
        ProviderStrip strip {scene.provider, std::vector<StripBin>(static_cast<std::size_t>(bins)), scene.p95Us, scene.attempts, scene.errors, scene.rateLimited};
        for (StripBin &bin : strip.bins)
            bin.attempts = 200;
        const auto at = [&](int bin) -> StripBin & { return strip.bins[static_cast<std::size_t>(bin * bins / 48)]; };
        for (const int bin : scene.silent)
            at(bin).attempts = 0;
        for (const int bin : scene.warnings)
            at(bin).errors = 5;
        for (const int bin : scene.failures)
            at(bin).errors = 36;
        strips.push_back(std::move(strip));
    }
    return strips;
}

UseSummary sceneUse()
{
    UseSummary summary;
    summary.keys = {
        use("search-rerank", 0, 0, -1s), use("search-backend", 512.40, 612'010, 4s), use("search-eval", 188.31, 40'211, 23s), use("search-indexer", 42.95, 1'204'400, 10s),
        use("support-bot", 548.95, 91'240, 1s), use("support-triage", 162.45, 30'122, 9s), use("growth-campaigns", 301.18, 60'871, 2s), use("growth-web", 97.08, 20'640, 16s),
        use("research-notebooks", 214.60, 18'204, 13s), use("research-evals", 172.35, 14'233, 25s), use("platform-ci", 96.30, 33'018, 6s), use("platform-internal", 56.44, 17'445, 31s),
        use("search-old", 98.51, 20'117, std::chrono::days {12}),
    };
    summary.teams = {{"search", 1'876'738, dollars(842.17)}, {"support", 121'362, dollars(711.40)}, {"growth", 81'511, dollars(398.26)},
        {"research", 32'437, dollars(386.95)}, {"platform", 50'463, dollars(152.74)}, {"", 9'120, dollars(22.34)}};
    return summary;
}

StatsView sceneStats()
{
    StatsView stats;
    stats.callsPerSecond = 4.2;
    stats.p95Us = 1'920'000;
    stats.errorShare = 0.0041;
    stats.inFlight = 7;
    stats.openConnections = 42;
    stats.openStreams = 5;
    stats.costToday = dollars(131.60);
    stats.routes = {{"gpt-4o", 1.34, 0.0052}, {"smart", 0.64, 0.0086}, {"canary", 0.27, 0.0042}, {"embeddings", 1.95, 0.0019}};
    const std::int64_t now = std::chrono::floor<std::chrono::seconds>(FakeGateway::sceneTime().time_since_epoch()).count();
    for (int i = 299; i >= 0; --i)
        stats.lastMinutes.push_back({now - i, static_cast<std::uint64_t>(4 + (i * 7) % 3 - (i * 5) % 2), i % 97 == 0 ? 1U : 0U});
    return stats;
}

std::vector<LocalProvider> sceneLocal()
{
    return {{"ollama", "Ollama", "http://127.0.0.1:11434/v1", true, {"llama3.2:3b", "qwen2.5-coder:7b", "nomic-embed-text"}},
        {"vllm", "vLLM", "http://127.0.0.1:8000/v1", false, {}}, {"lmstudio", "LM Studio", "http://127.0.0.1:1234/v1", false, {}}};
}

std::vector<ProbeStep> sceneProbe()
{
    using Kind = ProbeStep::Kind;
    using State = ProbeStep::State;
    return {{Kind::Dns, State::Ok, "api.together.xyz is 104.18.7.32 and 3 more", "", 11ms}, {Kind::Connect, State::Ok, "Connected to 104.18.7.32:443", "", 14ms},
        {Kind::Tls, State::Ok, "TLS 1.3, certificate valid until 9 Feb 2027", "", 38ms}, {Kind::Key, State::Ok, "Key accepted", "HTTP 200", 165ms},
        {Kind::Model, State::Ok, "llama-3.3-70b answered \"pong\"", "", 486ms}};
}

} // namespace tests
