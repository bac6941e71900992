// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/pane.h"

#include <QFrame>
#include <QPointer>

class QLineEdit;
class QListView;
class QStandardItemModel;

namespace ui::widgets {
class Label;
}

namespace ui::shell {

/// Ctrl+K: panes, things by name, and actions in one list; what matches is marked. A child of the window, so that it
/// works alike on every platform. Enter runs, Esc or a click beside it closes.
class CommandPalette final : public QFrame
{
    Q_OBJECT
public:
    explicit CommandPalette(QWidget *window);
    void openWith(const QList<panes::PaletteEntry> &entries);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void match(const QString &typed);
    void move(int step);
    void run(const QModelIndex &index);
    void closePalette();
    void place();

    QList<panes::PaletteEntry> m_entries;
    QLineEdit *m_input;
    QListView *m_list;
    QStandardItemModel *m_model;
    widgets::Label *m_found;
    QWidget *m_scrim;
    QPointer<QWidget> m_before; ///< had the focus
};

} // namespace ui::shell
