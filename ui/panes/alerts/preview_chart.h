// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/alert_view.h"
#include "ui/panes/alerts/alert_words.h"
#include "ui/widgets/charts/chart_paint.h"

#include <QWidget>

namespace ui::alerts {

/// What an alert would have seen: a line for each subject, the threshold across them, and shaded the times in which it would have
/// fired. A crosshair follows the mouse, or the arrow keys. GUI thread.
class PreviewChart final : public QWidget
{
    Q_OBJECT
public:
    explicit PreviewChart(QWidget *parent = nullptr);

    /// @param when  that the preview is of
    void setPreview(gateway::AlertPreview preview, const AlertWhen &when);
    [[nodiscard]] const gateway::AlertPreview &preview() const { return m_preview; }
    [[nodiscard]] std::optional<qint64> crosshair() const { return m_crosshair; }
    [[nodiscard]] QStringList crosshairWords() const; ///< what its tooltip says; empty: it is not shown
    [[nodiscard]] QSize sizeHint() const override { return {640, 200}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {240, 96}; }

protected:
    void paintEvent(QPaintEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    [[nodiscard]] widgets::ChartScale scale() const;
    [[nodiscard]] double most() const;
    [[nodiscard]] const gateway::AlertPoint *pointAt(const gateway::AlertSeries &series, qint64 ms) const;
    [[nodiscard]] QList<widgets::TooltipLine> tooltip(const widgets::ThemeColors &colors) const;
    void paintFirings(QPainter &painter, const widgets::ChartScale &scale, const widgets::ThemeColors &colors) const;
    void paintLimits(QPainter &painter, const widgets::ChartScale &scale, const widgets::ThemeColors &colors) const;
    void paintSeries(QPainter &painter, const widgets::ChartScale &scale, const widgets::ThemeColors &colors) const;
    void paintCross(QPainter &painter, const widgets::ChartScale &scale, const widgets::ThemeColors &colors) const;
    void setCrosshair(std::optional<qint64> ms);

    gateway::AlertPreview m_preview;
    AlertWhen m_when;
    std::optional<qint64> m_crosshair;
};

} // namespace ui::alerts
