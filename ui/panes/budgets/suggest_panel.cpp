// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/budgets/suggest_panel.h"

#include "ui/bridge/config_draft.h"
#include "ui/bridge/text.h"
#include "ui/panes/scopes/scope_words.h"
#include "ui/widgets/card.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/states.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include <array>
#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::budgets {

namespace {

using gateway::Money;
using gateway::ScopeKind;
using gateway::config::Config;
using panes::ScopeRef;
using widgets::Button;
using widgets::Icon;
using widgets::Label;
using namespace std::chrono_literals;

constexpr double daysOfMonth = 30, headroom = 1.2;
constexpr int rowHeight = 44, listWidth = 560;

} // namespace

Money suggestedAmount(Money sevenDays)
{
    const double wanted = static_cast<double>(sevenDays.nanos()) / 1e9 / 7 * daysOfMonth * headroom;
    const double power = std::pow(10.0, std::floor(std::log10(std::max(wanted, 0.01))));
    for (const double step : {1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0}) {
        if (step * power >= wanted)
            return Money::fromNanos(std::llround(step * power * 1e9));
    }
    return Money::fromNanos(std::llround(wanted * 1e9));
}

SuggestPanel::SuggestPanel(const panes::PaneContext &context, QWidget *parent)
    : QWidget(parent), m_context(context), m_empty(new widgets::EmptyState(QString())), m_banner(new widgets::SectionBanner), m_list(new QWidget), m_rows(new QVBoxLayout(m_list))
{
    setObjectName(u"budgets.suggest"_s);
    m_empty->setAction(Icon::Plus, tr("New budget"))->setObjectName(u"budgets.suggest.own"_s);
    m_banner->addRetry();
    m_banner->hide();
    m_list->setMaximumWidth(listWidth);
    m_rows->setContentsMargins(0, 0, 0, 0);
    m_rows->setSpacing(8);
    auto *middle = new QHBoxLayout;
    middle->addStretch(1);
    middle->addWidget(m_list, 20);
    middle->addStretch(1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->addWidget(m_banner);
    column->addStretch(2);
    column->addWidget(m_empty, 3);
    column->addLayout(middle);
    column->addStretch(3);
    connect(m_empty, &widgets::EmptyState::actionTriggered, this, &SuggestPanel::ownWanted);
    connect(m_banner, &widgets::SectionBanner::retried, this, [this] { ask(m_first); });
}

void SuggestPanel::ask(bool first)
{
    m_first = first;
    m_empty->setSentence(first ? tr("No budget yet. Without one, a program can spend what its provider lets it.") : tr("Budgets that the last 7 days' spend calls for"));
    m_empty->setPicture(first);
    m_empty->setNote({});
    gateway::api::SeriesQuery query;
    query.range = {m_context.view->now() - 7 * 24h, m_context.view->now() + 1s};
    query.bucketSeconds = 24 * 3600;
    m_context.gateway->series(query, this, [this](const gateway::Result<gateway::api::Series> &series) {
        m_banner->setVisible(!series);
        if (series)
            show(*series);
        else
            m_banner->setContent(tr("The last 7 days' spend cannot be read"), bridge::qt(series.error().message));
    });
}

void SuggestPanel::show(const gateway::api::Series &series)
{
    while (QLayoutItem *item = m_rows->takeAt(0)) {
        if (item->widget())
            item->widget()->deleteLater();
        delete item;
    }
    std::map<std::string, Money> teams;
    Money all;
    for (const auto &bucket : series.buckets) {
        for (const auto &[team, cost] : bucket.costByTeam) {
            teams[team] += cost;
            all += cost;
        }
    }
    const auto config = m_context.gateway->config();
    int rows = 0;
    const auto offer = [&](const ScopeRef &scope, Money spent) {
        if (spent <= Money() || !panes::isThere(*config, scope) || panes::isLocked(*config, scope) || !panes::quotaOf(*config, scope).budgets.empty())
            return;
        addRow(scope, spent);
        ++rows;
    };
    offer({}, all);
    for (const auto &team : config->teams)
        offer({ScopeKind::Team, team.name}, teams[team.name]);
    m_empty->setNote(rows > 0      ? tr("From what the last 7 days cost, with a fifth to spare:")
                         : m_first ? tr("Nothing was spent in the last 7 days, so no amount can be suggested.")
                                   : tr("Every team that spent something has a budget."));
}

void SuggestPanel::addRow(const ScopeRef &scope, Money spent)
{
    const Money amount = suggestedAmount(spent);
    auto *card = new widgets::Card;
    auto *row = new QHBoxLayout;
    row->setContentsMargins(12, 0, 8, 0);
    row->setSpacing(8);
    auto *name = new Label(Label::Kind::Strong, panes::titleOf(scope));
    auto *spend = new Label(Label::Kind::Secondary, tr("%1 in 7 days").arg(widgets::moneyTotal(spent)));
    auto *set = new Button(Icon::Plus, panes::capText(amount, gateway::Period::Month));
    set->setObjectName(u"budgets.suggest.%1"_s.arg(scope.name.empty() ? u"organisation"_s : bridge::qt(scope.name)));
    set->setAccessibleName(tr("Set %1 for %2").arg(panes::capText(amount, gateway::Period::Month), panes::inWords(scope)));
    row->addWidget(name);
    row->addWidget(spend, 1);
    row->addWidget(set);
    card->setMinimumHeight(rowHeight);
    card->body()->addLayout(row, 1);
    m_rows->addWidget(card);
    connect(set, &QPushButton::clicked, this, [this, scope, amount] {
        bridge::ConfigDraft::applyNow(*m_context.gateway, *m_context.view, tr("%1: %2").arg(panes::titleOf(scope), panes::capText(amount, gateway::Period::Month)), [scope, amount](Config &config) {
            auto quota = panes::quotaOf(config, scope);
            quota.budgets.push_back({.amount = amount, .warnAt = {0.8}});
            panes::setQuota(config, scope, std::move(quota));
        });
        Q_EMIT setOne(scope);
    });
}

} // namespace ui::budgets
