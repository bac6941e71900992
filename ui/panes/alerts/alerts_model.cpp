// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/alerts/alerts_model.h"

#include "ui/bridge/text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/table_view.h"

namespace ui::alerts {

namespace {

using bridge::qt;
using widgets::Icon;
using widgets::Role;

} // namespace

void AlertsModel::show(std::vector<Row> rows, gateway::WallTime now)
{
    const bool same = rows.size() == m_rows.size();
    m_now = now;
    if (!same)
        beginResetModel();
    m_rows = std::move(rows);
    if (!same)
        endResetModel();
    else if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

QString AlertsModel::text(const Row &row, int column) const
{
    switch (column) {
    case State: return lookOf(row.alert, row.standing, m_now).words;
    case Rule: return qt(row.alert.name);
    case Channels: return channelsText(row.alert.notify);
    case LastFired: return row.standing.lastFired ? widgets::moment(*row.standing.lastFired, m_now) : row.alert.id.empty() ? widgets::unknownText() : tr("never");
    default: return {};
    }
}

QString AlertsModel::subText(const Row &row, int column) const
{
    if (column == State)
        return lookOf(row.alert, row.standing, m_now).note;
    return column == Rule ? ruleText(row.alert.when) : QString();
}

QString AlertsModel::toolTip(const Row &row, int column) const
{
    switch (column) {
    case State: {
        const StateLook look = lookOf(row.alert, row.standing, m_now);
        return look.note.isEmpty() ? look.words : tr("%1, %2").arg(look.words, look.note);
    }
    case Rule: return row.problem.isEmpty() ? tr("%1\n%2\n%3").arg(ruleText(row.alert.when), severityTitle(row.alert.severity), receiversText(row.alert.notify)) : row.problem;
    case Channels: return receiversText(row.alert.notify);
    case LastFired: return row.standing.lastFired ? widgets::dateTimeUtc(*row.standing.lastFired) : tr("Not within the 90 days that are kept");
    default: return {};
    }
}

QVariant AlertsModel::icon(const Row &row, int column, bool role) const
{
    if (column == State) {
        const StateLook look = lookOf(row.alert, row.standing, m_now);
        return role ? int(look.role) : int(look.icon);
    }
    if (column != Rule)
        return {};
    if (!row.problem.isEmpty())
        return role ? int(Role::Err) : int(Icon::Error);
    if (row.alert.origin == gateway::config::Origin::File)
        return role ? int(Role::Muted) : int(Icon::Lock);
    return {};
}

QVariant AlertsModel::data(const QModelIndex &index, int role) const
{
    const Row *row = index.isValid() ? at(index.row()) : nullptr;
    if (!row)
        return {};
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole: return text(*row, column);
    case widgets::CellSubText: return subText(*row, column);
    case Qt::ToolTipRole: return toolTip(*row, column);
    case Qt::AccessibleTextRole: return column == State || column == Rule ? tr("%1, %2").arg(text(*row, column), subText(*row, column)) : text(*row, column);
    case widgets::CellIcon: return icon(*row, column, false);
    case widgets::CellIconRole: return icon(*row, column, true);
    case widgets::CellStrong: return column == Rule || (column == State && row->standing.condition == AlertCondition::Firing);
    case widgets::CellSmall: return column == Channels || column == LastFired;
    case widgets::CellRoleColor:
        if (column == State)
            return row->standing.condition == AlertCondition::Fine ? QVariant() : QVariant(int(lookOf(row->alert, row->standing, m_now).role));
        return column == LastFired || (column == Rule && !row->alert.enabled) ? QVariant(int(Role::Muted)) : QVariant();
    default: return {};
    }
}

QVariant AlertsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case State: return tr("State");
    case Rule: return tr("Rule");
    case Channels: return tr("Tells");
    case LastFired: return tr("Last fired");
    default: return {};
    }
}

} // namespace ui::alerts
