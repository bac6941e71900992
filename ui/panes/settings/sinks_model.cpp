// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/settings/sinks_model.h"

#include "ui/bridge/text.h"
#include "ui/panes/settings/telemetry_words.h"
#include "ui/widgets/format.h"
#include "ui/widgets/table_view.h"

#include <algorithm>

namespace ui::settings {

using gateway::SinkStatus;
using gateway::config::LogSink;

void SinksModel::setSinks(std::vector<LogSink> sinks)
{
    if (sinks == m_sinks)
        return;
    beginResetModel();
    m_sinks = std::move(sinks);
    endResetModel();
}

void SinksModel::setStatuses(std::vector<SinkStatus> statuses)
{
    m_statuses = std::move(statuses);
    if (!m_sinks.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

const LogSink *SinksModel::sink(int row) const { return row < 0 || row >= rowCount() ? nullptr : &m_sinks[static_cast<std::size_t>(row)]; }

int SinksModel::rowOf(const std::string &name) const
{
    const auto found = std::ranges::find(m_sinks, name, &LogSink::name);
    return found == m_sinks.end() ? -1 : static_cast<int>(found - m_sinks.begin());
}

std::optional<SinkStatus> SinksModel::statusOf(int row) const
{
    const auto found = std::ranges::find(m_statuses, sink(row)->name, &SinkStatus::name);
    return found == m_statuses.end() ? std::nullopt : std::optional(*found);
}

int SinksModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : static_cast<int>(m_sinks.size()); }
int SinksModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : ColumnCount; }

QString SinksModel::text(int row, int column) const
{
    const auto status = statusOf(row);
    switch (column) {
    case Name: return bridge::qt(sink(row)->name);
    case Place: return placeOf(*sink(row));
    case Sent: return status ? widgets::count(status->sent) : widgets::unknownText();
    case Waiting: return status && status->waiting ? widgets::count(*status->waiting) : widgets::unknownText();
    case State: return stateOf(*sink(row), status).words;
    default: return {};
    }
}

QVariant SinksModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || !sink(index.row()))
        return {};
    const int column = index.column();
    const bool number = column == Sent || column == Waiting;
    switch (role) {
    case Qt::DisplayRole: return text(index.row(), column);
    case Qt::ToolTipRole: {
        const auto status = statusOf(index.row());
        return column == State && status && !status->problem.empty() ? bridge::qt(status->problem) : text(index.row(), column);
    }
    case Qt::TextAlignmentRole: return int((number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case widgets::CellStrong: return column == Name;
    case widgets::CellMono: return column == Place;
    case widgets::CellIcon: return column == State ? QVariant(int(stateOf(*sink(index.row()), statusOf(index.row())).icon)) : QVariant();
    case widgets::CellIconRole: return column == State ? QVariant(int(stateOf(*sink(index.row()), statusOf(index.row())).role)) : QVariant();
    default: return {};
    }
}

QVariant SinksModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == Sent || section == Waiting ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name: return tr("Name");
    case Place: return tr("Where to");
    case Sent: return tr("Sent");
    case Waiting: return tr("Waiting");
    case State: return tr("State");
    default: return {};
    }
}

} // namespace ui::settings
