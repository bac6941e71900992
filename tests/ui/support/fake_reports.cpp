// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/fake_reports.h"

#include "gateway/reports/html.h"
#include "gateway/reports/sheet.h"
#include "tests/ui/support/fake_gateway.h"

#include <QTimer>

#include <algorithm>
#include <array>

namespace tests {

using gateway::CostFigures;
using gateway::Money;
using gateway::ReportData;
using gateway::ReportQuery;
using gateway::ReportRow;

namespace {

Money cents(std::int64_t amount)
{
    return Money::fromNanos(amount * 10'000'000);
}

CostFigures figures(std::int64_t centsOfThem, std::uint64_t calls)
{
    return {.cost = cents(centsOfThem), .calls = calls, .input = calls * 812, .output = calls * 164};
}

ReportRow row(const char *name, std::int64_t now, std::int64_t before, std::uint64_t calls)
{
    return {.name = name, .now = figures(now, calls), .before = figures(before, calls)};
}

ReportRow rest(ReportRow::Kind kind, std::int64_t now, std::uint64_t calls, std::uint64_t members = 1)
{
    return {.kind = kind, .members = members, .now = figures(now, calls), .before = figures(now - 100, calls)};
}

void addUp(ReportData &data, std::int64_t scale)
{
    static constexpr std::array<std::int64_t, 7> days {13102, 14019, 12877, 15240, 16811, 6120, 6048}, before {11820, 12011, 12960, 13190, 13777, 5820, 5614};
    for (std::size_t i = 0; i + 1 < data.time.days.size(); ++i)
        data.days.push_back({.at = data.time.days[i], .figures = figures(days.at(i % 7) * scale, 41'000)});
    for (std::size_t i = 0; i + 1 < data.time.before.size(); ++i)
        data.daysBefore.push_back({.at = data.time.before[i], .figures = figures(before.at(i % 7) * scale, 38'000)});
    for (const auto &day : data.days) {
        data.now.cost += day.figures.cost;
        data.now.calls += day.figures.calls;
        data.now.inputTokens += day.figures.input;
        data.now.outputTokens += day.figures.output;
    }
    for (const auto &day : data.daysBefore) {
        data.before.cost += day.figures.cost;
        data.before.calls += day.figures.calls;
        data.before.inputTokens += day.figures.input;
        data.before.outputTokens += day.figures.output;
    }
}

void addGroups(ReportData &data, std::int64_t scale)
{
    data.models = {row("gpt-4o", 51372 * scale, 44110 * scale, 121'204), row("claude-sonnet-4-5", 22140 * scale, 21007 * scale, 64'310), row("gpt-4o-mini", 7105 * scale, 9011 * scale, 98'007), row("text-embedding-3-small", 3600 * scale, 1064 * scale, 3'479)};
    data.models.back().now.unpriced = 0;
    data.keys = {row("search-prod", 70110 * scale, 61233 * scale, 240'112), row("search-staging", 11207 * scale, 11900 * scale, 41'877), row("nightly-eval", 2900 * scale, 2059 * scale, 5'011)};
    data.routes = {row("smart", 62010 * scale, 55100 * scale, 180'402), row("fast", 17007 * scale, 14092 * scale, 90'598), row("embed", 5200 * scale, 6000 * scale, 16'000)};
    data.customers = {row("Bäcker & Söhne <GmbH>", 31000 * scale, 30010 * scale, 101'000), row("acme", 21017 * scale, 20110 * scale, 80'000), rest(ReportRow::Kind::Others, 12200 * scale, 30'000, 14), rest(ReportRow::Kind::None, 20000 * scale, 76'000)};
    data.unpriced = {{.name = "llama-3.3-70b-internal", .now = {.cost = Money(), .calls = 911, .unpriced = 911, .input = 812'004, .output = 90'117}}};
}

void addRest(ReportData &data)
{
    data.now.failed = 1'204;
    data.before.failed = 902;
    data.now.errors = {611, 303, 140, 12, 88, 50, 0};
    data.before.errors = {410, 300, 90, 12, 60, 30, 0};
    data.now.unpriced = 911;
    data.now.p50Us = 840'000;
    data.before.p50Us = 910'000;
    data.now.p95Us = 4'210'000;
    data.before.p95Us = 3'110'000;
    data.now.ttftP95Us = 1'120'000;
    data.before.ttftP95Us = 1'130'000;
    data.cache = {.hits = 41'000, .looked = 190'000, .saved = cents(9'117)};
    data.budgets = {{.whose = data.team ? "team " + *data.team : "organisation", .per = gateway::Period::Month, .amount = cents(400'000), .from = data.time.from(), .to = data.time.to() + std::chrono::days(8), .used = cents(291'203), .forecast = cents(411'900)},
                    {.whose = data.team ? "team " + *data.team : "organisation", .per = gateway::Period::Day, .amount = cents(20'000), .from = data.time.from(), .to = data.time.to(), .fullest = true, .used = cents(16'811)}};
    for (int i = 0; i < 6; ++i)
        data.largest.push_back({.id = "call_01jcx8m2v5k9q4r7t0w3y6z" + std::to_string(i), .at = data.time.from() + std::chrono::hours(9 + i * 21), .key = "search-prod", .customer = i % 2 ? "acme" : "Bäcker & Söhne <GmbH>", .route = "smart", .model = "gpt-4o", .tokens = 121'004ULL - 9'000ULL * unsigned(i), .cost = cents(211 - 20 * i)});
}

} // namespace

FakeReports::FakeReports(gateway::api::Gateway *gateway) : ReportTools(gateway) {}

ReportData FakeReports::dataOf(const ReportQuery &query, gateway::WallTime now)
{
    const std::int64_t scale = query.team ? 1 : 3;
    ReportData data {.time = query.time, .team = query.team, .madeAt = now, .running = query.time.to() > now};
    addUp(data, scale);
    addGroups(data, scale);
    addRest(data);
    if (query.team)
        return data;
    data.teams = {row("search", 84217, 75192, 287'000), row("support", 71140, 69004, 121'362), row("growth", 39826, 41010, 81'511), rest(ReportRow::Kind::None, 57468, 40'000)};
    for (const char *team : {"search", "support", "growth"})
        data.sections.push_back(dataOf({.time = query.time, .team = team}, now));
    return data;
}

void FakeReports::setBoard(gateway::ReportBoard board)
{
    m_board = std::make_shared<const gateway::ReportBoard>(std::move(board));
    Q_EMIT changed();
}

void FakeReports::report(ReportQuery query, QObject *context, std::function<void(gateway::ReportProgress)> onProgress, gateway::api::Answer<gateway::api::MadeReport> done)
{
    m_asked.push_back(query);
    if (m_waiting) {
        QTimer::singleShot(0, context, [onProgress] { onProgress({.done = 1, .all = 4}); });
        return;
    }
    QTimer::singleShot(0, context, [this, query = std::move(query), done = std::move(done)] {
        if (m_failing)
            return done(gateway::fail(gateway::ErrorCode::Io, "The call log cannot be read: disk I/O error."));
        gateway::api::MadeReport made {.data = dataOf(query, FakeGateway::sceneTime())};
        made.sheet = gateway::reports::sheetOf(made.data);
        made.html = gateway::reports::htmlOf(made.sheet);
        done(made);
    });
}

void FakeReports::run(std::string report, QObject *context, gateway::api::Answer<gateway::ReportRun> done)
{
    m_made.push_back(report);
    QTimer::singleShot(0, context, [report, done = std::move(done)] { done(gateway::ReportRun {.report = report, .period = "2026-W46", .at = FakeGateway::sceneTime(), .byHand = true, .file = "/srv/reports/signalbox-search-2026-W46.html", .over = true}); });
}

void FakeReports::runs(std::string, QObject *context, gateway::api::Answer<std::vector<gateway::ReportRun>> done)
{
    QTimer::singleShot(0, context, [done = std::move(done)] { done(std::vector<gateway::ReportRun> {}); });
}

} // namespace tests
