// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/overview/movers_reader.h"

#include "ui/bridge/text.h"

#include <array>

namespace ui::overview {
namespace {

using gateway::UsageField;

constexpr std::array fields {UsageField::Team, UsageField::Route, UsageField::Model, UsageField::Key};
constexpr auto every = std::chrono::seconds {60};
constexpr std::size_t shownAtMost = 8;

} // namespace

MoversReader::MoversReader(const panes::PaneContext &context, QObject *parent) : QObject(parent), m_context(context) { }

void MoversReader::ask()
{
    const bridge::RangeChoice &range = m_context.view->range();
    const gateway::WallTime now = m_context.view->now();
    const std::string wanted = std::to_string(range.lastSeconds) + ' ' + std::to_string(range.from.time_since_epoch().count()) + ' ' + std::to_string(range.to.time_since_epoch().count()) + ' ' + m_context.view->filter().text();
    if (wanted == m_askedFor && (!range.moving() || now - m_askedAt < every))
        return;
    m_askedFor = wanted;
    m_askedAt = now;
    m_now = m_context.view->timeRange();
    m_now.to = std::min(m_now.to, now);
    m_before = {m_now.from - (m_now.to - m_now.from), m_now.from};
    m_filter = m_context.view->filter();
    m_found.clear();
    m_at = 0;
    ++m_generation;
    askNext();
}

void MoversReader::askNext()
{
    gateway::UsageQuery query;
    query.range = m_at % 2 == 0 ? m_now : m_before;
    query.filter = m_filter;
    query.groupBy = {fields[m_at / 2]};
    m_context.gateway->usage(std::move(query), this, [this, generation = m_generation](const gateway::Result<gateway::Usage> &answer) {
        if (generation != m_generation)
            return;
        if (answer) {
            take(*answer);
            return;
        }
        m_problem = bridge::qt(answer.error().message);
        m_askedFor.clear();
        Q_EMIT changed();
    });
}

void MoversReader::take(const gateway::Usage &usage)
{
    if (m_at % 2 == 0) {
        m_first = usage;
    } else {
        const std::vector<Mover> found = moversOf(fields[m_at / 2], m_first, usage);
        m_found.insert(m_found.end(), found.begin(), found.end());
    }
    if (++m_at < 2 * fields.size()) {
        askNext();
        return;
    }
    m_movers = topMovers(std::move(m_found), shownAtMost);
    m_found.clear();
    m_problem.clear();
    m_known = true;
    Q_EMIT changed();
}

} // namespace ui::overview
