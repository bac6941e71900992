// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <optional>

namespace ui::widgets {

/// What the charts of one pane share: the crosshair, and the range that a brush or a zoom asks for. GUI thread.
class ChartLink final : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;
    [[nodiscard]] std::optional<qint64> crosshair() const { return m_crosshair; }
    void setCrosshair(std::optional<qint64> ms)
    {
        if (ms == m_crosshair)
            return;
        m_crosshair = ms;
        Q_EMIT crosshairChanged();
    }
    void requestRange(qint64 fromMs, qint64 toMs) { Q_EMIT rangeRequested(fromMs, toMs); }
    void requestReset() { Q_EMIT resetRequested(); }

Q_SIGNALS:
    void crosshairChanged();
    void rangeRequested(qint64 fromMs, qint64 toMs);
    void resetRequested();

private:
    std::optional<qint64> m_crosshair;
};

} // namespace ui::widgets
