// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/bill_model.h"

#include "ui/bridge/csv.h"
#include "ui/bridge/text.h"
#include "ui/panes/costs/bill_words.h"
#include "ui/widgets/format.h"
#include "ui/widgets/table_view.h"

#include <QLocale>

using namespace Qt::StringLiterals;

namespace ui::costs {

using gateway::billing::ReconciledRow;

void BillModel::setRows(std::vector<ReconciledRow> rows)
{
    beginResetModel();
    m_rows = std::move(rows);
    m_cause.reset();
    show();
    endResetModel();
}

void BillModel::setAll(bool all)
{
    beginResetModel();
    m_all = all;
    show();
    endResetModel();
}

void BillModel::setCause(std::optional<Cause> cause)
{
    beginResetModel();
    m_cause = cause;
    show();
    endResetModel();
}

void BillModel::show()
{
    m_shown.clear();
    for (int i = 0; i < int(m_rows.size()); ++i) {
        const Cause cause = m_rows[std::size_t(i)].cause;
        if (m_cause ? cause == *m_cause : m_all || cause != Cause::Same)
            m_shown.append(i);
    }
}

const ReconciledRow *BillModel::at(int row) const
{
    return row >= 0 && row < m_shown.size() ? &m_rows[std::size_t(m_shown[row])] : nullptr;
}

QString BillModel::text(const ReconciledRow &row, int column)
{
    switch (column) {
    case DayColumn: return QLocale().toString(dateOf(row.day), u"d MMM yyyy"_s);
    case NameColumn: return row.model.empty() ? tr("no model told") : bridge::qt(row.model);
    case BilledColumn: return widgets::money(row.billed.cost);
    case LoggedColumn: return widgets::money(row.logged.cost);
    case DriftColumn: return driftText(row.drift());
    case BilledTokensColumn: return tokensText(row.billed);
    case LoggedTokensColumn: return tokensText(row.logged);
    case CauseColumn: return causeWords(row.cause);
    default: return {};
    }
}

QVariant BillModel::data(const QModelIndex &index, int role) const
{
    const ReconciledRow *row = at(index.row());
    if (row == nullptr)
        return {};
    const bool left = index.column() == DayColumn || index.column() == NameColumn || index.column() == CauseColumn;
    switch (role) {
    case Qt::DisplayRole: return text(*row, index.column());
    case Qt::TextAlignmentRole: return int((left ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    case Qt::ToolTipRole: return index.column() == CauseColumn ? QVariant(bridge::qt(row->why)) : index.column() == NameColumn ? QVariant(text(*row, NameColumn)) : QVariant();
    case widgets::CellStrong: return index.column() == DriftColumn;
    case widgets::CellIcon: return index.column() == CauseColumn ? QVariant(int(causeIcon(row->cause))) : QVariant();
    case widgets::CellIconRole: return int(causeRole(row->cause));
    case widgets::CellRoleColor: return row->cause == Cause::Same && index.column() != NameColumn ? QVariant(int(widgets::Role::Muted)) : QVariant();
    default: return {};
    }
}

QVariant BillModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == DayColumn || section == NameColumn || section == CauseColumn ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case DayColumn: return tr("Day (UTC)");
    case NameColumn: return tr("Model or item");
    case BilledColumn: return tr("Billed");
    case LoggedColumn: return tr("Logged");
    case DriftColumn: return tr("Drift");
    case BilledTokensColumn: return tr("Tokens billed");
    case LoggedTokensColumn: return tr("Tokens logged");
    case CauseColumn: return tr("Why");
    default: return {};
    }
}

QByteArray BillModel::csv() const
{
    const auto count = [](const std::optional<std::int64_t> &value) { return value ? QString::number(*value) : QString(); };
    const auto dollars = [](const std::optional<gateway::Money> &value) { return value ? bridge::qt(value->toDecimal()) : QString(); };
    QByteArray lines = bridge::csvLine({u"day_utc"_s, u"model"_s, u"billed_usd"_s, u"logged_usd"_s, u"drift_usd"_s, u"billed_calls"_s, u"logged_calls"_s, u"billed_input_tokens"_s, u"logged_input_tokens"_s, u"billed_output_tokens"_s,
                                        u"logged_output_tokens"_s, u"cause"_s, u"why"_s});
    for (const ReconciledRow &row : m_rows) {
        lines += bridge::csvLine({dateOf(row.day).toString(Qt::ISODate), bridge::qt(row.model), dollars(row.billed.cost), dollars(row.logged.cost), dollars(row.drift()), count(row.billed.calls), count(row.logged.calls),
                                  count(row.billed.input), count(row.logged.input), count(row.billed.output), count(row.logged.output), bridge::qt(gateway::billing::toText(row.cause)), bridge::qt(row.why)});
    }
    return lines;
}

} // namespace ui::costs
