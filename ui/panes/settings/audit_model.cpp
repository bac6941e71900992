// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/settings/audit_model.h"

#include "ui/bridge/text.h"
#include "ui/panes/settings/audit_words.h"
#include "ui/widgets/format.h"
#include "ui/widgets/table_view.h"

#include <algorithm>
#include <iterator>
#include <utility>

using namespace Qt::StringLiterals;

namespace ui::settings {

namespace {

using bridge::qt;
using gateway::AuditEntry;
using widgets::Icon;
using widgets::Role;

QString oneLine(const AuditEntry &entry)
{
    const QString diff = qt(entry.diff).simplified().replace(u" -> "_s, u" → "_s);
    return diff.isEmpty() || entry.kind == "audit" ? actionWords(entry) : actionWords(entry) + u" · "_s + diff;
}

} // namespace

AuditModel::AuditModel(gateway::api::Gateway &gateway, QObject *parent) : QAbstractTableModel(parent), m_gateway(gateway) {}

void AuditModel::setQuestion(const AuditQuestion &question)
{
    m_question = question;
    cancel();
    m_shown = false;
    m_reader->read(0, [this](gateway::Result<AuditReader::Page> page) {
        if (!page) {
            Q_EMIT failed(qt(page.error().message));
            return;
        }
        beginResetModel();
        m_entries.assign(std::make_move_iterator(page->entries.begin()), std::make_move_iterator(page->entries.end()));
        m_newest = page->newest;
        m_next = page->next;
        m_shown = true;
        endResetModel();
        Q_EMIT answered();
    });
}

void AuditModel::cancel()
{
    m_reader = std::make_unique<AuditReader>(m_gateway, m_question, nullptr);
    m_fetching = m_polling = m_pollAgain = false;
}

void AuditModel::askNew()
{
    if (!m_shown)
        return;
    if (m_polling) {
        m_pollAgain = true;
        return;
    }
    if (m_newest == 0) {
        setQuestion(m_question); // nothing was there
        return;
    }
    m_polling = true;
    m_reader->readNew(m_newest, [this](gateway::Result<AuditReader::Page> page) {
        m_polling = false;
        if (page)
            putOnTop(std::move(*page));
        else
            Q_EMIT failed(qt(page.error().message));
        if (std::exchange(m_pollAgain, false))
            askNew();
    });
}

void AuditModel::putOnTop(AuditReader::Page page)
{
    m_newest = std::max(m_newest, page.newest);
    if (page.entries.empty())
        return;
    const int rows = static_cast<int>(page.entries.size());
    beginInsertRows({}, 0, rows - 1);
    m_entries.insert(m_entries.begin(), std::make_move_iterator(page.entries.begin()), std::make_move_iterator(page.entries.end()));
    endInsertRows();
    Q_EMIT cameOnTop(rows);
}

bool AuditModel::canFetchMore(const QModelIndex &parent) const { return !parent.isValid() && m_shown && m_next > 0 && !m_fetching; }

void AuditModel::fetchMore(const QModelIndex &parent)
{
    if (!canFetchMore(parent))
        return;
    m_fetching = true;
    m_reader->read(m_next, [this](gateway::Result<AuditReader::Page> page) {
        m_fetching = false;
        if (page)
            append(std::move(*page));
        else
            Q_EMIT failed(qt(page.error().message));
    });
}

void AuditModel::append(AuditReader::Page page)
{
    m_next = page.next;
    if (page.entries.empty())
        return;
    const int first = rowCount();
    beginInsertRows({}, first, first + static_cast<int>(page.entries.size()) - 1);
    m_entries.insert(m_entries.end(), std::make_move_iterator(page.entries.begin()), std::make_move_iterator(page.entries.end()));
    endInsertRows();
}

void AuditModel::setNow(gateway::WallTime now)
{
    m_now = now;
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, When), index(rowCount() - 1, When));
}

void AuditModel::setBrokenAt(std::uint64_t number)
{
    m_brokenAt = number;
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

int AuditModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : static_cast<int>(m_entries.size()); }
int AuditModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant AuditModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const AuditEntry &one = entry(index.row());
    switch (role) {
    case Qt::DisplayRole: return text(one, index.column());
    case Qt::TextAlignmentRole:
        return index.column() == Number || index.column() == Revision ? QVariant(int(Qt::AlignRight | Qt::AlignVCenter)) : QVariant();
    case Qt::ToolTipRole:
        if (index.column() == When)
            return widgets::dateTimeUtc(one.at);
        return index.column() == Who ? qt(one.author == one.from ? one.author : one.author + ", " + one.from) : index.column() == Change ? qt(one.diff) : QString();
    default: return look(one, index.column(), role);
    }
}

QVariant AuditModel::text(const AuditEntry &one, int column) const
{
    switch (column) {
    case Number: return widgets::count(one.row);
    case When: return widgets::moment(one.at, m_now);
    case Who: {
        const QString from = fromWords(one);
        return from.isEmpty() ? whoWords(one.author) : tr("%1, %2", "who changed it, and the address that it came from").arg(whoWords(one.author), from);
    }
    case What: return subjectWords(one);
    case Change: return oneLine(one);
    case Revision: return one.revision > 0 ? QString::number(one.revision) : widgets::unknownText();
    default: return {};
    }
}

QVariant AuditModel::look(const AuditEntry &one, int column, int role) const
{
    const bool broken = one.row == m_brokenAt;
    if (column == Change && role == widgets::CellIcon)
        return static_cast<int>(actionIcon(one));
    if (column == Change && role == widgets::CellIconRole)
        return static_cast<int>(actionRole(one));
    if (column == Number && broken && role == widgets::CellIcon)
        return static_cast<int>(Icon::Error);
    if (column == Number && broken && role == widgets::CellIconRole)
        return static_cast<int>(Role::Err);
    if (column == Number && role == widgets::CellRoleColor)
        return static_cast<int>(broken ? Role::Err : Role::Muted);
    if (column == Revision && role == widgets::CellRoleColor)
        return static_cast<int>(Role::Muted);
    if (column == What && role == widgets::CellStrong)
        return true;
    return {};
}

QVariant AuditModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole && (section == Number || section == Revision))
        return int(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Number: return tr("Entry");
    case When: return tr("When");
    case Who: return tr("Who, from where");
    case What: return tr("What");
    case Change: return tr("Change");
    case Revision: return tr("Version");
    default: return {};
    }
}

} // namespace ui::settings
