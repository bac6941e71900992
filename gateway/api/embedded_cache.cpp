// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/embedded_cache.h"

#include "gateway/config/duration.h"
#include "gateway/core/text.h"
#include "gateway/storage/answer_archive.h"
#include "gateway/telemetry/prometheus_text.h"

#include <fmt/format.h>

#include <utility>

namespace gateway::api {

namespace {

/// Of a store in this process, which answers within the call.
state::AnswerStatistics statisticsOf(pipeline::AnswerCaches &caches)
{
    state::AnswerStatistics found;
    caches.answers().count([&found](state::AnswerStatistics counted) { found = counted; });
    return found;
}

CacheEntry entryOf(const state::AnswerRow &row)
{
    const CachedAnswer &answer = *row.answer;
    return {.key = toHex(row.key), .nameSpace = answer.nameSpace, .team = answer.team, .route = answer.route, .provider = answer.provider, .model = answer.model,
            .endpoint = std::string(toText(answer.endpoint)), .callId = answer.callId, .stream = answer.stream, .bytes = bytesOf(answer), .hits = row.hits, .cost = answer.cost,
            .latencyUs = answer.latencyUs, .storedAt = answer.storedAt, .expiresAt = answer.expiresAt, .question = answer.question ? answer.question->text : std::string()};
}

/// "route chat, stored before 2026-11-29T12:00:00Z"; "everything".
std::string wordsOf(const AnswerFilter &filter)
{
    std::string words;
    const auto add = [&words](std::string_view name, const std::optional<std::string> &value) {
        if (value)
            words += fmt::format("{}{} {}", words.empty() ? "" : ", ", name, value->empty() ? "\"\"" : *value);
    };
    add("key", filter.key ? std::optional(toHex(*filter.key)) : std::nullopt);
    add("namespace", filter.nameSpace);
    add("team", filter.team);
    add("route", filter.route);
    add("provider", filter.provider);
    add("model", filter.model);
    add("stored before", filter.storedBefore ? std::optional(config::dateText(*filter.storedBefore)) : std::nullopt);
    return words.empty() ? "everything" : words;
}

Error noList()
{
    return {.code = ErrorCode::NotFound, .message = "No route keeps answers yet: there is nothing to review."};
}

} // namespace

CacheState EmbeddedCache::state() const
{
    pipeline::AnswerCaches &caches = m_needs.keeper.caches();
    const state::AnswerStatistics now = statisticsOf(caches);
    const pipeline::CacheCounts counts = caches.counts();
    return {.entries = now.entries, .bytes = now.bytes, .stored = now.stored, .restored = now.restored, .evicted = now.evicted, .expired = now.expired, .purged = now.purged, .tooLarge = now.tooLarge,
            .hits = counts.hits, .semanticHits = counts.semanticHits, .misses = counts.misses, .saved = counts.saved, .savedUs = counts.savedUs,
            .waiting = caches.flights().waiting(), .shared = caches.flights().shared(), .questions = caches.questionState().entries, .embedder = caches.embedder(),
            .persist = m_needs.keeper.persists(), .problem = m_needs.keeper.problem()};
}

void EmbeddedCache::savings(TimeRange range, QObject *context, Answer<std::vector<CacheSavings>> done)
{
    m_needs.queries.ask<std::vector<CacheSavings>>(
        QueryService::Length::Long, "cache", context, [range](storage::CallLogReader &log) { return log.cacheSavings(range); }, std::move(done));
}

void EmbeddedCache::entries(AnswerFilter filter, std::size_t most, QObject *context, Answer<std::vector<CacheEntry>> done)
{
    m_needs.control.post([this, filter = std::move(filter), most, deliver = m_needs.deliverer.to<Result<std::vector<CacheEntry>>>(context, std::move(done))] {
        m_needs.keeper.caches().answers().list(filter, most, [deliver](const std::vector<state::AnswerRow> &rows) {
            std::vector<CacheEntry> entries;
            entries.reserve(rows.size());
            for (const state::AnswerRow &row : rows)
                entries.push_back(entryOf(row));
            deliver(std::move(entries));
        });
    });
}

void EmbeddedCache::purge(AnswerFilter filter, EditNote by, QObject *context, Answer<std::uint64_t> done)
{
    m_needs.control.post([this, filter = std::move(filter), by = std::move(by), deliver = m_needs.deliverer.to<Result<std::uint64_t>>(context, std::move(done))] {
        const std::string words = wordsOf(filter);
        m_needs.keeper.caches().answers().purge(filter, [this, &by, &words, &deliver](std::uint64_t count) {
            m_needs.audit(by, fmt::format("{} answers: {}", count, words));
            deliver(count);
        });
    });
}

void EmbeddedCache::reviews(ReviewQuery query, QObject *context, Answer<ReviewPage> done)
{
    auto deliver = m_needs.deliverer.to<Result<ReviewPage>>(context, std::move(done));
    if (const auto archive = m_needs.keeper.archive())
        archive->reviews(std::move(query), std::move(deliver));
    else
        deliver(ReviewPage {});
}

void EmbeddedCache::judge(std::int64_t row, Verdict verdict, QObject *context, Answer<SemanticHit> done)
{
    auto deliver = m_needs.deliverer.to<Result<SemanticHit>>(context, std::move(done));
    if (const auto archive = m_needs.keeper.archive())
        archive->judge(row, verdict, std::move(deliver));
    else
        deliver(std::unexpected(noList()));
}

std::vector<telemetry::Gauge> cacheGauges(pipeline::AnswerCaches &caches)
{
    const state::AnswerStatistics now = statisticsOf(caches);
    const pipeline::CacheCounts counts = caches.counts();
    const auto gauge = [](std::string name, std::string help, double value) { return telemetry::Gauge {.name = std::move(name), .help = std::move(help), .value = value}; };
    constexpr double micro = 1e6;
    return {gauge("cache_entries", "Answers that are kept.", static_cast<double>(now.entries)),
            gauge("cache_bytes", "What kept answers take in memory, about.", static_cast<double>(now.bytes)),
            gauge("cache_hits", "Calls that got a kept answer since the start because the same was asked before.", static_cast<double>(counts.hits)),
            gauge("cache_semantic_hits", "Calls that got a kept answer since the start because something alike was asked before.", static_cast<double>(counts.semanticHits)),
            gauge("cache_misses", "Calls that were looked for since the start and had no answer kept.", static_cast<double>(counts.misses)),
            gauge("cache_saved_usd", "Dollars that hits since the start would have cost, as far as that is known.", static_cast<double>(counts.saved.nanos()) / 1e9),
            gauge("cache_saved_seconds", "Seconds that the answers of hits since the start had taken.", static_cast<double>(counts.savedUs) / micro)};
}

} // namespace gateway::api
