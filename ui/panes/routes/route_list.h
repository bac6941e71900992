// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/config_draft.h"
#include "ui/panes/routes/route_traffic.h"

#include <QAbstractListModel>
#include <QStyledItemDelegate>

namespace ui::routes {

/// The routes of a draft with their figures. Rows in the configuration's order.
class RouteListModel final : public QAbstractListModel
{
    Q_OBJECT
public:
    enum Role {
        Name = Qt::DisplayRole,
        Figures = Qt::UserRole + 1, ///< "1.34 rps  0.52 % err"
        P95,                        ///< "p95 1.74 s"
        History,                    ///< QList<double>
        Troubled,                   ///< bool: many errors
        Changed,                    ///< bool: differs from what is live
        Locked,                     ///< bool: owned by the file
        Disabled,                   ///< bool
        ConfigIndex,                ///< int: in Config::routes
    };

    RouteListModel(const bridge::ConfigDraft &draft, const TrafficWatch &watch, QObject *parent);

    void setSearch(const QString &text);
    void reload();          ///< after the draft changed
    void refreshFigures();
    [[nodiscard]] int rowOf(int configIndex) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

private:
    [[nodiscard]] const gateway::config::Route *route(int row) const;
    [[nodiscard]] bool changed(const gateway::config::Route &route) const;

    const bridge::ConfigDraft &m_draft;
    const TrafficWatch &m_watch;
    QString m_search;
    QList<int> m_rows;
};

/// 56 px: name and course above, figures below.
class RouteDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace ui::routes
