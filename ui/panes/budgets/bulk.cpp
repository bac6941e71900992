// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/budgets/bulk.h"

#include "ui/panes/scopes/scope_words.h"
#include "ui/widgets/format.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::budgets {

namespace {

using gateway::Money;
using gateway::config::Budget;
using gateway::config::Config;
using gateway::config::Limit;
using gateway::config::Quota;
using panes::ScopeRef;
using Count = std::optional<std::int64_t>;

constexpr std::array counts {&Limit::rpm, &Limit::tpm, &Limit::tpd, &Limit::parallel};
constexpr std::int64_t cent = 10'000'000; ///< nano-dollars

QString tr(const char *text) { return QCoreApplication::translate("ui::budgets", text); }

/// To whole cents, but for amounts that have less.
Money scaled(Money amount, double factor)
{
    const auto exact = static_cast<std::int64_t>(std::llround(static_cast<double>(amount.nanos()) * factor));
    return Money::fromNanos(exact >= cent ? (exact + cent / 2) / cent * cent : exact);
}

template <typename Change>
void changeAll(Config &config, const std::vector<ScopeRef> &scopes, const Change &change)
{
    for (const ScopeRef &scope : scopes) {
        if (panes::isLocked(config, scope))
            continue;
        Quota quota = panes::quotaOf(config, scope);
        change(quota);
        panes::setQuota(config, scope, std::move(quota));
    }
}

QString shortText(const Quota &quota)
{
    QStringList parts;
    for (const Budget &budget : quota.budgets)
        parts << panes::capText(budget.amount.value_or(Money()), budget.per);
    for (const Limit &limit : quota.limits) {
        static constexpr std::array words {"rpm", "tpm", "tpd", "parallel"};
        for (std::size_t i = 0; i < counts.size(); ++i) {
            if (const Count &count = limit.*counts[i])
                parts << widgets::count(static_cast<std::uint64_t>(*count)) + u' ' + QLatin1StringView(words[i]);
        }
    }
    return parts.isEmpty() ? tr("no rules") : parts.join(u", "_s);
}

} // namespace

void scale(Config &config, const std::vector<ScopeRef> &scopes, double factor)
{
    changeAll(config, scopes, [factor](Quota &quota) {
        for (Budget &budget : quota.budgets) {
            if (budget.amount)
                budget.amount = scaled(*budget.amount, factor);
            if (budget.raise)
                budget.raise->to = std::max(scaled(budget.raise->to, factor), budget.amount.value_or(Money()));
        }
        for (Limit &limit : quota.limits) {
            for (Count Limit::*member : counts) {
                if (Count &count = limit.*member)
                    count = std::max<std::int64_t>(1, std::llround(static_cast<double>(*count) * factor));
            }
        }
    });
}

void copyRules(Config &config, const ScopeRef &from, const std::vector<ScopeRef> &to)
{
    const Quota rules = panes::quotaOf(config, from);
    changeAll(config, to, [&rules](Quota &quota) { quota = rules; });
}

void clearRules(Config &config, const std::vector<ScopeRef> &scopes)
{
    changeAll(config, scopes, [](Quota &quota) { quota = {}; });
}

QStringList effectsOf(const Config &before, const Config &after, const std::vector<ScopeRef> &scopes)
{
    QStringList lines;
    for (const ScopeRef &scope : scopes) {
        const Quota was = panes::quotaOf(before, scope), is = panes::quotaOf(after, scope);
        if (panes::isLocked(before, scope))
            lines << tr("%1 stays as it is: the --config file owns it").arg(panes::titleOf(scope));
        else if (!(was == is))
            lines << tr("%1: %2 becomes %3").arg(panes::titleOf(scope), shortText(was), shortText(is));
    }
    return lines;
}

} // namespace ui::budgets
