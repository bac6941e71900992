// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/replayed_calls.h"

#include "ui/bridge/text.h"
#include "ui/panes/routes/replay_words.h"
#include "ui/widgets/format.h"
#include "ui/widgets/table_view.h"

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace widgets;
using gateway::ReplayedCall;

namespace {

QString fromOf(const ReplayedCall &call) { return call.from.empty() ? ReplayedCalls::tr("nobody") : bridge::qt(call.from); }

QString wholeStory(const ReplayedCall &call)
{
    QStringList lines {dateTimeUtc(call.startedAt), u"%1 → %2"_s.arg(fromOf(call), fateOf(call)), ReplayedCalls::tr("Cost %1 → %2").arg(money(call.cost), expectedCostOf(call)),
                       call.failed ? ReplayedCalls::tr("It failed") : ReplayedCalls::tr("It was answered")};
    if (call.failure)
        lines << ReplayedCalls::tr("It would fail with a chance of %1").arg(share(*call.failure));
    return lines.join(u'\n');
}

} // namespace

void ReplayedCalls::setCalls(std::vector<ReplayedCall> calls, gateway::WallTime now)
{
    beginResetModel();
    m_calls = std::move(calls);
    m_now = now;
    endResetModel();
}

QString ReplayedCalls::idAt(int row) const { return row < 0 || row >= rowCount() ? QString() : bridge::qt(m_calls[static_cast<std::size_t>(row)].id); }

QVariant ReplayedCalls::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const ReplayedCall &call = m_calls[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole: return index.column() == When ? moment(call.startedAt, m_now) : index.column() == Fate ? fromOf(call) : money(call.cost);
    case CellSubText: return index.column() == When ? QString() : u"→ "_s + (index.column() == Fate ? fateOf(call) : expectedCostOf(call));
    case Qt::TextAlignmentRole: return int(index.column() == Cost ? Qt::AlignRight | Qt::AlignVCenter : Qt::AlignLeft | Qt::AlignVCenter);
    case Qt::ToolTipRole: return wholeStory(call);
    case Qt::AccessibleTextRole: return index.column() == Fate ? QVariant(u"%1 → %2"_s.arg(fromOf(call), fateOf(call))) : QVariant();
    case CellRoleColor: return index.column() == When ? QVariant(int(Role::Muted)) : QVariant();
    default: return {};
    }
}

QVariant ReplayedCalls::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole && section == Cost)
        return int(Qt::AlignRight | Qt::AlignVCenter);
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return QAbstractTableModel::headerData(section, orientation, role);
    switch (section) {
    case When: return tr("Time");
    case Fate: return tr("Asked first, before → after");
    case Cost: return tr("Cost");
    default: return {};
    }
}

} // namespace ui::routes
