// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/scene_log.h"

#include "gateway/core/error_cause.h"
#include "gateway/core/finding_action.h"
#include "gateway/core/text.h"
#include "tests/ui/support/fake_gateway.h"
#include "tests/ui/support/scene_bodies.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>

using namespace gateway;
using namespace std::chrono_literals;

namespace tests {
namespace {

constexpr int callsInTheHour = 15'120;
constexpr int failedInTheHour = 62;
constexpr int rescuedInTheHour = 214;
constexpr std::int64_t costOfTheHour = 18'200'000'000;

/// A number from 0 to 1 for a seed: the same on every machine.
double noise(std::uint64_t seed)
{
    seed += 0x9E3779B97F4A7C15ULL;
    seed = (seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9ULL;
    seed = (seed ^ (seed >> 27)) * 0x94D049BB133111EBULL;
    return static_cast<double>((seed ^ (seed >> 31)) >> 11) / 9007199254740992.0;
}

/// Evenly spread numbers from 0 to 1 (multiples of an irrational): quantiles of any minute come out near the whole's.
double spread(int number, double step)
{
    const double product = (number + 1) * step;
    return product - std::floor(product);
}

/// A standard normal of a number from 0 to 1 (Winitzki's inverse error function: near enough for a picture).
double normal(double p)
{
    const double x = 2 * std::clamp(p, 1e-6, 1 - 1e-6) - 1;
    const double l = std::log(1 - x * x), t = 4.3307 + l / 2;
    return std::copysign(std::sqrt(std::sqrt(t * t - l / 0.147) - t), x) * 1.41421356;
}

struct Program
{
    const char *key, *team, *route;
    int share; ///< of 15,120
    double costWeight;
};

/// Keys by route, so that the routes' counts of the notes come out: gpt-4o 4,836, smart 2,318, canary 962, embeddings 7,004.
constexpr Program programs[] {
    {"search-indexer", "search", "embeddings", 5004, 0.03}, {"search-backend", "search", "embeddings", 2000, 0.03}, {"search-backend", "search", "gpt-4o", 2416, 2.5},
    {"search-eval", "search", "canary", 762, 1.6}, {"support-bot", "support", "smart", 1202, 3.5}, {"support-triage", "support", "smart", 316, 3.2},
    {"growth-campaigns", "growth", "gpt-4o", 1076, 1.6}, {"growth-web", "growth", "gpt-4o", 612, 1.6}, {"research-notebooks", "research", "smart", 300, 5},
    {"research-evals", "research", "canary", 200, 4.5}, {"platform-ci", "platform", "smart", 500, 1.2}, {"platform-internal", "platform", "gpt-4o", 720, 0.3},
    {"", "", "gpt-4o", 12, 1},
};

const Program &programOf(int number)
{
    auto place = static_cast<int>(spread(number, 0.8191725133961645) * callsInTheHour);
    for (const Program &program : programs) {
        place -= program.share;
        if (place < 0)
            return program;
    }
    return programs[0];
}

/// Slow and failing around 14:00, and again about 14:28.
double trouble(double minute) // 0 to 60 from 13:32
{
    const double first = std::exp(-std::pow((minute - 28) / 3.2, 2)), second = std::exp(-std::pow((minute - 56) / 3, 2));
    return first + 0.5 * second;
}

AttemptRecord attempt(const char *provider, const char *model, std::int32_t started, std::int32_t ended, std::int16_t status, bool ok, ErrorCode error = ErrorCode::Internal)
{
    AttemptRecord made;
    made.provider = provider;
    made.credential = "main";
    made.model = model;
    made.startedUs = started;
    made.endedUs = ended;
    made.httpStatus = status;
    made.ok = ok;
    made.error = error;
    if (!ok)
        made.detail = error == ErrorCode::RateLimited ? "Rate limit reached for gpt-4o: 10000 requests per minute. Try again in 412 ms." : "The server had an error while processing the request.";
    return made;
}

struct Target
{
    const char *provider, *model;
};

/// Which way a call of "smart" takes: the free tier, the chain, or the large model that a tenth of the rest goes to.
std::vector<Target> smartTargets(const CallRecord &record)
{
    const double way = noise(static_cast<std::uint64_t>(record.startedAt.time_since_epoch().count()));
    if (way < 0.28)
        return {{"together", "llama-3.3-70b"}, {"gemini", "gemini-2.5-flash"}};
    if (way < 0.928)
        return {{"openai", "gpt-4o"}, {"claude", "claude-sonnet-4"}, {"gemini", "gemini-2.5-flash"}};
    return {{"claude", "claude-opus-4"}, {"claude", "claude-opus-4"}};
}

std::vector<Target> targetsOf(const CallRecord &record)
{
    if (record.route == "embeddings")
        return {{"local-vllm", "nomic-embed"}, {"openai", "embed-3-small"}};
    if (record.route == "canary")
        return {{"openai", "gpt-4o"}, {"claude", "claude-opus-4"}};
    if (record.route == "smart")
        return smartTargets(record);
    return {{"openai", "gpt-4o"}, {"claude", "claude-sonnet-4"}, {"gemini", "gemini-2.5-flash"}};
}

void fillUsage(CallRecord &record, const Program &program, int number, std::uint64_t seed)
{
    const bool embedding = record.endpoint == Endpoint::Embeddings;
    record.usage.input = static_cast<std::int64_t>((embedding ? 90 : 900) * std::exp(0.8 * normal(noise(seed + 2))));
    record.usage.output = embedding ? 0 : static_cast<std::int64_t>(280 * std::exp(0.6 * normal(noise(seed + 3))));
    record.cost = Money::fromNanos(static_cast<std::int64_t>(1'000'000 * program.costWeight * std::exp(0.5 * normal(spread(number, 0.5698402909980532)) + 0.10 * std::sin(number / 1700.0) + 0.06 * std::sin(number / 470.0))));
}

void fillLatency(CallRecord &record, double minute, int number)
{
    const double slow = 1 + 0.55 * trouble(minute);
    const double z = normal(spread(number, 0.6180339887498949));
    const double seconds = 0.65 * (1 + 0.25 * trouble(minute)) * std::exp(z * (z > 1.7 ? 0.80 : 0.60) * (z > 0 ? 0.95 + 0.1 * slow : 0.8));
    record.latencyUs = static_cast<std::int32_t>(seconds * 1e6);
    if (record.endpoint != Endpoint::Embeddings)
        record.firstByteUs = static_cast<std::int32_t>(std::min(seconds * 0.6, 0.22 * std::exp(0.62 * normal(spread(number, 0.7548776662466927)))) * 1e6);
}

void answerWhole(CallRecord &record)
{
    const auto targets = targetsOf(record);
    const Target target = targets.front();
    record.provider = target.provider;
    record.model = target.model;
    auto one = attempt(target.provider, target.model, 6000, record.latencyUs - 1000, 200, true);
    one.firstByteUs = record.firstByteUs;
    one.usage = record.usage;
    one.cost = record.cost;
    record.attempts = {one};
}

void rescue(CallRecord &record, std::uint64_t seed)
{
    const auto targets = targetsOf(record);
    const std::int32_t lost = 350'000;
    AttemptRecord first = attempt(targets[0].provider, targets[0].model, 6000, lost, 429, false, ErrorCode::RateLimited);
    if (record.route == "embeddings") {
        first.skipped = true;
        first.httpStatus = 0;
        first.endedUs = first.startedUs;
        first.detail = "Circuit open after 5 failures in a row; asked again in 12 s.";
        first.error = ErrorCode::NoTarget;
    } else if (noise(seed + 8) < 0.4) {
        first.httpStatus = 503;
        first.error = ErrorCode::ServerError;
    }
    record.latencyUs += first.skipped ? 0 : lost;
    auto second = attempt(targets[1].provider, targets[1].model, first.skipped ? 6000 : lost + 2000, record.latencyUs - 1000, 200, true);
    second.firstByteUs = record.firstByteUs >= 0 ? second.startedUs + record.firstByteUs : -1;
    if (record.firstByteUs >= 0)
        record.firstByteUs = second.firstByteUs;
    second.usage = record.usage;
    second.cost = record.cost;
    record.provider = targets[1].provider;
    record.model = targets[1].model;
    record.attempts = {first, second};
}

void failCall(CallRecord &record, ErrorCode error, std::int16_t status)
{
    record.status = error == ErrorCode::Cut ? CallStatus::Cut : CallStatus::Failed;
    record.error = error;
    record.httpStatus = status;
    record.errorMessage = error == ErrorCode::RateLimited ? "Every target refused the call for its rate limit: openai gpt-4o (429), claude claude-sonnet-4 (429)."
        : error == ErrorCode::Cut                         ? "openai gpt-4o closed the stream before it had finished."
        : error == ErrorCode::FirstByteTimeout            ? "openai gpt-4o sent nothing within 20 s."
                                                          : "Every target failed: openai gpt-4o (503), claude claude-sonnet-4 (529).";
    if (error != ErrorCode::Cut) {
        record.cost = Money {};
        record.usage.output = 0;
        record.firstByteUs = -1;
    }
    record.provider.clear();
    record.model.clear();
    record.attempts.clear();
    std::int32_t at = 6000;
    for (const Target &target : targetsOf(record)) {
        record.attempts.push_back(attempt(target.provider, target.model, at, at + record.latencyUs / 3, error == ErrorCode::FirstByteTimeout ? std::int16_t {0} : status, false, error));
        at = record.attempts.back().endedUs + 1000;
        if (error == ErrorCode::Cut)
            break;
    }
    record.latencyUs = at;
}

/// Call `number` of the hour, 0 the newest.
CallRecord made(int number)
{
    const auto seed = static_cast<std::uint64_t>(number) * 1000;
    const Program &program = programOf(number);
    CallRecord record;
    const double through = (number + 0.5) / callsInTheHour; // some minutes are busier
    const double ago = through + (0.004 * std::sin(through * 31) + 0.002 * std::sin(through * 83 + 1)) * std::sin(through * 3.14159);
    const double minute = 60.0 - 60.0 * ago;
    record.id = fmt::format("call_01JD3K8V2Q{:016d}", 9'000'000 - number);
    const auto micros = static_cast<std::int64_t>(3599.3 * ago * 1e6);
    record.startedAt = FakeGateway::sceneTime() - 582ms - std::chrono::microseconds {micros};
    record.key = program.key;
    record.keyId = record.key.empty() ? "" : "key_" + record.key;
    record.team = program.team;
    record.route = record.askedModel = program.route;
    record.endpoint = record.route == "embeddings" ? Endpoint::Embeddings : Endpoint::ChatCompletions;
    record.stream = record.endpoint == Endpoint::ChatCompletions && noise(seed + 1) < 0.7;
    record.peer = "10.0.4." + std::to_string(10 + number % 20);
    record.httpStatus = 200;
    fillUsage(record, program, number, seed);
    fillLatency(record, minute, number);
    answerWhole(record);
    return record;
}

/// Minutes (from 13:32) in which calls failed, by class: the bars of the picture.
struct Failure
{
    int minute;
    ErrorCode error;
    std::int16_t status;
    int times;
};

constexpr Failure failures[] {
    {3, ErrorCode::RateLimited, 429, 1}, {4, ErrorCode::RateLimited, 429, 1}, {4, ErrorCode::FirstByteTimeout, 504, 1}, {11, ErrorCode::RateLimited, 429, 2},
    {12, ErrorCode::ServerError, 502, 1}, {16, ErrorCode::ServerError, 502, 1}, {16, ErrorCode::RateLimited, 429, 1}, {17, ErrorCode::FirstByteTimeout, 504, 1},
    {18, ErrorCode::RateLimited, 429, 2}, {19, ErrorCode::ServerError, 502, 1}, {23, ErrorCode::RateLimited, 429, 1}, {23, ErrorCode::FirstByteTimeout, 504, 1},
    {24, ErrorCode::ServerError, 502, 1}, {25, ErrorCode::RateLimited, 429, 1}, {25, ErrorCode::ServerError, 502, 1}, {26, ErrorCode::RateLimited, 429, 3},
    {26, ErrorCode::FirstByteTimeout, 504, 1}, {27, ErrorCode::RateLimited, 429, 6}, {28, ErrorCode::RateLimited, 429, 1}, {29, ErrorCode::RateLimited, 429, 3},
    {31, ErrorCode::FirstByteTimeout, 504, 1}, {31, ErrorCode::RateLimited, 429, 1}, {32, ErrorCode::ServerError, 502, 2}, {32, ErrorCode::RateLimited, 429, 1},
    {33, ErrorCode::Cut, 200, 1}, {33, ErrorCode::FirstByteTimeout, 504, 1}, {34, ErrorCode::Cut, 200, 1}, {34, ErrorCode::FirstByteTimeout, 504, 1},
    {35, ErrorCode::RateLimited, 429, 1}, {41, ErrorCode::ServerError, 502, 1}, {41, ErrorCode::Cut, 200, 1}, {45, ErrorCode::RateLimited, 429, 1},
    {51, ErrorCode::RateLimited, 429, 1}, {53, ErrorCode::RateLimited, 429, 1}, {54, ErrorCode::ServerError, 502, 1}, {54, ErrorCode::RateLimited, 429, 1},
    {55, ErrorCode::ServerError, 502, 2}, {55, ErrorCode::FirstByteTimeout, 504, 1}, {56, ErrorCode::FirstByteTimeout, 504, 1}, {57, ErrorCode::ServerError, 502, 6},
    {58, ErrorCode::ServerError, 502, 2}, {59, ErrorCode::RateLimited, 429, 2},
};

void placeFailures(std::deque<CallRecord> &log)
{
    int number = 0;
    for (const Failure &failure : failures)
        for (int i = 0; i < failure.times && number < failedInTheHour; ++i, ++number) {
            // Newest first, 252 calls a minute; embeddings fail least, so calls of other routes are taken.
            auto index = static_cast<std::size_t>((59 - failure.minute) * 252 + 30 + i * 37);
            while (log[index].route == "embeddings" || log[index].status != CallStatus::Ok)
                ++index;
            failCall(log[index], failure.error, failure.status);
        }
    for (; number < failedInTheHour; ++number) { // what the bars do not show singly
        auto index = static_cast<std::size_t>(400 + number * 71);
        while (log[index].status != CallStatus::Ok)
            ++index;
        failCall(log[index], ErrorCode::RateLimited, 429);
    }
}

void placeRescues(std::deque<CallRecord> &log)
{
    int number = 0;
    for (std::size_t round = 0; number < rescuedInTheHour; ++round)
        for (std::size_t i = 0; number < rescuedInTheHour && i < log.size(); ++i) {
            const double minute = 60.0 - 60.0 * static_cast<double>(i) / callsInTheHour;
            if (log[i].status != CallStatus::Ok || rescued(log[i]) || (i < 20 ? i % 2 == 1 : noise(i * 31 + 5 + round * 977) >= 0.003 + 0.04 * trouble(minute)))
                continue;
            rescue(log[i], i);
            ++number;
        }
}

/// The newest call is the one that the pictures look into: twice 429 from openai, then claude.
void pictureFirst(CallRecord &record)
{
    record.startedAt = FakeGateway::sceneTime() - 582ms;
    record.key = "support-bot";
    record.keyId = "key_support-bot";
    record.team = "support";
    record.route = record.askedModel = "smart";
    record.endpoint = Endpoint::ChatCompletions;
    record.stream = true;
    record.session = "sess_7f3a91";
    record.trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    record.customer = "shop-4711";
    record.tags = "support,parcel";
    record.metadata = R"({"ticket":"T-20931","locale":"de-DE","plan":"pro"})";
    record.provider = "claude";
    record.model = "claude-sonnet-4";
    record.usage = {.input = 2418, .output = 312};
    record.latencyUs = 3'870'000;
    AttemptRecord first = attempt("openai", "gpt-4o", 8'000, 358'000, 429, false, ErrorCode::RateLimited);
    AttemptRecord second = attempt("openai", "gpt-4o", 608'000, 928'000, 429, false, ErrorCode::RateLimited);
    second.waitedUs = 250'000;
    AttemptRecord third = attempt("claude", "claude-sonnet-4", 930'000, 3'860'000, 200, true);
    third.firstByteUs = record.firstByteUs = 1'118'000;
    third.usage = record.usage;
    third.cost = record.cost;
    record.attempts = {first, second, third};
}

void refuseSome(std::deque<CallRecord> &log)
{
    for (const std::size_t index : {5U, 11U, 1200U, 5100U, 9301U}) {
        CallRecord &record = log[index];
        record.status = CallStatus::Refused;
        record.httpStatus = index == 1200 ? 403 : 401;
        record.error = index == 1200 ? ErrorCode::ModelNotAllowed : ErrorCode::ExpiredKey;
        record.errorMessage = index == 1200 ? "Key growth-web may not use \"canary\". Allowed: gpt-4o." : "Key growth-web expired on 1 Nov 2026.";
        record.cost = Money {};
        record.attempts.clear();
        record.provider.clear();
        record.model.clear();
        record.usage.output = 0;
        record.firstByteUs = -1;
        record.latencyUs = 2000 + static_cast<std::int32_t>(index % 3) * 700;
    }
}

void scaleCost(std::deque<CallRecord> &log)
{
    std::int64_t sum = 0;
    for (const CallRecord &record : log)
        sum += record.cost->nanos();
    const double factor = static_cast<double>(costOfTheHour) / static_cast<double>(sum);
    std::int64_t rest = costOfTheHour;
    for (CallRecord &record : log) {
        record.cost = Money::fromNanos(static_cast<std::int64_t>(static_cast<double>(record.cost->nanos()) * factor));
        rest -= record.cost->nanos();
        if (!record.attempts.empty())
            record.attempts.back().cost = record.cost;
    }
    for (CallRecord &record : log)
        if (record.status == CallStatus::Ok) { // rounding goes to one call, so that the sum is exact
            record.cost = *record.cost + Money::fromNanos(rest);
            break;
        }
}

/// The first call costs what its tokens come to at the catalogue's prices; the dearest one makes up for it.
void priceFirst(std::deque<CallRecord> &log)
{
    const Money wanted = Money::fromNanos(11'934'000);
    auto dearest = std::ranges::max_element(log.begin() + 1, log.end(), {}, [](const CallRecord &record) { return record.cost->nanos(); });
    for (CallRecord *record : {&log.front(), &*dearest}) {
        record->cost = record == &log.front() ? wanted : *record->cost - (wanted - *log.front().attempts.back().cost);
        if (record != &log.front() && !record->attempts.empty())
            record->attempts.back().cost = record->cost;
    }
    log.front().attempts.back().cost = wanted;
}

bool wildcard(const std::string &text, const CallFilter::Node &node)
{
    if (node.prefix)
        return text.size() >= node.value.size() && equalsIgnoringCase(std::string_view(text).substr(0, node.value.size()), node.value);
    return equalsIgnoringCase(text, node.value);
}

bool compare(double left, CallFilter::Op op, double right)
{
    switch (op) {
    case CallFilter::Op::Equal: return left == right;
    case CallFilter::Op::Less: return left < right;
    case CallFilter::Op::LessOrEqual: return left <= right;
    case CallFilter::Op::Greater: return left > right;
    case CallFilter::Op::GreaterOrEqual: return left >= right;
    }
    return false;
}

double number(const std::string &text) { return std::strtod(text.c_str(), nullptr); }

bool matchesStatus(const CallFilter::Node &node, const CallRecord &record)
{
    if (!node.value.empty() && (node.value[0] < '0' || node.value[0] > '9'))
        return wildcard(std::string(toText(record.status)), node);
    if (node.value.ends_with("xx"))
        return record.httpStatus / 100 == node.value[0] - '0';
    return compare(record.httpStatus, node.op, number(node.value));
}

bool matchesTerm(const CallFilter::Node &node, const CallRecord &record)
{
    const std::string_view field = node.field->name;
    const auto name = [&](const std::string &text) { return wildcard(text, node); };
    if (field == "team") return name(record.team);
    if (field == "key") return name(record.key);
    if (field == "route") return name(record.route);
    if (field == "model") return name(record.model) || name(record.askedModel);
    if (field == "provider") return name(record.provider) || std::ranges::any_of(record.attempts, name, &AttemptRecord::provider);
    if (field == "id") return name(record.id);
    if (field == "error") return record.error && name(std::string(toText(*record.error)));
    if (field == "cause") { const std::string cause = causeOf(record); return node.prefix ? cause.starts_with(node.value) : cause == node.value; }
    if (field == "state") return name(std::string(toText(record.status)));
    if (field == "endpoint") return name(std::string(toText(record.endpoint)));
    if (field == "session") return name(record.session);
    if (field == "trace") return name(record.trace);
    if (field == "customer") return name(record.customer);
    if (field == "peer") return name(record.peer);
    if (field == "cache") return name(std::string(toText(record.cache)));
    if (field == "prompt") return name(record.prompt) || name(record.prompt.substr(0, record.prompt.find('@')));
    if (field == "policy") return name(record.policy);
    if (field == "finding") return std::ranges::any_of(record.findings, name, &PrivacyFinding::rule);
    if (field == "privacy") return std::ranges::any_of(record.findings, [&](const PrivacyFinding &finding) { return name(std::string(actionWord(finding))); });
    if (field == "tag") return ("," + record.tags + ",").contains("," + node.value + ",");
    if (field == "tokens.in") return compare(static_cast<double>(record.usage.input), node.op, number(node.value));
    if (field == "tokens.out") return compare(static_cast<double>(record.usage.output), node.op, number(node.value));
    if (field == "status") return matchesStatus(node, record);
    if (field == "latency") return compare(record.latencyUs, node.op, number(node.value));
    if (field == "ttft") return record.firstByteUs >= 0 && compare(record.firstByteUs, node.op, number(node.value));
    if (field == "cost") return record.cost && compare(static_cast<double>(record.cost->nanos()), node.op, number(node.value));
    if (field == "attempts") return compare(static_cast<double>(record.attempts.size()), node.op, number(node.value));
    if (field == "rescued") return rescued(record) == (node.value == "true");
    if (field == "stream") return record.stream == (node.value == "true");
    if (field == "continued") return record.continued == (node.value == "true");
    if (field == "test") return record.test == (node.value == "true");
    return false;
}

struct Tally
{
    api::SeriesTotals totals;
    std::vector<std::int64_t> latencies, firstBytes;

    void add(const CallRecord &record)
    {
        ++totals.calls;
        totals.failed += record.status == CallStatus::Failed || record.status == CallStatus::Cut;
        totals.refused += record.status == CallStatus::Refused;
        totals.rescued += rescued(record);
        if (record.error && record.status != CallStatus::Refused)
            ++totals.errors[static_cast<std::size_t>(errorClass(*record.error))];
        if (record.cost)
            totals.cost += *record.cost;
        totals.inputTokens += static_cast<std::uint64_t>(record.usage.input);
        totals.outputTokens += static_cast<std::uint64_t>(record.usage.output);
        latencies.push_back(record.latencyUs);
        if (record.firstByteUs >= 0)
            firstBytes.push_back(record.firstByteUs);
    }

    static std::optional<std::int64_t> quantile(std::vector<std::int64_t> &values, double q)
    {
        if (values.empty())
            return std::nullopt;
        const auto nth = values.begin() + static_cast<std::ptrdiff_t>(q * static_cast<double>(values.size() - 1));
        std::ranges::nth_element(values, nth);
        return *nth;
    }

    api::SeriesTotals finished()
    {
        totals.p50Us = quantile(latencies, 0.5);
        totals.p95Us = quantile(latencies, 0.95);
        totals.p99Us = quantile(latencies, 0.99);
        totals.ttftP95Us = quantile(firstBytes, 0.95);
        return totals;
    }
};

api::SeriesTotals scaled(const api::SeriesTotals &of, double calls, double failed, double latency, double ttft, double rescuedFactor, double cost)
{
    const auto times = [](std::uint64_t value, double factor) { return static_cast<std::uint64_t>(static_cast<double>(value) * factor + 0.5); };
    const auto slower = [](std::optional<std::int64_t> value, double factor) { return value ? std::optional(static_cast<std::int64_t>(static_cast<double>(*value) * factor)) : std::nullopt; };
    api::SeriesTotals result = of;
    result.calls = times(of.calls, calls);
    result.failed = times(of.failed, failed);
    result.rescued = times(of.rescued, rescuedFactor);
    result.p50Us = slower(of.p50Us, latency);
    result.p95Us = slower(of.p95Us, latency);
    result.p99Us = slower(of.p99Us, latency);
    result.ttftP95Us = slower(of.ttftP95Us, ttft);
    result.cost = Money::fromNanos(static_cast<std::int64_t>(static_cast<double>(of.cost.nanos()) * cost));
    return result;
}

} // namespace

bool rescued(const CallRecord &record)
{
    return record.status == CallStatus::Ok && std::ranges::any_of(record.attempts, [](const AttemptRecord &one) { return !one.ok; });
}

CallRecord sceneCall(int number)
{
    CallRecord record = made(number);
    addBodies(record);
    return record;
}

std::deque<CallRecord> sceneLog()
{
    std::deque<CallRecord> log;
    for (int i = 0; i < callsInTheHour; ++i)
        log.push_back(made(i));
    placeFailures(log);
    placeRescues(log);
    pictureFirst(log.front());
    refuseSome(log);
    scaleCost(log);
    log.front().attempts.back().cost = log.front().cost;
    priceFirst(log);
    for (CallRecord &record : log)
        addBodies(record);
    return log;
}

bool matches(const CallFilter::Node &node, const CallRecord &record)
{
    const auto each = [&](const CallFilter::Node &child) { return matches(child, record); };
    switch (node.kind) {
    case CallFilter::Kind::All: return true;
    case CallFilter::Kind::And: return std::ranges::all_of(node.children, each);
    case CallFilter::Kind::Or: return std::ranges::any_of(node.children, each);
    case CallFilter::Kind::Not: return !each(node.children.front());
    case CallFilter::Kind::Term: return matchesTerm(node, record);
    case CallFilter::Kind::Text:
        return record.id.contains(node.value) || record.askedModel.contains(node.value) || record.model.contains(node.value) || record.errorMessage.contains(node.value);
    }
    return false;
}

api::Series sceneSeries(const std::deque<CallRecord> &log, const api::SeriesQuery &query, WallTime now)
{
    const auto step = std::chrono::seconds {query.bucketSeconds};
    const auto floorTo = [&](WallTime at) { return WallTime {std::chrono::microseconds {at.time_since_epoch() / step * step}}; };
    const WallTime end = std::min(query.range.to, now + std::chrono::microseconds {1});
    api::Series series;
    std::vector<Tally> tallies;
    for (WallTime at = floorTo(query.range.from); at < end; at += step) {
        series.buckets.push_back({.at = at});
        tallies.emplace_back();
    }
    Tally all;
    for (const CallRecord &record : log) {
        if (record.startedAt < query.range.from || record.startedAt >= end || !matches(query.filter.root(), record))
            continue;
        const auto index = static_cast<std::size_t>((record.startedAt - series.buckets.front().at) / step);
        all.add(record);
        tallies[index].add(record);
        if (record.cost)
            series.buckets[index].costByTeam[record.team] += *record.cost;
    }
    for (std::size_t i = 0; i < tallies.size(); ++i) {
        const api::SeriesTotals totals = tallies[i].finished();
        api::SeriesBucket &bucket = series.buckets[i];
        bucket.calls = totals.calls;
        bucket.failed = totals.failed;
        bucket.refused = totals.refused;
        bucket.rescued = totals.rescued;
        bucket.errors = totals.errors;
        bucket.p50Us = totals.p50Us;
        bucket.p95Us = totals.p95Us;
        bucket.p99Us = totals.p99Us;
        bucket.ttftP95Us = totals.ttftP95Us;
        bucket.inputTokens = totals.inputTokens;
        bucket.outputTokens = totals.outputTokens;
    }
    series.totals = all.finished();
    series.previous = scaled(series.totals, 0.9242, 0.82, 0.943, 1.044, 0.86, 0.91);
    series.today = scaled(series.totals, 7.4, 7.1, 1, 1, 7, 131.6 / 18.2);
    series.yesterdaySoFar = scaled(series.today, 0.96, 1, 1, 1, 1, 124.86 / 131.60);
    return series;
}

api::Usage sceneUsage(const std::deque<CallRecord> &log, const api::UsageQuery &query)
{
    // Of the time before the log's begin: the same calls, a little other in each group.
    const bool before = !log.empty() && std::ranges::min_element(log, {}, &CallRecord::startedAt)->startedAt >= query.range.to;
    const auto shift = before ? query.range.to - query.range.from : Duration {};
    std::map<std::string, Tally> tallies;
    for (const CallRecord &record : log) {
        if (record.startedAt < query.range.from + shift || record.startedAt >= query.range.to + shift || !matches(query.filter.root(), record))
            continue;
        const auto name = [&]() -> const std::string & {
            switch (query.groupBy.front()) {
            case UsageField::Team: return record.team;
            case UsageField::Key: return record.key;
            case UsageField::Route: return record.route;
            case UsageField::Provider: return record.provider;
            case UsageField::Model: return record.model;
            }
            return record.team;
        };
        tallies[name()].add(record);
    }
    api::Usage usage;
    for (auto &[name, tally] : tallies) {
        api::SeriesTotals totals = tally.finished();
        if (before) {
            const double turn = static_cast<double>(name.size() * 7 % 5) - 2; // -2 to 2
            totals = scaled(totals, 1 + 0.21 * turn, 1 - 0.3 * turn, 1 - 0.16 * turn, 1, 1, 1 + 0.19 * turn);
        }
        usage.totals.calls += totals.calls;
        usage.totals.cost += totals.cost;
        usage.rows.push_back({.at = {}, .group = {name}, .totals = totals});
    }
    return usage;
}

} // namespace tests
