// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace ui::widgets {

/// One of a few texts side by side, chosen by mouse or arrow keys; from right to left where the language runs so.
/// Accessible as its current text. What it looks like is SegmentedControl's and TabStrip's.
class ChoiceStrip : public QWidget
{
    Q_OBJECT
public:
    [[nodiscard]] int current() const { return m_current; }
    void setCurrent(int index);

Q_SIGNALS:
    void currentChanged(int index);

protected:
    ChoiceStrip(const QStringList &items, QWidget *parent);
    [[nodiscard]] const QStringList &items() const { return m_items; }
    void replaceItems(const QStringList &items);
    [[nodiscard]] QRect itemRect(int index) const;          ///< as it is seen
    [[nodiscard]] virtual int itemWidth(int index) const = 0;
    [[nodiscard]] virtual int margin() const { return 0; }  ///< before the first
    [[nodiscard]] virtual int gap() const { return 0; }     ///< between two
    [[nodiscard]] int contentWidth() const;                 ///< of all items and gaps
    void mousePressEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    QStringList m_items;
    int m_current = 0;
};

} // namespace ui::widgets
