// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/mode_bar.h"

#include "ui/widgets/labels.h"
#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"

#include <QAbstractButton>
#include <QPainter>
#include <QVBoxLayout>

namespace ui::shell {

using widgets::colorsOf;
using widgets::Icon;
using widgets::paintIcon;
using widgets::textFont;

class ModeButton final : public QAbstractButton
{
    Q_OBJECT
public:
    ModeButton(const QString &id, Icon icon, const QString &label, QWidget *parent) : QAbstractButton(parent), m_icon(icon)
    {
        setObjectName(QLatin1StringView("mode.") + id);
        setText(label);
        setAccessibleName(label);
        setCheckable(true);
        setAttribute(Qt::WA_Hover);
        setMinimumHeight(leastHeight);
        setMaximumHeight(usualHeight);
        setFocusPolicy(Qt::TabFocus);
    }

    void setBadge(int number, const QString &words)
    {
        m_badge = number;
        setAccessibleDescription(number > 0 ? words : QString());
        update();
    }

    QSize sizeHint() const override { return {72, usualHeight}; }

protected:
    void paintEvent(QPaintEvent *) override
    {
        const widgets::ThemeColors &c = colorsOf(this);
        QPainter painter(this);
        const bool on = isChecked();
        if (on) {
            painter.fillRect(rect(), c.surface);
            painter.fillRect(layoutDirection() == Qt::RightToLeft ? width() - 3 : 0, 0, 3, height(), c.accent);
        }
        const QColor color = on ? c.accent : underMouse() ? c.text : c.muted;
        const int top = (height() - 38) / 2 + 1, gap = height() < usualHeight - 6 ? 22 : 24; // of icon and label together
        paintIcon(&painter, m_icon, QRectF(width() / 2.0 - 10, top, 20, 20), color);
        painter.setFont(textFont(11, on ? QFont::DemiBold : QFont::Normal));
        painter.setPen(color);
        painter.drawText(QRect(0, top + gap, width(), 14), Qt::AlignCenter, text());
        if (m_badge > 0) {
            painter.setRenderHint(QPainter::Antialiasing);
            painter.setPen(Qt::NoPen);
            painter.setBrush(c.err);
            const QRectF badge(40, top - 5, m_badge > 9 ? 22 : 16, 16);
            painter.drawRoundedRect(badge, 8, 8);
            painter.setPen(c.surface);
            painter.setFont(textFont(10, QFont::DemiBold));
            painter.drawText(badge, Qt::AlignCenter, m_badge > 99 ? QStringLiteral("99+") : QString::number(m_badge));
        }
        if (hasFocus())
            widgets::paintFocusRing(&painter, rect().adjusted(4, 2, -4, -2), c.accent);
    }

private:
    static constexpr int usualHeight = 56, leastHeight = 42; ///< twelve of the least fit a window of 640

    Icon m_icon;
    int m_badge = 0;
};

namespace {

class Logo final : public QWidget
{
public:
    explicit Logo(QWidget *parent) : QWidget(parent) { setFixedHeight(48); }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        paintIcon(&painter, Icon::Logo, QRectF(width() / 2.0 - 12, 12, 24, 24), colorsOf(this).accent);
    }
};

class ModeLine final : public QWidget
{
public:
    explicit ModeLine(QWidget *parent) : QWidget(parent) { setFixedHeight(9); }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.fillRect(12, 4, width() - 24, 1, colorsOf(this).line);
    }
};

} // namespace

ModeBar::ModeBar(QWidget *parent) : QWidget(parent), m_top(new QVBoxLayout), m_bottom(new QVBoxLayout)
{
    setFixedWidth(72);
    m_top->setSpacing(0);
    m_bottom->setSpacing(0);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 8);
    column->setSpacing(0);
    column->addWidget(new Logo(this));
    column->addLayout(m_top);
    column->addStretch(1);
    column->addLayout(m_bottom);
}

void ModeBar::addMode(const QString &id, Icon icon, const QString &label, const QString &shortcut, bool atBottom)
{
    auto *button = new ModeButton(id, icon, label, this);
    button->setProperty("pane", id);
    button->setToolTip(shortcut.isEmpty() ? label : label + QLatin1StringView("  ") + shortcut);
    (atBottom ? m_bottom : m_top)->addWidget(button);
    m_buttons.append(button);
    connect(button, &QAbstractButton::clicked, this, [this, id, button] {
        button->setChecked(true); // stays pressed; the shell unchecks the others
        Q_EMIT chosen(id);
    });
}

void ModeBar::addSeparator() { m_top->addWidget(new ModeLine(this)); }

ModeButton *ModeBar::find(const QString &id) const
{
    for (ModeButton *button : m_buttons)
        if (button->property("pane") == id)
            return button;
    return nullptr;
}

void ModeBar::setCurrent(const QString &id)
{
    for (ModeButton *button : std::as_const(m_buttons))
        button->setChecked(button->property("pane") == id);
}

void ModeBar::setBadge(const QString &id, int number, const QString &words)
{
    if (ModeButton *button = find(id))
        button->setBadge(number, words);
}

void ModeBar::paintEvent(QPaintEvent *)
{
    const widgets::ThemeColors &c = colorsOf(this);
    QPainter painter(this);
    painter.fillRect(rect(), c.raised);
    painter.fillRect(layoutDirection() == Qt::RightToLeft ? 0 : width() - 1, 0, 1, height(), c.line);
}

} // namespace ui::shell

#include "mode_bar.moc"
