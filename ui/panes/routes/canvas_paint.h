// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/routes/canvas_host.h"
#include "ui/widgets/icons.h"

#include <QPainterPath>

class QPainter;

/// What the parts of a route's picture are painted with. GUI thread.
namespace ui::routes {

/// Places within a frame, given as from left to right: where the picture is mirrored they are on the frame's other side.
class Mirror
{
public:
    Mirror(const QRectF &frame, bool on) : m_sum(frame.left() + frame.right()), m_on(on) { }
    [[nodiscard]] double operator()(double x) const { return m_on ? m_sum - x : x; }
    [[nodiscard]] QPointF operator()(const QPointF &at) const { return {(*this)(at.x()), at.y()}; }
    [[nodiscard]] QRectF operator()(QRectF rect) const
    {
        if (m_on)
            rect.moveLeft(m_sum - rect.right());
        return rect;
    }
    [[nodiscard]] Qt::Alignment before() const { return m_on ? Qt::AlignRight : Qt::AlignLeft; } ///< where a line begins
    [[nodiscard]] Qt::Alignment after() const { return m_on ? Qt::AlignLeft : Qt::AlignRight; }

private:
    double m_sum;
    bool m_on;
};

/// The colour that stands for a share of errors: below 1 % well, below 2 % a warning.
widgets::Role errorRole(const std::optional<double> &errorShare);

/// "1.41 s · 1.9 % · $0.0041"
QString figuresLine(const NodeFigures &figures);

/// What is wrong with a target, as a bordered mark; Icon::None: nothing.
struct Badge
{
    widgets::Icon icon = widgets::Icon::None;
    widgets::Role role = widgets::Role::Text;
    QString text;
    [[nodiscard]] bool empty() const { return icon == widgets::Icon::None; }
};
Badge badgeOf(const bridge::TargetFigures &figures);
double badgeWidth(const Badge &badge);
/// 16 px high, about `middle`, from `left` on.
void paintBadge(QPainter *painter, double left, double middle, const Badge &badge, const widgets::ThemeColors &c);

void drawElided(QPainter *painter, const QRectF &where, const QFont &font, const QColor &color, const QString &text, Qt::Alignment align = Qt::AlignLeft);
/// The card's outline in the colour of what is true of it: chosen, wrong, neither.
void paintCard(QPainter *painter, const QPainterPath &outline, const widgets::ThemeColors &c, bool chosen, bool problem);
QPainterPath rounded(const QRectF &rect, double radius);
void paintPort(QPainter *painter, const QPointF &at, const widgets::ThemeColors &c);
/// In the corner of a card where its text ends.
void paintProblemMark(QPainter *painter, const QRectF &card, bool mirrored, const widgets::ThemeColors &c);
/// A frame in the colour of what became of a simulated call there.
void paintPassage(QPainter *painter, const QRectF &where, Passage passage, const widgets::ThemeColors &c);

} // namespace ui::routes
