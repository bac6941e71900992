// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/cache/review_model.h"

#include "ui/bridge/text.h"
#include "ui/panes/cache/likeness.h"
#include "ui/widgets/format.h"
#include "ui/widgets/table_view.h"

#include <QCoreApplication>

#include <algorithm>

namespace ui::cache {

using bridge::qt;
using gateway::SemanticHit;
using gateway::Verdict;
using widgets::Icon;
using widgets::Role;

QString verdictName(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Open: return QCoreApplication::translate("cache", "not judged");
    case Verdict::Right: return QCoreApplication::translate("cache", "Right");
    case Verdict::Wrong: return QCoreApplication::translate("cache", "Wrong");
    }
    return {};
}

void ReviewModel::setHits(std::vector<SemanticHit> hits, gateway::WallTime now)
{
    beginResetModel();
    m_hits = std::move(hits);
    m_now = now;
    endResetModel();
}

void ReviewModel::replace(const SemanticHit &hit)
{
    const int row = rowOf(hit.row);
    if (row < 0)
        return;
    m_hits[static_cast<std::size_t>(row)] = hit;
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

int ReviewModel::rowOf(std::int64_t id) const
{
    const auto found = std::ranges::find(m_hits, id, &SemanticHit::row);
    return found == m_hits.end() ? -1 : static_cast<int>(found - m_hits.begin());
}

int ReviewModel::nextOpen(int after) const
{
    const int count = rowCount();
    for (int step = 1; step <= count; ++step) {
        const int row = (after + step) % count;
        if (hit(row).verdict == Verdict::Open)
            return row;
    }
    return -1;
}

int ReviewModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : static_cast<int>(m_hits.size()); }
int ReviewModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant ReviewModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const SemanticHit &one = hit(index.row());
    const bool verdict = index.column() == Judged;
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case Judged: return verdictName(one.verdict);
        case Likeness: return QString::number(one.similarity, 'f', 3);
        case Route: return qt(one.route);
        case Question: return qt(one.asked).simplified();
        case At: return widgets::moment(one.at, m_now);
        default: return {};
        }
    case Qt::TextAlignmentRole: return headerData(index.column(), Qt::Horizontal, role);
    case Qt::ToolTipRole: return index.column() == At ? widgets::dateTimeUtc(one.at) : index.column() == Likeness ? tr("A hit from %1 on, compared by %2").arg(thresholdText(one.threshold), qt(one.embedder)) : QString();
    case widgets::CellIcon: return verdict ? QVariant(static_cast<int>(one.verdict == Verdict::Right ? Icon::Ok : one.verdict == Verdict::Wrong ? Icon::Error : Icon::Skipped)) : QVariant();
    case widgets::CellIconRole: return static_cast<int>(one.verdict == Verdict::Right ? Role::Ok : one.verdict == Verdict::Wrong ? Role::Err : Role::Muted);
    case widgets::CellRoleColor: return verdict && one.verdict == Verdict::Open ? QVariant(static_cast<int>(Role::Muted)) : QVariant();
    default: return {};
    }
}

QVariant ReviewModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((section == Likeness || section == At ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Judged: return tr("Judged");
    case Likeness: return tr("Alike");
    case Route: return tr("Route");
    case Question: return tr("Asked");
    case At: return tr("At");
    default: return {};
    }
}

} // namespace ui::cache
