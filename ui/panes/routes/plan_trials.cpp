// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/plan_trials.h"

#include "ui/bridge/text.h"
#include "ui/panes/routes/explain_panel.h"
#include "ui/panes/routes/explain_words.h"
#include "ui/panes/routes/explanation_view.h"
#include "ui/panes/routes/replay_panel.h"
#include "ui/panes/routes/route_canvas.h"
#include "ui/panes/routes/simulate_panel.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace gateway::config;
using gateway::Result;
using gateway::api::SimulationQuery;

PlanTrials::PlanTrials(const panes::PaneContext &context, SideColumn *column, RouteCanvas *canvas, QObject *parent)
    : QObject(parent), m_context(context), m_column(column), m_canvas(canvas)
{
    connect(m_column, &SideColumn::changed, this, [this] {
        m_simulated.reset();
        m_canvas->showWalk(nullptr);
        refresh();
        Q_EMIT openedChanged();
    });
}

SidePanel *PlanTrials::makeSimulation()
{
    m_simulation = new SimulatePanel(m_column);
    connect(m_simulation, &SimulatePanel::queryChanged, this, &PlanTrials::simulate);
    return m_simulation;
}

SidePanel *PlanTrials::makeExplanation()
{
    m_explanation = new ExplainPanel(m_column);
    connect(m_explanation, &ExplainPanel::queryChanged, this, &PlanTrials::explain);
    connect(m_explanation, &ExplainPanel::newestCallWanted, this, &PlanTrials::takeNewestCall);
    connect(m_explanation->result(), &ExplanationView::nodeWanted, this, &PlanTrials::nodeWanted);
    return m_explanation;
}

SidePanel *PlanTrials::makeReplay()
{
    m_replay = new ReplayPanel([view = m_context.view] { return view->now(); }, m_column);
    connect(m_replay, &ReplayPanel::replayWanted, this, &PlanTrials::replay);
    connect(m_replay, &ReplayPanel::cancelWanted, this, [this] { m_replaying.reset(); });
    connect(m_replay, &ReplayPanel::callWanted, this, [this](const QString &id) { m_context.view->openPane(u"calls"_s, id); });
    return m_replay;
}

SidePanel *PlanTrials::panel(Trial trial)
{
    SidePanel *made = nullptr;
    switch (trial) {
    case Trial::None: return nullptr;
    case Trial::Simulate:
        if (m_simulation)
            return m_simulation;
        made = makeSimulation();
        break;
    case Trial::Explain:
        if (m_explanation)
            return m_explanation;
        made = makeExplanation();
        break;
    case Trial::Replay:
        if (m_replay)
            return m_replay;
        made = makeReplay();
        break;
    }
    m_column->add(made);
    if (m_route)
        refreshChoices();
    return made;
}

void PlanTrials::open(Trial trial) { m_column->open(panel(trial)); }

Trial PlanTrials::opened() const
{
    if (m_simulation && m_column->isOpen(m_simulation))
        return Trial::Simulate;
    if (m_explanation && m_column->isOpen(m_explanation))
        return Trial::Explain;
    return m_replay && m_column->isOpen(m_replay) ? Trial::Replay : Trial::None;
}

void PlanTrials::setPlan(const Config &config, const Route *route, bool live)
{
    m_config = config;
    m_route = route ? std::optional(*route) : std::nullopt;
    m_live = live;
    refresh();
}

void PlanTrials::refresh()
{
    if (!m_route) {
        m_simulated.reset();
        m_canvas->showWalk(nullptr);
        return;
    }
    refreshChoices();
    switch (opened()) {
    case Trial::None:
    case Trial::Replay: break;
    case Trial::Simulate: simulate(); break;
    case Trial::Explain: explain(); break;
    }
}

/// What the panels offer of the configuration.
void PlanTrials::refreshChoices()
{
    QStringList providers, keys, teams;
    for (const Leaf &leaf : leavesOf(m_config, *m_route))
        if (const QString name = bridge::qt(leaf.provider); !providers.contains(name))
            providers << name;
    for (const VirtualKey &key : m_config.keys)
        if (!key.revoked)
            keys << bridge::qt(key.name);
    for (const Team &team : m_config.teams)
        teams << bridge::qt(team.name);
    const QString route = bridge::qt(m_route->name);
    if (m_simulation) {
        m_simulation->setProviders(providers);
        m_simulation->setKeys(keys);
    }
    if (m_explanation) {
        m_explanation->setRoute(route);
        m_explanation->setKeys(keys);
    }
    if (m_replay) {
        m_replay->setRoute(route, m_live ? tr("what is live") : tr("the draft"));
        m_replay->setTeams(teams);
        m_replay->setKeys(keys);
        m_replay->setOld(m_replayed && m_replayed->routes != m_config.routes);
    }
}

void PlanTrials::simulate()
{
    if (!m_route)
        return;
    SimulationQuery query = m_simulation->query();
    query.config = m_config;
    query.route = m_route->name;
    if (m_simulated == query)
        return;
    m_simulated = query;
    m_context.gateway->simulate(query, this, [this, query](const Result<gateway::Simulation> &simulation) {
        if (m_simulated != query)
            return;
        if (!simulation)
            m_simulation->showProblem(bridge::qt(simulation.error().message));
        else
            m_simulation->showResult(*simulation);
        m_canvas->showWalk(simulation ? &*simulation : nullptr);
    });
}

void PlanTrials::explain()
{
    if (!m_route)
        return;
    gateway::api::ExplainQuery query = m_explanation->query();
    if (!m_live)
        query.edited = m_config;
    m_context.gateway->explain(std::move(query), this, [this, asked = ++m_explained](const Result<gateway::Explanation> &explanation) {
        if (asked != m_explained || !m_route || opened() != Trial::Explain)
            return;
        if (!explanation) {
            m_explanation->result()->showProblem(bridge::qt(explanation.error().message));
            m_canvas->showWalk(nullptr);
            return;
        }
        m_explanation->result()->showExplanation(*explanation, m_route->plan);
        const gateway::Simulation way = wayOf(m_route->plan, leavesOf(m_config, *m_route), *explanation);
        m_canvas->showWalk(&way);
    });
}

void PlanTrials::takeNewestCall()
{
    gateway::api::CallQuery query;
    if (const auto filter = m_route ? gateway::CallFilter::parse("route:\"" + m_route->name + '"') : gateway::CallFilter())
        query.filter = *filter;
    query.limit = 1;
    const auto missing = [this](const QString &why) { m_context.view->toast(why); };
    m_context.gateway->calls(query, this, [this, missing](const Result<gateway::api::CallPage> &page) {
        if (!page)
            return missing(tr("The log cannot be read: %1").arg(bridge::qt(page.error().message)));
        if (page->rows.empty())
            return missing(tr("The log has no call of this route"));
        m_context.gateway->call(page->rows.front().record.id, this, [this, missing](const Result<gateway::api::CallDetail> &call) {
            if (!call)
                return missing(tr("The call cannot be read: %1").arg(bridge::qt(call.error().message)));
            if (call->record.bodies.request.empty())
                return missing(tr("The newest call's body is not in the log"));
            m_explanation->setCall(call->record);
        });
    });
}

void PlanTrials::replay()
{
    if (!m_route)
        return;
    m_replaying = std::make_unique<QObject>();
    m_replayed = m_config;
    m_context.gateway->replay(
        m_config, m_replay->query(), m_replaying.get(), [this](const gateway::ReplayProgress &progress) { m_replay->showProgress(progress); },
        [this](const Result<gateway::ReplayReport> &report) {
            if (!report)
                return m_replay->showProblem(report.error());
            m_replay->showReport(*report);
            m_replay->setOld(m_replayed->routes != m_config.routes);
        });
}

} // namespace ui::routes
