// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/keys/keys_model.h"

#include "ui/bridge/team_colors.h"
#include "ui/bridge/text.h"
#include "ui/panes/keys/key_words.h"
#include "ui/panes/scopes/cap_bar.h"
#include "ui/panes/scopes/scope_words.h"
#include "ui/widgets/format.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/table_view.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/theme_colors.h"

#include <QGuiApplication>
#include <QPainter>
#include <QPalette>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::keys {

namespace {

using bridge::qt;
using widgets::Icon;
using widgets::Role;

constexpr std::chrono::days soon {14};

/// The first; moreModelsText() has the others, in a line of its own: a column holds one name, not three.
QString modelsText(const gateway::config::VirtualKey &key)
{
    if (!key.permissions.contains(gateway::config::Permission::Call))
        return KeysModel::tr("none");
    if (!key.models)
        return KeysModel::tr("all");
    return key.models->empty() ? KeysModel::tr("none") : qt(key.models->front());
}

QString moreModelsText(const gateway::config::VirtualKey &key)
{
    if (!key.permissions.contains(gateway::config::Permission::Call) || !key.models || key.models->size() < 2)
        return {};
    return key.models->size() == 2 ? qt(key.models->back()) : KeysModel::tr("and %1 more").arg(key.models->size() - 1);
}

QString allModelsText(const gateway::config::VirtualKey &key, const QString &between)
{
    QStringList all;
    for (const std::string &model : key.models.value_or(std::vector<std::string> {}))
        all << qt(model);
    return all.join(between);
}

QString searchedText(const gateway::config::VirtualKey &key)
{
    std::string all = key.name + ' ' + key.prefix + ' ' + key.team;
    if (key.models) {
        for (const std::string &model : *key.models)
            all += ' ' + model;
    }
    return qt(all).toCaseFolded();
}

/// "120 rpm, 1 more"
QString limitsText(const gateway::config::Quota &quota)
{
    QStringList parts;
    for (const gateway::config::Limit &limit : quota.limits) {
        const auto add = [&](const std::optional<std::int64_t> &count, const QString &word) {
            if (count)
                parts << widgets::count(static_cast<std::uint64_t>(*count)) + u' ' + word;
        };
        add(limit.rpm, u"rpm"_s);
        add(limit.tpm, u"tpm"_s);
        add(limit.tpd, u"tpd"_s);
        add(limit.parallel, KeysModel::tr("parallel"));
    }
    if (parts.isEmpty())
        return KeysModel::tr("none");
    return parts.size() == 1 ? parts.front() : KeysModel::tr("%1, %2 more").arg(parts.front()).arg(parts.size() - 1);
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
    m_texts.clear();
    m_texts.reserve(m_config->keys.size());
    for (const gateway::config::VirtualKey &entry : m_config->keys)
        m_texts.push_back(searchedText(entry));
    rebuild();
}

void KeysModel::setStanding(panes::Standing standing)
{
    m_standing = std::move(standing);
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, Spent), index(rowCount() - 1, Limits));
}

void KeysModel::setUse(const gateway::api::UseSummary &use)
{
    m_use = use;
    m_useOf.clear();
    for (std::size_t i = 0; i < m_use->keys.size(); ++i)
        m_useOf.emplace(m_use->keys[i].keyId, i);
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
    const QStringList wanted = m_words.toCaseFolded().split(u' ', Qt::SkipEmptyParts);
    for (std::size_t i = m_config->keys.size(); i-- > 0;) {
        const auto has = [&](const QString &word) { return m_texts[i].contains(word); };
        if ((!m_team || m_config->keys[i].team == *m_team) && std::ranges::all_of(wanted, has))
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
    const auto found = m_useOf.find(key(row).id);
    return found == m_useOf.end() ? nullptr : &m_use->keys[found->second];
}

int KeysModel::rowOf(const QString &name) const
{
    const std::string wanted = bridge::utf8(name);
    for (int row = 0; row < rowCount(); ++row) {
        if (key(row).name == wanted)
            return row;
    }
    return -1;
}

std::optional<panes::Standing::Cap> KeysModel::cap(int row) const
{
    const gateway::config::VirtualKey &entry = key(row);
    return m_standing.bindingCap({gateway::ScopeKind::Key, entry.name}, entry.team);
}

/// Of the cap that binds: a key that its team caps shows the team's.
QString KeysModel::spentText(int row) const
{
    if (const auto binding = cap(row))
        return panes::spentText(binding->budget);
    const gateway::api::KeyUse *used = use(row);
    if (!m_use)
        return widgets::unknownText();
    const QString spent = widgets::moneyTotal(used ? used->spent : gateway::Money());
    return used && used->spentUnknown ? tr("%1 and calls without a price").arg(spent) : tr("%1, no cap").arg(spent);
}

QVariant KeysModel::capData(int row, int role) const
{
    const auto binding = cap(row);
    if (!binding)
        return {};
    const bool own = binding->of.kind == gateway::ScopeKind::Key;
    const double amount = static_cast<double>(std::max<std::int64_t>(binding->budget.amount.nanos(), 1));
    switch (role) {
    case CapOf: return own ? tr("key") : panes::inWords(binding->of);
    case CapUsed: return panes::usedText(binding->budget);
    case CapIsOwn: return own;
    case CapLevel: return static_cast<int>(panes::levelOf(binding->budget));
    case CapBrief: return tr("%1 of %2").arg(widgets::moneyTotal(binding->budget.spent + binding->budget.reserved), panes::amountText(binding->budget.amount));
    case CapSpent: return static_cast<double>(binding->budget.spent.nanos()) / amount;
    case CapReserved: return static_cast<double>(binding->budget.reserved.nanos()) / amount;
    case Qt::AccessibleTextRole: return tr("%1, cap of %2, %3").arg(panes::spentText(binding->budget), own ? tr("the key itself") : panes::inWords(binding->of), panes::usedText(binding->budget));
    default: return {};
    }
}

QString KeysModel::capTip(int row) const
{
    QStringList lines;
    const gateway::config::VirtualKey &entry = key(row);
    const panes::ScopeRef scope {gateway::ScopeKind::Key, entry.name};
    if (const auto binding = cap(row))
        lines << panes::bindingText(scope, *binding) << panes::resetText(binding->budget);
    if (const gateway::ScopeState *state = m_standing.find(scope)) {
        for (const gateway::BudgetState &budget : state->budgets)
            lines << tr("its own: %1 (%2)").arg(panes::spentText(budget), panes::usedText(budget));
    }
    if (const gateway::api::KeyUse *used = use(row))
        lines << tr("%1 by itself this month").arg(widgets::moneyTotal(used->spent));
    return lines.join(u'\n');
}

QString KeysModel::limitsTip(int row) const
{
    QStringList lines;
    const gateway::config::VirtualKey &entry = key(row);
    const auto add = [&](const panes::ScopeRef &scope) {
        const gateway::ScopeState *state = m_standing.find(scope);
        for (const gateway::LimitState &limit : state ? state->limits : std::vector<gateway::LimitState> {}) {
            const QString what = limit.endpoint.empty() ? panes::limitTitle(limit.what) : tr("%1, %2").arg(panes::limitTitle(limit.what), qt(limit.endpoint));
            lines << tr("%1, %2: %3 of %4 now").arg(panes::inWords(scope), what, widgets::count(static_cast<std::uint64_t>(limit.count)), widgets::count(static_cast<std::uint64_t>(limit.limit)));
        }
    };
    add({gateway::ScopeKind::Key, entry.name});
    if (!entry.team.empty())
        add({gateway::ScopeKind::Team, entry.team});
    add({});
    return lines.isEmpty() ? tr("nothing limits it") : lines.join(u'\n');
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
    case Spent: return spentText(row);
    case Limits: return limitsText(entry.quota);
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
        return static_cast<int>(quiet || (column == Expires && !entry.expires) || (column == Limits && entry.quota.limits.empty()) ? Role::Muted : Role::Text);
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
    case widgets::CellSubText: return column == Models ? moreModelsText(entry) : QString();
    case widgets::CellMono: return column == Prefix;
    default: return {};
    }
}

/// When it was made and ends, to the second, and what to do about an old one.
QString KeysModel::timeTip(const gateway::config::VirtualKey &entry, Column column) const
{
    if (column == Expires && entry.expires)
        return tr("Works until %1").arg(widgets::dateTimeUtc(*entry.expires));
    if ((column != Age && column != State) || entry.createdAt == gateway::WallTime {})
        return {};
    const QString made = tr("Made %1").arg(widgets::dateTimeUtc(entry.createdAt));
    return isOld(entry, m_now) ? tr("%1\nOlder than a year and without an end: rotate it (Ctrl+R) or give it one.").arg(made) : made;
}

QVariant KeysModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const auto column = static_cast<Column>(index.column());
    if (column == Spent && (role == Qt::AccessibleTextRole || (role >= CapOf && role <= CapBrief))) {
        const QVariant of = capData(index.row(), role);
        if (of.isValid() || role != Qt::AccessibleTextRole)
            return of;
    }
    if (column == Models && role == Qt::AccessibleTextRole && !moreModelsText(key(index.row())).isEmpty())
        return allModelsText(key(index.row()), u", "_s);
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole: return text(index.row(), column);
    case Qt::TextAlignmentRole: return QVariant(column == Age ? Qt::AlignRight | Qt::AlignVCenter : Qt::AlignLeft | Qt::AlignVCenter);
    case Qt::ToolTipRole:
        if (column == Models)
            return allModelsText(key(index.row()), u"\n"_s);
        if (column == Spent)
            return capTip(index.row());
        if (column == Limits)
            return limitsTip(index.row());
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
        return QVariant(section == Age ? Qt::AlignRight | Qt::AlignVCenter : Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (static_cast<Column>(section)) {
    case Name: return tr("Name");
    case Prefix: return tr("Prefix");
    case Team: return tr("Team");
    case Models: return tr("Models");
    case Spent: return tr("Spend of the cap that binds");
    case Limits: return tr("Limits");
    case LastUsed: return tr("Last used");
    case Age: return tr("Age");
    case Expires: return tr("Expires");
    case State: return tr("State");
    case ColumnCount: break;
    }
    return {};
}

void CapDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QString of = index.data(KeysModel::CapOf).toString();
    if (of.isEmpty()) {
        TextDelegate::paint(painter, option, index);
        return;
    }
    const widgets::ThemeColors &colors = widgets::colorsOf(option.palette);
    QStyleOptionViewItem plain = option;
    initStyleOption(&plain, index);
    paintBackground(painter, plain, index);
    painter->save();
    painter->setLayoutDirection(Qt::LayoutDirectionAuto); // amounts read from left to right in every language
    const QRect cell = widgets::cellContent(option, index);
    const QRect line(cell.left(), cell.top() + 5, cell.width(), 15);
    const bool rtl = option.direction == Qt::RightToLeft;
    const auto level = static_cast<panes::Level>(index.data(KeysModel::CapLevel).toInt());
    const QString used = index.data(KeysModel::CapUsed).toString();
    const auto draw = [&](const QRect &where, bool atEnd, const QString &text) {
        painter->drawText(where, int((atEnd != rtl ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignAbsolute | Qt::AlignVCenter), painter->fontMetrics().elidedText(text, Qt::ElideRight, where.width()));
    };
    const auto place = [&](int from, int width) { return QStyle::visualRect(option.direction, line, QRect(line.left() + from, line.top(), width, line.height())); };
    painter->setFont(widgets::textFont(11, level == panes::Level::Fine ? QFont::Normal : QFont::DemiBold));
    const int percent = painter->fontMetrics().horizontalAdvance(used) + 2;
    painter->setPen(level == panes::Level::Fine ? colors.muted : colors.of(panes::roleOf(level)));
    draw(place(line.width() - percent, percent), true, used);
    painter->setFont(widgets::textFont(11, index.data(KeysModel::CapIsOwn).toBool() ? QFont::Normal : QFont::DemiBold));
    const int name = std::min(painter->fontMetrics().horizontalAdvance(of) + 2, line.width() / 2 - percent);
    painter->setPen(index.data(KeysModel::CapIsOwn).toBool() ? colors.muted : colors.text);
    draw(place(line.width() - percent - 6 - name, name), true, of);
    painter->setFont(widgets::textFont(11));
    painter->setPen(colors.text);
    const int room = line.width() - percent - name - 12;
    const QString whole = index.data().toString();
    draw(place(0, room), false, painter->fontMetrics().horizontalAdvance(whole) > room ? index.data(KeysModel::CapBrief).toString() : whole);
    const panes::CapBar bar {.spent = index.data(KeysModel::CapSpent).toDouble(), .reserved = index.data(KeysModel::CapReserved).toDouble(), .role = panes::roleOf(level)};
    panes::paintCapBar(painter, QRectF(cell.left(), cell.top() + 24, cell.width(), 6), bar, colors, option.direction);
    painter->restore();
}

} // namespace ui::keys
