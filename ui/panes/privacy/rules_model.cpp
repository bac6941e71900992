// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/privacy/rules_model.h"

#include "ui/bridge/text.h"
#include "ui/widgets/table_view.h"

#include <QMimeData>

using namespace Qt::StringLiterals;

namespace ui::privacy {

namespace {

using bridge::qt;
using widgets::Icon;
using widgets::Role;

const QString rowType = u"application/x-signalbox-privacy-rule"_s;

/// The first thing that is wrong with a rule, by the check.
QString problemOf(const std::vector<gateway::api::FieldError> &problems, const RulePlace &place)
{
    const std::string field = "privacy.policies[" + std::to_string(place.policy) + "].rules[" + std::to_string(place.rule) + "]";
    for (const auto &problem : problems) {
        if (!problem.warning && (problem.field == field || problem.field.starts_with(field + '.')))
            return qt(problem.message);
    }
    return {};
}

} // namespace

void RulesModel::show(const gateway::config::Config &config, int policy, bool editable, const std::vector<gateway::api::FieldError> &problems)
{
    QList<Row> rows;
    int own = 0;
    for (const RulePlace &place : rulesOf(config.privacyPolicies, policy)) {
        const Policy &of = config.privacyPolicies[static_cast<std::size_t>(place.policy)];
        const Rule &rule = of.rules[static_cast<std::size_t>(place.rule)];
        Row row {.place = place, .rule = {.detect = rule.detect, .action = rule.action, .name = rule.name}, .notes = ruleNotes(rule), .from = {}, .problem = problemOf(problems, place)};
        if (place.policy == policy)
            ++own;
        else
            row.from = qt(of.name);
        rows << row;
    }
    if (rows == m_rows && own == m_own && editable == m_editable)
        return;
    const bool same = rows.size() == m_rows.size() && own == m_own;
    if (!same)
        beginResetModel();
    m_rows = std::move(rows);
    m_own = own;
    m_editable = editable;
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

QVariant RulesModel::textOf(const Row &row, int index, int column) const
{
    switch (column) {
    case Number: return index + 1;
    case Name: return ruleTitle(row.rule);
    case Detector: return qt(row.rule.detect);
    case Action: return actionWord(row.rule.action);
    case Notes: return row.from.isEmpty() ? row.notes : row.notes.isEmpty() ? tr("from %1").arg(row.from) : tr("from %1 · %2").arg(row.from, row.notes);
    default: return {};
    }
}

QVariant RulesModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_rows.size())
        return {};
    const Row &row = m_rows.at(index.row());
    const int column = index.column();
    const bool quiet = isInherited(index.row());
    switch (role) {
    case Qt::DisplayRole: return textOf(row, index.row(), column);
    case Qt::TextAlignmentRole: return column == Number ? QVariant(int(Qt::AlignRight)) : QVariant();
    case widgets::CellMono: return column == Detector;
    case widgets::CellSmall: return column == Detector || column == Notes;
    case widgets::CellStrong: return column == Name && !quiet;
    case widgets::CellRoleColor:
        if (column == Action && !quiet)
            return int(actionRole(row.rule.action));
        return quiet || column == Number || column == Notes ? QVariant(int(Role::Muted)) : QVariant();
    case widgets::CellIcon:
        if (column == Handle)
            return quiet ? int(Icon::Lock) : m_editable ? int(Icon::Drag) : QVariant();
        if (column == Action)
            return int(actionIcon(row.rule.action));
        return column == Name && !row.problem.isEmpty() ? QVariant(int(Icon::Error)) : QVariant();
    case widgets::CellIconRole:
        if (column == Name)
            return int(Role::Err);
        return int(column == Action && !quiet ? actionRole(row.rule.action) : Role::Muted);
    case Qt::ToolTipRole:
        if (column == Action)
            return actionMeaning(row.rule.action);
        if (!row.problem.isEmpty())
            return row.problem;
        return quiet ? tr("From policy %1: change it there").arg(row.from) : column == Handle && m_editable ? tr("Drag, or press Alt+Up and Alt+Down") : textOf(row, index.row(), column);
    case Qt::AccessibleTextRole:
        if (column != Handle)
            return textOf(row, index.row(), column).toString();
        return quiet ? tr("inherited") : tr("rule %1").arg(index.row() + 1);
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
    case Detector: return tr("Detector");
    case Action: return tr("Action");
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

QStringList RulesModel::mimeTypes() const { return {rowType}; }

QMimeData *RulesModel::mimeData(const QModelIndexList &indexes) const
{
    auto *data = new QMimeData;
    data->setData(rowType, QByteArray::number(indexes.isEmpty() ? -1 : indexes.first().row()));
    return data;
}

bool RulesModel::canDropMimeData(const QMimeData *data, Qt::DropAction action, int row, int, const QModelIndex &parent) const
{
    return m_editable && action == Qt::MoveAction && data->hasFormat(rowType) && !parent.isValid() && row <= m_own;
}

/// Tells what is wanted and leaves the rows alone: they follow the draft.
bool RulesModel::dropMimeData(const QMimeData *data, Qt::DropAction action, int row, int column, const QModelIndex &parent)
{
    if (!canDropMimeData(data, action, row, column, parent))
        return false;
    const int from = data->data(rowType).toInt();
    const int before = row < 0 ? m_own : row;
    const int to = before > from ? before - 1 : before;
    if (from >= 0 && from < m_own && to != from)
        Q_EMIT moveWanted(from, to);
    return false;
}

} // namespace ui::privacy
