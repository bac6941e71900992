// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/cache/route_modes.h"

#include "ui/bridge/text.h"
#include "ui/panes/cache_words.h"
#include "ui/panes/cache/likeness.h"
#include "ui/widgets/format.h"

#include <QComboBox>
#include <QLineEdit>

using namespace Qt::StringLiterals;

namespace ui::cache {

using bridge::qt;
using gateway::config::CacheMode;
using gateway::config::CacheShare;
using gateway::config::RouteCache;
using panes::modeName;
using panes::shareName;
using widgets::Icon;
using widgets::Role;

void RouteModes::show(const gateway::config::Config &config, const QString &file)
{
    std::vector<Row> rows;
    for (const auto &route : config.routes)
        rows.push_back({route.name, route.cache.value_or(RouteCache {.mode = CacheMode::Off}), route.origin == gateway::config::Origin::File});
    m_threshold = config.cache.semantic.value_or(gateway::config::SemanticCache {}).threshold;
    m_file = file;
    if (rows.size() != m_rows.size()) {
        beginResetModel();
        m_rows = std::move(rows);
        endResetModel();
        return;
    }
    m_rows = std::move(rows); // the cell that is chosen stays so
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

bool RouteModes::isLocked(int row) const { return m_rows.at(static_cast<std::size_t>(row)).locked; }
int RouteModes::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }
int RouteModes::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : ColumnCount; }

bool RouteModes::applies(const QModelIndex &index) const
{
    const CacheMode mode = at(index).cache.mode;
    if (index.column() == Route || index.column() == Mode)
        return true;
    return index.column() == Threshold ? mode == CacheMode::Semantic : mode != CacheMode::Off;
}

QString RouteModes::text(const QModelIndex &index) const
{
    const Row &row = at(index);
    if (!applies(index))
        return widgets::unknownText();
    switch (index.column()) {
    case Route: return qt(row.route);
    case Mode: return modeName(row.cache.mode);
    case Ttl: return widgets::setting(row.cache.ttl);
    case Share: return shareName(row.cache.share);
    case NameSpace: return row.cache.nameSpace.empty() ? tr("common") : qt(row.cache.nameSpace);
    case Threshold: return thresholdText(row.cache.threshold.value_or(m_threshold));
    default: return {};
    }
}

QVariant RouteModes::editValue(const QModelIndex &index) const
{
    const RouteCache &cache = at(index).cache;
    switch (index.column()) {
    case Mode: return static_cast<int>(cache.mode);
    case Ttl: return widgets::setting(cache.ttl);
    case Share: return static_cast<int>(cache.share);
    case NameSpace: return qt(cache.nameSpace);
    case Threshold: return cache.threshold ? thresholdText(*cache.threshold) : QString();
    default: return {};
    }
}

QString RouteModes::tip(const QModelIndex &index) const
{
    const Row &row = at(index);
    if (row.locked)
        return tr("Set by %1, edit it there").arg(m_file.isEmpty() ? tr("the --config file") : m_file);
    switch (index.column()) {
    case Share: return row.cache.share == CacheShare::Everyone ? tr("Whoever may call the route gets answers that others asked for.") : QString();
    case NameSpace: return tr("Answers of two namespaces are apart.");
    case Threshold: return applies(index) && !row.cache.threshold ? tr("The common threshold. Type one to set the route's own; clear it to take the common one.") : QString();
    default: return {};
    }
}

QVariant RouteModes::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const Row &row = at(index);
    switch (role) {
    case Qt::DisplayRole: return text(index);
    case Qt::EditRole: return editValue(index);
    case Qt::ToolTipRole: return tip(index);
    case Qt::TextAlignmentRole: return headerData(index.column(), Qt::Horizontal, role);
    case widgets::CellStrong: return index.column() == Route;
    case widgets::CellIcon:
        if (index.column() == Route && row.locked)
            return static_cast<int>(Icon::Lock);
        if (index.column() == Mode)
            return static_cast<int>(row.cache.mode == CacheMode::Off ? Icon::Skipped : Icon::Ok);
        return index.column() == Share && applies(index) && row.cache.share == CacheShare::Everyone ? QVariant(static_cast<int>(Icon::Warning)) : QVariant();
    case widgets::CellIconRole:
        return static_cast<int>(index.column() == Route || row.cache.mode == CacheMode::Off ? Role::Muted : index.column() == Share ? Role::Warn : Role::Ok);
    case widgets::CellRoleColor: {
        const bool inherited = (index.column() == NameSpace && row.cache.nameSpace.empty()) || (index.column() == Threshold && !row.cache.threshold);
        return !applies(index) || inherited || (index.column() == Mode && row.cache.mode == CacheMode::Off) ? QVariant(static_cast<int>(Role::Muted)) : QVariant();
    }
    default: return {};
    }
}

QVariant RouteModes::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((section == Ttl || section == Threshold ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Route: return tr("Route");
    case Mode: return tr("Cache");
    case Ttl: return tr("Kept for");
    case Share: return tr("Shared by");
    case NameSpace: return tr("Namespace");
    case Threshold: return tr("Threshold");
    default: return {};
    }
}

Qt::ItemFlags RouteModes::flags(const QModelIndex &index) const
{
    const Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    return index.isValid() && index.column() != Route && !at(index).locked && applies(index) ? flags | Qt::ItemIsEditable : flags;
}

bool RouteModes::change(const QModelIndex &index, const Change &work, const QString &what)
{
    RouteCache next = at(index).cache;
    work(next);
    if (next == at(index).cache)
        return false;
    Q_EMIT edited(at(index).route, what.arg(qt(at(index).route)), work);
    return true;
}

bool RouteModes::setThreshold(const QModelIndex &index, const QString &typed)
{
    std::optional<double> threshold;
    if (!typed.isEmpty()) {
        bool number = false;
        threshold = QString(typed).replace(u',', u'.').toDouble(&number);
        if (!number || *threshold <= 0 || *threshold > 1) {
            Q_EMIT notUnderstood(tr("A threshold is a number above 0 and at most 1, such as 0.92."));
            return false;
        }
    }
    return change(index, [threshold](RouteCache &cache) { cache.threshold = threshold; }, tr("threshold of route %1"));
}

bool RouteModes::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::EditRole || !(flags(index) & Qt::ItemIsEditable))
        return false;
    const QString typed = value.toString().trimmed();
    switch (index.column()) {
    case Mode: return change(index, [mode = static_cast<CacheMode>(value.toInt())](RouteCache &cache) { cache.mode = mode; }, tr("how route %1 caches"));
    case Share: return change(index, [share = static_cast<CacheShare>(value.toInt())](RouteCache &cache) { cache.share = share; }, tr("who shares answers of route %1"));
    case NameSpace: return change(index, [name = bridge::utf8(typed)](RouteCache &cache) { cache.nameSpace = name; }, tr("namespace of route %1"));
    case Threshold: return setThreshold(index, typed);
    case Ttl: {
        const auto ttl = widgets::parseSetting(typed);
        if (!ttl || ttl->count() <= 0) {
            Q_EMIT notUnderstood(tr("How long answers are kept is written as 90 s, 10 min, 2 h or 7 d."));
            return false;
        }
        return change(index, [ttl](RouteCache &cache) { cache.ttl = *ttl; }, tr("how long route %1 keeps answers"));
    }
    default: return false;
    }
}

// --- editors

QWidget *RouteModesDelegate::createEditor(QWidget *parent, const QStyleOptionViewItem &, const QModelIndex &index) const
{
    const auto name = [&](QWidget *editor) {
        editor->setAccessibleName(index.model()->headerData(index.column(), Qt::Horizontal, Qt::DisplayRole).toString());
        return editor;
    };
    if (index.column() != RouteModes::Mode && index.column() != RouteModes::Share) {
        auto *line = new QLineEdit(parent);
        if (index.column() == RouteModes::Threshold)
            line->setPlaceholderText(index.data().toString());
        return name(line);
    }
    auto *box = new QComboBox(parent);
    if (index.column() == RouteModes::Mode) {
        for (const CacheMode mode : {CacheMode::Off, CacheMode::Exact, CacheMode::Semantic})
            box->addItem(modeName(mode), static_cast<int>(mode));
    } else {
        for (const CacheShare share : {CacheShare::Team, CacheShare::Key, CacheShare::Everyone})
            box->addItem(shareName(share), static_cast<int>(share));
    }
    auto *self = const_cast<RouteModesDelegate *>(this); // the view's own pattern: an editor ends by its delegate's signals
    connect(box, &QComboBox::activated, self, [self, box] {
        Q_EMIT self->commitData(box);
        Q_EMIT self->closeEditor(box);
    });
    return name(box);
}

void RouteModesDelegate::setEditorData(QWidget *editor, const QModelIndex &index) const
{
    const QVariant value = index.data(Qt::EditRole);
    if (auto *box = qobject_cast<QComboBox *>(editor))
        box->setCurrentIndex(box->findData(value));
    else if (auto *line = qobject_cast<QLineEdit *>(editor); line && !line->isModified())
        line->setText(value.toString());
}

void RouteModesDelegate::setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) const
{
    if (const auto *box = qobject_cast<QComboBox *>(editor))
        model->setData(index, box->currentData(), Qt::EditRole);
    else if (const auto *line = qobject_cast<QLineEdit *>(editor))
        model->setData(index, line->text(), Qt::EditRole);
}

void RouteModesDelegate::updateEditorGeometry(QWidget *editor, const QStyleOptionViewItem &option, const QModelIndex &) const
{
    editor->setGeometry(option.rect.adjusted(0, 1, -1, -1));
}

} // namespace ui::cache
