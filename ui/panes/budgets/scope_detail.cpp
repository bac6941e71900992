// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/budgets/scope_detail.h"

#include "ui/bridge/team_colors.h"
#include "ui/bridge/text.h"
#include "ui/panes/budgets/budget_form.h"
#include "ui/panes/budgets/burn_down_view.h"
#include "ui/panes/budgets/figure_tile.h"
#include "ui/panes/budgets/limits_card.h"
#include "ui/panes/budgets/raise_dialog.h"
#include "ui/panes/draft_footer.h"
#include "ui/panes/scopes/scope_words.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/states.h"
#include "ui/widgets/tab_strip.h"

#include <QBoxLayout>
#include <QResizeEvent>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalBlocker>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::budgets {

namespace {

using bridge::qt;
using gateway::BudgetState;
using gateway::Period;
using gateway::config::Budget;
using gateway::config::Config;
using gateway::config::Limit;
using gateway::config::Quota;
using widgets::Button;
using widgets::Icon;
using widgets::Label;
using widgets::Role;
using namespace std::chrono_literals;

constexpr int sideBySideFrom = 760;

/// The time that the picture shows; of a budget that never ends, what the log knows and as much ahead.
std::pair<gateway::WallTime, gateway::WallTime> windowOf(const BudgetState &budget, gateway::WallTime now)
{
    if (budget.per == Period::Total)
        return {now - 28 * 24h, now + 28 * 24h};
    const auto window = gateway::Calendar(budget.zone).window(budget.per, now);
    return {window.from, window.to};
}

QString periodNow(Period period)
{
    switch (period) {
    case Period::Hour: return ScopeDetail::tr("this hour");
    case Period::Day: return ScopeDetail::tr("today");
    case Period::Week: return ScopeDetail::tr("this week");
    case Period::Month: return ScopeDetail::tr("this month");
    case Period::Total: return ScopeDetail::tr("in all");
    }
    return {};
}

/// "$26.69 a day until it resets"
QString restText(const BudgetState &budget, gateway::WallTime now)
{
    if (!budget.resets)
        return ScopeDetail::tr("never resets");
    const double days = std::chrono::duration<double>(*budget.resets - now) / std::chrono::duration<double>(24h);
    if (days < 1.5)
        return ScopeDetail::tr("for %1").arg(widgets::span(std::chrono::duration_cast<gateway::Duration>(*budget.resets - now)));
    const auto left = std::max(panes::leftOf(budget), gateway::Money());
    const auto each = gateway::Money::fromNanos(static_cast<std::int64_t>(static_cast<double>(left.nanos()) / days));
    return ScopeDetail::tr("%1 a day until it resets").arg(widgets::moneyTotal(each));
}

} // namespace

ScopeDetail::ScopeDetail(const panes::PaneContext &context, bridge::ConfigDraft &draft, QWidget *parent)
    : QWidget(parent), m_context(context), m_draft(draft), m_history(*context.gateway, this), m_scroll(new QScrollArea), m_mark(new ScopeMark), m_title(new Label(Label::Kind::Title)), m_subtitle(new widgets::ElidedLabel), m_binding(new widgets::ElidedLabel),
      m_raiseButton(new Button(Icon::ArrowUp, tr("Raise until…"))), m_callsButton(new Button(Icon::Calls, tr("Calls"))), m_remove(Button::iconOnly(Icon::Trash, tr("Remove this budget"), nullptr, Button::Kind::Flat)),
      m_addBudget(new Button(Icon::Plus, tr("Add"))), m_conflictBanner(new widgets::SectionBanner(widgets::SectionBanner::Kind::Warning)),
      m_historyBanner(new widgets::SectionBanner), m_tabs(new widgets::TabStrip({})), m_tiles(makeTiles()), m_burnCard(nullptr), m_budgetCard(nullptr), m_legend(new BurnLegend), m_burnDown(new BurnDownView), m_skeleton(new widgets::SkeletonView), m_form(new BudgetForm), m_limits(new LimitsCard),
      m_noBudget(new Label(Label::Kind::Secondary)), m_error(new Label(Label::Kind::Secondary)), m_editors(nullptr), m_footer(new panes::DraftFooter(draft, u"budgets"_s))
{
    setObjectName(u"budgets.detail"_s);
    m_tabs->setObjectName(u"budgets.tabs"_s);
    m_tabs->setAccessibleName(tr("Budgets of this scope"));
    m_tabs->setMargin(0);
    m_conflictBanner->setObjectName(u"budgets.conflictBanner"_s);
    m_error->setObjectName(u"budgets.error"_s);
    m_error->setRole(Role::Err);
    m_error->setWordWrap(true);
    auto *page = new widgets::Panel(Role::Win);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(16, 12, 16, 16);
    column->setSpacing(8);
    column->addWidget(makeHeader());
    column->addWidget(m_conflictBanner);
    column->addWidget(m_tabs);
    column->addWidget(m_tiles);
    column->addWidget(makeBurnDown());
    column->addWidget(m_error);
    column->addWidget(makeEditors());
    column->addStretch(1);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setFocusPolicy(Qt::NoFocus); // its fields have the keys, and bring themselves into view
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setWidget(page);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->setSpacing(0);
    outer->addWidget(m_scroll, 1);
    outer->addWidget(m_footer);
    connectParts();
    refresh();
}

QWidget *ScopeDetail::makeHeader()
{
    auto *header = new QWidget;
    m_title->setObjectName(u"budgets.title"_s);
    m_title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Maximum);
    m_subtitle->setObjectName(u"budgets.reset"_s);
    m_binding->setObjectName(u"budgets.binding"_s);
    m_raiseButton->setObjectName(u"budgets.raiseUntil"_s);
    m_raiseButton->setKeyHint(u"Ctrl+O"_s);
    m_callsButton->setObjectName(u"budgets.calls"_s);
    m_callsButton->setToolTip(tr("Show this scope's calls"));
    m_title->setAlignment((layoutDirection() == Qt::RightToLeft ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignAbsolute | Qt::AlignVCenter); // whatever letters a name has
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_mark);
    row->addWidget(m_title, 1);
    row->addWidget(m_callsButton);
    row->addWidget(m_raiseButton);
    auto *column = new QVBoxLayout(header);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    column->addLayout(row);
    column->addWidget(m_subtitle);
    column->addWidget(m_binding);
    return header;
}

QWidget *ScopeDetail::makeTiles()
{
    auto *tiles = new QWidget;
    auto *row = new QHBoxLayout(tiles);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    const auto add = [&](FigureTile *&tile, const QString &label, const QString &name) {
        tile = new FigureTile(label);
        tile->setObjectName(u"budgets."_s + name);
        row->addWidget(tile, 1);
    };
    add(m_spent, tr("Spent"), u"spent"_s);
    add(m_reserved, tr("Reserved"), u"reserved"_s);
    add(m_left, tr("Left"), u"left"_s);
    add(m_forecast, tr("Forecast"), u"forecast"_s);
    add(m_refused, tr("Refused"), u"refused"_s);
    return tiles;
}

QWidget *ScopeDetail::makeBurnDown()
{
    m_burnCard = new widgets::Card(tr("Left to spend"), tr("USD"));
    m_burnCard->addToHeader(m_legend);
    m_historyBanner->setObjectName(u"budgets.historyBanner"_s);
    m_historyBanner->addRetry();
    m_historyBanner->hide();
    m_skeleton->setShape(widgets::SkeletonView::Shape::Chart);
    m_skeleton->setMinimumHeight(220);
    m_skeleton->hide();
    m_burnDown->setMinimumHeight(260);
    m_burnCard->body()->setContentsMargins(4, 0, 4, 4);
    m_burnCard->body()->addWidget(m_historyBanner);
    m_burnCard->body()->addWidget(m_skeleton);
    m_burnCard->body()->addWidget(m_burnDown, 1);
    return m_burnCard;
}

QWidget *ScopeDetail::makeEditors()
{
    m_budgetCard = new widgets::Card(tr("Budget"));
    m_addBudget->setObjectName(u"budgets.add"_s);
    m_addBudget->setAccessibleName(tr("Add a budget"));
    m_addBudget->setSmall(true);
    m_remove->setObjectName(u"budgets.remove"_s);
    m_budgetCard->addToHeader(m_remove);
    m_budgetCard->addToHeader(m_addBudget);
    m_noBudget->setWordWrap(true);
    m_noBudget->setContentsMargins(12, 4, 12, 12);
    m_budgetCard->body()->addWidget(m_noBudget);
    m_budgetCard->body()->addWidget(m_form, 1);
    m_budgetCard->body()->addStretch(0);
    auto *editors = new QWidget;
    m_editors = new QBoxLayout(QBoxLayout::LeftToRight, editors);
    m_editors->setContentsMargins(0, 0, 0, 0);
    m_editors->setSpacing(8);
    m_editors->addWidget(m_budgetCard, 10);
    m_editors->addWidget(m_limits, 11);
    return editors;
}

void ScopeDetail::connectParts()
{
    connect(m_tabs, &widgets::TabStrip::currentChanged, this, [this](int tab) {
        m_chosen = tab;
        refresh();
    });
    connect(m_form, &BudgetForm::edited, this, [this](const QString &what, const std::function<void(Budget &)> &change, const QString &merge) {
        editQuota(what, [index = static_cast<std::size_t>(m_chosen), change](Quota &quota) {
            if (index < quota.budgets.size())
                change(quota.budgets[index]);
        }, merge.isEmpty() ? merge : u"%1 %2"_s.arg(merge).arg(m_chosen));
    });
    connect(m_limits, &LimitsCard::edited, this, [this](const QString &what, const std::function<void(std::vector<Limit> &)> &change, const QString &merge) {
        editQuota(what, [change](Quota &quota) { change(quota.limits); }, merge);
    });
    connect(m_form, &BudgetForm::raiseWanted, this, &ScopeDetail::raise);
    connect(m_raiseButton, &QPushButton::clicked, this, &ScopeDetail::raise);
    connect(m_addBudget, &QPushButton::clicked, this, &ScopeDetail::addBudget);
    connect(m_remove, &QPushButton::clicked, this, &ScopeDetail::removeBudget);
    connect(m_callsButton, &QPushButton::clicked, this, [this] { m_context.view->openCalls(panes::filterOf(m_scope)); });
    connect(m_footer, &panes::DraftFooter::saveWanted, this, &ScopeDetail::save);
    connect(&m_draft, &bridge::ConfigDraft::changed, this, &ScopeDetail::refresh);
    connect(&m_draft, &bridge::ConfigDraft::stateChanged, this, &ScopeDetail::refreshFooter);
    connect(&m_draft, &bridge::ConfigDraft::checked, this, &ScopeDetail::showEditors);
    connect(&m_history, &SpendHistory::changed, this, &ScopeDetail::showFigures);
    connect(m_historyBanner, &widgets::SectionBanner::retried, this, &ScopeDetail::readAgain);
}

Quota ScopeDetail::quota() const { return panes::quotaOf(m_draft.config(), m_scope); }

const Budget *ScopeDetail::chosenRule(const Quota &of) const
{
    return static_cast<std::size_t>(m_chosen) < of.budgets.size() ? &of.budgets[static_cast<std::size_t>(m_chosen)] : nullptr;
}

const BudgetState *ScopeDetail::chosenState() const
{
    const Quota of = quota();
    const Budget *rule = chosenRule(of);
    return rule && m_standing ? panes::stateOf(m_standing->find(m_scope), *rule, m_draft.config().gateway.timeZone) : nullptr;
}

bool ScopeDetail::editable() const { return !panes::isLocked(m_draft.config(), m_scope); }

void ScopeDetail::setScope(const panes::ScopeRef &scope)
{
    if (scope == m_scope)
        return;
    m_scope = scope;
    m_chosen = 0;
    m_scroll->verticalScrollBar()->setValue(0);
    refresh();
}

void ScopeDetail::setStanding(const panes::Standing *standing, const std::vector<Conflict> &conflicts)
{
    m_standing = standing;
    m_conflicts = conflicts;
    showHeader();
    showFigures();
    const Quota of = quota();
    m_limits->show(of.limits, m_standing ? m_standing->find(m_scope) : nullptr, editable(), panes::mostRules(m_scope));
}

void ScopeDetail::setFileName(const QString &name)
{
    m_file = name;
    showHeader();
}

void ScopeDetail::readAgain()
{
    m_history.forget();
    showFigures();
}

void ScopeDetail::refresh()
{
    const Quota of = quota();
    m_chosen = std::clamp(m_chosen, 0, std::max(0, static_cast<int>(of.budgets.size()) - 1));
    QStringList tabs;
    for (const Budget &budget : of.budgets) {
        const QString text = panes::capText(budget.amount.value_or(gateway::Money()), budget.per);
        tabs << (budget.endpoint.empty() ? text : tr("%1, %2").arg(text, qt(budget.endpoint)));
    }
    {
        const QSignalBlocker quiet(m_tabs);
        m_tabs->setTabs(tabs);
        m_tabs->setCurrent(m_chosen);
    }
    m_tabs->setVisible(tabs.size() > 1);
    showHeader();
    showFigures();
    showEditors();
    refreshFooter();
}

void ScopeDetail::showHeader()
{
    const Config &config = m_draft.config();
    m_title->setText(panes::titleOf(m_scope));
    m_mark->set(static_cast<int>(panes::iconOf(m_scope.kind)), m_scope.kind == gateway::ScopeKind::Team ? bridge::teamColor(config, m_scope.name) : -2);
    const BudgetState *state = chosenState();
    const QString kind = panes::kindWord(m_scope.kind);
    QString subtitle = state ? tr("%1 budget, %2").arg(kind, panes::resetText(*state)) : quota().budgets.empty() ? tr("%1 without a budget of its own").arg(kind) : tr("%1 budget, counts once it is saved").arg(kind);
    if (!editable())
        subtitle = tr("Set by %1, edit it there. %2").arg(m_file.isEmpty() ? tr("the --config file") : m_file, subtitle);
    else if (m_scope.kind == gateway::ScopeKind::Customer && !m_scope.name.empty())
        subtitle = tr("%1 All customers have the same rules.").arg(subtitle + u'.');
    m_subtitle->setText(subtitle);
    const auto cap = m_standing ? m_standing->bindingCap(m_scope, panes::teamOf(config, m_scope)) : std::nullopt;
    m_binding->setText(cap ? panes::bindingText(m_scope, *cap) : tr("no money cap binds it"));
    m_raiseButton->setEnabled(editable() && state);
    QStringList wrong;
    for (const Conflict &conflict : m_conflicts) {
        if (conflict.scope == m_scope)
            wrong << conflict.text;
    }
    m_conflictBanner->setVisible(!wrong.isEmpty());
    if (!wrong.isEmpty())
        m_conflictBanner->setContent(wrong.takeFirst(), wrong.join(u'\n'));
}

void ScopeDetail::showFigures()
{
    const BudgetState *state = chosenState();
    m_tiles->setVisible(state != nullptr);
    m_burnCard->setVisible(state != nullptr);
    if (!state)
        return;
    const panes::Level level = panes::levelOf(*state);
    const gateway::WallTime now = m_context.view->now();
    m_spent->set(widgets::moneyTotal(state->spent), tr("%1 of %2").arg(panes::usedText(*state), panes::amountText(state->amount)), level == panes::Level::Fine ? Role::Text : panes::roleOf(level));
    m_reserved->set(widgets::moneyTotal(state->reserved), tr("by calls in flight"));
    m_left->set(widgets::moneyTotal(std::max(panes::leftOf(*state), gateway::Money())), restText(*state, now), level == panes::Level::UsedUp ? Role::Err : Role::Text);
    showBurnDown(*state);
}

void ScopeDetail::showBurnDown(const BudgetState &budget)
{
    const gateway::WallTime now = m_context.view->now();
    const auto [from, to] = windowOf(budget, now);
    m_history.want(m_scope, budget, from, now);
    const QString problem = m_history.problem();
    m_historyBanner->setVisible(!problem.isEmpty());
    if (!problem.isEmpty())
        m_historyBanner->setContent(tr("What was spent when cannot be read"), problem);
    const bool known = m_history.known();
    if (!known && m_history.waiting() && !m_skeleton->waiting())
        m_skeleton->begin(tr("Reading what was spent"));
    else if (!m_history.waiting())
        m_skeleton->end();
    m_skeleton->setVisible(!known && m_history.waiting());
    m_burnDown->setVisible(known);
    widgets::setDimmed(m_burnDown, known && !problem.isEmpty());
    const auto outlook = known ? forecast(budget, m_history.spend(), now) : std::nullopt;
    const bool tooLittle = outlook && outlook->usedUp && budget.used() < 1;
    m_forecast->set(known ? forecastFigure(budget, outlook, now) : widgets::unknownText(),
                    !known ? QString() : tooLittle && outlook->byTheEnd ? tr("%1 by the end at this pace").arg(panes::amountText(*outlook->byTheEnd)) : forecastText(budget, outlook, now), tooLittle || budget.used() >= 1 ? Role::Warn : Role::Text);
    m_refused->set(known ? widgets::count(m_history.refused()) : widgets::unknownText(), tr("calls %1").arg(periodNow(budget.per)), known && m_history.refused() > 0 ? Role::Err : Role::Text);
    m_burnCard->setUnit(tr("USD, %1").arg(periodNow(budget.per)));
    if (!known)
        return;
    BurnDownView::Picture picture {.budget = budget, .from = from, .to = to, .now = now, .line = burnDown(budget, from, m_history.spend(), paceOf(budget.per).bucket, now), .forecast = outlook};
    picture.color = m_scope.kind == gateway::ScopeKind::Team ? bridge::teamColor(m_draft.config(), m_scope.name) : 0;
    const Quota of = quota();
    if (const Budget *rule = chosenRule(of); rule && !rule->warnAt.empty())
        picture.warnAt = rule->warnAt.front();
    m_legend->setColor(picture.color);
    m_burnDown->setPicture(std::move(picture));
}

void ScopeDetail::showEditors()
{
    const Quota of = quota();
    const bool may = editable();
    QHash<QString, QString> here;
    QStringList lines;
    const QString prefix = panes::fieldPrefix(m_draft.config(), m_scope);
    const QString budgetPrefix = m_scope.kind == gateway::ScopeKind::Customer ? u"default_budget."_s : u"budgets[%1]."_s.arg(m_chosen);
    for (const auto &problem : m_draft.problems()) {
        if (problem.warning)
            continue;
        const QString field = qt(problem.field), words = qt(problem.message);
        const bool ours = field.startsWith(prefix);
        if (ours && field.mid(prefix.size()).startsWith(budgetPrefix))
            here.insert(field.mid(prefix.size() + budgetPrefix.size()), words);
        lines << (ours || field.isEmpty() ? words : tr("%1: %2").arg(field, words));
    }
    const Budget *rule = chosenRule(of);
    m_form->setVisible(rule != nullptr);
    m_noBudget->setVisible(rule == nullptr);
    m_noBudget->setText(tr("Nothing caps what it may spend itself."));
    m_remove->setVisible(rule != nullptr);
    m_remove->setEnabled(may);
    m_addBudget->setEnabled(may && of.budgets.size() < panes::mostRules(m_scope));
    if (rule)
        m_form->show(*rule, m_draft.config(), may, here);
    m_limits->show(of.limits, m_standing ? m_standing->find(m_scope) : nullptr, may, panes::mostRules(m_scope));
    m_error->setText(lines.join(u'\n'));
    m_error->setVisible(!lines.isEmpty());
    refreshFooter();
}

void ScopeDetail::refreshFooter()
{
    m_footer->setWrong(m_form->typedWrong() || m_limits->typedWrong() ? tr("A marked field cannot be read.") : QString());
}

void ScopeDetail::editQuota(const QString &what, const std::function<void(Quota &)> &change, const QString &merge)
{
    if (!editable())
        return;
    m_draft.edit(tr("%1 of %2").arg(what, panes::inWords(m_scope)), [scope = m_scope, &change](Config &config) {
        Quota next = panes::quotaOf(config, scope);
        change(next);
        panes::setQuota(config, scope, std::move(next));
    }, merge.isEmpty() ? merge : u"%1 %2 %3"_s.arg(static_cast<int>(m_scope.kind)).arg(qt(m_scope.name), merge));
}

void ScopeDetail::addBudget()
{
    if (!editable() || quota().budgets.size() >= panes::mostRules(m_scope)) {
        m_context.view->toast(editable() ? tr("Customers have one budget: change it.") : tr("Set by %1, edit it there").arg(m_file.isEmpty() ? tr("the --config file") : m_file));
        return;
    }
    // Of a period that is free: two of one would share one account.
    Budget fresh {.amount = gateway::Money::fromNanos(100'000'000'000), .warnAt = {0.8}};
    for (const Period per : {Period::Month, Period::Day, Period::Week, Period::Hour, Period::Total}) {
        const Quota of = quota();
        if (std::ranges::find(of.budgets, per, &Budget::per) == of.budgets.end()) {
            fresh.per = per;
            break;
        }
    }
    m_chosen = static_cast<int>(quota().budgets.size());
    editQuota(tr("new budget"), [fresh](Quota &of) { of.budgets.push_back(fresh); }, {});
    m_scroll->ensureWidgetVisible(m_budgetCard);
    m_form->focusAmount();
}

void ScopeDetail::removeBudget()
{
    const int index = m_chosen;
    editQuota(tr("removed budget"), [index](Quota &of) {
        if (static_cast<std::size_t>(index) < of.budgets.size())
            of.budgets.erase(of.budgets.begin() + index);
    }, {});
    m_context.view->toast(tr("The budget is out of the draft"), [this] { m_draft.undoStack().undo(); });
}

void ScopeDetail::raise()
{
    const BudgetState *state = chosenState();
    if (!state || !editable())
        return;
    const Quota of = quota();
    auto *dialog = new RaiseDialog(m_scope, *state, *chosenRule(of), m_context.view->now(), window());
    connect(dialog, &RaiseDialog::raised, this, [this, index = static_cast<std::size_t>(m_chosen), scope = m_scope](const gateway::config::Raise &raise) {
        const auto work = [scope, index, raise](Config &config) {
            Quota next = panes::quotaOf(config, scope);
            if (index < next.budgets.size())
                next.budgets[index].raise = raise;
            panes::setQuota(config, scope, std::move(next));
        };
        bridge::ConfigDraft::applyNow(*m_context.gateway, *m_context.view, tr("%1 raised to %2").arg(panes::titleOf(scope), panes::amountText(raise.to)), work);
    });
    dialog->open();
}

void ScopeDetail::save()
{
    m_draft.apply(tr("edit budgets and limits"), [this](const gateway::api::ApplyOutcome &outcome) {
        if (outcome.applied) {
            m_context.view->toast(tr("Saved as version %1").arg(outcome.revision));
            Q_EMIT saved();
        }
        refresh();
    });
}

void ScopeDetail::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_editors->setDirection(width() < sideBySideFrom ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
}

} // namespace ui::budgets
