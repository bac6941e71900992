// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/cache/entries_model.h"

#include "ui/bridge/text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/table_view.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::cache {

using bridge::qt;
using gateway::api::CacheEntry;

std::optional<gateway::Money> savedBy(const CacheEntry &entry)
{
    return entry.hits && entry.cost ? std::optional(gateway::Money::fromNanos(entry.cost->nanos() * static_cast<std::int64_t>(entry.hits))) : std::nullopt;
}

void EntriesModel::setEntries(std::vector<CacheEntry> entries, gateway::WallTime now)
{
    beginResetModel();
    m_entries = std::move(entries);
    m_now = now;
    sortEntries();
    endResetModel();
}

void EntriesModel::setNow(gateway::WallTime now)
{
    m_now = now;
    if (!m_entries.empty())
        Q_EMIT dataChanged(index(0, Age), index(rowCount() - 1, Left));
}

int EntriesModel::rowOf(const std::string &key) const
{
    const auto found = std::ranges::find(m_entries, key, &CacheEntry::key);
    return found == m_entries.end() ? -1 : static_cast<int>(found - m_entries.begin());
}

int EntriesModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : static_cast<int>(m_entries.size()); }
int EntriesModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : ColumnCount; }

QString EntriesModel::text(const CacheEntry &entry, int column) const
{
    switch (column) {
    case Route: return qt(entry.route);
    case Model: return qt(entry.model);
    case Question: return entry.question.empty() ? tr("exact") : qt(entry.question).simplified();
    case Team: return entry.team.empty() ? widgets::unknownText() : qt(entry.team);
    case Hits: return widgets::count(entry.hits);
    case Saved: return widgets::money(savedBy(entry));
    case Size: return widgets::bytes(entry.bytes);
    case Age: return widgets::span(std::max<gateway::Duration>(m_now - entry.storedAt, {}));
    case Left: return entry.expiresAt > m_now ? widgets::span(entry.expiresAt - m_now) : tr("over");
    default: return {};
    }
}

QString EntriesModel::tip(const CacheEntry &entry) const
{
    QStringList lines {tr("Stored %1, ends %2").arg(widgets::dateTimeUtc(entry.storedAt), widgets::dateTimeUtc(entry.expiresAt))};
    if (!entry.question.empty())
        lines.prepend(qt(entry.question).left(400));
    lines << (entry.nameSpace.empty() ? tr("Answered by %1 in %2").arg(qt(entry.provider), widgets::latency(entry.latencyUs)) : tr("Answered by %1 in %2, namespace %3").arg(qt(entry.provider), widgets::latency(entry.latencyUs), qt(entry.nameSpace)));
    return lines.join(u'\n');
}

QVariant EntriesModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const CacheEntry &entry = m_entries[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole: return text(entry, index.column());
    case Qt::ToolTipRole: return tip(entry);
    case Qt::TextAlignmentRole: return headerData(index.column(), Qt::Horizontal, role);
    case widgets::CellStrong: return index.column() == Route;
    case widgets::CellRoleColor: return index.column() == Question && entry.question.empty() ? QVariant(static_cast<int>(widgets::Role::Muted)) : QVariant();
    default: return {};
    }
}

QVariant EntriesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((section >= Hits ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && section == Question)
        return tr("That is found by likeness; exact: only the very same request gets it");
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Route: return tr("Route");
    case Model: return tr("Model");
    case Question: return tr("Question");
    case Team: return tr("Team");
    case Hits: return tr("Hits");
    case Saved: return tr("Saved");
    case Size: return tr("Size");
    case Age: return tr("Age");
    case Left: return tr("Ends in");
    default: return {};
    }
}

void EntriesModel::sort(int column, Qt::SortOrder order)
{
    if (column < 0 || column >= ColumnCount)
        return;
    m_sortBy = column;
    m_order = order;
    beginResetModel();
    sortEntries();
    endResetModel();
}

void EntriesModel::sortEntries()
{
    const auto by = [this](const auto &value) {
        std::ranges::stable_sort(m_entries, [&](const CacheEntry &a, const CacheEntry &b) { return m_order == Qt::AscendingOrder ? value(a) < value(b) : value(b) < value(a); });
    };
    switch (m_sortBy) {
    case Route: by([](const CacheEntry &entry) { return entry.route; }); break;
    case Model: by([](const CacheEntry &entry) { return entry.model; }); break;
    case Question: by([](const CacheEntry &entry) { return entry.question; }); break;
    case Team: by([](const CacheEntry &entry) { return entry.team; }); break;
    case Hits: by([](const CacheEntry &entry) { return entry.hits; }); break;
    case Saved: by([](const CacheEntry &entry) { return savedBy(entry).value_or(gateway::Money {}).nanos(); }); break;
    case Size: by([](const CacheEntry &entry) { return entry.bytes; }); break;
    case Age: by([](const CacheEntry &entry) { return -entry.storedAt.time_since_epoch().count(); }); break;
    case Left: by([](const CacheEntry &entry) { return entry.expiresAt; }); break;
    default: break;
    }
}

} // namespace ui::cache
