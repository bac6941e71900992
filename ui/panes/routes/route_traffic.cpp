// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/route_traffic.h"

#include "ui/bridge/text.h"
#include "ui/bridge/view_context.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <span>

namespace ui::routes {

using namespace gateway::api;
using namespace std::chrono_literals;

namespace {

constexpr int sampleSize = 500;
constexpr int historyPoints = 30;

std::string inQuotes(const std::string &value)
{
    std::string text = "\"";
    for (const char c : value) {
        if (c == '"' || c == '\\')
            text += '\\';
        text += c;
    }
    return text + '"';
}

/// Where the attempt went; from `after` on first, since a chain goes forward.
const Leaf *leafOf(const std::vector<Leaf> &leaves, const gateway::AttemptRecord &attempt, std::size_t &after)
{
    const auto matches = [&](const Leaf &leaf) { return leaf.provider == attempt.provider && (leaf.model == "*" || leaf.model == attempt.model); };
    for (std::size_t step = 0; step < leaves.size(); ++step) {
        const std::size_t index = (after + step) % leaves.size();
        if (matches(leaves[index])) {
            after = index;
            return &leaves[index];
        }
    }
    return nullptr;
}

/// Costs added up for a mean; one unknown price makes the mean unknown.
struct CostSum
{
    std::int64_t nanos = 0;
    std::uint64_t counted = 0;
    bool unknown = false;
};

/// The buckets without the last, which has only begun: a course must not seem to fall at its end.
std::span<const SeriesBucket> whole(const Series &series)
{
    return std::span(series.buckets).first(series.buckets.size() - std::min<std::size_t>(1, series.buckets.size()));
}

QList<Path> prefixesOf(const Path &path)
{
    QList<Path> all;
    for (qsizetype n = 0; n <= path.size(); ++n)
        all.append(path.first(n));
    return all;
}

} // namespace

Sample tellApart(const std::vector<Leaf> &leaves, const std::vector<CallRow> &rows)
{
    Sample sample;
    QHash<Path, CostSum> costs;
    for (const CallRow &row : rows) {
        const gateway::CallRecord &record = row.record;
        const bool failed = record.status == gateway::CallStatus::Failed || record.status == gateway::CallStatus::Cut;
        ++sample.calls;
        sample.failed += failed;
        QSet<Path> passed;
        std::size_t after = 0;
        for (const gateway::AttemptRecord &attempt : record.attempts) {
            const Leaf *leaf = leafOf(leaves, attempt, after);
            if (!leaf)
                continue;
            for (const Path &path : prefixesOf(leaf->path)) {
                NodeTraffic &node = sample.nodes[path];
                if (!passed.contains(path)) {
                    passed.insert(path);
                    ++node.calls;
                    node.failed += failed;
                }
                if (attempt.skipped)
                    continue;
                ++node.attempts;
                node.failedAttempts += !attempt.ok;
                node.answered += attempt.ok;
                if (attempt.ok) {
                    CostSum &sum = costs[path];
                    ++sum.counted;
                    if (attempt.cost)
                        sum.nanos += attempt.cost->nanos();
                    else
                        sum.unknown = true;
                }
            }
        }
    }
    for (auto it = costs.cbegin(); it != costs.cend(); ++it)
        if (!it->unknown && it->counted > 0)
            sample.nodes[it.key()].meanCost = gateway::Money::fromNanos(it->nanos / static_cast<std::int64_t>(it->counted));
    return sample;
}

TrafficWatch::TrafficWatch(Gateway &gateway, bridge::ViewContext &view, QObject *parent) : QObject(parent), m_gateway(gateway), m_view(view)
{
    m_nowTimer.setInterval(900); // coarse timers run late by up to a twentieth: a circuit that opens is seen within a second
    m_logTimer.setInterval(10'000);
    connect(&m_nowTimer, &QTimer::timeout, this, &TrafficWatch::askNow);
    connect(&m_gateway, &Gateway::callsCommitted, this, [this] { m_newCalls = true; });
    connect(&m_view, &bridge::ViewContext::liveChanged, this, &TrafficWatch::nowChanged);
    connect(&m_logTimer, &QTimer::timeout, this, [this] {
        if (m_view.live() && m_view.range().moving())
            start();
    });
}

void TrafficWatch::start()
{
    m_nowTimer.start();
    m_logTimer.start();
    m_asked = std::make_unique<QObject>();
    m_asking = m_askingSample = false;
    m_queue.clear();
    const auto config = m_gateway.config(); // named: a range's temporary ends before its loop begins
    for (const gateway::config::Route &route : config->routes)
        m_queue << bridge::qt(route.name);
    askNow();
    askSample();
    askNextRoute();
}

void TrafficWatch::stop()
{
    m_nowTimer.stop();
    m_logTimer.stop();
    m_asked.reset();
}

void TrafficWatch::choose(const gateway::config::Config &config, const std::string &route)
{
    const auto found = std::ranges::find(config.routes, route, &gateway::config::Route::name);
    m_leaves = found == config.routes.end() ? std::vector<Leaf> {} : leavesOf(config, *found);
    if (route != m_route) {
        m_route = route;
        m_rows.clear();
        m_sample = {};
        Q_EMIT sampleChanged();
    }
    askSample();
}

void TrafficWatch::setLeaves(std::vector<Leaf> leaves)
{
    if (leaves == m_leaves)
        return;
    m_leaves = std::move(leaves);
    m_sample = tellApart(m_leaves, m_rows);
}

TimeRange TrafficWatch::range() const { return m_view.timeRange(); }

double TrafficWatch::rangeSeconds() const
{
    if (m_view.range().moving())
        return static_cast<double>(m_view.range().lastSeconds);
    return std::max(1.0, std::chrono::duration<double>(m_view.range().to - m_view.range().from).count());
}

void TrafficWatch::note(const gateway::Error *error) { m_problem = error ? bridge::qt(error->message) : QString(); }

bool TrafficWatch::stale() const { return !m_view.live() || !m_view.range().moving() || !m_problem.isEmpty() || !m_gateway.listener().up; }

RouteTraffic TrafficWatch::now(const QString &route) const
{
    RouteTraffic traffic = of(route);
    const auto rate = m_rates.constFind(route);
    if (!m_view.live() || !m_view.range().moving() || rate == m_rates.cend())
        return traffic;
    traffic.callsPerSecond = rate->callsPerSecond;
    traffic.errorShare = rate->errorShare;
    return traffic;
}

void TrafficWatch::askNow()
{
    m_health = m_gateway.health();
    m_rates.clear();
    for (RouteRate &rate : m_gateway.stats().routes)
        m_rates.insert(bridge::qt(rate.route), std::move(rate));
    if (m_newCalls && m_view.live() && m_view.range().moving())
        askNewCalls();
    Q_EMIT nowChanged();
}

void TrafficWatch::askNextRoute()
{
    if (m_asking || m_queue.isEmpty() || !m_asked)
        return;
    m_asking = true;
    const QString name = m_queue.takeFirst();
    SeriesQuery query;
    query.range = range();
    query.bucketSeconds = std::max<std::int64_t>(1, static_cast<std::int64_t>(rangeSeconds()) / historyPoints);
    if (auto filter = gateway::CallFilter::parse("route:" + inQuotes(bridge::utf8(name))))
        query.filter = std::move(*filter);
    const double seconds = rangeSeconds();
    m_gateway.series(query, m_asked.get(), [this, name, seconds](const gateway::Result<Series> &series) {
        m_asking = false;
        note(series ? nullptr : &series.error());
        if (series) {
            RouteTraffic traffic;
            const SeriesTotals &totals = series->totals;
            const std::uint64_t counted = totals.calls - std::min(totals.calls, totals.refused);
            traffic.callsPerSecond = static_cast<double>(totals.calls) / seconds;
            if (counted > 0)
                traffic.errorShare = static_cast<double>(totals.failed) / static_cast<double>(counted);
            traffic.p95Us = totals.p95Us;
            for (const SeriesBucket &bucket : whole(*series))
                traffic.history.append(static_cast<double>(bucket.calls));
            m_routes.insert(name, traffic);
        }
        Q_EMIT routesChanged();
        askNextRoute();
    });
}

void TrafficWatch::askSample()
{
    if (!m_asked || m_route.empty())
        return;
    CallQuery query;
    query.range = range();
    query.limit = sampleSize;
    if (auto filter = gateway::CallFilter::parse("route:" + inQuotes(m_route)))
        query.filter = std::move(*filter);
    m_newCalls = false;
    m_askingSample = true;
    m_gateway.calls(query, m_asked.get(), [this, route = m_route](const gateway::Result<CallPage> &page) {
        m_askingSample = false;
        if (route != m_route)
            return;
        note(page ? nullptr : &page.error());
        if (page)
            m_rows.clear();
        addRows(page ? page->rows : std::vector<CallRow> {});
    });
}

/// What came to the sample since: few rows, so that it can be asked once a second.
void TrafficWatch::askNewCalls()
{
    if (!m_asked || m_route.empty() || m_askingSample)
        return;
    CallQuery query;
    query.range = range();
    query.limit = sampleSize;
    query.committedAfter = m_rows.empty() ? 0 : std::ranges::max(m_rows, {}, [](const CallRow &row) { return row.cursor.row; }).cursor.row;
    if (auto filter = gateway::CallFilter::parse("route:" + inQuotes(m_route)))
        query.filter = std::move(*filter);
    m_newCalls = false;
    m_askingSample = true;
    m_gateway.calls(query, m_asked.get(), [this, route = m_route](const gateway::Result<CallPage> &page) {
        m_askingSample = false;
        if (route == m_route && page && !page->rows.empty())
            addRows(page->rows);
    });
}

/// Newer ones before those that there are; the oldest go.
void TrafficWatch::addRows(std::vector<CallRow> rows)
{
    rows.insert(rows.end(), std::make_move_iterator(m_rows.begin()), std::make_move_iterator(m_rows.end()));
    rows.resize(std::min<std::size_t>(rows.size(), sampleSize));
    m_rows = std::move(rows);
    m_sample = tellApart(m_leaves, m_rows);
    Q_EMIT sampleChanged();
}

void TrafficWatch::askTarget(const std::string &route, const std::string &provider, const std::string &model)
{
    std::string text = "route:" + inQuotes(route) + " provider:" + inQuotes(provider);
    if (model != "*")
        text += " model:" + inQuotes(model);
    if (text != m_targetFilter) {
        m_targetFilter = text;
        m_targetHour.reset();
        Q_EMIT targetChanged();
    }
    auto filter = gateway::CallFilter::parse(text);
    if (!filter || !m_asked)
        return;
    SeriesQuery query;
    query.range = range();
    query.bucketSeconds = std::max<std::int64_t>(1, static_cast<std::int64_t>(rangeSeconds()) / historyPoints);
    query.filter = std::move(*filter);
    m_gateway.series(query, m_asked.get(), [this, generation = ++m_generation](const gateway::Result<Series> &series) {
        if (!series || generation != m_generation)
            return;
        TargetHour hour;
        hour.calls = series->totals.calls;
        hour.p95Us = series->totals.p95Us;
        hour.cost = series->totals.cost;
        hour.costKnown = series->totals.unpriced == 0;
        if (hour.calls > 0)
            hour.errorShare = static_cast<double>(series->totals.failed) / static_cast<double>(hour.calls);
        for (const SeriesBucket &bucket : whole(*series)) {
            hour.callHistory.append(static_cast<double>(bucket.calls));
            hour.p95History.append(bucket.p95Us ? static_cast<double>(*bucket.p95Us) : std::numeric_limits<double>::quiet_NaN());
            hour.errorHistory.append(static_cast<double>(bucket.failed));
            double cost = 0;
            for (const auto &[team, money] : bucket.costByTeam)
                cost += static_cast<double>(money.nanos());
            hour.costHistory.append(cost);
        }
        m_targetHour = std::move(hour);
        Q_EMIT targetChanged();
    });
}

} // namespace ui::routes
