// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/alerts/deliveries_page.h"

#include "ui/bridge/text.h"
#include "ui/panes/alerts/alert_words.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"

#include <QHBoxLayout>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace ui::alerts {

namespace {

using bridge::qt;
using gateway::AlertDelivery;
using widgets::Icon;
using widgets::Role;

QString channelTitle(const std::string &channel)
{
    static constexpr std::array kinds {NotifyKind::Desktop, NotifyKind::Webhook, NotifyKind::Slack, NotifyKind::Teams, NotifyKind::Discord, NotifyKind::Email};
    const auto found = std::ranges::find(kinds, std::string_view(channel), [](NotifyKind kind) { return toText(kind); });
    return found == kinds.end() ? qt(channel) : notifyTitle(*found);
}

CellsModel::Cell outcomeOf(const AlertDelivery &delivery)
{
    if (delivery.delivered)
        return {.text = DeliveriesPage::tr("told"), .icon = Icon::Ok, .role = Role::Ok};
    if (delivery.last)
        return {.text = DeliveriesPage::tr("failed"), .icon = Icon::Error, .role = Role::Err};
    return {.text = DeliveriesPage::tr("tried again"), .icon = Icon::Warning, .role = Role::Warn};
}

} // namespace

DeliveriesPage::DeliveriesPage(gateway::api::AlertTools &tools, Now now, QWidget *parent)
    : HistoryPage({.name = u"deliveries"_s, .title = tr("Who was told"), .nothing = tr("Nobody was told anything yet. Test (Ctrl+T) tells all receivers that it is a test."), .what = tr("Listing who was told"), .failed = tr("Who was told cannot be read")},
                  {tr("At"), tr("Alert"), tr("What"), tr("Receiver"), tr("Try"), tr("Outcome"), tr("Answer")}, parent),
      m_tools(tools), m_now(std::move(now)), m_test(new widgets::StateLabel)
{
    m_test->setObjectName(u"alerts.testResult"_s);
    bar()->insertWidget(0, m_test, 2);
}

void DeliveriesPage::showTesting(const QString &alert) { m_test->setState(Icon::Clock, Role::Muted, tr("Telling the receivers of %1…").arg(alert)); }

void DeliveriesPage::showTest(const QString &alert, const gateway::Result<std::vector<AlertDelivery>> &told)
{
    if (!told) {
        m_test->setState(Icon::Error, Role::Err, tr("The test of %1 failed: %2").arg(alert, qt(told.error().message)));
    } else if (told->empty()) {
        m_test->setState(Icon::Info, Role::Muted, tr("%1 tells nobody").arg(alert));
    } else {
        const auto reached = std::ranges::count(*told, true, &AlertDelivery::delivered), all = static_cast<std::ptrdiff_t>(told->size());
        const QString text = reached == all && all == 1 ? tr("Test of %1: it was told").arg(alert) : reached == all ? tr("Test of %1: all %2 were told").arg(alert).arg(all) : tr("Test of %1: %2 of %3 were told").arg(alert).arg(reached).arg(all);
        m_test->setState(reached == all ? Icon::Ok : Icon::Error, reached == all ? Role::Ok : Role::Err, text);
    }
    ask();
}

void DeliveriesPage::askPage(const gateway::AlertListQuery &query, quint64 question)
{
    m_tools.deliveries(query, this, [this, question, first = query.before == 0](const gateway::Result<std::vector<AlertDelivery>> &page) {
        if (!wanted(question))
            return;
        if (!page)
            return takeError(page.error());
        if (first)
            m_deliveries.clear();
        m_deliveries.insert(m_deliveries.end(), page->begin(), page->end());
        takePage(page->size() == static_cast<std::size_t>(pageSize), m_deliveries.empty() ? 0 : m_deliveries.back().number);
    });
}

QList<CellsModel::Row> DeliveriesPage::rows() const
{
    const gateway::WallTime now = m_now();
    QList<CellsModel::Row> rows;
    for (const AlertDelivery &delivery : m_deliveries) {
        const QString what = delivery.subject.empty() ? wordTitle(delivery.word) : tr("%1: %2").arg(wordTitle(delivery.word), qt(delivery.subject));
        const QString receiver = delivery.target.empty() ? channelTitle(delivery.channel) : tr("%1 %2").arg(channelTitle(delivery.channel), qt(delivery.target));
        rows << CellsModel::Row {{.text = widgets::moment(delivery.at, now), .tip = widgets::dateTimeUtc(delivery.at)}, {.text = qt(delivery.name)}, {.text = what}, {.text = receiver}, {.text = QString::number(delivery.attempt)}, outcomeOf(delivery), {.text = qt(delivery.detail)}};
    }
    return rows;
}

void DeliveriesPage::resizeEvent(QResizeEvent *event)
{
    HistoryPage::resizeEvent(event);
    const bool wide = width() >= 860;
    table()->setColumnHidden(1, !wide);
    table()->setColumnWidths({116, 96, wide ? 130 : 100, wide ? 250 : 160, 36, 96, 0});
}

} // namespace ui::alerts
