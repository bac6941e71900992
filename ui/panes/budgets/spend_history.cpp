// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/budgets/spend_history.h"

#include "ui/bridge/text.h"

using namespace Qt::StringLiterals;

namespace ui::budgets {

using namespace std::chrono_literals;

namespace {

constexpr auto freshFor = 30s;

} // namespace

gateway::CallFilter callsOf(const panes::ScopeRef &scope, const std::string &endpoint)
{
    QString text = panes::filterOf(scope);
    if (!endpoint.empty())
        text += u" endpoint:\"%1\""_s.arg(bridge::qt(endpoint));
    const auto filter = gateway::CallFilter::parse(bridge::utf8(text.trimmed()));
    return filter ? *filter : gateway::CallFilter();
}

SpendHistory::SpendHistory(gateway::api::Gateway &gateway, QObject *parent) : QObject(parent), m_gateway(gateway) {}

void SpendHistory::want(const panes::ScopeRef &scope, const gateway::BudgetState &budget, gateway::WallTime from, gateway::WallTime now)
{
    const bool same = m_asked && m_asked->scope == scope && m_asked->per == budget.per && m_asked->endpoint == budget.endpoint && m_asked->from == from;
    if (same && now - m_asked->at < freshFor)
        return;
    if (!same) {
        m_spend.clear();
        m_refused = 0;
        m_known = false;
        m_problem.clear();
    }
    m_asked = Asked {scope, budget.per, budget.endpoint, from, now};
    ask(budget);
}

void SpendHistory::ask(const gateway::BudgetState &budget)
{
    const Pace pace = paceOf(budget.per);
    const gateway::WallTime from = m_asked->from, past = m_asked->at - pace.step * pace.steps;
    gateway::api::SeriesQuery query;
    query.range = {std::min(from, past), m_asked->at + 1s};
    query.bucketSeconds = pace.bucket.count();
    query.filter = callsOf(m_asked->scope, m_asked->endpoint);
    m_waiting = true;
    m_gateway.series(query, this, [this, from, generation = ++m_generation](const gateway::Result<gateway::api::Series> &series) {
        if (generation != m_generation)
            return;
        m_waiting = false;
        m_problem = series ? QString() : bridge::qt(series.error().message);
        m_known = m_known || series;
        if (series) {
            m_spend.clear();
            m_refused = 0;
            for (const gateway::api::SeriesBucket &bucket : series->buckets) {
                Spend spend {.at = bucket.at};
                for (const auto &[team, cost] : bucket.costByTeam)
                    spend.cost += cost;
                m_spend.push_back(spend);
                if (bucket.at >= from)
                    m_refused += bucket.refused;
            }
        }
        Q_EMIT changed();
    });
}

} // namespace ui::budgets
