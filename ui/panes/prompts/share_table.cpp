// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/prompts/share_table.h"

#include "ui/bridge/text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/table_view.h"
#include "ui/widgets/theme.h"

#include <QLocale>
#include <QPainter>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::prompts {

using bridge::qt;
using gateway::config::ExperimentShare;
using gateway::config::Prompt;

namespace {

constexpr double mostWeight = 1'000'000;
constexpr int figureWidth = 64, barHeight = 6;

} // namespace

QString ShareTable::nameOf(const Prompt &prompt, const ExperimentShare &share)
{
    if (share.label.empty())
        return tr("v%1").arg(share.version);
    const auto *version = gateway::config::findVersion(prompt, share.label);
    return version ? tr("@%1, v%2 now").arg(qt(share.label)).arg(version->version) : tr("@%1, on no version").arg(qt(share.label));
}

void ShareTable::show(const Prompt &prompt, bool editable)
{
    std::vector<Row> rows;
    double sum = 0;
    for (const ExperimentShare &share : prompt.experiment)
        sum += share.weight;
    for (const ExperimentShare &share : prompt.experiment)
        rows.push_back({nameOf(prompt, share), share.weight, sum > 0 ? share.weight / sum : 0});
    const bool other = rows.size() != m_rows.size();
    if (!other && rows == m_rows && editable == m_editable)
        return;
    if (other)
        beginResetModel();
    m_rows = std::move(rows);
    m_editable = editable;
    if (other)
        endResetModel();
    else if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

int ShareTable::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }
int ShareTable::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant ShareTable::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const Row &row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
        if (index.column() == Version)
            return row.name;
        return index.column() == Weight ? QLocale().toString(row.weight, 'g', 8) : widgets::share(row.share);
    case Qt::UserRole: return row.share;
    case Qt::TextAlignmentRole: return headerData(index.column(), Qt::Horizontal, role);
    case Qt::ToolTipRole: return index.column() == Weight && m_editable ? tr("Double-click or F2 to change it") : QVariant();
    case widgets::CellStrong: return index.column() == Version;
    default: return {};
    }
}

QVariant ShareTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((section == Weight ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    return section == Version ? tr("Version") : section == Weight ? tr("Weight") : tr("Share of the calls that name no version");
}

Qt::ItemFlags ShareTable::flags(const QModelIndex &index) const
{
    const Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    return index.column() == Weight && m_editable ? flags | Qt::ItemIsEditable : flags;
}

bool ShareTable::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::EditRole || !(flags(index) & Qt::ItemIsEditable))
        return false;
    bool number = false;
    const double weight = QLocale().toDouble(value.toString().trimmed(), &number);
    if (!number || !(weight > 0) || weight > mostWeight) {
        Q_EMIT notUnderstood(tr("A weight is a number above 0, such as 1 or 2.5."));
        return false;
    }
    if (weight != m_rows[static_cast<std::size_t>(index.row())].weight)
        Q_EMIT weightEdited(index.row(), weight);
    return true;
}

void ShareDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const widgets::ThemeColors &colors = widgets::colorsOf(option.palette);
    painter->save();
    if (option.state & QStyle::State_Selected)
        painter->fillRect(option.rect, colors.selection);
    const QRect content = widgets::cellContent(option, index);
    const auto seen = [&](const QRect &part) { return QStyle::visualRect(option.direction, content, part); };
    painter->setFont(widgets::textFont(13));
    painter->setPen(colors.text);
    painter->drawText(seen(QRect(content.left(), content.top(), figureWidth, content.height())), int(QStyle::visualAlignment(option.direction, Qt::AlignLeft) | Qt::AlignAbsolute | Qt::AlignVCenter), index.data().toString());
    const QRect track(content.left() + figureWidth, content.center().y() - barHeight / 2 + 1, std::max(0, content.width() - figureWidth), barHeight);
    painter->fillRect(seen(track), colors.raised);
    painter->fillRect(seen(QRect(track.left(), track.top(), static_cast<int>(track.width() * index.data(Qt::UserRole).toDouble()), track.height())), colors.accent);
    painter->restore();
}

} // namespace ui::prompts
