// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/answers.h"
#include "gateway/admin/endpoint.h"
#include "gateway/admin/json_body.h"
#include "gateway/api/cache_tools.h"
#include "gateway/config/duration.h"
#include "gateway/core/text.h"

#include <array>
#include <charconv>
#include <chrono>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <utility>

/// The cache: what it holds and saves, what it should forget, and answers that were given for likeness.
namespace gateway::admin {

namespace {

using Json = nlohmann::ordered_json;

constexpr int usualPage = 100;
constexpr int longestPage = 1000;
constexpr double milli = 1000.0;

/// The cache's part of the facade, or the answer that there is none.
api::CacheTools *toolsOf(const Ask &ask, const Done &done)
{
    api::CacheTools *tools = ask.gateway.cacheTools();
    if (!tools)
        done(refusal({.code = ErrorCode::NotFound, .message = "This process serves no calls, and so has no cache."}));
    return tools;
}

Json moneyOrNull(const std::optional<Money> &money)
{
    return money ? Json(money->toDecimal()) : Json();
}

Json textOrNull(const std::string &text)
{
    return text.empty() ? Json() : Json(toValidUtf8(text));
}

Json stateJson(const api::CacheState &state)
{
    return {{"entries", state.entries}, {"bytes", state.bytes}, {"hits", state.hits}, {"semantic_hits", state.semanticHits}, {"misses", state.misses}, {"saved", state.saved.toDecimal()},
            {"saved_ms", static_cast<double>(state.savedUs) / milli}, {"stored", state.stored}, {"restored", state.restored}, {"evicted", state.evicted}, {"expired", state.expired},
            {"purged", state.purged}, {"too_large", state.tooLarge}, {"waiting", state.waiting}, {"shared", state.shared}, {"questions", state.questions},
            {"embedder", textOrNull(state.embedder)}, {"persist", state.persist}, {"problem", textOrNull(state.problem)}};
}

Json savingsJson(const CacheSavings &row)
{
    return {{"team", textOrNull(row.team)}, {"route", textOrNull(row.route)}, {"hits", row.hits}, {"semantic_hits", row.semanticHits}, {"misses", row.misses},
            {"saved", row.saved.toDecimal()}, {"saved_ms", static_cast<double>(row.savedUs) / milli}};
}

Result<TimeRange> readRange(const Ask &ask)
{
    const auto from = timeOf(ask.asked("from"), "from");
    const auto to = timeOf(ask.asked("to"), "to");
    if (!from || !to)
        return std::unexpected(from ? to.error() : from.error());
    return TimeRange {.from = from->value_or(WallTime {}), .to = to->value_or(WallTime::max())};
}

void readState(const Ask &ask, const Done &done)
{
    api::CacheTools *tools = toolsOf(ask, done);
    if (!tools)
        return;
    const auto range = readRange(ask);
    if (!range)
        return done(refusal(range.error()));
    tools->savings(*range, ask.context, [done, state = tools->state()](const Result<std::vector<CacheSavings>> &rows) {
        if (!rows)
            return done(refusal(rows.error()));
        Json savings = Json::array();
        for (const CacheSavings &row : *rows)
            savings.push_back(savingsJson(row));
        done(answer(Json {{"now", stateJson(state)}, {"savings", std::move(savings)}}));
    });
}

/// 64 hexadecimal digits.
Result<AnswerKey> readKey(std::string_view text)
{
    AnswerKey key {};
    bool good = text.size() == 2 * key.size();
    for (std::size_t i = 0; good && i < key.size(); ++i) {
        unsigned byte = 0;
        const auto read = std::from_chars(text.data() + 2 * i, text.data() + 2 * i + 2, byte, 16);
        good = read.ec == std::errc() && read.ptr == text.data() + 2 * i + 2;
        key[i] = static_cast<std::byte>(byte);
    }
    if (!good)
        return fail(ErrorCode::BadRequest, "key is the 64 hexadecimal digits that GET /admin/v1/cache/entries gives.", "key");
    return key;
}

/// Which answers are meant; nothing given: all.
Result<AnswerFilter> readFilter(const Ask &ask)
{
    AnswerFilter filter;
    const std::array texts {std::pair {"namespace", &filter.nameSpace}, std::pair {"team", &filter.team}, std::pair {"route", &filter.route}, std::pair {"provider", &filter.provider},
                            std::pair {"model", &filter.model}};
    for (const auto &[name, value] : texts) {
        if (ask.query.contains(name))
            *value = std::string(ask.asked(name));
    }
    if (ask.query.contains("key")) {
        const auto key = readKey(ask.asked("key"));
        if (!key)
            return std::unexpected(key.error());
        filter.key = *key;
    }
    if (ask.query.contains("older_than")) {
        const auto age = config::parseDuration(ask.asked("older_than"));
        if (!age)
            return fail(ErrorCode::BadRequest, fmt::format("older_than is a duration, such as 1h: {}", age.error().message), "older_than");
        filter.storedBefore = std::chrono::floor<WallTime::duration>(std::chrono::system_clock::now()) - *age;
    }
    return filter;
}

Json entryJson(const api::CacheEntry &entry)
{
    return {{"key", entry.key}, {"namespace", textOrNull(entry.nameSpace)}, {"team", textOrNull(entry.team)}, {"route", entry.route}, {"provider", entry.provider}, {"model", entry.model},
            {"endpoint", entry.endpoint}, {"call", entry.callId}, {"stream", entry.stream}, {"bytes", entry.bytes}, {"hits", entry.hits}, {"cost", moneyOrNull(entry.cost)},
            {"latency_ms", static_cast<double>(entry.latencyUs) / milli}, {"stored_at", config::dateText(entry.storedAt)}, {"expires_at", config::dateText(entry.expiresAt)}, {"question", textOrNull(entry.question)}};
}

void listEntries(const Ask &ask, const Done &done)
{
    api::CacheTools *tools = toolsOf(ask, done);
    if (!tools)
        return;
    const auto limit = numberOf(ask.asked("limit"), "limit", usualPage, longestPage);
    auto filter = readFilter(ask);
    if (!limit || !filter)
        return done(refusal(limit ? filter.error() : limit.error()));
    tools->entries(std::move(*filter), static_cast<std::size_t>(*limit), ask.context, [done](const Result<std::vector<api::CacheEntry>> &entries) {
        if (!entries)
            return done(refusal(entries.error()));
        Json data = Json::array();
        for (const api::CacheEntry &entry : *entries)
            data.push_back(entryJson(entry));
        done(answer(Json {{"data", std::move(data)}}));
    });
}

void purge(const Ask &ask, const Done &done)
{
    api::CacheTools *tools = toolsOf(ask, done);
    if (!tools)
        return;
    const auto all = truthOf(ask.asked("all"), "all");
    auto filter = readFilter(ask);
    if (!all || !filter)
        return done(refusal(all ? filter.error() : all.error()));
    const bool some = filter->key || filter->nameSpace || filter->team || filter->route || filter->provider || filter->model || filter->storedBefore;
    if (some == *all)
        return done(refusal({.code = ErrorCode::BadRequest, .message = "Say which answers are to go by key, namespace, team, route, provider, model or older_than, or all=true for every one.", .where = "all"}));
    tools->purge(std::move(*filter), ask.note({}), ask.context,
                 [done](const Result<std::uint64_t> &purged) { done(purged ? answer(Json {{"purged", *purged}}) : refusal(purged.error())); });
}

Json hitJson(const SemanticHit &hit)
{
    return {{"id", hit.row}, {"at", config::dateText(hit.at)}, {"call", hit.callId}, {"answer_from", hit.answerFrom}, {"team", textOrNull(hit.team)}, {"route", hit.route}, {"embedder", hit.embedder},
            {"similarity", hit.similarity}, {"threshold", hit.threshold}, {"asked", toValidUtf8(hit.asked)}, {"kept", toValidUtf8(hit.kept)}, {"verdict", toText(hit.verdict)}};
}

Json ratesJson(const std::vector<ThresholdRate> &rates)
{
    Json list = Json::array();
    for (const ThresholdRate &rate : rates) {
        const Json share = rate.judged == 0 ? Json() : Json(static_cast<double>(rate.wrong) / static_cast<double>(rate.judged));
        list.push_back({{"threshold", rate.threshold}, {"judged", rate.judged}, {"wrong", rate.wrong}, {"false_hit_rate", share}});
    }
    return list;
}

Result<ReviewQuery> readReviewQuery(const Ask &ask)
{
    const auto limit = numberOf(ask.asked("limit"), "limit", usualPage, longestPage);
    if (!limit)
        return std::unexpected(limit.error());
    ReviewQuery query {.route = std::string(ask.asked("route")), .limit = *limit};
    if (const std::string_view word = ask.asked("verdict"); !word.empty()) {
        query.verdict = verdictOf(word);
        if (!query.verdict)
            return fail(ErrorCode::BadRequest, "verdict is open, right or wrong.", "verdict");
    }
    if (const std::string_view before = ask.asked("before"); !before.empty()) {
        const auto read = std::from_chars(before.data(), before.data() + before.size(), query.before);
        if (read.ec != std::errc() || read.ptr != before.data() + before.size() || query.before < 1)
            return fail(ErrorCode::BadRequest, "before is what a page gave as next.", "before");
    }
    return query;
}

void listReviews(const Ask &ask, const Done &done)
{
    api::CacheTools *tools = toolsOf(ask, done);
    if (!tools)
        return;
    auto query = readReviewQuery(ask);
    if (!query)
        return done(refusal(query.error()));
    tools->reviews(std::move(*query), ask.context, [done](const Result<ReviewPage> &page) {
        if (!page)
            return done(refusal(page.error()));
        Json data = Json::array();
        for (const SemanticHit &hit : page->hits)
            data.push_back(hitJson(hit));
        Json next;
        if (page->more && !page->hits.empty())
            next = std::to_string(page->hits.back().row);
        done(answer(Json {{"data", std::move(data)}, {"has_more", page->more}, {"next", std::move(next)}, {"rates", ratesJson(page->rates)}}));
    });
}

/// {"id": 12, "verdict": "wrong"}
void judge(const Ask &ask, const Done &done)
{
    api::CacheTools *tools = toolsOf(ask, done);
    if (!tools)
        return;
    const auto body = readObject(ask.body);
    if (!body)
        return done(refusal(body.error()));
    const auto id = body->find("id");
    const auto verdict = verdictOf(textOf(*body, "verdict"));
    if (id == body->end() || !id->is_number_integer() || !verdict)
        return done(refusal({.code = ErrorCode::BadRequest, .message = "Say which one by id, and a verdict: open, right or wrong.", .where = verdict ? "id" : "verdict"}));
    tools->judge(id->get<std::int64_t>(), *verdict, ask.context, [done](const Result<SemanticHit> &hit) { done(hit ? answer(hitJson(*hit)) : refusal(hit.error())); });
}

} // namespace

void addCacheEndpoints(std::vector<Endpoint> &table)
{
    table.push_back({.method = "GET", .path = "/admin/v1/cache", .least = Role::Analyst, .handler = readState,
                     .summary = "What the cache holds now, and what it saved in some time, by team and route.", .query = {"from", "to"}, .answer = "cache"});
    table.push_back({.method = "DELETE", .path = "/admin/v1/cache", .handler = purge, .summary = "Lets the cache forget answers.",
                     .query = {"key", "namespace", "team", "route", "provider", "model", "older_than", "all"}, .answer = "cache.purged"});
    table.push_back({.method = "GET", .path = "/admin/v1/cache/entries", .least = Role::Analyst, .handler = listEntries, .summary = "Kept answers, those stored last first.",
                     .query = {"key", "namespace", "team", "route", "provider", "model", "older_than", "limit"}, .answer = "cache.entries"});
    table.push_back({.method = "GET", .path = "/admin/v1/cache/reviews", .least = Role::Analyst, .handler = listReviews,
                     .summary = "Answers that were given because two questions were alike, newest first, and how many of those judged were wrong at each threshold.",
                     .query = {"verdict", "route", "limit", "before"}, .answer = "cache.reviews"});
    table.push_back({.method = "POST", .path = "/admin/v1/cache/reviews", .handler = judge, .summary = "Marks one of them as right or wrong.", .body = "cache.verdict", .answer = "cache.review"});
}

} // namespace gateway::admin
