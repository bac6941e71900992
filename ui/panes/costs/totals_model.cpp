// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/totals_model.h"

#include "ui/bridge/csv.h"
#include "ui/bridge/text.h"
#include "ui/widgets/charts/chart_paint.h"
#include "ui/widgets/format.h"
#include "ui/widgets/stat_tile.h"
#include "ui/widgets/table_view.h"

#include <QApplication>

using namespace Qt::StringLiterals;

namespace ui::costs {
namespace {

using gateway::Money;
using widgets::Icon;
using widgets::Role;

constexpr int partsShown = 50; ///< of an open group; all are in the CSV

QString decimal(const std::optional<Money> &money) { return money ? bridge::qt(money->toDecimal()) : QString(); }

} // namespace

void TotalsModel::setCosts(const gateway::Costs &costs, const Asked &asked, const GroupColors &colors)
{
    beginResetModel();
    if (asked.by != m_asked.by || asked.then != m_asked.then)
        m_open.clear();
    m_costs = costs;
    m_asked = asked;
    m_colors.clear();
    for (const gateway::CostBranch &group : m_costs.groups)
        m_colors.append(colors.of(asked.by, group));
    fillRows();
    endResetModel();
}

void TotalsModel::fillRows()
{
    m_rows.clear();
    for (int i = 0; i < int(m_costs.groups.size()); ++i) {
        m_rows.append({i, -1});
        const gateway::CostBranch &group = m_costs.groups[std::size_t(i)];
        if (!m_open.contains(seriesId(group)))
            continue;
        for (int part = 0; part < qMin(partsShown, int(group.parts.size())); ++part)
            m_rows.append({i, part});
    }
    if (!m_costs.groups.empty())
        m_rows.append(Row {});
}

bool TotalsModel::setOpen(int row, bool open)
{
    const Row which = at(row);
    if (which.group < 0 || m_costs.groups[std::size_t(which.group)].parts.empty())
        return false;
    const QString id = seriesId(m_costs.groups[std::size_t(which.group)]);
    if (m_open.contains(id) == open)
        return true;
    beginResetModel();
    if (open)
        m_open.insert(id);
    else
        m_open.remove(id);
    fillRows();
    endResetModel();
    return true;
}

bool TotalsModel::isOpen(int row) const
{
    const Row which = at(row);
    return which.group >= 0 && m_open.contains(seriesId(m_costs.groups[std::size_t(which.group)]));
}

const gateway::CostGroup *TotalsModel::groupOf(const Row &row) const
{
    if (row.group < 0)
        return nullptr;
    const gateway::CostBranch &branch = m_costs.groups[std::size_t(row.group)];
    return row.part < 0 ? static_cast<const gateway::CostGroup *>(&branch) : &branch.parts[std::size_t(row.part)];
}

gateway::CostFigures TotalsModel::now(const Row &row) const
{
    const gateway::CostGroup *group = groupOf(row);
    return group ? group->now : m_costs.total;
}

gateway::CostFigures TotalsModel::before(const Row &row) const
{
    const gateway::CostGroup *group = groupOf(row);
    return group ? group->before : m_costs.totalBefore;
}

QString TotalsModel::name(const Row &row) const
{
    const gateway::CostGroup *group = groupOf(row);
    return group ? nameOf(*group, row.part < 0 ? m_asked.by : *m_asked.then) : tr("Total");
}

QString TotalsModel::text(const Row &row, int column) const
{
    const gateway::CostFigures figures = now(row), earlier = before(row);
    switch (column) {
    case NameColumn: return name(row);
    case MeasureColumn: return valueText(figures, m_asked.measure);
    case BeforeColumn: return earlier.calls > 0 ? valueText(earlier, m_asked.measure) : widgets::unknownText();
    case ChangeColumn: return widgets::changeOf(valueOf(earlier, m_asked.measure), valueOf(figures, m_asked.measure)).text;
    case ShareColumn: return widgets::share(std::uint64_t(qMax<std::int64_t>(0, gateway::measured(figures, m_asked.measure))), std::uint64_t(qMax<std::int64_t>(0, gateway::measured(m_costs.total, m_asked.measure))));
    case CostColumn: return valueText(figures, CostMeasure::Cost);
    case CallsColumn: return widgets::count(figures.calls);
    case TokensColumn: return widgets::count(figures.tokens());
    case CallPriceColumn: return widgets::money(perCall(figures));
    case TokenPriceColumn: return widgets::money(perThousandTokens(figures));
    default: return {};
    }
}

QVariant TotalsModel::icon(const Row &row, int column) const
{
    if (column == ChangeColumn) {
        const int direction = widgets::changeOf(valueOf(before(row), m_asked.measure), valueOf(now(row), m_asked.measure)).direction;
        return direction == 0 ? QVariant() : QVariant(int(direction > 0 ? Icon::Up : Icon::Down));
    }
    if (column != NameColumn || row.group < 0 || !m_asked.then)
        return {};
    if (row.part >= 0 || m_costs.groups[std::size_t(row.group)].parts.empty())
        return int(Icon::None); // its room
    return int(m_open.contains(seriesId(m_costs.groups[std::size_t(row.group)])) ? Icon::Down : Icon::Right);
}

QVariant TotalsModel::data(const QModelIndex &index, int role) const
{
    const Row row = at(index.row());
    const bool part = row.part >= 0, whole = row.group < 0;
    switch (role) {
    case Qt::DisplayRole: return text(row, index.column());
    case Qt::TextAlignmentRole: return int((index.column() == NameColumn ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    case Qt::ToolTipRole: return index.column() == NameColumn ? QVariant(name(row)) : QVariant();
    case widgets::CellSwatch:
        if (index.column() != NameColumn || whole)
            return {};
        return part ? QColor(Qt::transparent) : widgets::seriesColor(widgets::colorsOf(QApplication::palette()), m_colors.value(row.group, -1));
    case widgets::CellStrong: return whole || (!part && index.column() == MeasureColumn);
    case widgets::CellRoleColor: return index.column() == BeforeColumn || (part && index.column() == NameColumn) ? QVariant(int(Role::Muted)) : QVariant();
    case widgets::CellIcon: return icon(row, index.column());
    case widgets::CellIconRole: return int(Role::Muted);
    default: return {};
    }
}

QVariant TotalsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == NameColumn ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case NameColumn: return m_asked.then ? tr("%1, and %2").arg(fieldTitle(m_asked.by), fieldWord(*m_asked.then)) : fieldTitle(m_asked.by);
    case MeasureColumn: return measureTitle(m_asked.measure);
    case BeforeColumn: return tr("Before");
    case ChangeColumn: return tr("Change");
    case ShareColumn: return tr("Share");
    case CostColumn: return tr("Cost");
    case CallsColumn: return tr("Calls");
    case TokensColumn: return tr("Tokens");
    case CallPriceColumn: return tr("Per call");
    case TokenPriceColumn: return tr("Per 1k tokens");
    default: return {};
    }
}

QByteArray TotalsModel::csv() const
{
    const auto line = [this](const Row &row, const QString &group, const QString &part) {
        const gateway::CostFigures figures = now(row), earlier = before(row);
        QStringList cells {group};
        if (m_asked.then)
            cells.append(part);
        cells << decimal(figures.cost) << (m_asked.compare ? decimal(earlier.cost) : QString()) << QString::number(figures.calls) << QString::number(figures.refused) << QString::number(figures.unpriced)
              << QString::number(figures.input) << QString::number(figures.output) << decimal(perCall(figures)) << decimal(perThousandTokens(figures));
        return bridge::csvLine(cells);
    };
    QStringList header {bridge::qt(gateway::toText(m_asked.by))};
    if (m_asked.then)
        header.append(bridge::qt(gateway::toText(*m_asked.then)));
    header << u"cost_usd"_s << u"cost_before_usd"_s << u"calls"_s << u"refused"_s << u"calls_without_price"_s << u"input_tokens"_s << u"output_tokens"_s << u"cost_per_call_usd"_s << u"cost_per_1k_tokens_usd"_s;
    QByteArray text = bridge::csvLine(header);
    for (int i = 0; i < int(m_costs.groups.size()); ++i) {
        const gateway::CostBranch &group = m_costs.groups[std::size_t(i)];
        const QString called = nameOf(group, m_asked.by);
        if (!m_asked.then)
            text += line({i, -1}, called, {});
        for (int part = 0; m_asked.then && part < int(group.parts.size()); ++part)
            text += line({i, part}, called, nameOf(group.parts[std::size_t(part)], *m_asked.then));
    }
    return text;
}

} // namespace ui::costs
