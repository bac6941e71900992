// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/call_traffic.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace bench {

using namespace gateway;

namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t hourUs = 3600 * second;
constexpr std::size_t attemptsAtMost = 3;

constexpr std::array teamNames {"search", "support", "growth", "checkout", "mobile", "data-science", "legal", "marketing", "platform", "fraud", "logistics", "hr", "finance", "research"};
constexpr std::array keyNames {"prod", "staging", "batch", "notebook", "assistant", "eval", "mobile-app", "crm", "ci"};
constexpr std::array tagNames {"prod", "staging", "batch", "eu", "us", "beta", "nightly", "experiment-a", "experiment-b", "internal"};

struct RouteKind
{
    const char *name;
    Endpoint endpoint;
    std::array<std::size_t, 3> targets; ///< of CallTraffic::models()
    std::size_t targetCount;
    double input, output, streamed, cached;
};
constexpr std::array routeKinds {
    RouteKind {"chat", Endpoint::ChatCompletions, {0, 3, 6}, 3, 1400, 260, 0.8, 0},
    RouteKind {"chat-fast", Endpoint::ChatCompletions, {1, 4, 8}, 3, 900, 180, 0.7, 0.06},
    RouteKind {"support-bot", Endpoint::ChatCompletions, {1, 4, 6}, 2, 2200, 220, 0.9, 0.12},
    RouteKind {"summarise", Endpoint::ChatCompletions, {4, 1, 9}, 2, 5200, 340, 0.1, 0},
    RouteKind {"classify", Endpoint::ChatCompletions, {8, 1, 9}, 2, 500, 12, 0, 0.2},
    RouteKind {"extract", Endpoint::Responses, {0, 6, 3}, 2, 3100, 420, 0.1, 0},
    RouteKind {"translate", Endpoint::ChatCompletions, {9, 1, 4}, 2, 700, 640, 0.4, 0.1},
    RouteKind {"code-review", Endpoint::Messages, {3, 5, 0}, 2, 9800, 900, 0.6, 0},
    RouteKind {"agent", Endpoint::Messages, {3, 5, 7}, 3, 14'000, 500, 0.8, 0},
    RouteKind {"agent-cheap", Endpoint::Messages, {4, 5, 7}, 2, 11'000, 380, 0.8, 0},
    RouteKind {"embed", Endpoint::Embeddings, {2, 10, 2}, 2, 380, 0, 0, 0.05},
    RouteKind {"embed-local", Endpoint::Embeddings, {10, 2, 10}, 1, 300, 0, 0, 0},
    RouteKind {"rank", Endpoint::Rerank, {10, 10, 10}, 1, 2000, 0, 0, 0},
    RouteKind {"local", Endpoint::ChatCompletions, {8, 11, 1}, 2, 1100, 300, 0.5, 0},
    RouteKind {"reports", Endpoint::ChatCompletions, {6, 0, 3}, 2, 7000, 1400, 0, 0},
    RouteKind {"vision", Endpoint::ChatCompletions, {0, 7, 3}, 2, 2600, 200, 0.2, 0},
    RouteKind {"legacy", Endpoint::Completions, {11, 1, 9}, 1, 600, 250, 0.2, 0},
    RouteKind {"gemini", Endpoint::GenerateContent, {7, 0, 3}, 2, 1800, 300, 0.6, 0},
    RouteKind {"eval", Endpoint::ChatCompletions, {5, 3, 0}, 1, 2400, 120, 0, 0.3},
    RouteKind {"playground", Endpoint::ChatCompletions, {0, 3, 7}, 3, 800, 350, 0.9, 0},
};

constexpr std::array vocabulary {"order", "customer", "delivery", "please", "summarise", "the", "following", "message", "and", "answer", "in", "two", "sentences", "invoice", "refund", "policy",
                                 "shipment", "late", "account", "password", "reset", "of", "to", "is", "was", "a", "agent", "should", "explain", "why", "payment", "declined", "for", "with"};

std::string hexDigits(std::uint64_t value, int count)
{
    std::string text(static_cast<std::size_t>(count), '0');
    for (int i = count; i-- > 0; value >>= 4)
        text[static_cast<std::size_t>(i)] = "0123456789abcdef"[value & 15];
    return text;
}

std::int32_t micros(double ms)
{
    return static_cast<std::int32_t>(std::min(ms, 900'000.0) * 1000);
}

constexpr auto endsLater = [](const auto &a, const auto &b) { return a.endsUs > b.endsUs; };

} // namespace

const std::vector<CallTraffic::Model> &CallTraffic::models()
{
    static const std::vector<Model> all {
        {"openai", "gpt-4o", 2500, 10'000, 420, 75},
        {"openai", "gpt-4o-mini", 150, 600, 300, 110},
        {"openai", "text-embedding-3-small", 20, 0, 140, 1},
        {"anthropic", "claude-sonnet-4", 3000, 15'000, 700, 65},
        {"anthropic", "claude-haiku-3-5", 800, 4000, 420, 100},
        {"bedrock", "claude-sonnet-4", 3000, 15'000, 900, 55},
        {"azure-eu", "gpt-4o", 2750, 11'000, 520, 70},
        {"vertex", "gemini-2.0-flash", 100, 400, 380, 160},
        {"vllm", "llama-3.1-8b", 0, 0, 90, 60},
        {"mistral", "mistral-small", 200, 600, 280, 95},
        {"vllm", "bge-large", 0, 0, 40, 1},
        {"mistral", "mixtral-8x7b", 700, 700, 350, 70},
    };
    return all;
}

CallTraffic::CallTraffic(const TrafficOptions &options)
    : m_options(options), m_random(options.seed), m_ids(options.seed), m_fromUs((options.until - options.days).time_since_epoch().count())
{
    makeWorld();
    makeHours();
}

void CallTraffic::makeWorld()
{
    m_teams.assign(teamNames.begin(), teamNames.end());
    for (std::size_t i = 0; i < routeKinds.size(); ++i) {
        const RouteKind &kind = routeKinds[i];
        m_routes.push_back({.name = kind.name, .endpoint = kind.endpoint, .targets = {kind.targets.begin(), kind.targets.begin() + static_cast<std::ptrdiff_t>(kind.targetCount)}, .input = kind.input,
                            .output = kind.output, .streamed = kind.streamed, .cached = kind.cached, .prompt = i % 5 == 2 ? std::string(kind.name) + "@" : "", .policy = i % 4 == 1 ? "standard" : ""});
    }
    for (std::size_t team = 0; team < m_teams.size(); ++team) {
        const std::size_t count = 3 + below(keyNames.size() - 2);
        for (std::size_t i = 0; i < count; ++i) {
            Key key {.name = m_teams[team] + "-" + keyNames[i], .id = "key_" + hexDigits(m_random(), 12), .peer = "10.2." + std::to_string(team) + "." + std::to_string(10 + i), .team = team,
                     .routes = {}, .tags = {}, .customers = i % 3 == 0 ? 0.9 : 0, .traced = i % 4 == 1 ? 0.5 : 0, .sessions = i % 3 == 1, .metadata = i % 5 == 4};
            for (std::size_t routes = 1 + below(3); routes > 0; --routes)
                key.routes.push_back(below(m_routes.size()));
            for (std::size_t tags = i % 2 == 0 ? 0 : 1 + below(3); tags > 0; --tags)
                key.tags.emplace_back(tagNames[below(tagNames.size())]);
            m_keys.push_back(std::move(key));
        }
    }
    std::shuffle(m_keys.begin(), m_keys.end(), m_random);
    m_sessions.resize(m_keys.size());
    for (int i = 0; i < 600; ++i)
        m_customers.push_back("cus_" + hexDigits(m_random(), 8));
    for (const Model &model : models()) {
        for (int i = 0; i < 4; ++i) {
            const std::int64_t from = m_fromUs + static_cast<std::int64_t>(part() * static_cast<double>(std::chrono::microseconds(m_options.days).count()));
            m_outages.push_back({.provider = model.provider, .fromUs = from, .toUs = from + static_cast<std::int64_t>((10 + 80 * part()) * 60) * second});
        }
    }
}

/// How the calls fall on the hours.
void CallTraffic::makeHours()
{
    const auto hours = std::chrono::hours(m_options.days).count();
    double sum = 0;
    for (std::int64_t i = 0; i < hours; ++i) {
        const std::int64_t hour = m_fromUs / hourUs + i;
        const auto ofDay = static_cast<double>(hour % 24);
        const std::int64_t weekday = (hour / 24 + 4) % 7; // 0: Sunday
        const double week = weekday == 0 ? 0.3 : weekday == 6 ? 0.35 : 1;
        sum += week * (0.25 + std::exp(-std::pow((ofDay - 13.5) / 4.5, 2))) * (0.7 + 0.6 * static_cast<double>(i) / static_cast<double>(hours)) * (0.85 + 0.3 * part());
        m_upTo.push_back(sum);
    }
    for (double &upTo : m_upTo)
        upTo /= sum;
}

std::int64_t CallTraffic::nextStart()
{
    const double place = (static_cast<double>(m_begun++) + part()) / static_cast<double>(m_options.calls);
    while (m_hour + 1 < m_upTo.size() && place >= m_upTo[m_hour])
        ++m_hour;
    const double before = m_hour == 0 ? 0 : m_upTo[m_hour - 1];
    const double within = (place - before) / (m_upTo[m_hour] - before);
    return m_fromUs + static_cast<std::int64_t>(m_hour) * hourUs + static_cast<std::int64_t>(std::clamp(within, 0.0, 0.999999) * static_cast<double>(hourUs));
}

CallRecord CallTraffic::next()
{
    ++m_given;
    while (m_begun < m_options.calls) {
        CallRecord record = make();
        const std::int64_t started = record.startedAt.time_since_epoch().count();
        const std::int64_t ends = started + record.latencyUs;
        m_running.push_back({.endsUs = ends, .record = std::move(record)});
        std::ranges::push_heap(m_running, endsLater);
        if (m_running.front().endsUs <= started)
            break; // all that begin later end later
    }
    std::ranges::pop_heap(m_running, endsLater);
    CallRecord record = std::move(m_running.back().record);
    m_running.pop_back();
    return record;
}

CallRecord CallTraffic::make()
{
    CallRecord record;
    const std::int64_t started = nextStart();
    record.startedAt = WallTime(std::chrono::microseconds(started));
    record.id = m_ids.next(record.startedAt);
    const std::size_t place = skewed(m_keys.size());
    const Key &key = m_keys[place];
    const Route &route = m_routes[key.routes[skewed(key.routes.size())]];
    record.key = key.name;
    record.keyId = key.id;
    record.team = m_teams[key.team];
    record.peer = key.peer;
    record.endpoint = route.endpoint;
    record.route = route.name;
    record.askedModel = by(0.04) ? models()[route.targets[0]].name : route.name;
    record.stream = by(route.streamed);
    record.test = by(0.001);
    if (by(key.customers))
        record.customer = m_customers[skewed(m_customers.size())];
    if (key.sessions) {
        Session &session = m_sessions[place];
        if (session.callsLeft-- <= 0)
            session = {.id = "s-" + hexDigits(m_random(), 12), .callsLeft = static_cast<std::int64_t>(1 + below(12))};
        record.session = session.id;
    }
    if (!key.tags.empty()) {
        record.tags = key.tags[below(key.tags.size())];
        if (const std::string &other = key.tags.front(); other != record.tags && by(0.4))
            record.tags += "," + other;
    }
    if (by(key.traced))
        record.trace = hexDigits(m_random(), 16) + hexDigits(m_random(), 16);
    if (key.metadata)
        record.metadata = R"({"job":")" + std::to_string(m_random() % 10'000) + R"("})";
    if (!route.prompt.empty())
        record.prompt = route.prompt + std::to_string(1 + 8 * m_begun / m_options.calls);
    record.policy = route.policy;
    if (!record.policy.empty() && by(0.08))
        record.findings.push_back({.rule = by(0.7) ? "email" : "phone", .action = "tokenize", .asked = static_cast<std::uint32_t>(1 + below(3))});
    record.usage.input = static_cast<std::int64_t>(around(route.input, 0.7)) + 8;
    if (by(0.006))
        refuse(record);
    else if (by(route.cached) && !m_cacheable.empty())
        answerAgain(record, route);
    else
        attempt(record, route);
    if (m_options.bodyBytes > 0)
        fillBodies(record);
    return record;
}

void CallTraffic::refuse(CallRecord &record)
{
    record.status = CallStatus::Refused;
    record.error = by(0.6) ? ErrorCode::RateLimitExceeded : by(0.5) ? ErrorCode::BudgetExceeded : ErrorCode::BadRequest;
    record.httpStatus = *record.error == ErrorCode::RateLimitExceeded ? 429 : *record.error == ErrorCode::BudgetExceeded ? 402 : 400;
    record.errorMessage = "The key " + record.key + " is over its limit. Try again in 20 s.";
    record.usage = {};
    record.cost = Money {};
    record.latencyUs = static_cast<std::int32_t>(60 + below(200));
}

void CallTraffic::answerAgain(CallRecord &record, const Route &route)
{
    const Model &model = models()[route.targets[0]];
    record.cache = by(0.8) ? CacheOutcome::Hit : CacheOutcome::Semantic;
    record.similarity = record.cache == CacheOutcome::Semantic ? 0.93 + 0.06 * part() : 0;
    record.cachedFrom = m_cacheable;
    record.provider = model.provider;
    record.model = model.name;
    record.usage.output = static_cast<std::int64_t>(around(route.output, 0.6));
    record.saved = Money::fromNanos(record.usage.input * model.inputPrice + record.usage.output * model.outputPrice);
    record.savedUs = micros(model.firstByteMs * 3);
    record.cost = Money {};
    record.httpStatus = 200;
    record.latencyUs = static_cast<std::int32_t>(150 + below(600));
    record.firstByteUs = record.latencyUs / 2;
}

void CallTraffic::attempt(CallRecord &record, const Route &route)
{
    std::int32_t now = static_cast<std::int32_t>(30 + below(60));
    const std::int64_t started = record.startedAt.time_since_epoch().count();
    for (std::size_t i = 0; i < std::min(route.targets.size(), attemptsAtMost); ++i) {
        const Model &model = models()[route.targets[i]];
        AttemptRecord attempt {.provider = model.provider, .credential = "main", .model = model.name, .startedUs = now};
        const bool out = isOut(model.provider, started);
        if (by(out ? 0.7 : 0.009)) {
            constexpr std::array codes {ErrorCode::Overloaded, ErrorCode::RateLimited, ErrorCode::ServerError, ErrorCode::FirstByteTimeout, ErrorCode::Connect};
            constexpr std::array<std::int16_t, codes.size()> statuses {529, 429, 500, 0, 0};
            const std::size_t kind = below(codes.size());
            attempt.error = codes[kind];
            attempt.httpStatus = statuses[kind];
            attempt.detail = statuses[kind] != 0 ? "Overloaded, try again later" : "";
            now += micros(attempt.error == ErrorCode::FirstByteTimeout ? 30'000 : around(120, 0.8));
            attempt.endedUs = now;
            record.attempts.push_back(std::move(attempt));
            continue;
        }
        attempt.ok = true;
        attempt.httpStatus = 200;
        record.usage.output = route.output > 0 ? static_cast<std::int64_t>(around(route.output, 0.6)) + 1 : 0;
        if (by(0.15) && record.usage.input > 1100)
            record.usage.cachedInput = record.usage.input / 128 * 96;
        attempt.usage = record.usage;
        attempt.cost = record.cost = Money::fromNanos((record.usage.input - record.usage.cachedInput / 2) * model.inputPrice + record.usage.output * model.outputPrice);
        const double first = around(model.firstByteMs + static_cast<double>(record.usage.input) * 0.02, 0.45);
        attempt.firstByteUs = record.firstByteUs = now + micros(first);
        now += micros(first + static_cast<double>(record.usage.output) / model.tokensASecond * 1000 * around(1, 0.2));
        attempt.endedUs = now;
        record.provider = model.provider;
        record.model = model.name;
        record.httpStatus = 200;
        if (by(0.006)) {
            record.status = CallStatus::Cancelled;
            record.error = ErrorCode::Cancelled;
            attempt.ok = false;
            attempt.error = ErrorCode::Cancelled;
        } else if (record.stream && by(0.002)) {
            record.status = CallStatus::Cut;
            record.error = ErrorCode::Cut;
            attempt.ok = false;
            attempt.error = ErrorCode::Cut;
        } else if (route.cached > 0) {
            record.cache = CacheOutcome::Miss;
            m_cacheable = record.id;
        }
        record.attempts.push_back(std::move(attempt));
        record.latencyUs = now + 40;
        return;
    }
    const AttemptRecord &last = record.attempts.back();
    record.status = CallStatus::Failed;
    record.error = last.error;
    record.httpStatus = last.httpStatus == 429 ? 429 : 502;
    record.errorMessage = "No target answered: " + last.provider + " said " + std::to_string(last.httpStatus) + ".";
    record.usage = {};
    record.cost = Money {};
    record.latencyUs = now + 40;
}

bool CallTraffic::isOut(const char *provider, std::int64_t us) const
{
    return std::ranges::any_of(m_outages, [&](const Outage &outage) { return us >= outage.fromUs && us < outage.toUs && outage.provider == provider; });
}

/// Chats much alike in form, as a company's are, and unlike in words.
void CallTraffic::fillBodies(CallRecord &record)
{
    record.bodies.request = R"({"model":")" + record.askedModel + R"(","messages":[{"role":"system","content":"You are the assistant of team )" + record.team
        + R"(. Answer shortly, in the language of the question, and never invent an order number."},{"role":"user","content":")" + words(m_options.bodyBytes * 5 / 8)
        + R"("}],"temperature":0.2,"stream":)" + (record.stream ? "true" : "false") + "}";
    if (record.status == CallStatus::Refused)
        return;
    record.bodies.answer = R"({"id":"chatcmpl-)" + hexDigits(m_random(), 16) + hexDigits(m_random(), 8) + R"(","object":"chat.completion","created":)"
        + std::to_string(record.startedAt.time_since_epoch().count() / second) + R"(,"model":")" + record.model + R"(","choices":[{"index":0,"message":{"role":"assistant","content":")"
        + words(m_options.bodyBytes / 8) + R"("},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":)" + std::to_string(record.usage.input) + R"(,"completion_tokens":)"
        + std::to_string(record.usage.output) + R"(,"total_tokens":)" + std::to_string(record.usage.total()) + "}}";
}

std::string CallTraffic::words(std::size_t bytes)
{
    std::string text;
    text.reserve(bytes + 16);
    while (text.size() < bytes) {
        const std::uint64_t drawn = m_random();
        text += by(0.12) ? hexDigits(drawn, 6) : std::string(vocabulary[drawn % vocabulary.size()]);
        text += ' ';
    }
    return text;
}

} // namespace bench
