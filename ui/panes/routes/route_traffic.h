// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "ui/bridge/target_state.h"
#include "ui/panes/routes/plan_leaves.h"

#include <QHash>
#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>

namespace ui::bridge {
class ViewContext;
}

namespace ui::routes {

/// What one route did in the range that is looked at. nullopt: not known (yet).
struct RouteTraffic
{
    std::optional<double> callsPerSecond;
    std::optional<double> errorShare;      ///< nullopt also where there was no call
    std::optional<std::int64_t> p95Us;
    QList<double> history;                 ///< calls in each part of the range
};

/// What passed one node, from a sample of the route's last calls.
struct NodeTraffic
{
    std::uint64_t calls = 0;               ///< that tried a model at or below the node
    std::uint64_t failed = 0;              ///< of these: the caller got an error
    std::uint64_t answered = 0;            ///< answered by a model at or below the node
    std::uint64_t attempts = 0, failedAttempts = 0;
    std::optional<gateway::Money> meanCost; ///< of an attempt that was answered; unknown where a price is
};

struct Sample
{
    std::uint64_t calls = 0;
    std::uint64_t failed = 0;
    QHash<Path, NodeTraffic> nodes;        ///< of every node that was passed
};

/// Tells each call of `rows` to the nodes of the plan that it passed. Pure. An attempt belongs to the first leaf with
/// its provider and model behind that of the attempt before it.
Sample tellApart(const std::vector<Leaf> &leaves, const std::vector<gateway::api::CallRow> &rows);

/// The last hour of one target inside one route: for the inspector.
struct TargetHour
{
    std::uint64_t calls = 0;
    std::optional<std::int64_t> p95Us;
    std::optional<double> errorShare;
    gateway::Money cost;
    bool costKnown = false;
    QList<double> callHistory, p95History, errorHistory, costHistory;
};

/// Asks the call log for the figures of all routes in turn, and for a sample of the chosen one, to which its new calls
/// come as they are stored; asks the gateway once a second for health and for the routes' present rates. Only while
/// running. GUI thread.
class TrafficWatch final : public QObject
{
    Q_OBJECT
public:
    TrafficWatch(gateway::api::Gateway &gateway, bridge::ViewContext &view, QObject *parent);

    void start();
    void stop();
    /// Which route's calls are sampled, and its leaves.
    void choose(const gateway::config::Config &config, const std::string &route);
    /// The plan as it is shown now: the sample is told to its nodes anew, so that a row that was moved keeps its figures.
    void setLeaves(std::vector<Leaf> leaves);
    void askTarget(const std::string &route, const std::string &provider, const std::string &model);

    [[nodiscard]] RouteTraffic of(const QString &route) const { return m_routes.value(route); } ///< in the range
    /// Of late, decayed, where the window shows what is live; else in the range.
    [[nodiscard]] RouteTraffic now(const QString &route) const;
    [[nodiscard]] const Sample &sample() const { return m_sample; }
    [[nodiscard]] const std::vector<gateway::api::TargetHealth> &health() const { return m_health; }
    [[nodiscard]] const std::optional<TargetHour> &targetHour() const { return m_targetHour; }
    /// Whether the figures are not those of now: paused, a range that is past, or nobody answers.
    [[nodiscard]] bool stale() const;
    /// Empty: the log answers. Else why it does not, in words.
    [[nodiscard]] QString problem() const { return m_problem; }

Q_SIGNALS:
    void routesChanged();
    void sampleChanged();
    void nowChanged(); ///< health and present rates
    void targetChanged();

private:
    void askNow();
    void askNextRoute();
    void askSample();
    void askNewCalls();
    void addRows(std::vector<gateway::api::CallRow> rows);
    [[nodiscard]] gateway::api::TimeRange range() const;
    [[nodiscard]] double rangeSeconds() const;
    void note(const gateway::Error *error);

    gateway::api::Gateway &m_gateway;
    bridge::ViewContext &m_view;
    QTimer m_nowTimer, m_logTimer;
    QHash<QString, gateway::api::RouteRate> m_rates;
    bool m_newCalls = false;                ///< some were stored since the sample was asked
    bool m_askingSample = false;
    QStringList m_queue;
    bool m_asking = false;
    std::unique_ptr<QObject> m_asked;       ///< context of the questions under way: gone, they are dropped
    QHash<QString, RouteTraffic> m_routes;
    Sample m_sample;
    std::string m_route;
    std::vector<Leaf> m_leaves;
    std::vector<gateway::api::CallRow> m_rows; ///< of the sample
    std::vector<gateway::api::TargetHealth> m_health;
    std::optional<TargetHour> m_targetHour;
    std::string m_targetFilter;
    quint64 m_generation = 0;
    QString m_problem;
};

} // namespace ui::routes
