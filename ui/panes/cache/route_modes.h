// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "ui/widgets/table_view.h"

#include <QAbstractTableModel>

#include <functional>

namespace ui::cache {

/// Routes with what each keeps of its answers, to be changed in place. It only asks for changes: what it shows comes back
/// by show(). GUI thread.
class RouteModes final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Route, Mode, Ttl, Share, NameSpace, Threshold, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;
    using Change = std::function<void(gateway::config::RouteCache &)>;

    /// @param file  the name of the --config file that owns some of them; empty: not known
    void show(const gateway::config::Config &config, const QString &file);
    [[nodiscard]] bool isLocked(int row) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;

Q_SIGNALS:
    /// @param what  in words, for the list of what can be undone: "how route smart caches"
    void edited(const std::string &route, const QString &what, const ui::cache::RouteModes::Change &change);
    void notUnderstood(const QString &why); ///< what was typed into a cell, which stays as it was

private:
    struct Row
    {
        std::string route {};
        gateway::config::RouteCache cache {};
        bool locked = false;
        bool operator==(const Row &) const = default;
    };

    [[nodiscard]] const Row &at(const QModelIndex &index) const { return m_rows[static_cast<std::size_t>(index.row())]; }
    [[nodiscard]] bool applies(const QModelIndex &index) const; ///< whether the cell says something in its row's mode
    [[nodiscard]] QString text(const QModelIndex &index) const;
    [[nodiscard]] QVariant editValue(const QModelIndex &index) const;
    [[nodiscard]] QString tip(const QModelIndex &index) const;
    bool change(const QModelIndex &index, const Change &work, const QString &what);
    bool setThreshold(const QModelIndex &index, const QString &typed);

    std::vector<Row> m_rows;
    double m_threshold = 0.92; ///< of the section
    QString m_file;
};

/// The cells' editors: lists for mode and share, lines for the rest.
class RouteModesDelegate final : public widgets::TextDelegate
{
    Q_OBJECT
public:
    using TextDelegate::TextDelegate;
    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    void setEditorData(QWidget *editor, const QModelIndex &index) const override;
    void setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) const override;
    void updateEditorGeometry(QWidget *editor, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace ui::cache
