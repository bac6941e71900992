// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/route_list.h"

#include "ui/bridge/text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/proxy_style.h"
#include "ui/widgets/sparkline.h"
#include "ui/widgets/theme.h"

#include <QPainter>

#include <algorithm>

namespace ui::routes {

using gateway::config::Route;

RouteListModel::RouteListModel(const bridge::ConfigDraft &draft, const TrafficWatch &watch, QObject *parent) : QAbstractListModel(parent), m_draft(draft), m_watch(watch) { reload(); }

void RouteListModel::setSearch(const QString &text)
{
    m_search = text.trimmed();
    reload();
}

void RouteListModel::reload()
{
    QList<int> rows;
    const auto &routes = m_draft.config().routes;
    for (int i = 0; i < static_cast<int>(routes.size()); ++i) {
        const Route &one = routes[static_cast<std::size_t>(i)];
        const auto has = [&](const std::string &name) { return bridge::qt(name).contains(m_search, Qt::CaseInsensitive); };
        if (m_search.isEmpty() || has(one.name) || std::ranges::any_of(one.aliases, has))
            rows << i;
    }
    if (rows == m_rows) { // the same rows: the view keeps its selection and place
        if (!m_rows.isEmpty())
            Q_EMIT dataChanged(index(0), index(rowCount() - 1));
        return;
    }
    beginResetModel();
    m_rows = rows;
    endResetModel();
}

void RouteListModel::refreshFigures()
{
    if (!m_rows.isEmpty())
        Q_EMIT dataChanged(index(0), index(rowCount() - 1));
}

int RouteListModel::rowOf(int configIndex) const { return static_cast<int>(m_rows.indexOf(configIndex)); }
int RouteListModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }

const Route *RouteListModel::route(int row) const
{
    const auto at = static_cast<std::size_t>(m_rows.value(row, -1));
    return at < m_draft.config().routes.size() ? &m_draft.config().routes[at] : nullptr;
}

bool RouteListModel::changed(const Route &route) const
{
    const auto &live = m_draft.live().routes;
    const auto same = std::ranges::find_if(live, [&](const Route &other) { return route.id.empty() ? other.name == route.name : other.id == route.id; });
    return same == live.end() || !(*same == route);
}

QVariant RouteListModel::data(const QModelIndex &index, int role) const
{
    const Route *one = index.isValid() ? route(index.row()) : nullptr;
    if (!one)
        return {};
    const QString name = bridge::qt(one->name);
    const RouteTraffic traffic = m_watch.of(name);
    switch (role) {
    case Name: return name;
    case Figures:
        if (!traffic.callsPerSecond)
            return widgets::unknownText();
        return traffic.errorShare ? tr("%1 rps  %2 err").arg(widgets::rate(*traffic.callsPerSecond), widgets::share(*traffic.errorShare)) : tr("%1 rps").arg(widgets::rate(*traffic.callsPerSecond));
    case P95: return tr("p95 %1").arg(widgets::latency(traffic.p95Us));
    case History: return QVariant::fromValue(traffic.history);
    case Troubled: return traffic.errorShare && *traffic.errorShare >= 0.02;
    case Changed: return changed(*one);
    case Locked: return one->origin == gateway::config::Origin::File;
    case Disabled: return !one->enabled;
    case ConfigIndex: return m_rows.value(index.row());
    case Qt::AccessibleTextRole: return tr("%1, %2, %3%4").arg(name, data(index, Figures).toString(), data(index, P95).toString(), changed(*one) ? tr(", draft") : QString());
    case Qt::ToolTipRole: return name;
    default: return {};
    }
}

QSize RouteDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const { return {224, 56}; }

void RouteDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    using namespace widgets;
    const ThemeColors &c = colorsOf(option.palette);
    const QRect r = option.rect;
    painter->save();
    painter->setLayoutDirection(Qt::LeftToRight); // the columns are placed by hand
    painter->fillRect(r, option.state & QStyle::State_Selected ? c.selection : c.surface);
    painter->fillRect(QRect(r.left(), r.bottom(), r.width(), 1), c.line);
    const bool disabled = index.data(RouteListModel::Disabled).toBool();
    const int right = r.right() - 12;
    const auto history = index.data(RouteListModel::History).value<QList<double>>();
    const QRect line(right - 52, r.top() + 9, 52, 20);
    if (history.size() > 1)
        paintSparkline(painter, line, history, c.series[index.data(RouteListModel::Troubled).toBool() ? 7 : 0], false);
    QString mark;
    if (index.data(RouteListModel::Changed).toBool())
        mark = tr("Draft");
    const bool locked = index.data(RouteListModel::Locked).toBool();
    const int markWidth = mark.isEmpty() ? 0 : chipWidth(mark) + 8;
    const QFont font = textFont(13, QFont::DemiBold);
    const QString name = index.data().toString();
    const int room = line.left() - 8 - (r.left() + 16) - markWidth - (locked ? 20 : 0);
    painter->setFont(font);
    painter->setPen(disabled ? c.control : c.text);
    const QString shown = QFontMetrics(font).elidedText(name, Qt::ElideRight, room);
    painter->drawText(QRect(r.left() + 16, r.top() + 10, room, 18), Qt::AlignVCenter | Qt::AlignLeft, shown);
    int x = r.left() + 16 + QFontMetrics(font).horizontalAdvance(shown) + 6;
    if (locked) {
        paintIcon(painter, Icon::Lock, QRectF(x, r.top() + 12, 14, 14), c.muted);
        x += 20;
    }
    if (!mark.isEmpty())
        paintChip(painter, QPoint(x, 0), r.top() + 19, mark, Role::Warn, c);
    painter->setFont(textFont(11));
    painter->setPen(c.muted);
    const QString p95 = index.data(RouteListModel::P95).toString();
    painter->drawText(QRect(r.left(), r.top() + 31, right - r.left(), 16), Qt::AlignRight | Qt::AlignVCenter, p95);
    const int left = right - r.left() - 16 - painter->fontMetrics().horizontalAdvance(p95) - 6;
    const QString figures = disabled ? tr("switched off") : index.data(RouteListModel::Figures).toString();
    painter->drawText(QRect(r.left() + 16, r.top() + 31, left, 16), Qt::AlignLeft | Qt::AlignVCenter, painter->fontMetrics().elidedText(figures, Qt::ElideRight, left));
    if (option.state & QStyle::State_HasFocus && option.state & QStyle::State_KeyboardFocusChange)
        paintFocusRing(painter, QRectF(r).adjusted(1, 1, -1, -2), c.accent, 2);
    painter->restore();
}

} // namespace ui::routes
