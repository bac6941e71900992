// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/cause_bar.h"

#include "ui/panes/costs/bill_words.h"
#include "ui/widgets/charts/chart_paint.h"
#include "ui/widgets/theme_colors.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::costs {
namespace {

constexpr qreal barHeight = 16, barTop = 4, labelTop = 30, labelHeight = 24, leastPart = 6, gap = 2, swatch = 8, between = 18;

double sizeOf(gateway::Money drift) { return std::abs(double(drift.nanos())); }

} // namespace

CauseBar::CauseBar(QWidget *parent) : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    describe();
}

void CauseBar::setCauses(const std::vector<std::pair<Cause, gateway::Money>> &causes)
{
    m_parts.clear();
    m_chosen = -1;
    for (const auto &[cause, drift] : causes) {
        if (cause != Cause::Same)
            m_parts.append({cause, drift, tr("%1 %2").arg(causeWords(cause), driftText(drift))});
    }
    std::ranges::stable_sort(m_parts, [](const Part &a, const Part &b) { return sizeOf(a.drift) > sizeOf(b.drift); });
    describe();
    update();
}

std::optional<Cause> CauseBar::chosen() const
{
    return m_chosen < 0 ? std::nullopt : std::optional(m_parts[m_chosen].cause);
}

void CauseBar::describe()
{
    QStringList words;
    for (const Part &part : m_parts)
        words << part.words;
    setAccessibleName(m_parts.isEmpty() ? tr("What bill and log differ by: nothing") : tr("What bill and log differ by: %1").arg(words.join(u", "_s)));
    setAccessibleDescription(m_chosen < 0 ? QString() : tr("Shown: %1").arg(m_parts[m_chosen].words));
}

QList<QRectF> CauseBar::bars() const
{
    double sum = 0;
    for (const Part &part : m_parts)
        sum += sizeOf(part.drift);
    const qreal room = width() - gap * double(qMax<qsizetype>(0, m_parts.size() - 1)) - leastPart * double(m_parts.size());
    QList<QRectF> rects;
    qreal left = 0;
    for (const Part &part : m_parts) {
        const qreal across = leastPart + (sum > 0 ? room * sizeOf(part.drift) / sum : room / double(m_parts.size()));
        rects.append({left, barTop, across, barHeight});
        left += across + gap;
    }
    return rects;
}

QList<QRectF> CauseBar::labels() const
{
    QList<QRectF> rects;
    qreal left = 0;
    for (const Part &part : m_parts) {
        const qreal across = swatch + 6 + fontMetrics().horizontalAdvance(part.words);
        rects.append({left, labelTop, across, labelHeight});
        left += across + between;
    }
    return rects;
}

qsizetype CauseBar::partAt(const QPointF &at) const
{
    for (const QList<QRectF> &rects : {bars(), labels()}) {
        for (qsizetype i = 0; i < rects.size(); ++i) {
            if (rects[i].adjusted(-gap, -barTop, gap, barTop).contains(at))
                return i;
        }
    }
    return -1;
}

void CauseBar::choose(qsizetype part)
{
    m_chosen = part;
    describe();
    update();
    Q_EMIT causeChosen(chosen());
}

void CauseBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const widgets::ThemeColors &colors = widgets::colorsOf(this);
    const QList<QRectF> rects = bars(), names = labels();
    for (qsizetype i = 0; i < m_parts.size(); ++i) {
        QColor color = widgets::seriesColor(colors, causeSeries(m_parts[i].cause));
        if (m_chosen >= 0 && m_chosen != i)
            color = widgets::blended(colors.surface, color, 0.35);
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        painter.drawRoundedRect(rects[i], 3, 3);
        const QRectF square(names[i].left(), names[i].center().y() - swatch / 2, swatch, swatch);
        painter.drawRoundedRect(square, 2, 2);
        painter.setPen(m_chosen >= 0 && m_chosen != i ? colors.muted : colors.text);
        painter.drawText(names[i].adjusted(swatch + 6, 0, 4, 0), Qt::AlignLeft | Qt::AlignVCenter, m_parts[i].words);
    }
    if (m_parts.isEmpty()) {
        painter.setPen(colors.ok);
        painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter, tr("Bill and log are the same."));
    }
    if (hasFocus() && !m_parts.isEmpty()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(colors.accent, 2));
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 4, 4);
    }
}

void CauseBar::mousePressEvent(QMouseEvent *event)
{
    if (const qsizetype part = partAt(event->position()); part >= 0)
        choose(part == m_chosen ? -1 : part);
}

void CauseBar::keyPressEvent(QKeyEvent *event)
{
    const bool on = event->key() == Qt::Key_Right, back = event->key() == Qt::Key_Left;
    if ((!on && !back) || m_parts.isEmpty()) {
        QWidget::keyPressEvent(event);
        return;
    }
    const bool forwards = on != isRightToLeft();
    choose(qBound<qsizetype>(-1, m_chosen + (forwards ? 1 : -1), m_parts.size() - 1)); // before the first: all
}

bool CauseBar::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        auto *help = static_cast<QHelpEvent *>(event);
        const qsizetype part = partAt(help->pos());
        QToolTip::showText(help->globalPos(), part < 0 ? QString() : m_parts[part].words, this);
        return true;
    }
    return QWidget::event(event);
}

} // namespace ui::costs
