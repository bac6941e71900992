// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/unusual_card.h"

#include "ui/bridge/text.h"
#include "ui/panes/costs/cost_words.h"
#include "ui/panes/costs/unusual_words.h"
#include "ui/widgets/format.h"
#include "ui/widgets/theme.h"

#include <QKeyEvent>
#include <QListWidget>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <functional>

using namespace Qt::StringLiterals;

namespace ui::costs {
namespace {

constexpr int causeRole = Qt::UserRole + 1;
constexpr int excessRole = Qt::UserRole + 2;
constexpr int rowHeight = 40;
constexpr int rowsShown = 3;

/// Two lines: what happened and how much more that was; what explains it.
class UnusualDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override { return {100, rowHeight}; }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const widgets::ThemeColors &c = widgets::colorsOf(option.palette);
        painter->save();
        if (option.state & QStyle::State_Selected)
            painter->fillRect(option.rect, c.selection);
        const QRect line = option.rect.adjusted(12, 3, -12, -3);
        const auto seen = [&](const QRect &part) { return QStyle::visualRect(option.direction, line, part); };
        const auto align = [&](Qt::Alignment side) { return int(QStyle::visualAlignment(option.direction, side) | Qt::AlignAbsolute | Qt::AlignVCenter); };
        painter->setFont(widgets::textFont(13, QFont::DemiBold));
        const QString excess = index.data(excessRole).toString();
        const int wide = painter->fontMetrics().horizontalAdvance(excess) + 16;
        painter->setPen(c.warn);
        painter->drawText(seen(QRect(line.left(), line.top(), line.width(), line.height())), align(Qt::AlignRight), excess);
        const QRect upper(line.left(), line.top(), line.width() - wide, line.height() / 2), lower = upper.translated(0, line.height() / 2);
        painter->setPen(c.text);
        painter->setFont(widgets::textFont(13));
        painter->drawText(seen(upper), align(Qt::AlignLeft), painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, upper.width()));
        painter->setPen(c.muted);
        painter->setFont(widgets::textFont(12));
        painter->drawText(seen(lower), align(Qt::AlignLeft), painter->fontMetrics().elidedText(index.data(causeRole).toString(), Qt::ElideRight, lower.width()));
        painter->restore();
    }
};

/// Enter opens: what a style takes for an activation by the mouse is not asked.
class DayList final : public QListWidget
{
public:
    std::function<void(int)> opened;

protected:
    void keyPressEvent(QKeyEvent *event) override
    {
        if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && currentRow() >= 0)
            opened(currentRow());
        else
            QListWidget::keyPressEvent(event);
    }
};

} // namespace

UnusualCard::UnusualCard(gateway::api::CostStudies &studies, QWidget *parent) : Card(tr("Unusual"), {}, parent), m_studies(studies)
{
    setObjectName(u"costs.unusual"_s);
    auto *days = new DayList;
    days->opened = [this](int row) { open(row); };
    m_list = days;
    m_list->setObjectName(u"costs.unusualDays"_s);
    m_list->setAccessibleName(tr("Unusual days"));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setItemDelegate(new UnusualDelegate(m_list));
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setUniformItemSizes(true);
    body()->addWidget(m_list);
    connect(m_list, &QListWidget::itemClicked, this, [this](QListWidgetItem *item) { open(m_list->row(item)); });
    hide();
}

void UnusualCard::ask(const gateway::AnomalyQuery &query, const QTimeZone &zone)
{
    m_zone = zone;
    m_studies.anomalies(query, this, [this, by = query.by](const gateway::Result<std::vector<gateway::CostAnomaly>> &answer) {
        if (!answer)
            return;
        setUnit(tr("days above what the same %1 usually spends on that weekday").arg(fieldWord(by)));
        take(*answer);
    });
}

void UnusualCard::take(std::vector<gateway::CostAnomaly> anomalies)
{
    m_anomalies = std::move(anomalies);
    const int current = m_list->currentRow();
    m_list->clear();
    for (const gateway::CostAnomaly &anomaly : m_anomalies) {
        const QString text = unusualText(anomaly, m_zone), cause = causeText(anomaly), excess = u'+' + widgets::moneyTotal(anomaly.excess);
        auto *item = new QListWidgetItem(text, m_list);
        item->setData(causeRole, cause);
        item->setData(excessRole, excess);
        item->setData(Qt::AccessibleTextRole, QStringList {text, cause, excess}.join(u". "_s));
        item->setToolTip(cause.isEmpty() ? text : text + u".\n"_s + cause);
    }
    if (current >= 0 && current < m_list->count())
        m_list->setCurrentRow(current);
    m_list->setFixedHeight(rowHeight * std::min(rowsShown, std::max(1, m_list->count())) + 6);
    setVisible(!m_anomalies.empty());
    Q_EMIT changed();
}

void UnusualCard::open(int row)
{
    if (row >= 0 && row < int(m_anomalies.size()))
        Q_EMIT opened(m_anomalies[std::size_t(row)]);
}

} // namespace ui::costs
