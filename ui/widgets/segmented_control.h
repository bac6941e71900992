// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace ui::widgets {

/// One of a few, side by side ("Canvas | YAML"). Arrow keys move. Accessible as its current text.
class SegmentedControl final : public QWidget
{
    Q_OBJECT
public:
    explicit SegmentedControl(const QStringList &items, QWidget *parent = nullptr);
    [[nodiscard]] int current() const { return m_current; }
    void setCurrent(int index);
    void setItemText(int index, const QString &text);
    void setSmall(bool small);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

Q_SIGNALS:
    void currentChanged(int index);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    [[nodiscard]] QRect itemRect(int index) const;
    [[nodiscard]] int itemWidth(int index) const;

    QStringList m_items;
    int m_current = 0;
    bool m_small = false;
};

} // namespace ui::widgets
