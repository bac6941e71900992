// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/call_tools.h"
#include "ui/widgets/table_view.h"

#include <QTreeView>

class QStandardItemModel;

namespace ui::calls {

/// The calls of a session or trace as a tree over time: a bar for each from when it began to when it ended. Arrows go up and
/// down, to what a call was made for and to what was made for it; the current call is told. GUI thread.
class CallTreeView final : public QTreeView
{
    Q_OBJECT
public:
    enum Column { Call, Status, Timeline, Took, Tokens, Cost, ColumnCount };
    enum Role { Id = Qt::UserRole + 1, From, To, Bad }; ///< of the timeline: shares of the whole time

    explicit CallTreeView(QWidget *parent = nullptr);
    void setTree(const gateway::CallTree &tree);
    void clear();
    void step(int by);          ///< to the next call on the screen, or one back
    void choose(const QString &id); ///< makes it the current one, without telling so

Q_SIGNALS:
    void callWanted(const QString &id);

protected:
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    QStandardItemModel *m_model;
    bool m_quiet = false;
};

/// Paints CallTreeView's bars.
class TimelineDelegate final : public widgets::TextDelegate
{
    Q_OBJECT
public:
    using TextDelegate::TextDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace ui::calls
