// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/attempts_elsewhere_answer.h"

#include "gateway/storage/call_finder.h"

namespace gateway::storage {

namespace {

enum Column : int { Day, Provider, Model, AnsweredBy, AnsweredModel, Attempts, Unpriced, Input, Output, Cost, Counted };

/// From the attempts on: few calls have any there, and few of those used tokens.
constexpr std::string_view question =
    "SELECT c.started_us / 86400000000, a.provider, a.model, c.provider, c.model, count(*), sum(a.cost IS NULL), sum(a.input), sum(a.output), coalesce(sum(a.cost), 0), "
    "coalesce(sum(CASE WHEN c.cost IS NOT NULL THEN a.cost END), 0) "
    "FROM attempts AS a CROSS JOIN calls AS c ON c.row = a.row "
    "WHERE (a.input > 0 OR a.output > 0 OR a.cost > 0) AND (a.provider IS NOT c.provider OR a.model IS NOT c.model) AND c.started_us >= ? AND c.started_us < ? "
    "GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5";

} // namespace

Result<std::vector<AttemptsElsewhere>> answerAttemptsElsewhere(ReaderSession &session, const TimeRange &range)
{
    const Span span = spanOf(range);
    auto rows = session.ask(Sql {.text = std::string(question), .values = {span.from, span.to}});
    if (!rows)
        return std::unexpected(rows.error());
    std::vector<AttemptsElsewhere> all;
    while (rows->next()) {
        AttemptsElsewhere one {.day = std::chrono::sys_days(std::chrono::days(rows->integer(Day))), .attempts = rows->integer(Attempts), .unpriced = rows->integer(Unpriced), .input = rows->integer(Input), .output = rows->integer(Output),
                               .cost = Money::fromNanos(rows->integer(Cost)), .counted = Money::fromNanos(rows->integer(Counted))};
        for (const auto &[column, into] : {std::pair(Provider, &one.provider), {Model, &one.model}, {AnsweredBy, &one.answeredBy}, {AnsweredModel, &one.answeredModel}}) {
            auto name = session.name(rows->maybeInteger(column).value_or(0));
            if (!name)
                return std::unexpected(name.error());
            *into = std::move(*name);
        }
        all.push_back(std::move(one));
    }
    if (auto end = session.ended(*rows); !end)
        return std::unexpected(end.error());
    return all;
}

} // namespace gateway::storage
