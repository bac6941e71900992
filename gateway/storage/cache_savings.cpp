// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/cache_savings.h"

#include "gateway/storage/call_finder.h"
#include "gateway/storage/call_log_schema.h"
#include "gateway/storage/statement.h"

#include <map>
#include <utility>

namespace gateway::storage {

Result<std::vector<CacheSavings>> answerCacheSavings(ReaderSession &session, const TimeRange &range)
{
    const Span span = spanOf(range);
    auto rows = session.ask(Sql {.text = "SELECT calls.team, calls.route, calls.flags & 1536, count(*), coalesce(sum(extras.saved), 0), coalesce(sum(extras.saved_us), 0) "
                                         "FROM calls INDEXED BY calls_cache LEFT JOIN extras ON extras.row = calls.row "
                                         "WHERE (calls.flags & 1536) <> 0 AND calls.started_us >= ? AND calls.started_us < ? GROUP BY 1, 2, 3",
                                 .values = {span.from, span.to}});
    if (!rows)
        return std::unexpected(rows.error());
    std::map<std::pair<std::int64_t, std::int64_t>, CacheSavings> sums;
    while (rows->next()) {
        CacheSavings &sum = sums[{rows->maybeInteger(0).value_or(0), rows->maybeInteger(1).value_or(0)}];
        const auto calls = static_cast<std::uint64_t>(rows->integer(3));
        switch (cacheOutcomeFrom(rows->integer(2))) {
        case CacheOutcome::Off: break;
        case CacheOutcome::Miss: sum.misses += calls; break;
        case CacheOutcome::Hit: sum.hits += calls; break;
        case CacheOutcome::Semantic: sum.semanticHits += calls; break;
        }
        sum.saved += Money::fromNanos(rows->integer(4));
        sum.savedUs += rows->integer(5);
    }
    if (auto end = session.ended(*rows); !end)
        return std::unexpected(end.error());
    std::vector<CacheSavings> answer;
    for (auto &[names, sum] : sums) {
        auto team = session.name(names.first), route = session.name(names.second);
        if (!team || !route)
            return std::unexpected(team ? route.error() : team.error());
        sum.team = std::move(*team);
        sum.route = std::move(*route);
        answer.push_back(std::move(sum));
    }
    return answer;
}

} // namespace gateway::storage
