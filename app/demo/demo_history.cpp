// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo/demo_history.h"

#include "app/demo/demo_library.h"
#include "app/demo/demo_translation.h"
#include "app/demo/demo_world.h"
#include "gateway/core/finding_action.h"

#include <algorithm>
#include <cmath>

namespace app::demo {

namespace {

using gateway::CallRecord;
using gateway::CallStatus;
using gateway::Endpoint;
using gateway::ErrorCode;

constexpr int microsAMilli = 1000;

template <typename T>
const T &pick(std::span<const T> choices, std::mt19937 &random)
{
    double at = std::uniform_real_distribution<double>(0, 1)(random);
    for (const T &choice : choices) {
        at -= choice.share;
        if (at < 0)
            return choice;
    }
    return choices.back();
}

struct Fault
{
    ErrorCode error;
    int status;
};

constexpr double startsLater = 0.25;  ///< share of calls that find their first target resting
constexpr double lostAtOnce = 0.0008; ///< share of calls that fail without a rescue
constexpr double usualTrouble = 0.003;
constexpr std::string_view anthropicTeam = "research"; ///< its programs speak Anthropic's format
constexpr double keptShare = 0.24;        ///< of the calls of a route with a cache
constexpr double alikeShare = 0.4;        ///< of those, where answers are given for likeness too
constexpr double finds = 0.12;            ///< share of chats in which the privacy policy finds something
constexpr double namesPrompt = 0.35;      ///< of the support team's calls of the prompt's route
constexpr double triesNewest = 0.25;      ///< of those: the experiment's share
constexpr std::string_view alikeRoute = "smart";
constexpr std::chrono::hours bodiesOf {2};             ///< of translated calls so late that somebody may look into them

/// How often a provider fails around a moment: seldom, but for some half hours of its own, and a few truly bad ones.
double trouble(std::string_view provider, gateway::WallTime at)
{
    const auto halfHour = std::chrono::floor<std::chrono::minutes>(at.time_since_epoch()).count() / 30;
    std::uint64_t mixed = static_cast<std::uint64_t>(halfHour) * 0x9E3779B97F4A7C15ULL;
    for (const char c : provider)
        mixed = (mixed ^ static_cast<std::uint64_t>(c)) * 0x100000001B3ULL;
    const std::uint64_t luck = (mixed >> 33) % 100;
    return luck < 3 ? 0.18 : luck < 12 ? 0.03 : usualTrouble;
}

} // namespace

DemoHistory::DemoHistory(const gateway::config::Config &config, gateway::WallTime from, gateway::WallTime to, std::uint32_t seed)
    : m_at(from), m_to(to), m_random(seed), m_ids(seed), m_callers(seed)
{
    for (const auto &key : config.keys)
        m_keyIds[key.name] = key.id;
    for (const auto &provider : config.providers) {
        for (const auto &model : provider.models)
            m_models[{provider.name, model.id}] = model;
    }
}

void DemoHistory::askAgain(CallRecord &record)
{
    const bool alike = record.route == alikeRoute && chance(alikeShare);
    const CallRecord &kept = m_kept.at(record.team + '\n' + record.route);
    record.cache = alike ? gateway::CacheOutcome::Semantic : gateway::CacheOutcome::Hit;
    record.similarity = alike ? std::uniform_real_distribution<double>(0.92, 0.995)(m_random) : 0;
    record.cachedFrom = kept.id;
    record.saved = kept.cost;
    record.savedUs = kept.latencyUs;
    record.httpStatus = 200;
    record.cost = gateway::Money {};
    record.usage = {};
    record.latencyUs = 300 + millis(1, 0.6) * microsAMilli;
    record.firstByteUs = record.latencyUs;
}

void DemoHistory::find(CallRecord &record)
{
    struct Finding
    {
        const char *rule, *action;
        bool guardrail = false;
    };
    static constexpr std::array<Finding, 12> found {{{"email", "tokenize"}, {"email", "tokenize"}, {"email", "tokenize"}, {"email", "tokenize"}, {"phone", "mask"}, {"phone", "mask"}, {"ticket", "tokenize"}, {"ticket", "tokenize"}, {"ticket", "tokenize"},
                                                     {"street_address", "report"}, {"injection", "report", true}, {"rivals", "report", true}}};
    record.policy = record.team == anthropicTeam ? "strict" : std::string(gateway::config::usualPolicy);
    if (!chance(finds))
        return;
    const Finding &one = found[std::uniform_int_distribution<std::size_t>(0, found.size() - 1)(m_random)];
    const auto times = static_cast<std::uint32_t>(std::uniform_int_distribution<int>(1, 3)(m_random));
    const bool answered = one.rule == std::string_view("rivals");
    record.findings.push_back({.rule = one.rule, .action = one.guardrail ? gateway::guardrailAction(one.action) : one.action, .asked = answered ? 0 : times, .answered = answered ? times : 0});
}

void DemoHistory::name(CallRecord &record)
{
    if (record.team == promptTeam && record.route == promptRoute && chance(namesPrompt))
        record.prompt = std::string(demoPrompt) + '@' + std::to_string(chance(triesNewest) ? demoVersions : demoVersions - 1);
}

bool DemoHistory::chance(double share)
{
    return std::uniform_real_distribution<double>(0, 1)(m_random) < share;
}

int DemoHistory::millis(int median, double spread)
{
    return std::max(1, static_cast<int>(std::lognormal_distribution<double>(std::log(median), spread)(m_random)));
}

std::optional<gateway::Money> DemoHistory::cost(const Answerer &who, const gateway::TokenUsage &usage) const
{
    const auto model = m_models.find({who.provider, who.model});
    if (model == m_models.end() || !model->second.inputPerMtok || !model->second.outputPerMtok)
        return std::nullopt;
    return model->second.inputPerMtok->perMillion(usage.input) + model->second.outputPerMtok->perMillion(usage.output);
}

void DemoHistory::attempt(CallRecord &record, const Answerer &who, bool ok, ErrorCode error, int status)
{
    gateway::AttemptRecord attempt;
    attempt.provider = who.provider;
    attempt.credential = "simulated";
    attempt.model = who.model;
    attempt.startedUs = record.attempts.empty() ? 300 : record.attempts.back().endedUs + 200;
    attempt.ok = ok;
    attempt.httpStatus = static_cast<std::int16_t>(status);
    if (ok) {
        attempt.firstByteUs = millis(who.firstByteMs, 0.45) * microsAMilli;
        attempt.endedUs = attempt.startedUs + attempt.firstByteUs + static_cast<int>(static_cast<double>(record.usage.output) / who.tokensPerSecond * 1e6);
        attempt.usage = record.usage;
        attempt.cost = cost(who, record.usage);
    } else {
        attempt.error = error;
        attempt.endedUs = attempt.startedUs + millis(error == ErrorCode::FirstByteTimeout ? 20'000 : 60, 0.3) * microsAMilli;
        attempt.cost = gateway::Money {};
    }
    record.attempts.push_back(std::move(attempt));
}

void DemoHistory::finish(CallRecord &record, const Answerer &who, bool embeddings)
{
    const gateway::AttemptRecord &last = record.attempts.back();
    record.latencyUs = last.endedUs + 150;
    if (last.ok) {
        record.provider = who.provider;
        record.model = who.model;
        record.httpStatus = 200;
        record.firstByteUs = embeddings ? -1 : last.startedUs + last.firstByteUs;
        record.cost = last.cost;
        return;
    }
    record.status = CallStatus::Failed;
    record.error = last.error;
    record.errorMessage = "All targets failed (demo).";
    record.httpStatus = last.error == ErrorCode::RateLimited ? 429 : 502;
    record.usage = {};
    record.cost = gateway::Money {};
}

std::optional<CallRecord> DemoHistory::next()
{
    static const std::map<std::string_view, std::vector<Answerer>> chains {
        {"gpt-4o", {{"openai", "gpt-4o", 320, 85}, {"claude-like", "claude-sonnet-4", 540, 65}, {"local-vllm", "llama-3-70b", 90, 45}}},
        {"smart", {{"together", "llama-3.3-70b", 210, 110}, {"gemini-like", "gemini-2.5-flash", 260, 140}, {"claude-like", "claude-sonnet-4", 540, 65}}},
        {"canary", {{"openai", "gpt-4o", 320, 85}, {"claude-like", "claude-sonnet-4", 540, 65}}},
        {"embeddings", {{"openai", "text-embedding-3-small", 70, 1e6}, {"local-vllm", "nomic-embed-text", 25, 1e6}}},
    };
    static constexpr std::array<Fault, 4> faults {{{ErrorCode::RateLimited, 429}, {ErrorCode::ServerError, 503}, {ErrorCode::ServerError, 500}, {ErrorCode::FirstByteTimeout, 0}}};

    m_at += std::chrono::microseconds(static_cast<std::int64_t>(std::exponential_distribution<double>(callsPerSecond(m_at))(m_random) * 1e6));
    if (m_at >= m_to)
        return std::nullopt;
    const DemoTeam &team = pick(demoTeams(), m_random);
    const DemoRoute &route = pick(demoRoutes(), m_random);

    CallRecord record;
    record.id = m_ids.next(m_at);
    record.startedAt = m_at;
    record.endpoint = route.embeddings ? Endpoint::Embeddings : Endpoint::ChatCompletions;
    record.key = team.key;
    record.keyId = m_keyIds[record.key];
    record.team = team.team;
    record.tags = "demo-history";
    record.askedModel = route.route;
    record.route = route.route;
    record.peer = "127.0.0.1";
    record.stream = chance(route.streaming);
    const DemoCallers::Caller caller = m_callers.next(team.team, m_at, !route.embeddings);
    record.customer = caller.customer;
    record.session = caller.session;
    record.trace = caller.trace;
    record.usage.input = millis(route.embeddings ? 60 : 420, 0.8) * (1 + caller.turn); // a conversation is sent whole each time
    record.usage.output = route.embeddings ? 0 : millis(110, 0.6);

    const bool caches = route.route == promptRoute || route.route == alikeRoute;
    if (!route.embeddings) {
        name(record);
        find(record);
    }
    if (caches && m_kept.contains(record.team + '\n' + record.route) && chance(keptShare)) {
        askAgain(record);
        return record;
    }
    record.cache = caches ? gateway::CacheOutcome::Miss : gateway::CacheOutcome::Off;

    std::vector<Answerer> chain = chains.at(route.route);
    if (chance(startsLater))
        chain.erase(chain.begin()); // as after an open circuit: the first target was resting
    std::size_t used = 0;
    while (used + 1 < chain.size() && chance(trouble(chain[used].provider, m_at)))
        ++used;
    const bool lost = chance(used == 0 ? lostAtOnce : trouble(chain[used].provider, m_at));
    for (std::size_t i = 0; i <= used; ++i) {
        const bool ok = i == used && !lost;
        const Fault &fault = faults[std::uniform_int_distribution<std::size_t>(0, faults.size() - 1)(m_random)];
        attempt(record, chain[i], ok, fault.error, ok ? 200 : fault.status);
    }
    finish(record, chain[used], route.embeddings);
    if (caches && record.status == CallStatus::Ok)
        m_kept[record.team + '\n' + record.route] = record;
    if (team.team == anthropicTeam && !route.embeddings)
        speakAnthropic(record, m_at > m_to - bodiesOf);
    return record;
}

} // namespace app::demo
