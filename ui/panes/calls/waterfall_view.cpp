// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/waterfall_view.h"

#include "ui/bridge/text.h"
#include "ui/panes/calls/call_columns.h"
#include "ui/widgets/format.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <array>

using namespace Qt::StringLiterals;

namespace ui::calls {
namespace {

using bridge::qt;
using gateway::AttemptRecord;
using gateway::CallRecord;

constexpr int rowHeight = 24;
constexpr int labelLeft = 16;
constexpr int plotRight = 96;    ///< room for the last bar's length
constexpr int axisHeight = 24;

QString codeOf(const AttemptRecord &attempt)
{
    if (attempt.httpStatus != 0 && (attempt.ok || attempt.httpStatus >= 400))
        return QString::number(attempt.httpStatus);
    return attempt.ok ? QObject::tr("ok") : qt(gateway::toText(attempt.error));
}

QString shortCode(const AttemptRecord &attempt)
{
    switch (attempt.error) {
    case gateway::ErrorCode::ConnectTimeout:
    case gateway::ErrorCode::FirstByteTimeout:
    case gateway::ErrorCode::IdleTimeout:
    case gateway::ErrorCode::TotalTimeout: return attempt.httpStatus >= 400 ? codeOf(attempt) : QObject::tr("timeout");
    default: return codeOf(attempt);
    }
}

} // namespace

QString attemptWords(const CallRecord &record)
{
    if (record.attempts.empty())
        return record.status == gateway::CallStatus::Refused ? QObject::tr("refused by Signalbox, nothing was sent") : fromCache(record) ? QObject::tr("none, the answer was kept in the cache") : QObject::tr("none");
    QStringList words;
    for (std::size_t i = 0; i < record.attempts.size(); ++i) {
        const AttemptRecord &attempt = record.attempts[i];
        const QString provider = qt(attempt.provider);
        if (attempt.ok) {
            words.append(QObject::tr("%1 in %2").arg(provider, widgets::latency(std::int64_t {attempt.endedUs - attempt.startedUs})));
            continue;
        }
        if (attempt.skipped) {
            words.append(QObject::tr("%1 skipped").arg(provider));
            continue;
        }
        int times = 1;
        while (i + 1 < record.attempts.size() && record.attempts[i + 1].provider == attempt.provider && !record.attempts[i + 1].ok && shortCode(record.attempts[i + 1]) == shortCode(attempt)) {
            ++i;
            ++times;
        }
        const QString once = provider + u' ' + shortCode(attempt);
        words.append(times == 1 ? once : times == 2 ? QObject::tr("%1 twice").arg(once) : QObject::tr("%1 %2 times").arg(once).arg(times));
    }
    return words.size() == 1 ? words.first() : words.join(QObject::tr(", then "));
}

WaterfallView::WaterfallView(QWidget *parent) : QWidget(parent) { setMouseTracking(true); }

void WaterfallView::setCall(const CallRecord &record)
{
    m_lines.clear();
    m_firstByteUs = -1;
    m_endUs = std::max<std::int64_t>(record.latencyUs, 1000);
    const std::int64_t before = record.attempts.empty() ? record.latencyUs : std::max(0, record.attempts.front().startedUs - record.attempts.front().waitedUs);
    const bool refused = record.status == gateway::CallStatus::Refused, kept = record.attempts.empty() && fromCache(record);
    m_lines.append({Line::Kind::Gateway, refused ? tr("Refused") : kept ? tr("Cache") : tr("Key, route"), {}, !refused, 0, before,
        widgets::latency(before), kept ? tr("Reading the request, the key, the route, and what was kept") : tr("Reading the request, the key, the route")});
    int number = 0;
    for (const AttemptRecord &attempt : record.attempts) {
        const QString target = qt(attempt.provider) + u' ' + qt(attempt.model);
        if (attempt.skipped) {
            m_lines.append({Line::Kind::Skipped, target, tr("skipped"), false, attempt.startedUs, attempt.startedUs, qt(attempt.detail), qt(attempt.detail)});
            continue;
        }
        if (attempt.waitedUs >= 1000) // less is no wait but a turn of the loop
            m_lines.append({Line::Kind::Wait, tr("wait %1").arg(widgets::latency(std::int64_t {attempt.waitedUs})), {}, false, attempt.startedUs - attempt.waitedUs, attempt.startedUs,
                widgets::latency(std::int64_t {attempt.waitedUs}), tr("Waited before trying again")});
        const std::int64_t took = attempt.endedUs - attempt.startedUs;
        m_lines.append({Line::Kind::Attempt, attempt.hedge ? tr("%1 %2 (hedge)").arg(++number).arg(target) : u"%1 %2"_s.arg(++number).arg(target), shortCode(attempt), attempt.ok, attempt.startedUs, attempt.endedUs, widgets::latency(took), qt(attempt.detail)});
        m_endUs = std::max<std::int64_t>(m_endUs, attempt.endedUs);
        if (attempt.firstByteUs >= 0) {
            m_lines.append({Line::Kind::FirstByte, tr("first byte"), {}, attempt.ok, attempt.startedUs, attempt.firstByteUs, widgets::latency(std::int64_t {attempt.firstByteUs - attempt.startedUs}), {}});
            m_firstByteUs = attempt.firstByteUs;
        }
    }
    m_stepUs = 1000;
    constexpr std::array<int, 3> factors {2, 5, 10};
    for (std::int64_t decade = 1000; m_endUs / m_stepUs > 5; decade *= 10)
        for (const int factor : factors)
            if (m_endUs / m_stepUs > 5)
                m_stepUs = decade * factor;
    QStringList words;
    for (const Line &line : m_lines)
        words.append(line.label + u' ' + line.code + u' ' + line.note);
    setAccessibleName(tr("Attempts"));
    setAccessibleDescription(words.join(u"; "_s));
    updateGeometry();
    update();
}

QSize WaterfallView::sizeHint() const { return {600, int(m_lines.size()) * rowHeight + axisHeight}; }
QSize WaterfallView::minimumSizeHint() const { return {380, sizeHint().height()}; }

/// As wide as the longest label needs, within bounds: the bars are what is looked at.
int WaterfallView::codeRight() const
{
    const QFontMetrics plain(widgets::textFont(12)), strong(widgets::textFont(12, QFont::DemiBold));
    int wanted = 0;
    for (const Line &line : m_lines)
        wanted = qMax(wanted, labelLeft + plain.horizontalAdvance(line.label) + (line.kind == Line::Kind::Skipped ? 16 : 0) + 20 + strong.horizontalAdvance(line.code));
    return qBound(150, wanted, qBound(170, width() * 2 / 5, 264));
}

double WaterfallView::xOf(std::int64_t micros) const
{
    const int left = codeRight() + 12;
    return left + double(micros) / double(m_endUs) * qMax(40, width() - left - plotRight);
}

void WaterfallView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setLayoutDirection(Qt::LayoutDirectionAuto); // time runs to the right in every language
    painter.setRenderHint(QPainter::Antialiasing);
    paintScale(&painter);
    int top = 0;
    for (const Line &line : m_lines) {
        paintLine(&painter, line, top);
        top += rowHeight;
    }
    if (m_firstByteUs >= 0) {
        for (int i = 0; i < m_lines.size(); ++i)
            if (m_lines.at(i).kind == Line::Kind::FirstByte && m_lines.at(i).toUs == m_firstByteUs)
                painter.fillRect(QRectF(std::round(xOf(m_firstByteUs)), (i - 1) * rowHeight + 3, 1.5, 2 * rowHeight - 4), widgets::colorsOf(this).accent);
    }
}

void WaterfallView::paintScale(QPainter *painter) const
{
    const widgets::ThemeColors &c = widgets::colorsOf(this);
    const int bottom = int(m_lines.size()) * rowHeight;
    painter->setFont(widgets::textFont(11));
    for (std::int64_t at = 0; at <= m_endUs + m_stepUs / 2; at += m_stepUs) {
        const double x = std::round(xOf(at));
        if (x > width() - 8)
            break;
        painter->fillRect(QRectF(x, 0, 1, bottom), c.grid);
        painter->setPen(c.muted);
        const QString text = m_endUs >= 1'000'000 ? QString::number(double(at) / 1e6, 'g', 4) + u" s"_s : QString::number(at / 1000) + u" ms"_s;
        painter->drawText(QRectF(x - 40, bottom + 4, 80, 14), Qt::AlignCenter, text);
    }
}

void WaterfallView::paintLine(QPainter *painter, const Line &line, int top) const
{
    const widgets::ThemeColors &c = widgets::colorsOf(this);
    using Kind = Line::Kind;
    const bool sub = line.kind == Kind::Wait || line.kind == Kind::FirstByte;
    painter->setFont(widgets::textFont(12));
    painter->setPen(line.kind == Kind::Skipped ? c.muted : c.text);
    int left = labelLeft + (sub ? 8 : 0);
    if (line.kind == Kind::Skipped) {
        widgets::paintIcon(painter, widgets::Icon::Skipped, QRectF(left, top + 6, 12, 12), c.muted);
        left += 16;
    }
    painter->setFont(widgets::textFont(12, QFont::DemiBold));
    const int codeWidth = line.code.isEmpty() ? 0 : painter->fontMetrics().horizontalAdvance(line.code);
    if (codeWidth) {
        painter->setPen(line.kind == Kind::Skipped ? c.muted : line.ok ? c.ok : c.err);
        painter->drawText(QRect(codeRight() - codeWidth - 1, top, codeWidth + 2, rowHeight), Qt::AlignVCenter | Qt::AlignRight, line.code);
    }
    painter->setFont(widgets::textFont(12));
    painter->setPen(line.kind == Kind::Skipped ? c.muted : c.text);
    const int labelWidth = codeRight() - codeWidth - 8 - left;
    painter->drawText(QRect(left, top, labelWidth, rowHeight), Qt::AlignVCenter, painter->fontMetrics().elidedText(line.label, Qt::ElideRight, labelWidth));

    const double from = xOf(line.fromUs), to = std::max(xOf(line.toUs), from + 2);
    const double middle = top + rowHeight / 2.0;
    double noteLeft = to + 6;
    painter->setPen(Qt::NoPen);
    switch (line.kind) {
    case Kind::Gateway: painter->fillRect(QRectF(from, middle - 6, std::max(2.0, to - from), 12), line.ok ? c.control : c.err); break;
    case Kind::Attempt:
        painter->setBrush(line.ok ? c.ok : c.err);
        painter->drawRoundedRect(QRectF(from, middle - 6, to - from, 12), 2, 2);
        break;
    case Kind::FirstByte:
        painter->setBrush(c.series[6]);
        painter->drawRoundedRect(QRectF(from, middle - 6, to - from, 12), 2, 2);
        break;
    case Kind::Wait: {
        QPen dashes(c.control, 1.5);
        dashes.setDashPattern({2.5, 2});
        painter->setPen(dashes);
        painter->drawLine(QPointF(from, middle), QPointF(to, middle));
        break;
    }
    case Kind::Skipped: noteLeft = from + 6; break;
    }
    painter->setPen(c.muted);
    const QString note = line.kind == Kind::Attempt && !line.ok && !line.detail.isEmpty() ? line.note + u"  "_s + line.detail : line.note;
    const int room = int(width() - 8 - noteLeft);
    painter->drawText(QRectF(noteLeft, top, room, rowHeight), Qt::AlignVCenter, painter->fontMetrics().elidedText(note, Qt::ElideRight, room));
}

bool WaterfallView::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const int row = help->pos().y() / rowHeight;
    const QString detail = row >= 0 && row < m_lines.size() ? m_lines.at(row).detail : QString();
    if (detail.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(help->globalPos(), detail, this);
    return true;
}

} // namespace ui::calls
