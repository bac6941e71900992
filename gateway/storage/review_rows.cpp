// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/review_rows.h"

#include "gateway/storage/database.h"
#include "gateway/storage/statement.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace gateway::storage {

namespace {

constexpr std::string_view columns = "row, at_us, call, answer_from, team, route, embedder, similarity, threshold, asked, kept, verdict";
constexpr int firstThreshold = 80, lastThreshold = 99; // hundredths

SemanticHit hitOf(const Statement &rows)
{
    return {.row = rows.integer(0),
            .at = WallTime(std::chrono::microseconds(rows.integer(1))),
            .callId = rows.text(2),
            .answerFrom = rows.text(3),
            .team = rows.text(4),
            .route = rows.text(5),
            .embedder = rows.text(6),
            .similarity = rows.real(7),
            .threshold = rows.real(8),
            .asked = rows.text(9),
            .kept = rows.text(10),
            .verdict = static_cast<Verdict>(std::clamp<std::int64_t>(rows.integer(11), 0, 2))};
}

/// There is no way to bind a real: likenesses are kept as text that SQLite makes one of.
std::string realText(double value)
{
    return fmt::format("{:.6f}", std::isfinite(value) ? value : 0);
}

} // namespace

Result<> ReviewRows::add(const SemanticHit &hit)
{
    auto insert = m_database.prepare("INSERT INTO reviews (at_us, call, answer_from, team, route, embedder, similarity, threshold, asked, kept, verdict) "
                                     "VALUES (?, ?, ?, ?, ?, ?, CAST(? AS REAL), CAST(? AS REAL), ?, ?, ?)");
    auto trim = m_database.prepare("DELETE FROM reviews WHERE row <= (SELECT max(row) FROM reviews) - ?");
    if (!insert || !trim)
        return std::unexpected(insert ? trim.error() : insert.error());
    insert->bind(hit.at.time_since_epoch().count()).bind(hit.callId).bind(hit.answerFrom).bind(hit.team).bind(hit.route).bind(hit.embedder)
        .bind(realText(hit.similarity)).bind(realText(hit.threshold)).bind(hit.asked).bind(hit.kept).bind(static_cast<std::int64_t>(hit.verdict));
    if (auto added = insert->run(); !added)
        return added;
    return trim->bind(mostReviews).run();
}

Result<ReviewPage> ReviewRows::page(const ReviewQuery &query) const
{
    const std::int64_t before = query.before > 0 ? query.before : std::numeric_limits<std::int64_t>::max();
    auto rows = m_database.prepare(fmt::format("SELECT {} FROM reviews WHERE row < ? AND (? < 0 OR verdict = ?) AND (? = '' OR route = ?) ORDER BY row DESC LIMIT ?", columns));
    if (!rows)
        return std::unexpected(rows.error());
    const std::int64_t verdict = query.verdict ? static_cast<std::int64_t>(*query.verdict) : -1;
    rows->bind(before).bind(verdict).bind(verdict).bind(query.route).bind(query.route).bind(std::int64_t {query.limit} + 1);
    if (auto asked = rows->run(); !asked)
        return std::unexpected(asked.error());
    ReviewPage page;
    while (rows->next()) {
        page.more = page.hits.size() == static_cast<std::size_t>(query.limit);
        if (page.more)
            break;
        page.hits.push_back(hitOf(*rows));
    }
    if (auto failed = rows->failure(); !failed)
        return std::unexpected(failed.error());
    auto rated = rates(query.route);
    if (!rated)
        return std::unexpected(rated.error());
    page.rates = std::move(*rated);
    return page;
}

/// What was given at a lower threshold tells of all above it too.
Result<std::vector<ThresholdRate>> ReviewRows::rates(const std::string &route) const
{
    auto rows = m_database.prepare("SELECT similarity, verdict FROM reviews WHERE verdict <> 0 AND (? = '' OR route = ?)");
    if (!rows)
        return std::unexpected(rows.error());
    if (auto asked = rows->bind(route).bind(route).run(); !asked)
        return std::unexpected(asked.error());
    std::vector<ThresholdRate> rates;
    for (int hundredths = firstThreshold; hundredths <= lastThreshold; ++hundredths)
        rates.push_back({.threshold = hundredths / 100.0});
    while (rows->next()) {
        for (ThresholdRate &rate : rates) {
            if (rows->real(0) < rate.threshold)
                break;
            ++rate.judged;
            rate.wrong += static_cast<Verdict>(rows->integer(1)) == Verdict::Wrong ? 1 : 0;
        }
    }
    if (auto failed = rows->failure(); !failed)
        return std::unexpected(failed.error());
    return rates;
}

Result<SemanticHit> ReviewRows::judge(std::int64_t row, Verdict verdict)
{
    auto update = m_database.prepare("UPDATE reviews SET verdict = ? WHERE row = ?");
    auto read = m_database.prepare(fmt::format("SELECT {} FROM reviews WHERE row = ?", columns));
    if (!update || !read)
        return std::unexpected(update ? read.error() : update.error());
    if (auto done = update->bind(static_cast<std::int64_t>(verdict)).bind(row).run(); !done)
        return std::unexpected(done.error());
    if (auto asked = read->bind(row).run(); !asked)
        return std::unexpected(asked.error());
    if (!read->next())
        return fail(ErrorCode::NotFound, fmt::format("There is no review {}; the oldest ones go when there are many.", row));
    return hitOf(*read);
}

} // namespace gateway::storage
