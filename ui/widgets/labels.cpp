// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/labels.h"

#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"

#include <QEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace ui::widgets {
namespace {

QFont fontOf(Label::Kind kind)
{
    switch (kind) {
    case Label::Kind::Body: return textFont(13);
    case Label::Kind::Strong: return textFont(13, QFont::DemiBold);
    case Label::Kind::Title: return textFont(17, QFont::DemiBold);
    case Label::Kind::Hero: return textFont(21, QFont::DemiBold);
    case Label::Kind::Secondary:
    case Label::Kind::Field: return textFont(12);
    case Label::Kind::Note: return textFont(11);
    case Label::Kind::Mono: return monoFont(12);
    }
    return textFont(13);
}

struct ChipLook
{
    QColor fill, border, text;
    bool strong;
};

ChipLook chipLook(Role role, const ThemeColors &c)
{
    switch (role) {
    case Role::Ok: return {c.okBg, Qt::transparent, c.ok, true};
    case Role::Warn: return {c.warnBg, Qt::transparent, c.warn, true};
    case Role::Err: return {c.errBg, Qt::transparent, c.err, true};
    case Role::Accent: return {c.selection, Qt::transparent, c.accent, true};
    case Role::Line: return {Qt::transparent, c.line, c.text, false};
    default: return {c.raised, Qt::transparent, c.text, false};
    }
}

QFont chipFont(Role role)
{
    const bool strong = role == Role::Ok || role == Role::Warn || role == Role::Err || role == Role::Accent;
    return textFont(12, strong ? QFont::Medium : QFont::Normal);
}

} // namespace

Label::Label(Kind kind, const QString &text, QWidget *parent) : QLabel(text, parent), m_role(Role::Text)
{
    setFont(fontOf(kind));
    if (kind == Kind::Secondary || kind == Kind::Note || kind == Kind::Field)
        m_role = Role::Muted;
    applyColor();
}

void Label::setRole(Role role)
{
    m_role = role;
    applyColor();
}

void Label::applyColor()
{
    // Only the foreground is set: the palette's window text, which tells light from dark, stays as it is.
    // A palette of its own with that one role: a copy of palette() would own every role and never follow the theme again.
    const QColor color = colorsOf(parentWidget() ? parentWidget()->palette() : palette()).of(m_role);
    if (foregroundRole() != QPalette::Text)
        setForegroundRole(QPalette::Text);
    if (testAttribute(Qt::WA_SetPalette) && palette().color(QPalette::Text) == color)
        return;
    QPalette own;
    own.setColor(QPalette::Text, color);
    setPalette(own);
}

void Label::changeEvent(QEvent *event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::ParentChange)
        applyColor();
}

StateLabel::StateLabel(QWidget *parent) : QWidget(parent) { setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed); }

StateLabel::StateLabel(Icon icon, Role role, const QString &text, QWidget *parent) : StateLabel(parent) { setState(icon, role, text); }

void StateLabel::setState(Icon icon, Role role, const QString &text, bool strong)
{
    m_icon = icon;
    m_role = role;
    m_text = text;
    m_strong = strong;
    setAccessibleName(text);
    updateGeometry();
    update();
}

void StateLabel::setWordWrap(bool wrap)
{
    m_wrap = wrap;
    QSizePolicy policy(QSizePolicy::Preferred, wrap ? QSizePolicy::Minimum : QSizePolicy::Fixed);
    policy.setHeightForWidth(wrap);
    setSizePolicy(policy);
}

QFont StateLabel::textFontOf() const { return textFont(12, m_strong ? QFont::Medium : QFont::Normal); }

QSize StateLabel::sizeHint() const { return {20 + QFontMetrics(textFontOf()).horizontalAdvance(m_text) + 2, 20}; }

int StateLabel::heightForWidth(int width) const
{
    const QRect room(0, 0, std::max(width - 20, 16), 10'000);
    return std::max(20, QFontMetrics(textFontOf()).boundingRect(room, Qt::TextWordWrap, m_text).height() + 4);
}

void StateLabel::paintEvent(QPaintEvent *)
{
    const ThemeColors &c = colorsOf(this);
    QPainter painter(this);
    painter.setLayoutDirection(Qt::LayoutDirectionAuto);
    paintIcon(&painter, m_icon, QRectF(0, m_wrap ? 3 : height() / 2.0 - 7, 14, 14), c.of(m_role));
    painter.setFont(textFontOf());
    painter.setPen(c.of(m_role));
    if (m_wrap) {
        painter.drawText(QRect(20, 2, width() - 20, height() - 2), Qt::TextWordWrap | Qt::AlignTop | Qt::AlignLeft, m_text);
        return;
    }
    const QRect line(20, 0, width() - 20, height());
    painter.drawText(line, Qt::AlignVCenter | Qt::AlignLeft, painter.fontMetrics().elidedText(m_text, Qt::ElideRight, line.width()));
}

int chipWidth(const QString &text) { return QFontMetrics(textFont(12, QFont::Medium)).horizontalAdvance(text) + 13; }

int paintChip(QPainter *painter, const QPoint &left, int middle, const QString &text, Role role, const ThemeColors &colors)
{
    const ChipLook l = chipLook(role, colors);
    const int width = chipWidth(text);
    const QRect box(left.x(), middle - 10, width, 20);
    paintFrame(painter, box, l.fill, l.border.alpha() ? l.border : l.fill);
    painter->setFont(chipFont(role));
    painter->setPen(l.text);
    painter->drawText(box, Qt::AlignCenter, text);
    return width;
}

Chip::Chip(const QString &text, Role role, QWidget *parent) : QWidget(parent), m_text(text), m_role(role)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAccessibleName(text);
}

void Chip::setText(const QString &text)
{
    m_text = text;
    setAccessibleName(text);
    updateGeometry();
    update();
}

void Chip::setRole(Role role)
{
    m_role = role;
    update();
}

void Chip::setClosable(bool closable)
{
    m_closable = closable;
    updateGeometry();
}

QSize Chip::sizeHint() const { return {chipWidth(m_text) + (m_closable ? 16 : 0), 20}; }

void Chip::paintEvent(QPaintEvent *)
{
    const ThemeColors &c = colorsOf(this);
    const ChipLook l = chipLook(m_role, c);
    QPainter painter(this);
    painter.setLayoutDirection(Qt::LayoutDirectionAuto);
    paintFrame(&painter, rect(), l.fill, l.border.alpha() ? l.border : l.fill);
    painter.setFont(chipFont(m_role));
    painter.setPen(l.text);
    painter.drawText(rect().adjusted(0, 0, m_closable ? -14 : 0, 0), Qt::AlignCenter, m_text);
    if (m_closable)
        paintIcon(&painter, Icon::Close, QRectF(width() - 19, 4, 12, 12), l.text);
}

void Chip::mouseReleaseEvent(QMouseEvent *event)
{
    if (!rect().contains(event->position().toPoint()))
        return;
    if (m_closable && event->position().x() > width() - 22)
        Q_EMIT closed();
    else
        Q_EMIT clicked();
}

void paintProviderMark(QPainter *painter, const QRect &square, const QString &name, const ThemeColors &colors)
{
    paintFrame(painter, square, colors.raised, colors.line);
    painter->setFont(textFont(square.width() < 20 ? 10 : 11, QFont::Bold));
    painter->setPen(colors.text);
    // Hosted ones in capitals, local ones as they are written: "O", "C", "v".
    const QString letter = name.startsWith(QLatin1StringView("local-")) ? name.mid(6, 1) : name.left(1).toUpper();
    painter->drawText(square, Qt::AlignCenter, letter);
}

Divider::Divider(Qt::Orientation orientation, QWidget *parent) : QWidget(parent)
{
    if (orientation == Qt::Horizontal)
        setFixedHeight(1);
    else
        setFixedWidth(1);
}

void Divider::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setLayoutDirection(Qt::LayoutDirectionAuto);
    painter.fillRect(rect(), colorsOf(this).line);
}

} // namespace ui::widgets
