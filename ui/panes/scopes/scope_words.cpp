// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/scopes/scope_words.h"

#include "ui/bridge/text.h"
#include "ui/widgets/format.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::panes {

namespace {

using gateway::BudgetState;
using gateway::LimitState;
using gateway::Period;

QString tr(const char *text) { return QCoreApplication::translate("ui::panes", text); }

} // namespace

QString periodWord(Period period)
{
    switch (period) {
    case Period::Hour: return tr("hour");
    case Period::Day: return tr("day");
    case Period::Week: return tr("week");
    case Period::Month: return tr("month");
    case Period::Total: return tr("in all");
    }
    return {};
}

QString perWords(Period period)
{
    switch (period) {
    case Period::Hour: return tr("an hour");
    case Period::Day: return tr("a day");
    case Period::Week: return tr("a week");
    case Period::Month: return tr("a month");
    case Period::Total: return tr("in all");
    }
    return {};
}

QString amountText(gateway::Money amount)
{
    QString text = widgets::moneyTotal(amount);
    if (text.endsWith(u".00"_s))
        text.chop(3);
    return text;
}

QString capText(const gateway::Money &amount, Period period) { return tr("%1 %2").arg(amountText(amount), perWords(period)); }

QString spentText(const BudgetState &budget)
{
    const QString text = tr("%1 of %2 %3").arg(widgets::moneyTotal(budget.spent + budget.reserved), amountText(budget.amount), periodWord(budget.per));
    return budget.endpoint.empty() ? text : tr("%1, %2").arg(text, bridge::qt(budget.endpoint));
}

QString usedText(const BudgetState &budget)
{
    const gateway::Money used = budget.spent + budget.reserved;
    if (budget.amount <= gateway::Money() || used >= budget.amount)
        return u"100 %"_s;
    return widgets::share(static_cast<std::uint64_t>(std::max<std::int64_t>(used.nanos(), 0)), static_cast<std::uint64_t>(budget.amount.nanos()));
}

QString resetText(const BudgetState &budget)
{
    if (!budget.resets)
        return tr("never resets");
    return tr("resets %1").arg(bridge::qt(gateway::Calendar(budget.zone).toText(*budget.resets)));
}

QString bindingText(const ScopeRef &scope, const Standing::Cap &cap)
{
    const gateway::Money left = std::max(leftOf(cap.budget), gateway::Money());
    const QString rest = tr("%1 left of %2").arg(widgets::moneyTotal(left), capText(cap.budget.amount, cap.budget.per));
    return cap.of == scope ? tr("its own cap binds: %1").arg(rest) : tr("%1 binds: %2").arg(inWords(cap.of), rest);
}

QString limitTitle(LimitState::What what)
{
    switch (what) {
    case LimitState::What::Requests: return tr("Requests / min");
    case LimitState::What::Tokens: return tr("Tokens / min");
    case LimitState::What::TokensPerDay: return tr("Tokens / day");
    case LimitState::What::Parallel: return tr("Parallel calls");
    }
    return {};
}

QString breachText(const gateway::config::Budget &budget)
{
    using What = gateway::config::Breach::What;
    switch (budget.onBreach.what) {
    case What::Block: return tr("calls are refused with 402");
    case What::Warn: return tr("calls go on and are marked");
    case What::Route: return tr("calls go by route %1").arg(bridge::qt(budget.onBreach.route));
    }
    return {};
}

} // namespace ui::panes
