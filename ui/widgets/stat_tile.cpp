// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/stat_tile.h"

#include "ui/widgets/format.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/proxy_style.h"
#include "ui/widgets/sparkline.h"
#include "ui/widgets/theme.h"

#include <QLocale>
#include <QPainter>
#include <QStyle>

#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::widgets {

Change changeOf(double before, double now)
{
    if (before <= 0)
        return {};
    const double percent = (now - before) / before * 100;
    const double size = std::abs(percent);
    if (size < 0.05)
        return {u"0 %"_s, 0};
    if (size > 999)
        return {u">999 %"_s, percent > 0 ? 1 : -1};
    return {QLocale(QLocale::English).toString(size, 'f', size < 99.95 ? 1 : 0) + u" %"_s, percent > 0 ? 1 : -1};
}

Change changeOfShare(double before, double now)
{
    const double points = (now - before) * 100;
    const double size = std::abs(points);
    if (size < 0.005)
        return {u"0 pp"_s, 0};
    return {QLocale(QLocale::English).toString(size, 'f', size < 1 ? 2 : 1) + u" pp"_s, points > 0 ? 1 : -1};
}

StatTile::StatTile(const QString &label, QWidget *parent) : QAbstractButton(parent), m_value(unknownText())
{
    setText(label);
    setAttribute(Qt::WA_Hover);
    setFocusPolicy(Qt::TabFocus);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    describe();
}

void StatTile::setValue(const QString &value)
{
    if (value == m_value)
        return;
    m_value = value;
    describe();
    update();
}

void StatTile::setNote(const QString &note)
{
    m_note = note;
    describe();
    update();
}

void StatTile::setChange(const QString &text, int direction, bool grave)
{
    m_change = text;
    m_direction = direction;
    m_grave = grave;
    describe();
    update();
}

void StatTile::setHistory(const QList<double> &values)
{
    // At 80 px more than 30 points are noise: means of neighbours.
    const qsizetype group = (values.size() + 29) / 30;
    m_history.clear();
    for (qsizetype i = 0; i < values.size(); i += group) {
        double sum = 0;
        qsizetype known = 0;
        for (qsizetype j = i; j < qMin(i + group, values.size()); ++j)
            if (!std::isnan(values.at(j))) {
                sum += values.at(j);
                ++known;
            }
        m_history.append(known ? sum / double(known) : NAN);
    }
    update();
}

void StatTile::setStale(bool stale)
{
    m_stale = stale;
    update();
}

void StatTile::setLoading(bool loading)
{
    m_loading = loading;
    update();
}

void StatTile::describe()
{
    const QString direction = m_direction > 0 ? tr("up %1") : m_direction < 0 ? tr("down %1") : tr("unchanged");
    setAccessibleName(text() + u' ' + m_value);
    setAccessibleDescription((m_change.isEmpty() ? QString() : (direction.contains(u'%') && m_direction ? direction.arg(m_change) : direction) + u", "_s) + m_note);
}

void StatTile::paintEvent(QPaintEvent *)
{
    const ThemeColors &c = colorsOf(this);
    QPainter painter(this);
    painter.setLayoutDirection(Qt::LayoutDirectionAuto); // "1.42 %" is read as it is written everywhere
    paintFrame(&painter, rect(), isDown() ? c.selection : c.surface, underMouse() ? c.control : c.line, 6);
    if (hasFocus())
        paintFocusRing(&painter, rect(), c.accent, 6);
    painter.setOpacity(m_stale ? 0.45 : 1);
    const QRect inner = rect().adjusted(13, 10, -13, -8);
    const auto seen = [this](const QRect &r) { return QStyle::visualRect(layoutDirection(), rect(), r); };
    const int begin = int(Qt::AlignVCenter | QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft)), end = int(Qt::AlignVCenter | QStyle::visualAlignment(layoutDirection(), Qt::AlignRight));
    painter.setFont(textFont(12));
    painter.setPen(c.muted);
    painter.drawText(QRect(inner.x(), inner.y(), inner.width(), 20), begin, text());
    if (m_loading) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(c.skeleton);
        painter.drawRoundedRect(seen(QRect(inner.x(), 40, 88, 16)), 3, 3);
        painter.drawRoundedRect(seen(QRect(inner.x(), 66, 120, 10)), 3, 3);
        return;
    }
    if (!m_change.isEmpty()) {
        const bool good = m_direction != 0 && m_better != Better::Neither && (m_direction > 0) == (m_better == Better::Higher);
        const bool bad = m_direction != 0 && m_better != Better::Neither && !good;
        const QColor color = good ? c.ok : bad ? (m_grave ? c.err : c.warn) : c.muted;
        const int width = painter.fontMetrics().horizontalAdvance(m_change);
        painter.setPen(color);
        painter.drawText(seen(QRect(inner.right() - width, inner.y(), width + 1, 20)), end, m_change);
        const int labelWidth = painter.fontMetrics().horizontalAdvance(text());
        if (m_direction && labelWidth + width + 24 < inner.width())
            paintIcon(&painter, m_direction > 0 ? Icon::Up : Icon::Down, seen(QRect(inner.right() - width - 16, inner.y() + 3, 14, 14)), color);
    }
    painter.setFont(textFont(21, QFont::DemiBold));
    painter.setPen(c.text);
    const int valueWidth = painter.fontMetrics().horizontalAdvance(m_value);
    painter.drawText(QRect(inner.x(), 33, inner.width(), 28), begin, m_value);
    const int room = inner.width() - valueWidth - 12;
    if (room > 36)
        paintSparkline(&painter, seen(QRect(inner.right() - qMin(80, room) + 1, 34, qMin(80, room) - 4, 28)), m_history, c.series.at(size_t(m_series)));
    painter.setFont(textFont(11));
    painter.setPen(c.muted);
    painter.drawText(QRect(inner.x(), 65, inner.width(), 16), begin, painter.fontMetrics().elidedText(m_note, Qt::ElideRight, inner.width()));
}

} // namespace ui::widgets
