// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QWidget>

#include <optional>

namespace ui::widgets {
struct ThemeColors;
}

namespace ui::costs {

/// Groups as areas, in each its parts. Mouse: hover tells, a click opens. Keys: arrows walk over the tiles, Enter opens.
class TreemapView final : public QWidget
{
    Q_OBJECT
public:
    struct Tile
    {
        int id = 0;                ///< the caller's
        QString label, value;
        double weight = 0;
    };
    struct Group
    {
        int id = 0;
        QString label, value;
        int color = 0;             ///< as ChartSeries::color
        double weight = 0;
        QList<Tile> tiles;         ///< from the largest on; together as heavy as the group; empty: the group is one tile
    };
    explicit TreemapView(QWidget *parent = nullptr);

    void setGroups(const QList<Group> &groups); ///< from the largest on
    [[nodiscard]] QString tipAt(const QPoint &at) const; ///< "search, gpt-4o: $512.40"
    [[nodiscard]] QRect tileRect(int group, int tile) const; ///< by their ids; empty: there is none
    [[nodiscard]] QImage toImage(double scale = 2) const;
    [[nodiscard]] QSize sizeHint() const override { return {420, 190}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {180, 140}; }

Q_SIGNALS:
    void opened(int group, std::optional<int> tile);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    /// What is painted and can be pointed at: a group's head, or a tile.
    struct Place
    {
        qsizetype group = 0, tile = -1; ///< -1: the head, or a group without tiles
        QRectF rect;
    };
    void layOut();
    [[nodiscard]] qsizetype placeAt(const QPoint &at) const;
    [[nodiscard]] QString tip(const Place &place) const;
    void point(qsizetype place);
    void open(const Place &place);
    void paintHead(QPainter *painter, const Group &group, const QRectF &rect, const widgets::ThemeColors &colors) const;
    void paintTile(QPainter *painter, const Place &place, const widgets::ThemeColors &colors) const;

    QList<Group> m_groups;
    QList<Place> m_places;
    qsizetype m_pointed = -1;
};

} // namespace ui::costs
