// SPDX-License-Identifier: GPL-3.0-or-later
// Second figures by later prices, beside what was logged, where the gateway has them.
#include "ui/panes/costs/costs_pane.h"

#include "gateway/api/reprice_tools.h"
#include "ui/bridge/text.h"
#include "ui/panes/costs/reprice_dialog.h"
#include "ui/panes/filter_terms.h"
#include "ui/widgets/card.h"
#include "ui/widgets/format.h"
#include "ui/widgets/states.h"

#include <QMenu>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::costs {

using gateway::api::RepriceTools;
using widgets::Icon;
using widgets::SectionBanner;
using gateway::WallTime;

namespace {

constexpr std::chrono::seconds answerHolds {30};

} // namespace

void CostsPane::setUpRepricing(QVBoxLayout *column)
{
    if (!RepriceTools::of(gateway()))
        return;
    m_repriced = new SectionBanner(SectionBanner::Kind::Info);
    m_repriced->setObjectName(u"costs.repriced"_s);
    m_repriced->hide();
    auto *open = m_repriced->addAction(Icon::Refresh, tr("Price again, or undo…"));
    open->setObjectName(u"costs.repriced.open"_s);
    connect(open, &QPushButton::clicked, this, [this] { openRepricing({}); });
    column->addWidget(m_repriced);
    auto *price = m_sentence->addAction(Icon::Refresh, tr("Price them now…"));
    price->setObjectName(u"costs.priceUnpriced"_s);
    connect(price, &QPushButton::clicked, this, [this] { openRepricing(u"NOT cost:>=0"_s); });
}

/// Of what is shown, and of these calls of it alone.
void CostsPane::openRepricing(const QString &term)
{
    auto *tools = RepriceTools::of(gateway());
    const QString text = panes::withFilter(bridge::qt(view().filter().text()), term);
    const auto filter = gateway::CallFilter::parse(bridge::utf8(text));
    if (!tools || !filter)
        return;
    const Asked asked = question();
    const Period &period = asked.shown.period;
    const QString words = term.isEmpty() ? (text.isEmpty() ? tr("All calls") : tr("Calls of %1").arg(text)) : view().filter().empty() ? tr("Calls without a price") : tr("Calls of %1 without a price").arg(bridge::qt(view().filter().text()));
    auto *dialog = new RepriceDialog(*tools, {.range = {.from = period.from, .to = period.to}, .filter = *filter}, tr("%1, %2").arg(words, periodText(period, asked.zone)), asked.zone, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &RepriceDialog::changed, this, [this] { askRepriced(true); });
    dialog->open();
}

/// Both figures of what is shown. Calls that come meanwhile have one alone, so that the answer of a moment ago holds while a range moves.
void CostsPane::askRepriced(bool anew)
{
    auto *tools = RepriceTools::of(gateway());
    if (!tools || !active())
        return;
    const Period &period = m_asked.shown.period;
    const RepricedShown &last = m_repricedShown;
    const auto near = [](WallTime a, WallTime b) { return a - b < answerHolds && b - a < answerHolds; };
    if (!anew && near(period.from, last.period.from) && near(period.to, last.period.to) && near(view().now(), last.at) && view().filter() == last.filter)
        return showRepriced();
    RepricedShown next {.period = period, .filter = view().filter(), .total = {}, .at = view().now()};
    m_repricedShown.at = {}; // of the former nothing holds any more
    gateway::RepriceQuery query {.range = {.from = period.from, .to = period.to}, .filter = next.filter};
    tools->total(std::move(query), this, [this, next = std::move(next)](const gateway::Result<gateway::RepricedTotal> &total) mutable {
        if (total) {
            next.total = *total;
            m_repricedShown = std::move(next);
            return showRepriced();
        }
        m_repriced->setKind(SectionBanner::Kind::Error);
        m_repriced->setContent(tr("What was priced again cannot be read"), bridge::qt(total.error().message));
        m_repriced->show();
    });
}

void CostsPane::showRepriced()
{
    const gateway::RepricedTotal &total = m_repricedShown.total;
    m_repriced->setKind(SectionBanner::Kind::Info);
    m_repriced->setVisible(total.calls > 0);
    if (total.calls == 0)
        return;
    const gateway::Money all = gateway::Money::fromNanos(m_costs.total.cost.nanos() - total.logged.nanos() + total.repriced.nanos());
    QStringList more {tr("%1 calls have a second figure: %2 instead of %3.").arg(widgets::count(total.calls), widgets::money(total.repriced), widgets::money(total.logged))};
    if (total.firstPriced > 0)
        more.append(tr("%1 of them were logged without a price.").arg(widgets::count(total.firstPriced)));
    more.append(tr("The figures below, budgets and spend go by what was logged."));
    m_repriced->setContent(tr("As re-priced %1, as logged %2").arg(widgets::moneyTotal(all), widgets::moneyTotal(m_costs.total.cost)), more.join(u' '));
}

} // namespace ui::costs
