// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/charts/strip_drawing.h"

#include "ui/widgets/charts/strip_shapes.h"

#include <QElapsedTimer>
#include <QPaintEngine>
#include <QPainter>

#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <variant>

namespace ui::widgets {
namespace {

constexpr int stripPixels = 48; // narrower ones are no faster: each has to go along the whole height
constexpr int gutterPixels = 8;
constexpr double dotsPerInch = 96, millimetresPerInch = 25.4;

/// A path, as its polygons where all of its lines are straight.
struct Drawn
{
    QPainterPath path;
    QList<QPolygonF> polygons;
};

/// As it was given, with where that is: see within().
struct Moved
{
    QRectF rect;
    QPointF by;
};

struct Shape
{
    std::variant<Drawn, Moved, QLineF> what;
    QRectF bounds;
    QPen pen;
    QBrush brush;
    std::optional<QRectF> clip;
    bool smooth = false;
    double reach = 0; ///< how far the pen and its corners go beyond the bounds
};

bool straight(const QPainterPath &path)
{
    for (int i = 0; i < path.elementCount(); ++i)
        if (path.elementAt(i).isCurveTo())
            return false;
    return true;
}

/// What is left of a rectangle, its false sides in the gutter: Qt leaves out corners of outlines that the image's edge cuts.
/// Its true sides stay what they are to the last bit, for bars that meet in the middle of a pixel part there otherwise.
QRectF within(QRectF rect, const Strip &strip, double gutter)
{
    constexpr double grid = 8; // a left side on it takes nothing from the precision of the right one
    if (const double left = std::ceil((strip.left + gutter / 4) * grid) / grid; rect.left() < left)
        rect = {left, rect.top(), rect.right() - left, rect.height()};
    if (const double right = strip.right - gutter / 4; rect.right() > right)
        rect.setRight(right);
    return rect;
}

/// @param strip with a gutter of so much on both sides
void paint(QPainter &painter, const Shape &shape, const Strip &strip, double gutter)
{
    painter.setRenderHint(QPainter::Antialiasing, shape.smooth);
    painter.setPen(shape.pen);
    painter.setBrush(shape.brush);
    if (const auto *moved = std::get_if<Moved>(&shape.what)) {
        const QTransform before = painter.transform();
        painter.translate(moved->by);
        const Strip there {strip.left - moved->by.x(), strip.right - moved->by.x()};
        if (shape.pen.style() == Qt::NoPen)
            painter.fillRect(moved->rect, shape.brush);
        else
            painter.drawRect(within(moved->rect, there, gutter));
        painter.setTransform(before);
    } else if (const auto *line = std::get_if<QLineF>(&shape.what)) {
        painter.drawLine(*line);
    } else if (const auto &drawn = std::get<Drawn>(shape.what); drawn.polygons.isEmpty()) {
        painter.drawPath(drawn.path);
    } else {
        const Strip near {strip.left - shape.reach, strip.right + shape.reach};
        if (shape.brush.style() != Qt::NoBrush)
            painter.fillPath(areaWithin(drawn.polygons, near, drawn.path.fillRule()), shape.brush);
        if (shape.pen.style() != Qt::NoPen)
            painter.strokePath(linesWithin(drawn.polygons, near), shape.pen);
    }
}

} // namespace

/// Keeps shapes in the coordinates of the device.
class StripDrawing::Engine final : public QPaintEngine
{
public:
    Engine() : QPaintEngine(AllFeatures) { }
    QList<Shape> shapes;

    bool begin(QPaintDevice *) override { return true; }
    bool end() override { return true; }
    [[nodiscard]] Type type() const override { return User; }

    void updateState(const QPaintEngineState &changed) override
    {
        if (changed.state() & DirtyPen)
            m_now.pen = changed.pen();
        if (changed.state() & DirtyBrush)
            m_now.brush = changed.brush();
        if (changed.state() & DirtyHints)
            m_now.smooth = changed.renderHints() & QPainter::Antialiasing;
        if (changed.state() & DirtyTransform)
            m_transform = changed.transform();
    }

    void drawPath(const QPainterPath &path) override
    {
        const QPainterPath mapped = m_transform.map(path);
        keep(Drawn {mapped, straight(mapped) ? mapped.toSubpathPolygons() : QList<QPolygonF>()}, mapped.controlPointRect());
    }
    void drawPolygon(const QPointF *points, int count, PolygonDrawMode mode) override
    {
        QPainterPath path;
        path.addPolygon(QPolygonF(QList<QPointF>(points, points + count)));
        if (mode == PolylineMode) {
            const QBrush brush = std::exchange(m_now.brush, Qt::NoBrush);
            drawPath(path);
            m_now.brush = brush;
            return;
        }
        path.setFillRule(mode == OddEvenMode ? Qt::OddEvenFill : Qt::WindingFill);
        path.closeSubpath();
        drawPath(path);
    }
    void drawRects(const QRectF *rects, int count) override
    {
        for (int i = 0; i < count; ++i) {
            const QRectF mapped = m_transform.mapRect(rects[i]);
            if (m_transform.type() <= QTransform::TxTranslate)
                keep(Moved {rects[i], {m_transform.dx(), m_transform.dy()}}, mapped);
            else
                keep(Moved {mapped, {}}, mapped);
        }
    }
    void drawLines(const QLineF *lines, int count) override
    {
        for (int i = 0; i < count; ++i) {
            const QLineF line = m_transform.map(lines[i]);
            keep(line, QRectF(line.p1(), line.p2()).normalized());
        }
    }
    void drawPixmap(const QRectF &, const QPixmap &, const QRectF &) override { } // charts have none

private:
    void keep(std::variant<Drawn, Moved, QLineF> what, const QRectF &bounds)
    {
        Shape shape = m_now;
        shape.what = std::move(what);
        shape.bounds = bounds;
        shape.reach = shape.pen.style() == Qt::NoPen ? 2 : 4 * shape.pen.widthF() + 2;
        if (painter()->hasClipping())
            shape.clip = m_transform.mapRect(painter()->clipBoundingRect());
        shapes.append(shape);
    }

    Shape m_now;
    QTransform m_transform;
};

StripDrawing::StripDrawing(const QSize &size, double ratio)
    : m_size(size), m_image((QSizeF(size) * ratio).toSize(), QImage::Format_RGB32), m_engine(std::make_unique<Engine>())
{
    m_image.setDevicePixelRatio(ratio);
}

StripDrawing::~StripDrawing() = default;

QPaintEngine *StripDrawing::paintEngine() const { return m_engine.get(); }

int StripDrawing::metric(PaintDeviceMetric metric) const
{
    switch (metric) {
    case PdmWidth: return m_size.width();
    case PdmHeight: return m_size.height();
    case PdmWidthMM: return int(m_size.width() * millimetresPerInch / dotsPerInch);
    case PdmHeightMM: return int(m_size.height() * millimetresPerInch / dotsPerInch);
    case PdmDepth: return 32;
    case PdmNumColors: return std::numeric_limits<int>::max();
    case PdmDpiX:
    case PdmDpiY:
    case PdmPhysicalDpiX:
    case PdmPhysicalDpiY: return int(dotsPerInch);
    case PdmDevicePixelRatio: return 1;
    case PdmDevicePixelRatioScaled: return int(devicePixelRatioFScale());
    }
    return 0;
}

bool StripDrawing::advance(int ms)
{
    QElapsedTimer timer;
    timer.start();
    bool whole = m_left >= m_image.width();
    while (!whole) {
        const int width = qMin(stripPixels, m_image.width() - m_left);
        paintStrip(m_left, width);
        m_left += width;
        whole = m_left >= m_image.width();
        if (timer.elapsed() >= ms)
            break;
    }
    return whole;
}

void StripDrawing::finish() { advance(std::numeric_limits<int>::max()); }

void StripDrawing::paintStrip(int left, int width)
{
    // On an image of its own, wider on both sides: lines that Qt cuts off at the image's edge end there like lines that end.
    QImage image(width + 2 * gutterPixels, m_image.height(), m_image.format());
    const double ratio = m_image.devicePixelRatio();
    const double gutter = gutterPixels / ratio;
    const Strip strip {left / ratio - gutter, (left + width) / ratio + gutter};
    {
        QPainter painter(&image);
        painter.translate(gutterPixels - left, 0);
        painter.scale(ratio, ratio);
        std::optional<QRectF> clip;
        for (const Shape &shape : std::as_const(m_engine->shapes)) {
            if (!strip.meets(shape.bounds.left() - shape.reach, shape.bounds.right() + shape.reach))
                continue;
            if (shape.clip != clip) {
                clip = shape.clip;
                painter.setClipping(clip.has_value());
                if (clip)
                    painter.setClipRect(*clip);
            }
            paint(painter, shape, strip, gutter);
        }
    }
    const qsizetype pixel = image.depth() / 8;
    for (int y = 0; y < image.height(); ++y)
        std::memcpy(m_image.scanLine(y) + left * pixel, image.constScanLine(y) + gutterPixels * pixel, width * pixel);
}

} // namespace ui::widgets
