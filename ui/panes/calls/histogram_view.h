// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/call_query.h"

#include <QWidget>

#include <optional>

namespace ui::calls {

/// Calls over time as stacked bars, with a brush: drag to select a time, drag its edges to change it, Esc or a double
/// click to leave it. With the keyboard: arrows move the selected time by a bar, Shift+arrows its end.
class HistogramView final : public QWidget
{
    Q_OBJECT
public:
    struct Span
    {
        gateway::WallTime from {}, to {};
        bool operator==(const Span &) const = default;
    };

    explicit HistogramView(QWidget *parent = nullptr);

    /// The bars from `range.from` to `range.to` (not open), each of `bucketSeconds`.
    void setBins(const Span &range, std::int64_t bucketSeconds, std::vector<gateway::HistogramBin> bins);
    [[nodiscard]] const std::vector<gateway::HistogramBin> &bins() const { return m_bins; }
    void setSelected(const std::optional<Span> &span);
    [[nodiscard]] const std::optional<Span> &selected() const { return m_selected; }
    [[nodiscard]] QRect plot() const;
    [[nodiscard]] QSize sizeHint() const override { return {400, 76}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {200, 76}; }

    /// About 120 bars of round length for a range. Seconds.
    static std::int64_t bucketFor(std::int64_t rangeSeconds);

Q_SIGNALS:
    void selectionChanged(const std::optional<ui::calls::HistogramView::Span> &span); ///< by the user, when the drag ended

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool event(QEvent *event) override;

private:
    enum class Grip { None, New, From, To };
    [[nodiscard]] double xOf(gateway::WallTime at) const;
    [[nodiscard]] gateway::WallTime timeAt(double x) const;
    [[nodiscard]] gateway::WallTime snapped(gateway::WallTime at, bool up) const;
    [[nodiscard]] Grip gripAt(const QPoint &at) const;
    void drag(double x);
    void choose(const std::optional<Span> &span);
    void paintBars(QPainter *painter) const;
    void paintAxis(QPainter *painter) const;
    void paintBrush(QPainter *painter) const;

    Span m_range;
    std::int64_t m_bucketSeconds = 30;
    std::vector<gateway::HistogramBin> m_bins;
    std::optional<Span> m_selected;
    Grip m_grip = Grip::None;
    gateway::WallTime m_anchor {};
    bool m_moved = false;
};

} // namespace ui::calls
