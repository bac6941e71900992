// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/sql_picture.h"

#include "ui/bridge/text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QHash>
#include <QSet>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

using namespace Qt::StringLiterals;

namespace ui::costs {
namespace {

using bridge::qt;
using gateway::SqlResult;
using Kind = SqlResult::Kind;

constexpr qsizetype barsAtMost = 60, seriesAtMost = 8;
constexpr std::size_t rowsAtMost = 10'000; // read for a chart, while the window waits
constexpr qsizetype binsAtMost = 20'000;
constexpr double earliestUs = 946'684'800e6, latestUs = 4'102'444'800e6; // 2000 to 2100

QString say(const char *text) { return QCoreApplication::translate("ui::costs::SqlPicture", text); }

bool isTimeColumn(const SqlResult &result, std::size_t column)
{
    if (!result.isNumeric(column))
        return false;
    for (std::size_t row = 0; row < std::min<std::size_t>(result.rows(), 100); ++row) {
        if (result.kind(row, column) != Kind::Integer || result.real(row, column) < earliestUs || result.real(row, column) > latestUs)
            return false;
    }
    return result.rows() > 0;
}

/// "2026-11-17", "2026-11-17 14:00", "2026-11-17T13:00:00.000Z": as milliseconds, without a look at zones, which are one's own in
/// days and hours; nullopt: no time.
std::optional<qint64> timeOf(const SqlResult &result, std::size_t row, std::size_t column)
{
    if (result.kind(row, column) == Kind::Integer)
        return result.integer(row, column) / 1000;
    if (result.kind(row, column) != Kind::Text)
        return std::nullopt;
    QString text = qt(result.text(row, column));
    if (text.size() < 10 || text.at(4) != u'-' || text.at(7) != u'-')
        return std::nullopt;
    if (text.size() == 10)
        text += u" 00:00"_s;
    const QDateTime at = QDateTime::fromString(text, Qt::ISODateWithMs);
    return at.isValid() ? std::optional(at.toMSecsSinceEpoch()) : std::nullopt;
}

class Drawing
{
public:
    Drawing(const SqlResult &result, int measure) : m_result(result), m_measure(std::size_t(measure)), m_rows(std::min(result.rows(), rowsAtMost)) {}

    std::variant<SqlPicture, QString> make()
    {
        chooseAxis();
        if (!m_axis)
            return say(QT_TRANSLATE_NOOP("ui::costs::SqlPicture", "A chart needs a column beside the numbers: a day, a team, a model."));
        collect();
        if (m_series.isEmpty())
            return say(QT_TRANSLATE_NOOP("ui::costs::SqlPicture", "There are no numbers in this column."));
        if (m_negative && !drawLines())
            return say(QT_TRANSLATE_NOOP("ui::costs::SqlPicture", "Bars begin at zero, and there are numbers below it. Look at them in the table."));
        if (!m_negative && (m_places.size() <= barsAtMost || !drawLines()))
            drawBars();
        if (m_rows < m_result.rows())
            m_picture.note = say(QT_TRANSLATE_NOOP("ui::costs::SqlPicture", "of the first %1 rows")).arg(m_rows);
        m_picture.title = say(QT_TRANSLATE_NOOP("ui::costs::SqlPicture", "%1 by %2")).arg(name(m_measure), m_split ? say(QT_TRANSLATE_NOOP("ui::costs::SqlPicture", "%1 and %2")).arg(name(*m_axis), name(*m_split)) : name(*m_axis));
        return std::move(m_picture);
    }

private:
    struct Series
    {
        QString label;
        QHash<qsizetype, double> values; ///< by place
        double sum = 0;
    };

    [[nodiscard]] QString name(std::size_t column) const { return qt(m_result.columns()[column]); }

    void chooseAxis()
    {
        QList<std::size_t> texts;
        for (std::size_t i = 0; i < m_result.columns().size(); ++i) {
            if (i != m_measure && m_result.hasText(i))
                texts.append(i);
        }
        for (std::size_t i = 0; i < m_result.columns().size() && !m_axis; ++i) {
            if (i != m_measure && isTimeColumn(m_result, i))
                m_axis = i;
        }
        m_timeAxis = m_axis.has_value();
        if (!m_axis && !texts.isEmpty())
            m_axis = texts.takeFirst();
        if (!m_axis && m_result.columns().size() > 1)
            m_axis = m_measure == 0 ? 1 : 0;
        if (!m_axis || texts.isEmpty())
            return;
        QSet<QString> seen;
        for (std::size_t row = 0; row < m_rows; ++row) { // repeated: something else tells the rows apart
            const QString place = cell(row, *m_axis);
            if (seen.contains(place)) {
                m_split = texts.first();
                return;
            }
            seen.insert(place);
        }
    }

    [[nodiscard]] QString cell(std::size_t row, std::size_t column) const
    {
        if (m_result.kind(row, column) == Kind::Null)
            return say(QT_TRANSLATE_NOOP("ui::costs::SqlPicture", "none"));
        if (m_timeAxis && m_axis == column)
            return QDateTime::fromMSecsSinceEpoch(m_result.integer(row, column) / 1000).toString(u"yyyy-MM-dd HH:mm:ss"_s);
        return qt(m_result.asText(row, column));
    }

    void collect()
    {
        QHash<QString, qsizetype> places, series;
        for (std::size_t row = 0; row < m_rows; ++row) {
            if (m_result.kind(row, m_measure) != Kind::Integer && m_result.kind(row, m_measure) != Kind::Real)
                continue;
            const QString place = cell(row, *m_axis);
            if (!places.contains(place)) {
                places.insert(place, m_places.size());
                m_places.append(place);
                m_times.append(m_timeAxis || m_result.hasText(*m_axis) ? timeOf(m_result, row, *m_axis).value_or(-1) : -1);
            }
            const QString label = m_split ? cell(row, *m_split) : name(m_measure);
            if (!series.contains(label)) {
                series.insert(label, m_series.size());
                m_series.append({label, {}, 0});
            }
            const double value = m_result.real(row, m_measure);
            Series &its = m_series[series.value(label)];
            its.values[places.value(place)] += value;
            its.sum += value;
            m_negative |= value < 0;
        }
        inTimesOrder();
        std::stable_sort(m_series.begin(), m_series.end(), [](const Series &a, const Series &b) { return a.sum > b.sum; });
        if (m_series.size() <= seriesAtMost)
            return;
        Series others {say(QT_TRANSLATE_NOOP("ui::costs::SqlPicture", "%1 others")).arg(m_series.size() - seriesAtMost + 1), {}, 0};
        while (m_series.size() >= seriesAtMost) {
            const Series last = m_series.takeLast();
            for (auto it = last.values.begin(); it != last.values.end(); ++it)
                others.values[it.key()] += it.value();
        }
        m_series.append(others);
        m_others = true;
    }

    /// Time runs to the right, however the rows are sorted.
    void inTimesOrder()
    {
        if (m_times.contains(-1) || std::ranges::is_sorted(m_times))
            return;
        QList<qsizetype> order(m_places.size());
        std::iota(order.begin(), order.end(), 0);
        std::ranges::stable_sort(order, {}, [this](qsizetype i) { return m_times.at(i); });
        QList<qsizetype> moved(order.size());
        QStringList places;
        QList<qint64> times;
        for (qsizetype i = 0; i < order.size(); ++i) {
            moved[order.at(i)] = i;
            places.append(m_places.at(order.at(i)));
            times.append(m_times.at(order.at(i)));
        }
        for (Series &series : m_series) {
            QHash<qsizetype, double> values;
            for (auto it = series.values.begin(); it != series.values.end(); ++it)
                values.insert(moved.at(it.key()), it.value());
            series.values = values;
        }
        m_places = places;
        m_times = times;
    }

    [[nodiscard]] int colorOf(qsizetype index) const { return m_others && index == m_series.size() - 1 ? -1 : int(index); }

    void drawBars()
    {
        const qsizetype bars = qMin(m_places.size(), barsAtMost);
        if (m_places.size() > bars)
            m_picture.note = say(QT_TRANSLATE_NOOP("ui::costs::SqlPicture", "the first %1 of %2")).arg(bars).arg(m_places.size());
        m_picture.bars.names = m_places.first(bars);
        m_picture.bars.axis = m_picture.bars.names;
        if (!m_times.contains(-1)) { // "1 Nov", "2", "14:00"
            for (qsizetype i = 0; i < bars; ++i)
                m_picture.bars.axis[i] = axisTime(i);
        }
        for (qsizetype i = 0; i < m_series.size(); ++i) {
            CostBars::Series series {u"="_s + m_series.at(i).label, m_series.at(i).label, colorOf(i), {}};
            for (qsizetype bar = 0; bar < bars; ++bar)
                series.values.append(m_series.at(i).values.value(bar, 0));
            m_picture.bars.series.append(series);
        }
    }

    [[nodiscard]] QString axisTime(qsizetype place) const
    {
        const QDateTime at = QDateTime::fromMSecsSinceEpoch(m_times.at(place));
        const QDate before = place > 0 ? QDateTime::fromMSecsSinceEpoch(m_times.at(place - 1)).date() : QDate();
        if (at.time() != QTime(0, 0) && at.date() == before)
            return at.toString(u"HH:mm"_s);
        return at.toString(before.isValid() && before.month() == at.date().month() && before.year() == at.date().year() ? u"d"_s : u"d MMM"_s);
    }

    /// Of times whose distances are multiples of the smallest one: days on which clocks change may be an hour off.
    bool drawLines()
    {
        if (m_places.size() < 3 || m_times.contains(-1))
            return false;
        qint64 step = std::numeric_limits<qint64>::max();
        for (qsizetype i = 1; i < m_times.size(); ++i)
            step = qMin(step, m_times.at(i) - m_times.at(i - 1));
        if (step <= 0)
            return false;
        constexpr qint64 day = 86'400'000;
        if (qAbs(step - day) <= 3'600'000)
            step = day;
        const qint64 bins = (m_times.last() - m_times.first() + step / 2) / step + 1;
        if (bins > binsAtMost)
            return false;
        widgets::ChartData &data = m_picture.lines;
        data.startMs = m_times.first();
        data.stepMs = step;
        data.bins = qsizetype(bins);
        for (qsizetype i = 0; i < m_series.size(); ++i) {
            widgets::ChartSeries series {u"="_s + m_series.at(i).label, m_series.at(i).label, colorOf(i), QList<double>(data.bins, std::nan("")), {}};
            for (auto it = m_series.at(i).values.begin(); it != m_series.at(i).values.end(); ++it)
                series.values[qsizetype((m_times.at(it.key()) - data.startMs + step / 2) / step)] = it.value();
            data.series.append(series);
        }
        return true;
    }

    const SqlResult &m_result;
    std::size_t m_measure, m_rows;
    std::optional<std::size_t> m_axis, m_split;
    QStringList m_places;
    QList<qint64> m_times; ///< of the places; -1: no time
    QList<Series> m_series;
    bool m_timeAxis = false, m_others = false, m_negative = false;
    SqlPicture m_picture;
};

} // namespace

QList<int> sqlMeasures(const gateway::SqlResult &result)
{
    QList<int> measures;
    bool axis = false;
    for (std::size_t i = 0; i < result.columns().size(); ++i) {
        const bool time = isTimeColumn(result, i);
        axis |= time || result.hasText(i);
        if (result.isNumeric(i) && !time)
            measures.append(int(i));
    }
    if (!axis && !measures.isEmpty() && measures.front() == 0)
        measures.removeFirst(); // it is the axis
    return measures;
}

std::variant<SqlPicture, QString> sqlPicture(const gateway::SqlResult &result, int measure) { return Drawing(result, measure).make(); }

} // namespace ui::costs
