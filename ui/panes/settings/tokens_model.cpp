// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/settings/tokens_model.h"

#include "gateway/config/names.h"
#include "ui/bridge/text.h"
#include "ui/widgets/table_view.h"

#include <QCoreApplication>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace ui::settings {

using bridge::qt;
using gateway::config::AdminRole;
using gateway::config::AdminToken;
using widgets::Icon;

QString roleName(AdminRole role)
{
    switch (role) {
    case AdminRole::Owner: return QCoreApplication::translate("settings", "Owner");
    case AdminRole::Admin: return QCoreApplication::translate("settings", "Admin");
    case AdminRole::Analyst: return QCoreApplication::translate("settings", "Analyst");
    }
    return {};
}

QString roleWords(AdminRole role)
{
    switch (role) {
    case AdminRole::Owner: return QCoreApplication::translate("settings", "does everything, makes admin tokens, exports secrets");
    case AdminRole::Admin: return QCoreApplication::translate("settings", "changes all but admin tokens, reads who changed what");
    case AdminRole::Analyst: return QCoreApplication::translate("settings", "reads calls, costs and the configuration without secrets");
    }
    return {};
}

void TokensModel::setTokens(std::vector<AdminToken> tokens, const QString &file)
{
    if (tokens == m_tokens && file == m_file)
        return;
    beginResetModel();
    m_tokens = std::move(tokens);
    m_file = file;
    endResetModel();
}

const AdminToken *TokensModel::token(int row) const
{
    return row < 1 || row > static_cast<int>(m_tokens.size()) ? nullptr : &m_tokens[static_cast<std::size_t>(row - 1)];
}

int TokensModel::rowOf(const std::string &name) const
{
    const auto found = std::ranges::find(m_tokens, name, &AdminToken::name);
    return found == m_tokens.end() ? -1 : static_cast<int>(found - m_tokens.begin()) + 1;
}

int TokensModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : static_cast<int>(m_tokens.size()) + 1; }
int TokensModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant TokensModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    if (role == Qt::DisplayRole || role == Qt::ToolTipRole)
        return text(index.row(), index.column());
    if (index.column() == Name && role == widgets::CellStrong)
        return true;
    if (index.column() == May && role == widgets::CellRoleColor)
        return static_cast<int>(widgets::Role::Muted);
    return index.column() == State ? stateLook(index.row(), role) : QVariant();
}

QString TokensModel::text(int row, int column) const
{
    const AdminToken *one = token(row);
    const AdminRole role = one ? one->role : AdminRole::Owner;
    switch (column) {
    case Name: return one ? qt(one->name) : qt(gateway::config::ownersTokenName);
    case Role: return roleName(role);
    case May: return roleWords(role);
    case State:
        if (!one)
            return tr("in the file admin-token");
        if (one->hash.empty())
            return tr("no secret: opens nothing");
        return one->origin == gateway::config::Origin::File ? tr("set in %1").arg(m_file) : tr("Active");
    default: return {};
    }
}

QVariant TokensModel::stateLook(int row, int role) const
{
    const AdminToken *one = token(row);
    const bool asleep = one && one->hash.empty();
    const bool locked = !one || one->origin == gateway::config::Origin::File;
    if (role == widgets::CellIcon)
        return static_cast<int>(asleep ? Icon::Warning : locked ? Icon::Lock : Icon::Ok);
    if (role == widgets::CellIconRole)
        return static_cast<int>(asleep ? widgets::Role::Warn : locked ? widgets::Role::Muted : widgets::Role::Ok);
    return {};
}

QVariant TokensModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name: return tr("Name");
    case Role: return tr("Role");
    case May: return tr("What its bearer may do");
    case State: return tr("State");
    default: return {};
    }
}

} // namespace ui::settings
