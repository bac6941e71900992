// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_filter.h"
#include "tests/support/temp_store.h"

#include <functional>
#include <random>
#include <string>
#include <vector>

/// Calls of every kind, by chance but the same each time, and what is asked about them.
namespace tests {

using namespace gateway;

using Predicate = std::function<bool(const CallRecord &)>;
inline const std::string hostile = R"(a' OR 1=1; DROP TABLE calls; -- "%_\)";

inline CallFilter filterOf(const std::string &text)
{
    auto filter = CallFilter::parse(text);
    if (!filter)
        qFatal("%s: %s", text.c_str(), filter.error().message.c_str());
    return *filter;
}

template <typename T>
T pick(std::mt19937 &random, const std::vector<T> &values)
{
    return values[random() % values.size()];
}

inline CallRecord randomCall(std::mt19937 &random, WallTime from, std::chrono::seconds within)
{
    CallRecord record = sampleCall(from + std::chrono::microseconds(static_cast<std::int64_t>(random()) * 1000 % (within.count() * 1'000'000)), pick<std::string>(random, {"search", "growth", "support"}));
    if (random() % 10 == 0) {
        record.team.clear();
        record.key.clear();
        record.keyId.clear();
    }
    record.route = pick<std::string>(random, {"gpt-4o", "smart", "canary", ""});
    record.askedModel = random() % 8 == 0 ? "gpt-4" : record.route;
    record.provider = pick<std::string>(random, {"openai", "claude", "local"});
    record.model = pick<std::string>(random, {"gpt-4o", "claude-sonnet-4", "llama-3"});
    record.stream = random() % 2 == 0;
    record.latencyUs = static_cast<std::int32_t>(random() % 5'000'000);
    record.firstByteUs = random() % 5 == 0 ? -1 : static_cast<std::int32_t>(random() % 1'000'000);
    record.usage.input = random() % 3000;
    record.usage.output = random() % 800;
    record.cost = random() % 6 == 0 ? std::nullopt : std::optional(Money::fromNanos(random() % 20'000'000));
    record.endpoint = pick<Endpoint>(random, {Endpoint::ChatCompletions, Endpoint::Embeddings, Endpoint::Completions, Endpoint::Messages});
    record.customer = random() % 4 == 0 ? pick<std::string>(random, {"acme", hostile}) : std::string();
    record.tags = random() % 4 == 0 ? "beta,eu" : "";
    record.trace = random() % 4 == 0 ? pick<std::string>(random, {"4bf92f3577b34da6a3ce929d0e0e4736", "4bf92f3577b34da6a3ce929d0e0e4737", "ffffffffffffffffffffffffffffffff"}) : "";
    record.test = random() % 20 == 0;
    const std::int64_t chance = record.usage.input; // drawn already
    record.cache = static_cast<CacheOutcome>(chance % 4);
    record.prompt = chance % 5 == 0 ? (chance % 15 == 0 ? "summarise@1" : "summarise@12") : chance % 7 == 0 ? "summ@1" : "";
    record.policy = chance % 201 == 0 ? "strict" : chance % 3 == 0 ? "default" : "";
    if (chance % 9 == 0)
        record.findings = {{.rule = "email", .action = "mask", .asked = 1}, {.rule = "e-mask", .action = chance % 27 == 0 ? "block" : "tokenize", .answered = 2}};
    switch (random() % 12) {
    case 0:
        record.status = CallStatus::Failed;
        record.error = pick<ErrorCode>(random, {ErrorCode::RateLimited, ErrorCode::ServerError, ErrorCode::Connect, ErrorCode::IdleTimeout});
        record.errorMessage = "Upstream said Overloaded";
        record.httpStatus = pick<std::int16_t>(random, {429, 500, 502, 504});
        break;
    case 1:
        record.status = CallStatus::Refused;
        record.error = ErrorCode::InvalidKey;
        record.httpStatus = 401;
        record.cost = Money {};
        record.repeats = static_cast<std::uint32_t>(1 + random() % 5);
        record.provider.clear();
        record.model.clear();
        record.attempts.clear();
        break;
    case 2:
        record.status = CallStatus::Cut;
        record.error = ErrorCode::Cut;
        break;
    case 3:
        record.status = CallStatus::Cancelled;
        break;
    case 4:
        record.attempts.insert(record.attempts.begin(), {.provider = "claude", .model = "x", .endedUs = 50, .httpStatus = 503, .ok = false, .error = ErrorCode::ServerError});
        break;
    default: break;
    }
    return record;
}

inline bool modelIs(const CallRecord &record, std::string_view model)
{
    return record.model == model || record.askedModel == model;
}

/// All that a query finds, page by page.
inline std::vector<CallRow> rowsOf(storage::CallLogReader &reader, CallQuery query)
{
    std::vector<CallRow> rows;
    for (bool more = true; more;) {
        const auto page = reader.calls(query);
        if (!page)
            qFatal("%s", page.error().message.c_str());
        rows.insert(rows.end(), page->rows.begin(), page->rows.end());
        more = page->more;
        if (more)
            query.before = rows.back().cursor;
    }
    return rows;
}

inline std::vector<std::string> idsOf(const std::vector<CallRow> &rows)
{
    std::vector<std::string> ids;
    for (const CallRow &row : rows)
        ids.push_back(row.record.id);
    return ids;
}

} // namespace tests
