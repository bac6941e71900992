// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/reports/gather.h"

#include "gateway/reports/budget_rows.h"
#include "gateway/storage/call_log_reader.h"

#include <fmt/format.h>

#include <algorithm>

namespace gateway::reports {

namespace {

constexpr std::size_t questionsAReport = 9;

/// The borders up to a moment, which ends the last bucket.
std::vector<WallTime> upTo(const std::vector<WallTime> &borders, WallTime end)
{
    end = std::min(end, borders.back());
    std::vector<WallTime> kept;
    std::ranges::copy_if(borders, std::back_inserter(kept), [&](WallTime border) { return border < end; });
    kept.push_back(end);
    return kept;
}

/// The largest, and what is left in one row: they add up to the whole.
std::vector<ReportRow> rowsOf(const Costs &costs)
{
    std::vector<ReportRow> rows;
    ReportRow others {.kind = ReportRow::Kind::Others, .members = 0};
    std::size_t named = 0;
    const auto isNamed = [](const CostBranch &group) { return group.kind == CostGroup::Kind::Named; };
    const auto all = static_cast<std::size_t>(std::ranges::count_if(costs.groups, isNamed));
    for (const CostBranch &group : costs.groups) {
        if (isNamed(group) && named++ >= mostReportRows && all > mostReportRows + 1) {
            others.now.add(group.now);
            others.before.add(group.before);
            ++others.members;
        }
    }
    named = 0;
    for (const CostBranch &group : costs.groups) {
        if (isNamed(group)) {
            if (named++ < mostReportRows || others.members == 0)
                rows.push_back({.name = group.name, .now = group.now, .before = group.before});
            continue;
        }
        if (others.members > 0) {
            rows.push_back(others);
            others.members = 0;
        }
        rows.push_back({.kind = group.kind == CostGroup::Kind::Gone ? ReportRow::Kind::Gone : ReportRow::Kind::None, .now = group.now, .before = group.before});
    }
    if (others.members > 0)
        rows.push_back(others);
    return rows;
}

std::vector<ReportRow> unpricedOf(const Costs &costs)
{
    std::vector<ReportRow> rows;
    for (const CostBranch &group : costs.groups) {
        if (group.now.unpriced > 0 && rows.size() < mostReportRows)
            rows.push_back({.kind = group.kind == CostGroup::Kind::Named ? ReportRow::Kind::Named : ReportRow::Kind::None, .name = group.name, .now = group.now, .before = group.before});
    }
    std::ranges::stable_sort(rows, std::ranges::greater {}, [](const ReportRow &row) { return row.now.unpriced; });
    return rows;
}

/// One report's questions, and those of its sections.
class Gathering
{
public:
    Gathering(storage::CallLogReader &log, const config::Config &config, WallTime now, const Progress &progress) : m_log(log), m_config(config), m_now(now), m_progress(progress) {}

    Result<ReportData> whole(const ReportQuery &query)
    {
        auto data = one(query);
        if (!data || query.team)
            return data;
        auto teams = costs(CostField::Team);
        if (!teams)
            return std::unexpected(teams.error());
        data->teams = rowsOf(*teams);
        std::vector<std::string> names;
        for (const CostBranch &group : teams->groups) {
            if (group.kind != CostGroup::Kind::Gone)
                names.push_back(group.name);
        }
        if (names.size() == 1 && names.front().empty())
            names.clear(); // nobody has a team: the whole says all
        data->sectionsLeftOut = names.size() > mostReportSections ? names.size() - mostReportSections : 0;
        names.resize(names.size() - data->sectionsLeftOut);
        m_all = questionsAReport * (names.size() + 1) + 1;
        for (const std::string &name : names) {
            auto section = one({.time = query.time, .team = name});
            if (!section)
                return section;
            data->sections.push_back(std::move(*section));
        }
        return data;
    }

private:
    Result<ReportData> one(const ReportQuery &query)
    {
        ReportData data {.time = query.time, .team = query.team, .madeAt = m_now, .running = query.time.to() > m_now};
        m_filter = query.team ? CallFilter().within("team", *query.team) : CallFilter();
        m_days = upTo(query.time.days, m_now);
        m_before = data.running && m_now > query.time.from() ? upTo(query.time.before, query.time.before.front() + (m_now - query.time.from())) : query.time.before;
        if (m_days.size() < 2)
            return fail(ErrorCode::BadRequest, fmt::format("{} has not begun yet.", query.time.dates), "from");
        for (const auto step : {&Gathering::totals, &Gathering::groups, &Gathering::cache, &Gathering::budgets, &Gathering::largest}) {
            if (auto done = (this->*step)(data); !done)
                return std::unexpected(done.error());
        }
        return data;
    }

    Result<> next() { return m_progress ? m_progress({.done = m_done++, .all = std::max(m_all, m_done)}) : Result<>(); }

    Result<SeriesTotals> totalsOf(const std::vector<WallTime> &borders)
    {
        if (auto going = next(); !going)
            return std::unexpected(going.error());
        auto usage = m_log.usage({.range = {.from = borders.front(), .to = borders.back()}, .filter = m_filter}, "UTC");
        if (!usage)
            return std::unexpected(usage.error());
        return usage->totals;
    }

    Result<> totals(ReportData &data)
    {
        auto now = totalsOf(m_days), before = totalsOf(m_before);
        if (!now || !before)
            return std::unexpected(now ? before.error() : now.error());
        data.now = *now;
        data.before = *before;
        return {};
    }

    Result<Costs> costs(CostField by)
    {
        if (auto going = next(); !going)
            return std::unexpected(going.error());
        return m_log.costs({.borders = m_days, .before = m_before, .filter = m_filter, .by = by});
    }

    Result<> groups(ReportData &data)
    {
        for (const auto &[field, rows] : {std::pair {CostField::Model, &ReportData::models}, {CostField::Key, &ReportData::keys}, {CostField::Route, &ReportData::routes}, {CostField::Customer, &ReportData::customers}}) {
            const auto answer = costs(field);
            if (!answer)
                return std::unexpected(answer.error());
            data.*rows = rowsOf(*answer);
            if (field != CostField::Model)
                continue;
            data.unpriced = unpricedOf(*answer);
            for (std::size_t i = 0; i < answer->buckets.size(); ++i)
                data.days.push_back({.at = m_days[i], .figures = answer->buckets[i]});
            for (std::size_t i = 0; i < answer->before.size(); ++i)
                data.daysBefore.push_back({.at = m_before[i], .figures = answer->before[i]});
        }
        return {};
    }

    /// Asked once: it is told by team.
    Result<> readCache()
    {
        if (!m_cacheOf.empty())
            return {};
        for (const auto *borders : {&m_days, &m_before}) {
            auto all = m_log.cacheSavings({.from = borders->front(), .to = borders->back()});
            if (!all)
                return std::unexpected(all.error());
            m_cacheOf.push_back(std::move(*all));
        }
        return {};
    }

    Result<> cache(ReportData &data)
    {
        if (auto going = next(); !going)
            return going;
        if (auto read = readCache(); !read)
            return read;
        for (const auto &[all, into] : {std::pair {&m_cacheOf.front(), &ReportData::cache}, {&m_cacheOf.back(), &ReportData::cacheBefore}}) {
            for (const CacheSavings &one : *all) {
                if (data.team && one.team != *data.team)
                    continue;
                ReportCache &sum = data.*into;
                sum.hits += one.hits + one.semanticHits;
                sum.looked += one.hits + one.semanticHits + one.misses;
                sum.saved += one.saved;
            }
        }
        return {};
    }

    Result<> budgets(ReportData &data)
    {
        if (auto going = next(); !going)
            return going;
        const auto add = [&](const std::string &whose, const config::Quota &quota) -> Result<> {
            auto rows = budgetRows(m_log, {.whose = whose, .quota = quota, .filter = m_filter, .from = m_days.front(), .to = m_days.back(), .zone = m_config.gateway.timeZone});
            if (!rows)
                return std::unexpected(rows.error());
            std::ranges::move(*rows, std::back_inserter(data.budgets));
            return {};
        };
        if (!data.team)
            return add("organisation", m_config.organisation.quota);
        const auto team = std::ranges::find(m_config.teams, *data.team, &config::Team::name);
        return team == m_config.teams.end() ? Result<>() : add(fmt::format("team {}", team->name), team->quota);
    }

    Result<> largest(ReportData &data)
    {
        if (auto going = next(); !going)
            return going;
        if (!m_costliest) {
            auto calls = m_log.costliest({.from = m_days.front(), .to = m_days.back()}, m_filter, static_cast<int>(mostReportCalls)); // each call is looked at: once for all sections
            if (!calls)
                return std::unexpected(calls.error());
            m_costliest = std::move(*calls);
        }
        for (const CallRow &row : data.team ? m_costliest->teams[*data.team] : m_costliest->all) {
            const CallRecord &call = row.record;
            data.largest.push_back({.id = call.id, .at = call.startedAt, .key = call.key, .customer = call.customer, .route = call.route, .model = call.model,
                                    .tokens = static_cast<std::uint64_t>(std::max<std::int64_t>(0, call.usage.input + call.usage.output)), .cost = call.cost.value_or(Money())});
        }
        return {};
    }

    storage::CallLogReader &m_log;
    const config::Config &m_config;
    WallTime m_now;
    const Progress &m_progress;
    CallFilter m_filter;
    std::vector<WallTime> m_days, m_before;
    std::vector<std::vector<CacheSavings>> m_cacheOf; ///< of the time itself and of that before
    std::optional<storage::CostliestCalls> m_costliest;
    std::size_t m_done = 0, m_all = questionsAReport;
};

} // namespace

Result<ReportData> gather(storage::CallLogReader &log, const config::Config &config, const ReportQuery &query, WallTime now, const Progress &progress)
{
    Result<ReportData> data = fail(ErrorCode::Io, "The call log was not asked.");
    const auto asked = log.ofOneState([&]() -> Result<> {
        data = Gathering(log, config, now, progress).whole(query);
        return data ? Result<>() : std::unexpected(data.error());
    });
    return asked ? std::move(data) : std::unexpected(asked.error());
}

} // namespace gateway::reports
