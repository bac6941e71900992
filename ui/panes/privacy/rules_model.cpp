// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/privacy/rules_model.h"

#include "ui/widgets/format.h"
#include "ui/widgets/table_view.h"

#include <QMimeData>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::privacy {

namespace {

using widgets::Icon;
using widgets::Role;

/// A rule is dropped among rules, a guardrail among guardrails.
QString rowType(List list) { return list == List::Rules ? u"application/x-signalbox-privacy-rule"_s : u"application/x-signalbox-privacy-guardrail"_s; }

} // namespace

void RulesModel::show(const QList<RuleRow> &rows, bool editable, const QString &whyNoHits)
{
    const auto own = static_cast<int>(std::ranges::count_if(rows, [](const RuleRow &row) { return row.from.isEmpty(); }));
    if (rows == m_rows && own == m_own && editable == m_editable && whyNoHits == m_whyNoHits)
        return;
    const bool same = rows.size() == m_rows.size() && own == m_own;
    if (!same)
        beginResetModel();
    m_rows = rows;
    m_own = own;
    m_editable = editable;
    m_whyNoHits = whyNoHits;
    if (!same)
        endResetModel();
    else if (!m_rows.isEmpty())
        Q_EMIT dataChanged(index(0, 0), index(static_cast<int>(m_rows.size()) - 1, ColumnCount - 1));
}

RulePlace RulesModel::placeAt(int row) const { return row >= 0 && row < m_rows.size() ? m_rows.at(row).place : RulePlace {}; }

int RulesModel::rowOf(const RulePlace &place) const
{
    for (int row = 0; row < m_rows.size(); ++row) {
        if (m_rows.at(row).place == place)
            return row;
    }
    return -1;
}

int RulesModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }

int RulesModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : ColumnCount; }

QString RulesModel::hitsText(const RuleRow &row) const { return row.hits ? widgets::count(row.hits->found()) : widgets::unknownText(); }

QVariant RulesModel::textOf(const RuleRow &row, int index, int column) const
{
    switch (column) {
    case Number: return index + 1;
    case Name: return row.title;
    case Detector: return row.kind;
    case Action: return row.action;
    case Found: return hitsText(row);
    case Notes: return row.from.isEmpty() ? row.notes : row.notes.isEmpty() ? tr("from %1").arg(row.from) : tr("from %1 · %2").arg(row.from, row.notes);
    default: return {};
    }
}

QVariant RulesModel::toolTipOf(const RuleRow &row, int index, int column) const
{
    const bool quiet = isInherited(index);
    if (column == Action)
        return row.meaning;
    if (column == Found && !row.hits)
        return m_whyNoHits;
    if (column == Found)
        return row.hits->found() == 0 ? tr("Found nothing in the last 24 h") : tr("%1 times in the last 24 h, in up to %2 calls. Click to see them").arg(widgets::count(row.hits->found()), widgets::count(row.hits->calls));
    if (!row.problem.isEmpty())
        return row.problem;
    if (quiet)
        return tr("From policy %1: change it there").arg(row.from);
    return column == Handle && m_editable ? tr("Drag, or press Alt+Up and Alt+Down") : textOf(row, index, column);
}

QVariant RulesModel::accessibleTextOf(const RuleRow &row, int index, int column) const
{
    if (column == Found)
        return row.hits ? tr("found %1 times in 24 hours").arg(row.hits->found()) : hitsText(row);
    if (column != Handle)
        return textOf(row, index, column).toString();
    if (isInherited(index))
        return tr("inherited");
    return m_list == List::Rules ? tr("rule %1").arg(index + 1) : tr("guardrail %1").arg(index + 1);
}

QVariant RulesModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_rows.size())
        return {};
    const RuleRow &row = m_rows.at(index.row());
    const int column = index.column();
    const bool quiet = isInherited(index.row()) || row.off;
    switch (role) {
    case Qt::DisplayRole: return textOf(row, index.row(), column);
    case HitsRole: return column == Found && row.hits ? QVariant::fromValue(*row.hits) : QVariant();
    case Qt::TextAlignmentRole: return column == Number || column == Found ? QVariant(int(Qt::AlignRight)) : QVariant();
    case widgets::CellMono: return column == Detector && m_list == List::Rules;
    case widgets::CellSmall: return column == Detector || column == Notes;
    case widgets::CellStrong: return column == Name && !quiet;
    case widgets::CellRoleColor:
        if (column == Action && !quiet)
            return int(row.role);
        return quiet || column == Number || column == Notes ? QVariant(int(Role::Muted)) : QVariant();
    case widgets::CellIcon:
        if (column == Handle)
            return isInherited(index.row()) ? int(Icon::Lock) : m_editable ? int(Icon::Drag) : QVariant();
        if (column == Action)
            return int(row.icon);
        return column == Name && !row.problem.isEmpty() ? QVariant(int(Icon::Error)) : QVariant();
    case widgets::CellIconRole:
        if (column == Name)
            return int(Role::Err);
        return int(column == Action && !quiet ? row.role : Role::Muted);
    case Qt::ToolTipRole: return toolTipOf(row, index.row(), column);
    case Qt::AccessibleTextRole: return accessibleTextOf(row, index.row(), column);
    default: return {};
    }
}

QVariant RulesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == Number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Number: return u"#"_s;
    case Name: return tr("Name");
    case Detector: return m_list == List::Rules ? tr("Detector") : tr("Kind");
    case Action: return tr("Action");
    case Found: return tr("Hits, 24 h");
    case Notes: return tr("Details");
    default: return QString();
    }
}

Qt::ItemFlags RulesModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return m_editable ? Qt::ItemIsDropEnabled : Qt::NoItemFlags;
    Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable;
    if (m_editable && !isInherited(index.row()))
        flags |= Qt::ItemIsDragEnabled;
    return flags;
}

QStringList RulesModel::mimeTypes() const { return {rowType(m_list)}; }

QMimeData *RulesModel::mimeData(const QModelIndexList &indexes) const
{
    auto *data = new QMimeData;
    data->setData(rowType(m_list), QByteArray::number(indexes.isEmpty() ? -1 : indexes.first().row()));
    return data;
}

bool RulesModel::canDropMimeData(const QMimeData *data, Qt::DropAction action, int row, int, const QModelIndex &parent) const
{
    return m_editable && action == Qt::MoveAction && data->hasFormat(rowType(m_list)) && !parent.isValid() && row <= m_own;
}

/// Tells what is wanted and leaves the rows alone: they follow the draft.
bool RulesModel::dropMimeData(const QMimeData *data, Qt::DropAction action, int row, int column, const QModelIndex &parent)
{
    if (!canDropMimeData(data, action, row, column, parent))
        return false;
    const int from = data->data(rowType(m_list)).toInt();
    const int before = row < 0 ? m_own : row;
    const int to = before > from ? before - 1 : before;
    if (from >= 0 && from < m_own && to != from)
        Q_EMIT moveWanted(from, to);
    return false;
}

} // namespace ui::privacy
