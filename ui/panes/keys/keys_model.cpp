// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/keys/keys_model.h"

#include "ui/bridge/team_colors.h"
#include "ui/bridge/text.h"
#include "ui/panes/keys/key_words.h"
#include "ui/widgets/format.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/table_view.h"
#include "ui/widgets/theme_colors.h"

#include <QGuiApplication>
#include <QPalette>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::keys {

namespace {

using bridge::qt;
using widgets::Icon;
using widgets::Role;

constexpr std::chrono::days soon {14};
constexpr std::size_t shownModels = 2;

QString modelsText(const gateway::config::VirtualKey &key)
{
    if (!key.permissions.contains(gateway::config::Permission::Call))
        return KeysModel::tr("none");
    if (!key.models)
        return KeysModel::tr("all");
    QStringList names;
    for (std::size_t i = 0; i < std::min(shownModels, key.models->size()); ++i)
        names << qt((*key.models)[i]);
    const auto rest = static_cast<int>(key.models->size() - static_cast<std::size_t>(names.size()));
    return rest > 0 ? KeysModel::tr("%1, %2 more").arg(names.join(u", "_s)).arg(rest) : names.join(u", "_s);
}

bool holds(const gateway::config::VirtualKey &key, const QString &words)
{
    QString all = qt(key.name) + u' ' + qt(key.prefix) + u' ' + qt(key.team);
    if (key.models) {
        for (const std::string &model : *key.models)
            all += u' ' + qt(model);
    }
    const auto wanted = words.split(u' ', Qt::SkipEmptyParts);
    return std::ranges::all_of(wanted, [&](const QString &word) { return all.contains(word, Qt::CaseInsensitive); });
}

std::pair<Icon, Role> stateLook(KeyState state)
{
    switch (state) {
    case KeyState::Active: return {Icon::Ok, Role::Ok};
    case KeyState::ExpiresSoon: return {Icon::Clock, Role::Warn};
    case KeyState::Expired: return {Icon::Clock, Role::Err};
    case KeyState::Revoked: return {Icon::CircuitOpen, Role::Muted};
    case KeyState::Sleeping: return {Icon::Skipped, Role::Muted};
    }
    return {Icon::None, Role::Text};
}

} // namespace

KeyState stateOf(const gateway::config::VirtualKey &key, gateway::WallTime now)
{
    if (key.revoked)
        return KeyState::Revoked;
    if (key.hash.empty())
        return KeyState::Sleeping;
    if (key.expires && *key.expires <= now)
        return KeyState::Expired;
    return key.expires && *key.expires - now < soon ? KeyState::ExpiresSoon : KeyState::Active;
}

QString stateText(const gateway::config::VirtualKey &key, gateway::WallTime now)
{
    switch (stateOf(key, now)) {
    case KeyState::Active: return KeysModel::tr("Active");
    case KeyState::ExpiresSoon: {
        const auto left = std::chrono::floor<std::chrono::days>(*key.expires - now).count();
        return left > 0 ? KeysModel::tr("Expires in %1 d").arg(left) : KeysModel::tr("Expires today");
    }
    case KeyState::Expired: return KeysModel::tr("Expired %1").arg(widgets::ago(*key.expires, now));
    case KeyState::Revoked: return KeysModel::tr("Revoked");
    case KeyState::Sleeping: return KeysModel::tr("No secret yet");
    }
    return {};
}

KeysModel::KeysModel(QObject *parent) : QAbstractTableModel(parent), m_config(std::make_shared<const gateway::config::Config>()) {}

void KeysModel::setKeys(gateway::api::ConfigPtr config, gateway::WallTime now)
{
    m_now = now;
    if (config == m_config)
        return;
    m_config = std::move(config);
    rebuild();
}

void KeysModel::setUse(const gateway::api::UseSummary &use)
{
    m_use = use;
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, Spent), index(rowCount() - 1, LastUsed));
}

void KeysModel::setFilter(const std::optional<std::string> &team, const QString &words)
{
    m_team = team;
    m_words = words;
    rebuild();
}

void KeysModel::rebuild()
{
    beginResetModel();
    m_rows.clear();
    for (std::size_t i = m_config->keys.size(); i-- > 0;) {
        const gateway::config::VirtualKey &key = m_config->keys[i];
        if ((!m_team || key.team == *m_team) && holds(key, m_words))
            m_rows.push_back(i);
    }
    // What still works stands first; within that the newest.
    std::ranges::stable_sort(m_rows, {}, [this](std::size_t i) { return m_config->keys[i].revoked; });
    endResetModel();
}

const gateway::api::KeyUse *KeysModel::use(int row) const
{
    if (!m_use)
        return nullptr;
    const auto found = std::ranges::find(m_use->keys, key(row).id, &gateway::api::KeyUse::keyId);
    return found == m_use->keys.end() ? nullptr : &*found;
}

int KeysModel::rowOf(const QString &name) const
{
    for (int row = 0; row < rowCount(); ++row) {
        if (qt(key(row).name) == name)
            return row;
    }
    return -1;
}

int KeysModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int KeysModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString KeysModel::text(int row, Column column) const
{
    const gateway::config::VirtualKey &entry = key(row);
    const gateway::api::KeyUse *used = use(row);
    switch (column) {
    case Name: return qt(entry.name);
    case Prefix: return entry.prefix.empty() ? widgets::unknownText() : qt(entry.prefix) + u'…';
    case Team: return entry.team.empty() ? widgets::unknownText() : qt(entry.team);
    case Models: return modelsText(entry);
    case Spent:
        if (!used)
            return m_use ? widgets::moneyTotal(gateway::Money()) : widgets::unknownText();
        return used->spentUnknown ? tr("%1 and calls without a price").arg(widgets::moneyTotal(used->spent)) : widgets::moneyTotal(used->spent);
    case LastUsed: return !m_use ? widgets::unknownText() : used && used->lastUsed != gateway::WallTime {} ? widgets::moment(used->lastUsed, m_now) : tr("not yet");
    case Age: return ageOf(entry, m_now);
    case Expires: return entry.expires ? widgets::dayText(*entry.expires) : tr("never");
    case State: return stateText(entry, m_now);
    case ColumnCount: break;
    }
    return {};
}

QVariant KeysModel::look(int row, Column column, int role) const
{
    const gateway::config::VirtualKey &entry = key(row);
    const auto state = stateOf(entry, m_now);
    const auto [icon, iconRole] = stateLook(state);
    const bool quiet = state == KeyState::Revoked;
    switch (role) {
    case widgets::CellRoleColor:
        if (column == State && state != KeyState::Active)
            return static_cast<int>(iconRole);
        if (column == Expires && (state == KeyState::ExpiresSoon || state == KeyState::Expired))
            return static_cast<int>(iconRole);
        if (column == Age && isOld(entry, m_now))
            return static_cast<int>(Role::Warn);
        return static_cast<int>(quiet || (column == Expires && !entry.expires) ? Role::Muted : Role::Text);
    case widgets::CellIcon:
        if (column == State)
            return static_cast<int>(icon);
        return column == Name && entry.origin == gateway::config::Origin::File ? QVariant(static_cast<int>(Icon::Lock)) : QVariant();
    case widgets::CellIconRole: return static_cast<int>(column == State ? iconRole : Role::Muted);
    case widgets::CellSwatch: {
        if (column != Team || entry.team.empty())
            return {};
        const widgets::ThemeColors &colors = widgets::colorsOf(QGuiApplication::palette());
        const int color = bridge::teamColor(*m_config, entry.team);
        return color < 0 ? colors.otherSeries : colors.series[static_cast<std::size_t>(color)];
    }
    case widgets::CellStrong: return column == Name && !quiet;
    case widgets::CellMono: return column == Prefix;
    default: return {};
    }
}

/// When it was made and ends, to the second, and what to do about an old one.
QString KeysModel::timeTip(const gateway::config::VirtualKey &entry, Column column) const
{
    if (column == Expires && entry.expires)
        return tr("Works until %1").arg(widgets::dateTimeUtc(*entry.expires));
    if (column != Age || entry.createdAt == gateway::WallTime {})
        return {};
    const QString made = tr("Made %1").arg(widgets::dateTimeUtc(entry.createdAt));
    return isOld(entry, m_now) ? tr("%1\nOlder than a year and without an end: rotate it (Ctrl+R) or give it one.").arg(made) : made;
}

QVariant KeysModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const auto column = static_cast<Column>(index.column());
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole: return text(index.row(), column);
    case Qt::TextAlignmentRole: return QVariant(column == Spent || column == Age ? Qt::AlignRight | Qt::AlignVCenter : Qt::AlignLeft | Qt::AlignVCenter);
    case Qt::ToolTipRole:
        if (column == Models && key(index.row()).models) {
            QStringList all;
            for (const std::string &model : *key(index.row()).models)
                all << qt(model);
            return all.join(u'\n');
        }
        if (column == LastUsed && use(index.row()))
            return widgets::dateTimeUtc(use(index.row())->lastUsed);
        return timeTip(key(index.row()), column);
    default: return look(index.row(), column, role);
    }
}

QVariant KeysModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(section == Spent || section == Age ? Qt::AlignRight | Qt::AlignVCenter : Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (static_cast<Column>(section)) {
    case Name: return tr("Name");
    case Prefix: return tr("Prefix");
    case Team: return tr("Team");
    case Models: return tr("Models");
    case Spent: return tr("Spent this month");
    case LastUsed: return tr("Last used");
    case Age: return tr("Age");
    case Expires: return tr("Expires");
    case State: return tr("State");
    case ColumnCount: break;
    }
    return {};
}

} // namespace ui::keys
