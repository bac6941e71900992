// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/schedules_model.h"

#include "gateway/config/report_words.h"
#include "ui/bridge/text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/table_view.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::costs {

using bridge::qt;
using gateway::ReportRun;
using gateway::config::Report;
using gateway::config::ReportPeriod;
using widgets::Icon;

void SchedulesModel::setReports(std::vector<Report> reports, std::shared_ptr<const gateway::ReportBoard> board, gateway::WallTime now)
{
    m_now = now;
    m_board = std::move(board);
    if (reports == m_reports) { // what is chosen stays so
        if (!m_reports.empty())
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
        return;
    }
    beginResetModel();
    m_reports = std::move(reports);
    endResetModel();
}

const Report *SchedulesModel::report(int row) const
{
    return row < 0 || row >= rowCount() ? nullptr : &m_reports[std::size_t(row)];
}

const gateway::ReportState *SchedulesModel::state(int row) const
{
    const Report *one = report(row);
    if (!one)
        return nullptr;
    const auto found = std::ranges::find(m_board->states, one->id, &gateway::ReportState::report);
    return found == m_board->states.end() ? nullptr : &*found;
}

int SchedulesModel::rowOf(const std::string &id) const
{
    const auto found = std::ranges::find(m_reports, id, &Report::id);
    return found == m_reports.end() ? -1 : int(found - m_reports.begin());
}

int SchedulesModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : int(m_reports.size()); }
int SchedulesModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : int(ColumnCount); }

QVariant SchedulesModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    if (role == Qt::DisplayRole)
        return text(index.row(), index.column());
    if (role == Qt::ToolTipRole) {
        const auto *now = state(index.row());
        const bool failed = index.column() == Last && now && now->last && !now->last->problem.empty();
        return failed ? qt(now->last->problem) : index.column() == Last && now && now->last ? qt(now->last->file) : text(index.row(), index.column());
    }
    if (index.column() == Name && role == widgets::CellStrong)
        return true;
    if (index.column() != Name && role == widgets::CellRoleColor && !m_reports[std::size_t(index.row())].enabled)
        return int(widgets::Role::Muted);
    return index.column() == Last ? lastLook(index.row(), role) : QVariant();
}

QString SchedulesModel::text(int row, int column) const
{
    const Report &one = m_reports[std::size_t(row)];
    const auto *now = state(row);
    switch (column) {
    case Name: return qt(one.name);
    case Team: return one.team.empty() ? tr("All teams") : qt(one.team);
    case When: return one.per == ReportPeriod::Month ? tr("Monthly at %1").arg(qt(gateway::config::minuteText(one.at))) : tr("Weekly at %1").arg(qt(gateway::config::minuteText(one.at)));
    case Next:
        if (!one.enabled)
            return tr("Off");
        return now && now->next ? widgets::dayText(*now->next) + u' ' + widgets::hourMinute(*now->next) : widgets::unknownText();
    case Last: return lastText(row);
    default: return {};
    }
}

QString SchedulesModel::lastText(int row) const
{
    const auto *now = state(row);
    if (now && now->busy)
        return tr("Being made");
    if (!now || !now->last)
        return tr("Not made yet");
    const ReportRun &run = *now->last;
    const QString period = qt(run.period);
    if (run.file.empty())
        return tr("%1 failed: %2").arg(period, qt(run.problem));
    if (!run.problem.empty())
        return run.over ? tr("%1 made; not mailed: %2").arg(period, qt(run.problem)) : tr("%1 made; mailed again soon: %2").arg(period, qt(run.problem));
    return run.sent > 0 ? tr("%1 made and mailed to %n, %2", nullptr, run.sent).arg(period, widgets::ago(run.at, m_now)) : tr("%1 made %2").arg(period, widgets::ago(run.at, m_now));
}

QVariant SchedulesModel::lastLook(int row, int role) const
{
    const auto *now = state(row);
    if (!now || (!now->last && !now->busy))
        return {};
    const bool failed = now->last && now->last->file.empty(), half = now->last && !now->last->problem.empty();
    if (role == widgets::CellIcon)
        return int(now->busy ? Icon::Clock : failed ? Icon::Error : half ? Icon::Warning : Icon::Ok);
    if (role == widgets::CellIconRole)
        return int(now->busy ? widgets::Role::Muted : failed ? widgets::Role::Err : half ? widgets::Role::Warn : widgets::Role::Ok);
    return {};
}

QVariant SchedulesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name: return tr("Name");
    case Team: return tr("Team");
    case When: return tr("Made");
    case Next: return tr("Next");
    case Last: return tr("Last");
    default: return {};
    }
}

} // namespace ui::costs
