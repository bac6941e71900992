// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/firstrun/choice_card.h"

#include "ui/widgets/labels.h"
#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme_colors.h"

#include <QMouseEvent>
#include <QPainter>

using namespace Qt::StringLiterals;

namespace ui::firstrun {

using widgets::Button;
using widgets::Icon;
using widgets::Label;
using widgets::Role;

ChoiceCard::ChoiceCard(const QString &id, const QString &useText, QWidget *parent)
    : QWidget(parent), m_frame(new QWidget), m_radio(new QRadioButton), m_row(new QHBoxLayout), m_inside(new QVBoxLayout(m_frame)), m_below(new QWidget),
      m_state(new widgets::StateLabel), m_detail(new Label(Label::Kind::Secondary)), m_use(new Button(Button::Kind::Primary, Icon::None, useText)),
      m_another(new Button(Button::Kind::Link, Icon::None, {})), m_useText(useText)
{
    setObjectName(id);
    m_radio->setObjectName(id + u".radio"_s);
    m_state->setObjectName(id + u".result"_s);
    m_detail->setObjectName(id + u".detail"_s);
    m_use->setObjectName(id + u".use"_s);
    m_another->setObjectName(id + u".another"_s);
    m_use->setSmall(true);
    m_another->setSmall(true);
    m_detail->setWordWrap(true);
    m_detail->setTextInteractionFlags(Qt::TextSelectableByMouse);

    m_row->setSpacing(12);
    m_row->addWidget(m_radio);
    m_inside->setContentsMargins(12, 12, 12, 12);
    m_inside->setSpacing(8);
    m_inside->addLayout(m_row);
    auto *line = new QHBoxLayout;
    line->setSpacing(8);
    line->addWidget(m_state, 1);
    line->addWidget(m_another);
    line->addWidget(m_use);
    auto *below = new QVBoxLayout(m_below);
    below->setContentsMargins(44, 6, 0, 2);
    below->setSpacing(2);
    below->addLayout(line);
    below->addWidget(m_detail);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_frame);
    column->addWidget(m_below);
    m_below->hide();

    connect(m_radio, &QRadioButton::toggled, this, [this](bool on) {
        m_below->setVisible(on);
        update();
    });
    connect(m_use, &QPushButton::clicked, this, [this] { m_busy ? Q_EMIT cancelRequested() : Q_EMIT useRequested(); });
    connect(m_another, &QPushButton::clicked, this, &ChoiceCard::anotherRequested);
}

void ChoiceCard::show(Icon icon, Role role, const QString &text, const QString &detail)
{
    m_busy = false;
    m_state->setState(icon, role, text);
    m_detail->setText(detail);
    m_detail->setVisible(!detail.isEmpty());
    m_another->hide();
    m_use->setKind(Button::Kind::Primary);
    m_use->setText(m_useText);
    m_use->show();
}

void ChoiceCard::showHint(const QString &text) { show(Icon::Info, Role::Muted, text, {}); }

void ChoiceCard::showBusy(const QString &text)
{
    show(Icon::Clock, Role::Muted, text, {});
    m_busy = true;
    m_use->setKind(Button::Kind::Plain);
    m_use->setText(tr("Cancel"));
}

void ChoiceCard::showGood(const QString &text)
{
    show(Icon::Ok, Role::Ok, text, {});
    m_use->hide();
}

void ChoiceCard::showProblem(const QString &headline, const QString &detail, const QString &another)
{
    show(Icon::Error, Role::Err, headline, detail);
    m_another->setText(another);
    m_another->setVisible(!another.isEmpty());
}

void ChoiceCard::paintEvent(QPaintEvent *)
{
    const widgets::ThemeColors &c = widgets::colorsOf(this);
    QPainter painter(this);
    widgets::paintFrame(&painter, m_frame->geometry(), chosen() ? c.infoBg : c.surface, chosen() ? c.accent : c.line);
}

void ChoiceCard::mousePressEvent(QMouseEvent *event)
{
    if (m_frame->geometry().contains(event->position().toPoint()))
        m_radio->setChecked(true);
}

} // namespace ui::firstrun
