// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/calls/call_columns.h"
#include "ui/panes/calls/call_list_model.h"
#include "ui/widgets/table_view.h"

class QMenu;

namespace ui::calls {

/// The call list as a table: dense fixed rows that do not move under the eye when new ones come, columns that share the
/// width, J and K as down and up. Rows are told to the model as they come into view.
class CallTable final : public widgets::TableView
{
    Q_OBJECT
public:
    explicit CallTable(CallListModel *model, QWidget *parent = nullptr);

    [[nodiscard]] bool atTop() const;
    [[nodiscard]] QString topId() const;             ///< of the first row on the screen
    [[nodiscard]] QStringList selectedIds() const;
    void showRow(int row);                           ///< makes it the current one, on the screen
    void step(int by);                               ///< next or previous call within the filter
    /// While held, new rows above move no row on the screen, even at the very top (a call is being read there).
    void setHeld(bool held) { m_held = held; }

    void setColumnShown(Column column, bool shown);
    [[nodiscard]] bool columnShown(Column column) const;
    [[nodiscard]] QStringList shownColumns() const;
    void setShownColumns(const QStringList &ids);
    void fillColumnMenu(QMenu *menu);

Q_SIGNALS:
    void inspectWanted(int row);                     ///< Enter, or a click
    void currentRowChanged(int row);
    void closeWanted();                              ///< Esc
    void termWanted(const QString &term, bool exclude);
    void viewMoved();
    /// The menu of a cell is about to show: further actions for these calls can be added.
    void menuWanted(QMenu *menu, const QStringList &ids);
    void columnsChanged();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;

private:
    void tellView();
    void shareWidth();
    void fillCellMenu(QMenu *menu, const QModelIndex &index);

    CallListModel *m_model;
    bool m_held = false;
    bool m_sharing = false;
    int m_wanted = -1;                               ///< a row to step to once its page is there
};

} // namespace ui::calls
