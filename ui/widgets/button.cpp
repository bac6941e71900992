// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/button.h"

#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"

#include <QFocusEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QStyle>

namespace ui::widgets {
namespace {

constexpr int iconSide = 16;
constexpr int trailingSide = 14;
constexpr int gap = 8;

struct Look
{
    QColor fill, border, text;
};

Look look(Button::Kind kind, const ThemeColors &c, bool enabled, bool down, bool hover, bool on)
{
    const bool bare = kind == Button::Kind::Flat || kind == Button::Kind::Link;
    if (!enabled)
        return {Qt::transparent, bare ? QColor(Qt::transparent) : c.line, c.control};
    if (on)
        return {c.selection, c.accent, c.accent};
    switch (kind) {
    case Button::Kind::Primary:
    case Button::Kind::Danger: {
        const QColor base = kind == Button::Kind::Primary ? c.accent : c.err;
        const QColor fill = blended(base, c.text, down ? 0.25 : hover ? 0.12 : 0);
        return {fill, fill, kind == Button::Kind::Primary ? c.onAccent : c.surface};
    }
    case Button::Kind::Link: return {down ? c.selection : QColor(Qt::transparent), Qt::transparent, c.accent};
    case Button::Kind::Flat: return {down ? c.selection : hover ? c.raised : QColor(Qt::transparent), Qt::transparent, c.text};
    case Button::Kind::Plain: break;
    }
    return {down ? c.selection : hover ? c.raised : c.surface, c.control, c.text};
}

} // namespace

int keyHintWidth(const QString &keys)
{
    return QFontMetrics(textFont(11, QFont::Medium)).horizontalAdvance(keys) + 10;
}

int paintKeyHint(QPainter *painter, int right, int middle, const QString &keys, const ThemeColors &colors)
{
    const int width = keyHintWidth(keys);
    const QRect cap(right - width, middle - 9, width, 18);
    paintFrame(painter, cap, colors.raised, colors.line, 3);
    painter->setFont(textFont(11, QFont::Medium));
    painter->setPen(colors.muted);
    painter->drawText(cap, Qt::AlignCenter, keys);
    return width;
}

Button::Button(const QString &text, QWidget *parent) : Button(Kind::Plain, Icon::None, text, parent) { }
Button::Button(Icon icon, const QString &text, QWidget *parent) : Button(Kind::Plain, icon, text, parent) { }

Button::Button(Kind kind, Icon icon, const QString &text, QWidget *parent) : QPushButton(text, parent), m_kind(kind), m_symbol(icon)
{
    setAttribute(Qt::WA_Hover);
    setAutoDefault(false);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

Button *Button::iconOnly(Icon icon, const QString &name, QWidget *parent, Kind kind)
{
    auto *button = new Button(kind, icon, {}, parent);
    button->setToolTip(name);
    button->setAccessibleName(name);
    return button;
}

void Button::setKind(Kind kind)
{
    m_kind = kind;
    update();
}

void Button::setSymbol(Icon icon)
{
    m_symbol = icon;
    updateGeometry();
    update();
}

void Button::setTrailing(Icon icon)
{
    m_trailing = icon;
    updateGeometry();
}

void Button::setKeyHint(const QString &keys)
{
    m_keyHint = keys;
    updateGeometry();
    update();
}

void Button::setQuiet(bool quiet)
{
    m_quiet = quiet;
    update();
}

void Button::setSmall(bool small)
{
    m_small = small;
    updateGeometry();
}

void Button::setDotRole(std::optional<Role> role)
{
    m_dot = role;
    updateGeometry();
    update();
}

QFont Button::labelFont() const
{
    const bool strong = m_kind == Kind::Primary || m_kind == Kind::Danger || isChecked();
    return textFont(m_small ? 12 : 13, strong ? QFont::Medium : QFont::Normal);
}

int Button::hintWidth() const { return m_keyHint.isEmpty() ? 0 : keyHintWidth(m_keyHint); }

QSize Button::sizeHint() const
{
    const int height = m_small ? 24 : 28;
    const int inner = m_small ? 4 : gap;
    int width = 0;
    const auto add = [&](int part) { width += part + (width ? inner : 0); };
    if (m_dot)
        add(8);
    if (m_symbol != Icon::None)
        add(iconSide);
    if (!text().isEmpty()) // what can be checked has room for the weight of both states
        add(QFontMetrics(isCheckable() ? textFont(m_small ? 12 : 13, QFont::Medium) : labelFont()).size(Qt::TextShowMnemonic, text()).width());
    if (m_trailing != Icon::None)
        add(trailingSide);
    if (hintWidth())
        add(hintWidth() - (m_small ? 0 : 4));
    if (text().isEmpty() && m_trailing == Icon::None && !hintWidth())
        return {height, height};
    return {width + (m_kind == Kind::Link ? 8 : m_small ? 18 : 26), height};
}

void Button::paintEvent(QPaintEvent *)
{
    const ThemeColors &c = colorsOf(this);
    Look l = look(m_kind, c, isEnabled(), isDown(), underMouse(), isCheckable() && isChecked());
    if (m_quiet && isEnabled())
        l.text = c.muted;
    QPainter painter(this);
    if (l.fill.alpha() || l.border.alpha())
        paintFrame(&painter, rect(), l.fill, l.border);
    if (hasFocus() && m_byKeyboard)
        paintFocusRing(&painter, rect(), m_kind == Kind::Primary ? blended(c.accent, c.text, 0.4) : c.accent);

    const int inner = m_small ? 4 : gap;
    const int content = sizeHint().width() - (m_kind == Kind::Link ? 8 : m_small ? 18 : 26);
    const int slack = width() - content;
    const bool square = text().isEmpty() && m_trailing == Icon::None && m_keyHint.isEmpty();
    int x = square ? (width() - (m_dot ? 8 : iconSide)) / 2 : (m_trailing != Icon::None || hintWidth()) ? (m_kind == Kind::Link ? 4 : m_small ? 9 : 13) : slack / 2;
    const int middle = height() / 2;
    const auto seen = [this](const QRect &r) { return QStyle::visualRect(layoutDirection(), rect(), r); }; // from right to left where the language runs so
    if (m_dot) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(isEnabled() ? c.of(*m_dot) : c.control);
        painter.drawEllipse(seen(QRect(x, middle - 4, 8, 8)));
        x += 8 + inner;
    }
    if (m_symbol != Icon::None) {
        paintIcon(&painter, m_symbol, seen(QRect(x, middle - iconSide / 2, iconSide, iconSide)), l.text);
        x += iconSide + inner;
    }
    int right = width() - (m_small ? 8 : 11);
    if (hintWidth()) {
        const QRect cap = seen(QRect((m_small ? right : right + 5) - hintWidth(), 0, hintWidth(), height()));
        right -= paintKeyHint(&painter, cap.x() + cap.width(), middle, m_keyHint, c) + inner;
    }
    if (m_trailing != Icon::None) {
        paintIcon(&painter, m_trailing, seen(QRect(right - trailingSide, middle - trailingSide / 2, trailingSide, trailingSide)), l.text);
        right -= trailingSide + inner;
    }
    painter.setFont(labelFont());
    painter.setPen(l.text);
    painter.drawText(seen(QRect(x, 0, qMax(0, (square ? width() : width() - 4) - x), height())), int(Qt::AlignVCenter | QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft) | Qt::TextShowMnemonic | Qt::TextSingleLine), text());
}

void Button::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        click();
    else
        QPushButton::keyPressEvent(event);
}

void Button::focusInEvent(QFocusEvent *event)
{
    m_byKeyboard = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason || event->reason() == Qt::ShortcutFocusReason;
    QPushButton::focusInEvent(event);
}

bool Button::event(QEvent *event)
{
    if (event->type() == QEvent::Enter || event->type() == QEvent::Leave)
        update();
    return QPushButton::event(event);
}

} // namespace ui::widgets
