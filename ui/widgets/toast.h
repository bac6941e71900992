// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QKeySequence>
#include <QWidget>

#include <functional>

namespace ui::widgets {

/// A dark strip at the bottom of its parent: what happened, Undo with its key, and the seconds left (7; they stand still while the
/// mouse is on it). A new one replaces the old.
class Toast final : public QWidget
{
    Q_OBJECT
public:
    explicit Toast(QWidget *parent);
    void show(const QString &text, std::function<void()> undo = {});
    void undo(); ///< what it offers to undo, as long as it is there
    static QKeySequence undoKeys() { return Qt::ALT | Qt::Key_Z; } ///< not Ctrl+Z: fields and drafts have that

protected:
    void paintEvent(QPaintEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;

private:
    void place();
    [[nodiscard]] QRect undoRect() const;
    QString m_text;
    std::function<void()> m_undo;
    int m_seconds = 0;
    class QTimer *m_tick;
};

} // namespace ui::widgets
