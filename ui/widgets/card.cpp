// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/card.h"

#include "ui/widgets/labels.h"
#include "ui/widgets/proxy_style.h"

#include <QMenu>
#include <QPainter>

namespace ui::widgets {

Card::Card(const QString &title, const QString &unit, QWidget *parent) :
    QFrame(parent), m_header(new QWidget(this)), m_headerLayout(new QHBoxLayout(m_header)), m_title(new Label(Label::Kind::Strong, title)),
    m_unit(new Label(Label::Kind::Secondary, unit)), m_body(new QVBoxLayout)
{
    m_header->setFixedHeight(40);
    m_headerLayout->setContentsMargins(12, 0, 8, 0);
    m_headerLayout->setSpacing(8);
    m_headerLayout->addWidget(m_title);
    m_headerLayout->addWidget(m_unit);
    m_headerLayout->addStretch(1);
    if (unit.isEmpty())
        m_unit->hide();
    if (title.isEmpty())
        m_header->hide();
    m_body->setContentsMargins(0, 0, 0, 0);
    m_body->setSpacing(0);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(1, 1, 1, 4); // what a child paints leaves the round corners alone
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addLayout(m_body, 1);
    setAccessibleName(title);
}

void Card::setTitle(const QString &title)
{
    m_title->setText(title);
    m_header->setVisible(!title.isEmpty());
    setAccessibleName(title);
}

void Card::setUnit(const QString &unit)
{
    m_unit->setText(unit);
    m_unit->setVisible(!unit.isEmpty());
}

void Card::setHeaderVisible(bool visible) { m_header->setVisible(visible); }

void Card::setAccented(bool accented)
{
    m_accented = accented;
    update();
}

void Card::addToHeader(QWidget *widget)
{
    m_headerLayout->insertWidget(m_menu ? m_headerLayout->count() - 1 : m_headerLayout->count(), widget);
}

QMenu *Card::menu()
{
    if (!m_menu) {
        auto *button = Button::iconOnly(Icon::More, tr("More actions"), m_header, Button::Kind::Flat);
        button->setSmall(true);
        m_menu = new QMenu(button);
        connect(button, &QPushButton::clicked, m_menu, [this, button] { m_menu->popup(button->mapToGlobal(QPoint(button->width() - m_menu->sizeHint().width(), button->height() + 2))); });
        m_headerLayout->addWidget(button);
    }
    return m_menu;
}

void Card::paintEvent(QPaintEvent *)
{
    const ThemeColors &c = colorsOf(this);
    QPainter painter(this);
    paintFrame(&painter, rect(), c.surface, m_accented ? c.accent : c.line, 6);
}

Panel::Panel(Role role, Qt::Edges lines, QWidget *parent) : QWidget(parent), m_role(role), m_lines(lines) { }

void Panel::paintEvent(QPaintEvent *)
{
    const ThemeColors &c = colorsOf(this);
    QPainter painter(this);
    painter.fillRect(rect(), c.of(m_role));
    if (m_lines & Qt::LeftEdge)
        painter.fillRect(0, 0, 1, height(), c.line);
    if (m_lines & Qt::RightEdge)
        painter.fillRect(width() - 1, 0, 1, height(), c.line);
    if (m_lines & Qt::TopEdge)
        painter.fillRect(0, 0, width(), 1, c.line);
    if (m_lines & Qt::BottomEdge)
        painter.fillRect(0, height() - 1, width(), 1, c.line);
}

} // namespace ui::widgets
