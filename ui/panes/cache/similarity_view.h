// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/cache/likeness.h"

#include <QWidget>

namespace ui::cache {

/// How much questions were like those whose answers they got, as bars, and the threshold as a line that can be dragged or
/// moved by the arrow keys: what lies at its right would still be a hit. Changes nothing by itself. GUI thread.
class SimilarityView final : public QWidget
{
    Q_OBJECT
public:
    explicit SimilarityView(QWidget *parent = nullptr);

    void setLikeness(const Likeness &likeness);
    void setThreshold(double threshold);             ///< where the line stands
    void setLiveThreshold(double threshold);         ///< the one that holds, dashed where the line stands elsewhere
    [[nodiscard]] double threshold() const { return m_threshold; }
    [[nodiscard]] double xOf(double similarity) const;
    [[nodiscard]] QRect plot() const;
    [[nodiscard]] QSize sizeHint() const override { return {480, 180}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {240, 120}; }

Q_SIGNALS:
    void thresholdMoved(double threshold);           ///< by hand

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool event(QEvent *event) override;

private:
    void moveTo(double threshold);
    void rescale();
    void describe();
    void paintBars(QPainter *painter) const;
    void paintAxes(QPainter *painter) const;
    void paintLines(QPainter *painter) const;
    [[nodiscard]] double similarityAt(double x) const;
    [[nodiscard]] std::uint64_t most() const;

    Likeness m_likeness;
    double m_threshold = 0.92, m_live = 0.92;
    double m_low = 0.5;                              ///< the left end
    bool m_dragging = false;
};

} // namespace ui::cache
