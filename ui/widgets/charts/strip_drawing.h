// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QPaintDevice>

#include <memory>

namespace ui::widgets {

/// Keeps what is painted on it, and paints that onto an image in upright strips, a few at a time.
/// Smooth edges cost Qt's raster engine the square of how many of them a row of pixels crosses: it halves its bands until one
/// fits in 8 kB and goes along every edge for each band. Nine layers of sixty peaks took 300 ms at 1300 x 440 pixels; in strips
/// that hold only the edges near them 50 ms, and the GUI thread may do other things in between.
/// GUI thread. Not for dashed lines, which would begin anew in each strip, nor for pictures.
class StripDrawing final : public QPaintDevice
{
public:
    /// @param ratio pixels of the image for each of size
    StripDrawing(const QSize &size, double ratio);
    ~StripDrawing() override;

    /// Goes on until about so many milliseconds have passed; one strip at least. @return whether the image is whole
    bool advance(int ms);
    void finish();
    [[nodiscard]] const QImage &image() const { return m_image; }

    [[nodiscard]] QPaintEngine *paintEngine() const override;

protected:
    [[nodiscard]] int metric(PaintDeviceMetric metric) const override;

private:
    class Engine;
    void paintStrip(int left, int width);

    QSize m_size;
    QImage m_image;
    int m_left = 0; ///< what is left of it is painted
    std::unique_ptr<Engine> m_engine;
};

} // namespace ui::widgets
