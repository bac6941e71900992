// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/theme_colors.h"

#include <QList>
#include <QRect>

namespace ui::widgets {

/// The legend of a chart: fixed order, a swatch (a line for lines), the label, a total. A click, or arrows and space,
/// chooses. What does not fit is left out from the end and stays in the tooltip.
class ChartLegend final : public QWidget
{
    Q_OBJECT
public:
    explicit ChartLegend(QWidget *parent);

    struct Item
    {
        QString id, label, total;
        int color = 0;
        bool line = false;
        double alpha = 1;
    };
    void setItems(const QList<Item> &items);
    void setSolo(const QString &id);
    [[nodiscard]] QSize sizeHint() const override { return {extent(int(m_items.size())), 28}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {0, 28}; }

Q_SIGNALS:
    void clicked(const QString &id);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    [[nodiscard]] int extent(int items) const;
    [[nodiscard]] int fitting() const; ///< how many items there is room for
    void tellHidden();                 ///< the others in the tool tip
    void paintItem(QPainter *painter, const Item &item, int x, const ThemeColors &colors) const;

    QList<Item> m_items;
    QList<QRect> m_places;
    QString m_solo;
    int m_focused = 0;
};

} // namespace ui::widgets
