// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/finding_sums.h"

#include "gateway/core/finding_action.h"
#include "gateway/storage/call_finder.h"
#include "gateway/storage/finding_list.h"
#include "gateway/storage/statement.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace gateway::storage {

namespace {

/// Calls are stored as they end: one that is stored before others may have begun after them by as much as a call takes.
constexpr std::int64_t longestCallUs = std::int64_t {3600} * 1'000'000;

using Key = std::tuple<std::int64_t, std::string, std::string, bool>; ///< policy, rule, action, guardrail

std::int64_t microsOf(WallTime time)
{
    return time.time_since_epoch().count();
}

} // namespace

/// From the newest call with findings on: those of a day stand together, whatever the log's size.
Result<FindingSummary> answerFindings(ReaderSession &session, const FindingQuery &query, WallTime now)
{
    const Span span = spanOf({.from = query.range.from, .to = std::min(query.range.to, now)});
    const auto parts = static_cast<std::int64_t>(std::clamp<std::size_t>(query.parts, 1, 1000));
    FindingSummary summary {.since = query.range.from};
    if (span.empty())
        return summary;
    auto rows = session.ask(Sql {.text = "SELECT c.started_us, e.policy, e.findings FROM extras AS e INDEXED BY extras_with_findings CROSS JOIN calls AS c ON c.row = e.row "
                                         "WHERE e.findings IS NOT NULL ORDER BY e.row DESC LIMIT ?",
                                 .values = {static_cast<std::int64_t>(query.mostCalls) + 1}});
    if (!rows)
        return std::unexpected(rows.error());
    std::map<Key, FindingCount> sums;
    std::size_t read = 0;
    std::int64_t oldest = span.to;
    while (rows->next()) {
        const std::int64_t startedUs = rows->integer(0);
        if (startedUs < span.from - longestCallUs)
            break;
        if (++read > query.mostCalls) {
            summary.complete = false;
            summary.since = WallTime {WallTime::duration {oldest}};
            break;
        }
        if (startedUs < span.from || startedUs >= span.to)
            continue;
        oldest = std::min(oldest, startedUs);
        const std::int64_t part = (startedUs - span.from) * parts / (span.to - span.from);
        for (const PrivacyFinding &finding : unpackFindings(rows->text(2))) {
            FindingCount &sum = sums[{rows->maybeInteger(1).value_or(0), finding.rule, std::string(actionWord(finding)), isGuardrails(finding)}];
            sum.parts.resize(static_cast<std::size_t>(parts));
            sum.parts[static_cast<std::size_t>(part)] += finding.asked + finding.answered;
            sum.asked += finding.asked;
            sum.answered += finding.answered;
            ++sum.calls;
        }
    }
    if (auto end = session.ended(*rows); !end)
        return std::unexpected(end.error());
    for (auto &[key, sum] : sums) {
        auto policy = session.name(std::get<0>(key));
        if (!policy)
            return std::unexpected(policy.error());
        sum.policy = std::move(*policy);
        std::tie(std::ignore, sum.rule, sum.action, sum.guardrail) = key;
        summary.findings.push_back(std::move(sum));
    }
    return summary;
}

} // namespace gateway::storage
