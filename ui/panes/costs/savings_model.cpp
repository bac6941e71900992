// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/savings_model.h"

#include "ui/bridge/csv.h"
#include "ui/bridge/text.h"
#include "ui/panes/costs/cost_words.h"
#include "ui/widgets/format.h"
#include "ui/widgets/table_view.h"

using namespace Qt::StringLiterals;

namespace ui::costs {

using gateway::SavingFigures;
using gateway::SavingsGroup;

void SavingsModel::setSavings(const gateway::Savings &savings, gateway::CostField by)
{
    beginResetModel();
    m_groups = savings.groups;
    m_total = savings.total;
    m_by = by;
    endResetModel();
}

const SavingsGroup *SavingsModel::at(int row) const { return row >= 0 && row < int(m_groups.size()) ? &m_groups[std::size_t(row)] : nullptr; }

QString SavingsModel::name(int row) const
{
    const SavingsGroup *group = at(row);
    return group ? nameOf({.kind = group->name.empty() ? CostGroup::Kind::None : CostGroup::Kind::Named, .name = group->name}, m_by) : tr("All");
}

QString SavingsModel::text(int row, int column) const
{
    const SavingsGroup *group = at(row);
    const SavingFigures &figures = group ? group->figures : m_total;
    switch (column) {
    case NameColumn: return name(row);
    case CacheColumn: return widgets::money(figures.cache);
    case PromptColumn: return widgets::money(figures.promptCache);
    case RouteColumn: return widgets::money(figures.route);
    case TotalColumn: return widgets::money(figures.total());
    case CallsColumn: return widgets::count(figures.cacheCalls + figures.promptCalls + figures.routeCalls);
    default: return {};
    }
}

QVariant SavingsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    switch (role) {
    case Qt::DisplayRole: return text(index.row(), index.column());
    case Qt::TextAlignmentRole: return int((index.column() == NameColumn ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    case widgets::CellStrong: return index.column() == TotalColumn || at(index.row()) == nullptr;
    default: return {};
    }
}

QVariant SavingsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == NameColumn ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case NameColumn: return fieldTitle(m_by);
    case CacheColumn: return tr("Cache");
    case PromptColumn: return tr("Prompt caching");
    case RouteColumn: return tr("Other targets");
    case TotalColumn: return tr("Together");
    case CallsColumn: return tr("Calls");
    default: return {};
    }
}

QByteArray SavingsModel::csv() const
{
    QByteArray lines = bridge::csvLine({bridge::qt(gateway::toText(m_by)), u"cache_usd"_s, u"prompt_cache_usd"_s, u"route_usd"_s, u"total_usd"_s, u"cache_calls"_s, u"prompt_cache_calls"_s, u"route_calls"_s, u"unknown"_s});
    for (const SavingsGroup &group : m_groups) {
        const SavingFigures &f = group.figures;
        lines += bridge::csvLine({bridge::qt(group.name), bridge::qt(f.cache.toDecimal()), bridge::qt(f.promptCache.toDecimal()), bridge::qt(f.route.toDecimal()), bridge::qt(f.total().toDecimal()), QString::number(f.cacheCalls),
                                  QString::number(f.promptCalls), QString::number(f.routeCalls), QString::number(f.unknown)});
    }
    return lines;
}

} // namespace ui::costs
