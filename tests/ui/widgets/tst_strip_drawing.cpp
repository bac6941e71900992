// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/charts/strip_drawing.h"
#include "ui/widgets/charts/strip_shapes.h"
#include "ui/widgets/charts/time_series_view.h"
#include "ui/widgets/theme.h"

#include <QPainter>
#include <QTest>

#include <cmath>

using namespace Qt::StringLiterals;
using namespace ui::widgets;

namespace {

constexpr QSize size {331, 120};

/// Layers of steep peaks with gaps between them, a smooth line, bars, a clip, a curve.
void paintAll(QPainter *painter)
{
    painter->setRenderHint(QPainter::Antialiasing, false);
    painter->fillRect(QRect({}, size), Qt::white);
    painter->fillRect(QRectF(10, 40, 300, 1), Qt::gray);
    painter->setRenderHint(QPainter::Antialiasing);
    painter->translate(5, 3);
    painter->setClipRect(QRectF(0, 0, 310, 100));
    for (int layer = 4; layer > 0; --layer) {
        QPolygonF area {QPointF(-4, 101)};
        for (int i = 0; i <= 60; ++i)
            area.append({i * 5.3, 100 - layer * (i % 2 ? 22.0 : 7.3) - 2 * std::sin(i)});
        area.append({60 * 5.3, 101});
        QPainterPath path;
        path.addPolygon(area);
        path.closeSubpath();
        painter->setPen(QPen(Qt::white, 1));
        painter->setBrush(QColor::fromHsv(layer * 60, 200, 180));
        painter->drawPath(path);
    }
    QPainterPath line(QPointF(0, 20));
    for (int i = 1; i <= 30; ++i)
        line.lineTo(i * 10.6, 20 + 15 * std::cos(i));
    painter->setBrush(Qt::NoBrush);
    painter->setPen(QPen(Qt::darkBlue, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter->drawPath(line);
    painter->drawPolyline(QPolygonF {QPointF(3, 90), QPointF(200, 50), QPointF(300, 96)});
    painter->setClipping(false);
    painter->setPen(QPen(Qt::red, 1));
    painter->drawLine(QPointF(2, 60.5), QPointF(320, 60.5));
    QPainterPath curve(QPointF(20, 100));
    curve.cubicTo(100, 10, 200, 110, 300, 30);
    painter->setPen(QPen(Qt::black, 1));
    painter->drawPath(curve);
    painter->setRenderHint(QPainter::Antialiasing, false);
    painter->setBrush(Qt::green);
    for (int i = 0; i < 20; ++i)
        painter->drawRect(QRectF(i * 15, 100 - i, 12, 10 + i));
}

/// The most that a channel of any pixel differs by.
int difference(const QImage &one, const QImage &other)
{
    int most = one.size() == other.size() ? 0 : 255;
    for (int y = 0; y < one.height() && most < 255; ++y)
        for (int x = 0; x < one.width(); ++x) {
            const QColor a = one.pixelColor(x, y), b = other.pixelColor(x, y);
            most = std::max({most, std::abs(a.red() - b.red()), std::abs(a.green() - b.green()), std::abs(a.blue() - b.blue())});
        }
    return most;
}

ChartData peaks(double factor, qint64 stepMs = 60'000)
{
    ChartData data {.startMs = 1'700'000'000'000, .stepMs = stepMs, .bins = 60};
    for (int series = 0; series < 3; ++series) {
        ChartSeries one {QString::number(series), QString::number(series), series};
        for (int i = 0; i < 60; ++i)
            one.values.append(factor * (i % 2 ? 3 : 1 + series));
        data.series.append(one);
    }
    return data;
}

} // namespace

class tst_StripDrawing final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_theme.setMode(ThemeMode::Light); }

    void looksLikeOneDrawing_data()
    {
        QTest::addColumn<double>("ratio");
        QTest::newRow("1x") << 1.0;
        QTest::newRow("1.5x") << 1.5;
        QTest::newRow("2x") << 2.0;
    }
    void looksLikeOneDrawing()
    {
        QFETCH(double, ratio);
        QImage whole((QSizeF(size) * ratio).toSize(), QImage::Format_RGB32);
        whole.setDevicePixelRatio(ratio);
        {
            QPainter painter(&whole);
            paintAll(&painter);
        }
        StripDrawing strips(size, ratio);
        {
            QPainter painter(&strips);
            paintAll(&painter);
        }
        strips.finish();
        QCOMPARE(strips.image().devicePixelRatio(), ratio);
        QVERIFY2(difference(whole, strips.image()) <= 6, qPrintable(QString::number(difference(whole, strips.image())))); // roundings along steep edges
    }

    void goesOnWhereItStopped()
    {
        StripDrawing strips(size, 1);
        {
            QPainter painter(&strips);
            paintAll(&painter);
        }
        int turns = 1;
        while (!strips.advance(0))
            ++turns;
        QVERIFY(turns > 3);
        QVERIFY(strips.advance(0)); // there is nothing left to do
        StripDrawing once(size, 1);
        {
            QPainter painter(&once);
            paintAll(&painter);
        }
        once.finish();
        QCOMPARE(strips.image(), once.image());
    }

    void cornersWhereAPolygonClosesAreJoined()
    {
        const QPolygonF square {QPointF(0, 0), QPointF(10, 0), QPointF(10, 10), QPointF(0, 10), QPointF(0, 0)};
        const QPainterPath all = linesWithin({square}, {-1, 11});
        QCOMPARE(all.elementCount(), 5);
        const QPainterPath left = linesWithin({square}, {-1, 5}); // all but the right side: one line with three corners, over the place where it closes
        QCOMPARE(left.elementCount(), 4);
        QCOMPARE(QPointF(left.elementAt(0)), QPointF(10, 10));
        QCOMPARE(QPointF(left.elementAt(3)), QPointF(10, 0));
        QCOMPARE(areaWithin({square}, {2, 5}, Qt::OddEvenFill).boundingRect(), QRectF(2, 0, 3, 10));
        QVERIFY(areaWithin({square}, {12, 15}, Qt::OddEvenFill).isEmpty());
    }

    void chartsArePicturesAsFineAsAsked()
    {
        TimeSeriesView chart(TimeSeriesView::Kind::StackedArea);
        chart.resize(300, 200);
        chart.setData(peaks(1));
        const QImage fine = chart.toImage(4);
        QCOMPARE(fine.width(), 1200);
        int within = 0; // edges that run through what would be one pixel of the screen
        for (int y = 0; y < fine.height(); y += 4)
            for (int x = 0; x < fine.width(); x += 4)
                within += fine.pixel(x, y) != fine.pixel(x + 3, y + 3);
        QVERIFY(within > 1000);
    }

    void whatIsShownStaysUntilTheNextIsDrawn()
    {
        TimeSeriesView chart(TimeSeriesView::Kind::StackedArea);
        chart.resize(500, 260);
        chart.setData(peaks(1));
        chart.show();
        QTest::qWait(100);
        const QImage before = chart.grab().toImage();
        chart.setData(peaks(10, 120'000));
        QCOMPARE(chart.grab().toImage(), before); // neither half a chart nor new numbers beside an old one
        QTRY_VERIFY(chart.grab().toImage() != before);
        QTest::qWait(100);
        TimeSeriesView other(TimeSeriesView::Kind::StackedArea);
        other.resize(500, 260);
        other.setData(peaks(10, 120'000));
        QCOMPARE(chart.toImage(1), other.toImage(1));
    }

private:
    Theme m_theme;
};

QTEST_MAIN(tst_StripDrawing)
#include "tst_strip_drawing.moc"
