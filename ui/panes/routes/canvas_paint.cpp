// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/canvas_paint.h"

#include "ui/widgets/format.h"
#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"

#include <QCoreApplication>
#include <QPainter>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace widgets;
using bridge::TargetState;

namespace {

QString tr(const char *text) { return QCoreApplication::translate("ui::routes", text); }

} // namespace

Role errorRole(const std::optional<double> &errorShare)
{
    if (!errorShare)
        return Role::Muted;
    return *errorShare < 0.01 ? Role::Ok : *errorShare < 0.02 ? Role::Warn : Role::Err;
}

QString figuresLine(const NodeFigures &figures)
{
    if (figures.health.state == TargetState::Unknown && !figures.cost)
        return tr("not asked yet");
    QStringList parts {latency(figures.health.p95), share(figures.health.errorRate)};
    parts << (figures.cost ? money(*figures.cost) : unknownText());
    return parts.join(u" · "_s);
}

Badge badgeOf(const bridge::TargetFigures &figures)
{
    const QString left = figures.restsFor ? span(*figures.restsFor) : QString();
    switch (figures.state) {
    case TargetState::CircuitOpen: return {Icon::CircuitOpen, Role::Err, left.isEmpty() ? tr("open") : left};
    case TargetState::HalfOpen: return {Icon::HalfOpen, Role::Warn, tr("half-open")};
    case TargetState::KeyRejected: return {Icon::Error, Role::Err, tr("key rejected")};
    case TargetState::QuotaGone: return {Icon::Warning, Role::Err, tr("quota used up")};
    case TargetState::Resting: return {Icon::Pause, Role::Warn, left.isEmpty() ? tr("rests") : tr("rests %1").arg(left)};
    case TargetState::RateLimited:
    case TargetState::Well:
    case TargetState::Unknown: break;
    }
    return {};
}

double badgeWidth(const Badge &badge) { return QFontMetricsF(textFont(11, QFont::DemiBold)).horizontalAdvance(badge.text) + 25; }

void paintBadge(QPainter *painter, double left, double middle, const Badge &badge, const ThemeColors &c)
{
    const QRectF box(left, middle - 8, badgeWidth(badge), 16);
    paintFrame(painter, box, badge.role == Role::Err ? c.errBg : c.warnBg, c.of(badge.role), 3);
    paintIcon(painter, badge.icon, QRectF(box.left() + 5, middle - 6, 12, 12), c.of(badge.role));
    painter->setFont(textFont(11, QFont::DemiBold));
    painter->setPen(c.of(badge.role));
    painter->setLayoutDirection(Qt::LayoutDirectionAuto);
    painter->drawText(box.adjusted(20, 0, -4, 0), int(Qt::AlignVCenter | Qt::AlignLeft | Qt::AlignAbsolute), badge.text);
}

void drawElided(QPainter *painter, const QRectF &where, const QFont &font, const QColor &color, const QString &text, Qt::Alignment align)
{
    painter->setFont(font);
    painter->setPen(color);
    painter->setLayoutDirection(Qt::LayoutDirectionAuto); // figures and names keep their own order
    painter->drawText(where, int(align | Qt::AlignAbsolute | Qt::AlignVCenter | Qt::TextSingleLine), QFontMetricsF(font).elidedText(text, Qt::ElideRight, where.width()));
}

void paintCard(QPainter *painter, const QPainterPath &outline, const ThemeColors &c, bool chosen, bool problem)
{
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(chosen ? c.selection : c.surface);
    painter->setPen(QPen(chosen ? c.accent : problem ? c.err : c.control, chosen || problem ? 2 : 1));
    painter->drawPath(outline);
}

QPainterPath rounded(const QRectF &rect, double radius)
{
    QPainterPath path;
    path.addRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
    return path;
}

void paintPort(QPainter *painter, const QPointF &at, const ThemeColors &c)
{
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(c.control, 1));
    painter->setBrush(c.surface);
    painter->drawEllipse(at, 4, 4);
}

void paintProblemMark(QPainter *painter, const QRectF &card, bool mirrored, const ThemeColors &c)
{
    painter->setRenderHint(QPainter::Antialiasing);
    const QRectF mark((mirrored ? card.left() : card.right()) - (mirrored ? 8 : 10), card.top() - 8, 18, 18);
    painter->setPen(Qt::NoPen);
    painter->setBrush(c.surface);
    painter->drawEllipse(mark);
    paintIcon(painter, Icon::Error, mark.adjusted(1, 1, -1, -1), c.err);
}

void paintPassage(QPainter *painter, const QRectF &where, Passage passage, const ThemeColors &c)
{
    if (passage == Passage::None)
        return;
    const Role role = passage == Passage::Answered ? Role::Ok : passage == Passage::Failed ? Role::Err : Role::Warn;
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(Qt::NoBrush);
    painter->setPen(QPen(c.of(role), 2, passage == Passage::Skipped ? Qt::DashLine : Qt::SolidLine));
    painter->drawRoundedRect(where.adjusted(2, 2, -2, -2), 4, 4);
}

} // namespace ui::routes
