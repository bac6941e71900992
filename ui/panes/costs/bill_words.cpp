// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/bill_words.h"

#include "ui/widgets/format.h"
#include "ui/widgets/stat_tile.h"

#include <QCoreApplication>
#include <QLocale>

#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::costs {
namespace {

using gateway::Money;
using widgets::Icon;
using widgets::Role;

QString tr(const char *text) { return QCoreApplication::translate("costs", text); }

Money sizeOf(Money amount) { return Money::fromNanos(std::abs(amount.nanos())); }

} // namespace

QString causeWords(Cause cause)
{
    switch (cause) {
    case Cause::Same: return tr("the same");
    case Cause::NotLogged: return tr("not in the log");
    case Cause::NotBilled: return tr("not on the bill");
    case Cause::Unpriced: return tr("price not known");
    case Cause::DayBorder: return tr("on another day");
    case Cause::MoreBilled: return tr("more tokens billed");
    case Cause::MoreLogged: return tr("more tokens logged");
    case Cause::OtherPrice: return tr("another price");
    case Cause::Unclear: return tr("costs differ");
    }
    return {};
}

Icon causeIcon(Cause cause)
{
    switch (cause) {
    case Cause::Same: return Icon::Ok;
    case Cause::NotLogged: return Icon::EyeOff;
    case Cause::NotBilled: return Icon::Skipped;
    case Cause::Unpriced: return Icon::Warning;
    case Cause::DayBorder: return Icon::Clock;
    case Cause::MoreBilled: return Icon::ArrowUp;
    case Cause::MoreLogged: return Icon::ArrowDown;
    case Cause::OtherPrice: return Icon::Tag;
    case Cause::Unclear: return Icon::Diff;
    }
    return Icon::None;
}

Role causeRole(Cause cause)
{
    switch (cause) {
    case Cause::Same: return Role::Ok;
    case Cause::DayBorder:
    case Cause::NotBilled: return Role::Muted;
    case Cause::NotLogged: return Role::Err;
    default: return Role::Warn;
    }
}

int causeSeries(Cause cause)
{
    return cause == Cause::Same ? -1 : static_cast<int>(cause) - 1;
}

QDate dateOf(std::chrono::sys_days day)
{
    const std::chrono::year_month_day date(day);
    return {static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())), static_cast<int>(static_cast<unsigned>(date.day()))};
}

QString driftText(Money drift)
{
    if (drift == Money {})
        return widgets::money(drift);
    return (drift < Money {} ? QString(QChar(0x2212)) : u"+"_s) + widgets::money(sizeOf(drift));
}

QString driftText(const std::optional<Money> &drift)
{
    return drift ? driftText(*drift) : widgets::unknownText();
}

QString tokensText(const gateway::billing::Figures &figures)
{
    if (!figures.input && !figures.output)
        return widgets::unknownText();
    return tr("%1 in, %2 out").arg(widgets::count(std::uint64_t(figures.input.value_or(0))), widgets::count(std::uint64_t(figures.output.value_or(0))));
}

QString billSentence(const gateway::billing::Reconciliation &all)
{
    if (all.rows.empty())
        return tr("The bill has no line that a model's call is on.");
    const QLocale locale;
    const QDate first = dateOf(all.rows.front().day), last = dateOf(all.rows.back().day);
    const QString when = first == last ? tr("on %1").arg(locale.toString(first, u"d MMM yyyy"_s)) : tr("from %1 to %2").arg(locale.toString(first, u"d MMM"_s), locale.toString(last, u"d MMM yyyy"_s));
    if (!all.billed.cost)
        return tr("The bill has %1 %2, the log %3.").arg(tokensText(all.billed), when, tokensText(all.logged));
    const Money billed = *all.billed.cost, logged = all.logged.cost.value_or(Money {});
    const Money drift = logged - billed;
    const bool twice = std::abs(drift.nanos()) > std::abs(billed.nanos()); // a share ends at 100 %
    const QString share = twice ? widgets::changeOf(double(billed.nanos()), double(logged.nanos())).text : widgets::share(std::uint64_t(std::abs(drift.nanos())), std::uint64_t(std::abs(billed.nanos())));
    const QString how = drift == Money {} ? tr("the same") : billed == Money {} ? driftText(drift) : drift < Money {} ? tr("%1 less").arg(share) : tr("%1 more").arg(share);
    return tr("The bill says %1 %2, the log %3 (%4).").arg(widgets::moneyTotal(billed), when, widgets::moneyTotal(logged), how);
}

} // namespace ui::costs
