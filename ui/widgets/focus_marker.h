// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPointer>

class QFocusFrame;
class QWidget;

namespace ui::widgets {

/// Draws the focus ring of those that paint none: lists, trees, tables and texts. One for the program; GUI thread.
class FocusMarker final : public QObject
{
    Q_OBJECT
public:
    explicit FocusMarker(QObject *parent);
    [[nodiscard]] const QWidget *marked() const; ///< null: nothing

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void mark(QWidget *focused);
    [[nodiscard]] bool wantsRing(const QWidget *widget) const;
    QPointer<QFocusFrame> m_frame; ///< goes with the window that it stands in
    bool m_byKey = false;          ///< what was pressed last: a key, not the mouse
};

} // namespace ui::widgets
