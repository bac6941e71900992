// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/top_bar.h"

#include "ui/bridge/range_zoom.h"
#include "ui/shell/range_dialog.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/theme.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QPainter>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::shell {

using widgets::Button;
using widgets::Icon;
using widgets::Label;
using widgets::Role;

TopBar::TopBar(bridge::ViewContext *view, QWidget *parent) :
    QWidget(parent), m_view(view), m_title(new Label(Label::Kind::Title)), m_demo(new widgets::Chip(tr("Demo: simulated providers and traffic"), Role::Warn)),
    m_range(new Button(Icon::Clock, {})), m_zoomOut(new Button(Icon::Undo, tr("Zoom out"))), m_live(new Button({})), m_ranges(new QMenu(this))
{
    setFixedHeight(48);
    m_title->setObjectName(u"shell.title"_s);
    m_range->setObjectName(u"shell.range"_s);
    m_range->setTrailing(Icon::Down);
    m_range->setToolTip(tr("Range of time  Ctrl+L"));
    m_zoomOut->setObjectName(u"shell.zoomOut"_s);
    m_zoomOut->setToolTip(tr("Back to the range before"));
    m_live->setObjectName(u"shell.live"_s);
    m_live->setCheckable(true);
    auto *refresh = Button::iconOnly(Icon::Refresh, tr("Refresh  F5"), this);
    refresh->setObjectName(u"shell.refresh"_s);
    auto *palette = new Button(Icon::Search, tr("Go to or run"), this);
    palette->setObjectName(u"shell.palette"_s);
    palette->setKeyHint(u"Ctrl+K"_s);
    palette->setQuiet(true); // a field to type into, rather than a deed
    m_demo->hide();

    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(16, 0, 12, 0);
    row->setSpacing(8);
    row->addWidget(m_title);
    row->addSpacing(4);
    row->addWidget(m_demo);
    row->addStretch(1);
    row->addWidget(m_zoomOut);
    row->addWidget(m_range);
    row->addWidget(m_live);
    row->addWidget(refresh);
    auto *line = new widgets::Divider(Qt::Vertical);
    line->setFixedHeight(20);
    row->addSpacing(4);
    row->addWidget(line);
    row->addSpacing(4);
    row->addWidget(palette);

    connect(m_range, &QPushButton::clicked, this, &TopBar::openRangeMenu);
    connect(m_zoomOut, &QPushButton::clicked, &bridge::RangeZoom::of(*m_view), &bridge::RangeZoom::zoomOut);
    connect(&bridge::RangeZoom::of(*m_view), &bridge::RangeZoom::changed, this, &TopBar::showRange);
    connect(m_live, &QPushButton::clicked, this, [this](bool on) { m_view->setLive(on); });
    connect(refresh, &QPushButton::clicked, m_view, &bridge::ViewContext::refresh);
    connect(palette, &QPushButton::clicked, this, &TopBar::paletteRequested);
    connect(m_view, &bridge::ViewContext::liveChanged, this, &TopBar::showLive);
    showRange();
    showLive();
}

void TopBar::setTitle(const QString &title) { m_title->setText(title); }
void TopBar::setDemo(bool demo) { m_demo->setVisible(demo); }

void TopBar::openRangeMenu()
{
    fillRangeMenu();
    m_ranges->popup(m_range->mapToGlobal(QPoint(0, m_range->height() + 2)));
    for (QAction *action : m_ranges->actions())
        if (action->isChecked())
            m_ranges->setActiveAction(action); // arrows go on from it
}

void TopBar::fillRangeMenu()
{
    m_ranges->clear();
    for (const std::int64_t seconds : bridge::rangeChoices()) {
        const bridge::RangeChoice choice {seconds, {}, {}};
        QAction *action = m_ranges->addAction(bridge::toText(choice));
        action->setCheckable(true);
        action->setChecked(choice == m_view->range());
        connect(action, &QAction::triggered, m_view, [this, choice] { m_view->setRange(choice); });
    }
    if (!m_view->range().moving()) {
        m_ranges->addSeparator();
        QAction *action = m_ranges->addAction(bridge::toText(m_view->range()));
        action->setCheckable(true);
        action->setChecked(true);
    }
    m_ranges->addSeparator();
    QAction *custom = m_ranges->addAction(tr("From and to…"));
    custom->setObjectName(u"shell.customRange"_s);
    connect(custom, &QAction::triggered, this, &TopBar::openRangeDialog);
}

void TopBar::openRangeDialog()
{
    gateway::api::TimeRange range = m_view->timeRange();
    range.to = std::min(range.to, m_view->now());
    auto *dialog = new RangeDialog(range, window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &RangeDialog::chosen, m_view, [this](gateway::WallTime from, gateway::WallTime to) { m_view->setRange({0, from, to}); });
    dialog->open();
}

void TopBar::showRange()
{
    m_range->setText(bridge::toText(m_view->range()));
    m_zoomOut->setVisible(bridge::RangeZoom::of(*m_view).zoomed());
}

void TopBar::showLive()
{
    const bool live = m_view->live();
    m_live->setChecked(live);
    m_live->setText(live ? tr("Live") : tr("Paused"));
    m_live->setToolTip(live ? tr("Pause live figures  Ctrl+.") : tr("Go live again  Ctrl+."));
    m_live->setDotRole(live ? std::optional(Role::Ok) : std::nullopt);
    m_live->setSymbol(live ? Icon::None : Icon::Pause);
}

void TopBar::paintEvent(QPaintEvent *)
{
    const widgets::ThemeColors &c = widgets::colorsOf(this);
    QPainter painter(this);
    painter.fillRect(rect(), c.surface);
    painter.fillRect(0, height() - 1, width(), 1, c.line);
}

} // namespace ui::shell
