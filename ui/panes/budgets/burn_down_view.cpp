// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/budgets/burn_down_view.h"

#include "ui/panes/scopes/scope_words.h"
#include "ui/widgets/charts/chart_paint.h"
#include "ui/widgets/format.h"
#include "ui/widgets/theme.h"

#include <QDateTime>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>
#include <iterator>

using namespace Qt::StringLiterals;

namespace ui::budgets {

namespace {

using gateway::WallTime;
using widgets::ChartScale;
using widgets::ThemeColors;

constexpr int leftMargin = 56, rightMargin = 16, topMargin = 28, bottomMargin = 26;
constexpr int coneParts = 40;

qint64 ms(WallTime at) { return std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()).count(); }
QDateTime local(WallTime at) { return QDateTime::fromMSecsSinceEpoch(ms(at)); }
double dollars(gateway::Money money) { return static_cast<double>(money.nanos()) / 1e9; }
gateway::Money moneyOf(double value) { return gateway::Money::fromNanos(std::llround(value * 1e9)); }

QLocale words() { return QLocale(); }

/// "24 Nov", "18:40" where it is on the same day.
QString dayOrTime(WallTime at, WallTime now)
{
    const QDateTime when = local(at);
    if (when.date() == local(now).date())
        return when.toString(u"HH:mm"_s);
    return words().toString(when.date(), u"d MMM"_s);
}

/// "24 Nov (23 to 26)", "30 Nov (29 Nov to 2 Dec)".
QString dayAndRange(const Forecast &forecast, WallTime now)
{
    const QString day = dayOrTime(*forecast.usedUp, now);
    if (!forecast.earliest || !forecast.latest)
        return day;
    const QDate first = local(*forecast.earliest).date(), last = local(*forecast.latest).date();
    const bool days = first.month() == last.month() && first.year() == last.year() && first != local(now).date();
    const auto end = [&](WallTime at) { return days ? QString::number(local(at).date().day()) : dayOrTime(at, now); };
    return BurnDownView::tr("%1 (%2 to %3)").arg(day, end(*forecast.earliest), end(*forecast.latest));
}

/// One painting of the view.
class Painting
{
public:
    Painting(QPainter &painter, const BurnDownView::Picture &picture, const ThemeColors &colors, const QRect &whole)
        : m_painter(painter), m_picture(picture), m_colors(colors), m_series(widgets::seriesColor(colors, picture.color)), m_pace(paceOf(picture.budget.per))
    {
        m_scale.plot = whole.adjusted(leftMargin, topMargin, -rightMargin, -bottomMargin);
        m_scale.fromMs = ms(picture.from);
        m_scale.toMs = ms(picture.to);
        m_scale.y = widgets::valueAxis(std::max(dollars(picture.budget.amount), 1e-9), 4, false);
        for (const Left &left : m_picture.line)
            m_past << point(left.at, left.dollars);
        foretell();
    }

    void run()
    {
        widgets::paintGrid(&m_painter, m_scale, m_colors);
        m_painter.setRenderHint(QPainter::Antialiasing);
        paintWarning();
        paintPast();
        paintForecast();
        paintEvenPace();
        m_painter.setRenderHint(QPainter::Antialiasing, false);
        widgets::paintAxes(&m_painter, m_scale, [](double value) { return panes::amountText(moneyOf(value)); }, std::nullopt, m_colors);
        paintNow();
    }

private:
    [[nodiscard]] QPointF point(WallTime at, double value) const { return {m_scale.x(ms(at)), m_scale.yOf(std::clamp(value, 0.0, m_scale.y.top))}; }

    void paintWarning()
    {
        if (!m_picture.warnAt)
            return;
        const double value = dollars(m_picture.budget.amount) * (1 - *m_picture.warnAt);
        const double y = std::round(m_scale.yOf(value)) + 0.5;
        QColor shade = m_colors.warn;
        shade.setAlphaF(0.06F);
        m_painter.fillRect(QRectF(m_scale.plot.left(), y, m_scale.plot.width(), m_scale.plot.bottom() + 1 - y), shade);
        m_painter.setPen(QPen(m_colors.warn, 1, Qt::DashLine));
        m_painter.drawLine(QPointF(m_scale.plot.left(), y), QPointF(m_scale.plot.right(), y));
        m_painter.setFont(widgets::textFont(11));
        const QString words = BurnDownView::tr("%1 used, warn").arg(u"%1 %"_s.arg(QString::number(std::round(*m_picture.warnAt * 1e4) / 1e2)));
        m_painter.drawText(QRectF(m_scale.plot.left(), y - 18, m_scale.plot.width() - 4, 16), Qt::AlignRight | Qt::AlignVCenter, words, &m_warnWords);
    }

    void paintPast()
    {
        if (m_past.isEmpty())
            return;
        QPolygonF area = m_past;
        area << QPointF(m_past.back().x(), m_scale.plot.bottom() + 1) << QPointF(m_past.front().x(), m_scale.plot.bottom() + 1);
        QColor fill = m_series;
        fill.setAlphaF(0.10F);
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(fill);
        m_painter.drawPolygon(area);
        m_painter.setBrush(Qt::NoBrush);
        m_painter.setPen(QPen(m_series, 2));
        m_painter.drawPolyline(m_past);
    }

    void paintEvenPace()
    {
        m_painter.setPen(QPen(m_colors.control, 1, Qt::DotLine));
        m_painter.drawLine(point(m_picture.from, dollars(m_picture.budget.amount)), point(m_picture.to, 0));
        m_painter.setFont(widgets::textFont(11));
        m_painter.setPen(m_colors.muted);
        const QString text = BurnDownView::tr("even pace");
        const QRectF spot = evenPaceSpot(m_painter.fontMetrics().size(0, text));
        if (!spot.isNull())
            m_painter.drawText(spot, Qt::AlignCenter, text);
    }

    /// Above its line, where no other line and no other word is; null: nowhere.
    [[nodiscard]] QRectF evenPaceSpot(const QSizeF &size) const
    {
        QPainterPath lines;
        for (const QPolygonF &line : {m_past, m_middle, m_upper, m_lower})
            if (!line.isEmpty())
                lines.addPolygon(line);
        const double now = m_scale.x(ms(m_picture.now));
        lines.moveTo(now, m_scale.plot.top());
        lines.lineTo(now, m_scale.plot.bottom());
        const QPainterPath taken = QPainterPathStroker(QPen(Qt::black, 6)).createStroke(lines);
        for (const int percent : {30, 40, 50, 60, 70, 20, 10, 80}) {
            const QPointF at = point(m_picture.from + (m_picture.to - m_picture.from) * percent / 100, dollars(m_picture.budget.amount) * (100 - percent) / 100);
            const QRectF spot(at + QPointF(8, -2 - size.height()), size);
            if (m_scale.plot.contains(spot.toRect()) && !taken.intersects(spot) && !m_warnWords.intersects(spot) && !m_endWords.intersects(spot))
                return spot;
        }
        return {};
    }

    void foretell()
    {
        if (!m_picture.forecast || m_picture.budget.used() >= 1)
            return;
        bool ended = false;
        for (int i = 0; i <= coneParts; ++i) {
            const WallTime at = m_picture.now + (m_picture.to - m_picture.now) * i / coneParts;
            const LeftAt left = leftAt(m_picture.budget, *m_picture.forecast, m_pace, m_picture.now, at);
            m_upper << point(at, left.high);
            m_lower << point(at, left.low);
            if (!ended)
                m_middle << point(at, left.expected);
            ended = left.expected <= 0;
        }
    }

    void paintForecast()
    {
        if (m_middle.isEmpty())
            return;
        QPolygonF cone = m_upper;
        std::copy(m_lower.crbegin(), m_lower.crend(), std::back_inserter(cone));
        QColor fill = m_series;
        fill.setAlphaF(0.22F);
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(fill);
        m_painter.drawPolygon(cone);
        m_painter.setPen(QPen(m_series, 2, Qt::DashLine));
        m_painter.drawPolyline(m_middle);
        if (m_picture.forecast->usedUp)
            paintEnd(*m_picture.forecast->usedUp);
    }

    void paintEnd(WallTime at)
    {
        const double x = std::round(m_scale.x(ms(at)));
        m_painter.setPen(m_colors.err);
        m_painter.drawLine(QPointF(x, m_scale.plot.bottom() - 24), QPointF(x, m_scale.plot.bottom()));
        m_painter.setFont(widgets::textFont(11, QFont::Medium));
        const QString text = dayAndRange(*m_picture.forecast, m_picture.now);
        const int width = m_painter.fontMetrics().horizontalAdvance(text) + 8;
        const double left = x + 4 + width > m_scale.plot.right() ? x - 4 - width : x + 4;
        m_endWords = QRectF(left, m_scale.plot.bottom() - 24, width, 18);
        m_painter.fillRect(m_endWords, m_colors.surface);
        m_painter.drawText(m_endWords, Qt::AlignCenter, text);
    }

    void paintNow()
    {
        const double x = std::round(m_scale.x(ms(m_picture.now))) + 0.5;
        m_painter.setPen(QPen(m_colors.text, 1, Qt::DashLine));
        m_painter.drawLine(QPointF(x, m_scale.plot.top() - 6), QPointF(x, m_scale.plot.bottom()));
        m_painter.setRenderHint(QPainter::Antialiasing);
        m_painter.setPen(QPen(m_series, 2));
        m_painter.setBrush(m_colors.surface);
        const double left = dollars(panes::leftOf(m_picture.budget));
        m_painter.drawEllipse(point(m_picture.now, left), 4, 4);
        m_painter.setFont(widgets::textFont(11));
        m_painter.setPen(m_colors.text);
        const QString text = BurnDownView::tr("now, %1 left").arg(widgets::moneyTotal(std::max(panes::leftOf(m_picture.budget), gateway::Money())));
        const int width = m_painter.fontMetrics().horizontalAdvance(text);
        const double at = x + 7 + width > m_scale.plot.right() ? x - 7 - width : x + 7;
        m_painter.drawText(QPointF(at, m_scale.plot.top() - 8), text);
    }

    QPainter &m_painter;
    const BurnDownView::Picture &m_picture;
    const ThemeColors &m_colors;
    QColor m_series;
    Pace m_pace;
    ChartScale m_scale;
    QPolygonF m_past, m_upper, m_middle, m_lower; ///< lines; the last three are the forecast's
    QRectF m_warnWords, m_endWords;               ///< where words stand
};

} // namespace

QString forecastText(const gateway::BudgetState &budget, const std::optional<Forecast> &forecast, WallTime now)
{
    if (budget.used() >= 1)
        return BurnDownView::tr("used up");
    if (!forecast)
        return BurnDownView::tr("too little was spent yet to say");
    if (forecast->usedUp)
        return BurnDownView::tr("used up on %1").arg(dayAndRange(*forecast, now));
    if (!forecast->byTheEnd)
        return BurnDownView::tr("not used up within a year");
    return BurnDownView::tr("%1 by the end").arg(panes::amountText(*forecast->byTheEnd));
}

QString forecastFigure(const gateway::BudgetState &budget, const std::optional<Forecast> &forecast, WallTime now)
{
    if (budget.used() >= 1)
        return BurnDownView::tr("used up");
    if (!forecast)
        return widgets::unknownText();
    if (forecast->usedUp)
        return dayOrTime(*forecast->usedUp, now);
    return forecast->byTheEnd ? widgets::moneyTotal(*forecast->byTheEnd) : BurnDownView::tr("lasts");
}

BurnDownView::BurnDownView(QWidget *parent) : QWidget(parent)
{
    setObjectName(u"budgets.burnDown"_s);
    setAccessibleName(tr("Left to spend"));
    setFocusPolicy(Qt::TabFocus);
}

void BurnDownView::setPicture(Picture picture)
{
    m_picture = std::move(picture);
    const auto &budget = m_picture.budget;
    setAccessibleDescription(tr("%1 left of %2, %3, %4").arg(widgets::moneyTotal(std::max(panes::leftOf(budget), gateway::Money())), panes::capText(budget.amount, budget.per), panes::resetText(budget),
                                                              forecastText(budget, m_picture.forecast, m_picture.now)));
    setToolTip(accessibleDescription());
    update();
}

void BurnDownView::paintEvent(QPaintEvent *)
{
    if (m_picture.to <= m_picture.from)
        return;
    QPainter painter(this);
    painter.setLayoutDirection(Qt::LeftToRight); // time runs so in every language
    Painting(painter, m_picture, widgets::colorsOf(this), rect()).run();
}

} // namespace ui::budgets
