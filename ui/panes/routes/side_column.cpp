// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/side_column.h"

#include "ui/widgets/labels.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QScrollArea>
#include <QStackedWidget>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace widgets;

SidePanel::SidePanel(Icon icon, const QString &title, QWidget *parent, int wantedWidth)
    : Panel(Role::Surface, Qt::LeftEdge, parent), m_body(new QVBoxLayout), m_wantedWidth(wantedWidth)
{
    auto *close = Button::iconOnly(Icon::Close, tr("Close"), this, Button::Kind::Flat);
    close->setObjectName(u"routes.panel.close"_s);
    close->setSmall(true);
    auto *heading = new QHBoxLayout;
    heading->setContentsMargins(16, 12, 12, 12);
    heading->setSpacing(8);
    auto *sign = new StateLabel(icon, Role::Accent, title);
    heading->addWidget(sign, 1);
    heading->addWidget(close);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(1, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(heading);
    column->addWidget(new Divider(Qt::Horizontal));
    m_body->setContentsMargins(0, 0, 0, 0);
    m_body->setSpacing(0);
    column->addLayout(m_body, 1);
    connect(close, &QPushButton::clicked, this, &SidePanel::closeWanted);
}

QVBoxLayout *SidePanel::addScrolledColumn()
{
    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(content);
    scroll->viewport()->setAutoFillBackground(false);
    content->setAutoFillBackground(false);
    m_body->addWidget(scroll, 1);
    return column;
}

void SidePanel::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape)
        Q_EMIT closeWanted();
    else
        Panel::keyPressEvent(event);
}

SideColumn::SideColumn(QWidget *inspector, QWidget *parent) : QWidget(parent), m_stack(new QStackedWidget)
{
    setMinimumWidth(inspectorWidth);
    setMaximumWidth(inspectorWidth);
    m_stack->addWidget(inspector);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_stack);
}

void SideColumn::add(SidePanel *panel)
{
    m_stack->addWidget(panel);
    connect(panel, &SidePanel::closeWanted, this, [this] { open(nullptr); });
}

void SideColumn::open(SidePanel *panel)
{
    QWidget *next = panel ? static_cast<QWidget *>(panel) : m_stack->widget(0);
    if (m_stack->currentWidget() == next)
        return;
    m_stack->setCurrentWidget(next);
    setMaximumWidth(panel ? panel->wantedWidth() : inspectorWidth);
    updateGeometry();
    if (panel)
        panel->firstField()->setFocus();
    Q_EMIT changed();
}

bool SideColumn::isOpen(const SidePanel *panel) const { return m_stack->currentWidget() == panel; }

} // namespace ui::routes
