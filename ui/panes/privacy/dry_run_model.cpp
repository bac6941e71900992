// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/privacy/dry_run_model.h"

#include "ui/bridge/text.h"
#include "ui/panes/privacy/guardrail_words.h"
#include "ui/widgets/format.h"
#include "ui/widgets/table_view.h"

#include <QStringList>

using namespace Qt::StringLiterals;

namespace ui::privacy {

namespace {


} // namespace

void DryRunModel::setReport(const gateway::api::PrivacyDryRun &report)
{
    beginResetModel();
    m_rows.clear();
    for (const auto &rule : report.rules)
        m_rows << Row {findingTitle(rule.rule), actionWord(rule.action), actionMeaning(rule.action), actionIcon(rule.action), actionRole(rule.action), rule.calls, rule.found, bridge::qtList(rule.samples)};
    for (const auto &guardrail : report.guardrails) {
        m_rows << Row {tr("Guardrail %1").arg(bridge::qt(guardrail.guardrail)), actionWord(guardrail.action), actionMeaning(guardrail.action), actionIcon(guardrail.action), actionRole(guardrail.action), guardrail.calls, guardrail.found};
    }
    endResetModel();
}

int DryRunModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }

int DryRunModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant DryRunModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const Row &row = m_rows.at(index.row());
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        switch (column) {
        case Name: return row.name;
        case Action: return row.action;
        case Calls: return widgets::count(row.calls);
        case Found: return widgets::count(row.found);
        case Sample: return row.samples.join(u"  ·  "_s);
        default: return {};
        }
    case Qt::TextAlignmentRole: return column == Calls || column == Found ? QVariant(int(Qt::AlignRight)) : QVariant();
    case Qt::ToolTipRole: return column == Sample ? row.samples.join(u'\n') : column == Action ? row.meaning : QVariant();
    case widgets::CellMono: return column == Sample;
    case widgets::CellStrong: return column == Name;
    case widgets::CellIcon: return column == Action ? QVariant(int(row.icon)) : QVariant();
    case widgets::CellIconRole: return int(row.role);
    case widgets::CellRoleColor: return column == Action ? QVariant(int(row.role)) : column == Sample ? QVariant(int(widgets::Role::Muted)) : QVariant();
    default: return {};
    }
}

QVariant DryRunModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == Calls || section == Found ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name: return tr("Found");
    case Action: return tr("Action");
    case Calls: return tr("Calls");
    case Found: return tr("Times");
    case Sample: return tr("Samples, masked");
    default: return {};
    }
}

} // namespace ui::privacy
