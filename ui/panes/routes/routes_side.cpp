// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/routes_side.h"

#include "ui/panes/routes/outline.h"
#include "ui/panes/routes/route_list.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/search_field.h"
#include "ui/widgets/states.h"

#include <QHBoxLayout>
#include <QListView>
#include <QMenu>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace widgets;

namespace {

constexpr int sideWidth = 224, rowHeight = 56;

} // namespace

RoutesSide::RoutesSide(RouteListModel &model, QWidget *parent) : Panel(Role::Surface, Qt::RightEdge, parent), m_model(model)
{
    setFixedWidth(sideWidth);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 1, 0);
    column->setSpacing(0);
    setUpSearch(column);
    setUpList(column);
    setUpOutline(column);
    connect(m_search, &SearchField::searchChanged, this, [this](const QString &text) {
        m_model.setSearch(text);
        const bool none = m_model.rowCount() == 0 && !text.isEmpty();
        m_list->setVisible(!none);
        m_nothingFound->setVisible(none);
        Q_EMIT searched();
    });
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex &current) {
        if (current.isValid())
            Q_EMIT chosen(current.data(RouteListModel::ConfigIndex).toInt());
    });
}

void RoutesSide::setUpSearch(QVBoxLayout *column)
{
    m_search = new SearchField(tr("Find a route"));
    m_search->setObjectName(u"routes.search"_s);
    m_search->setAccessibleName(tr("Find a route"));
    auto *add = Button::iconOnly(Icon::Plus, tr("New route"));
    add->setObjectName(u"routes.new"_s);
    auto *menu = new QMenu(add);
    const auto offer = [&](const QString &text, Icon icon, Template form) { connect(menu->addAction(themedIcon(icon), text), &QAction::triggered, this, [this, form] { Q_EMIT newWanted(form); }); };
    offer(tr("One model"), Icon::Cube, Template::Single);
    offer(tr("Fallback chain"), Icon::Chain, Template::Fallback);
    offer(tr("A/B split"), Icon::Split, Template::Split);
    offer(tr("Budget downgrade"), Icon::Diamond, Template::Downgrade);
    offer(tr("Wildcard: all models of a provider"), Icon::Organisation, Template::Wildcard);
    connect(add, &QPushButton::clicked, menu, [menu, add] { menu->popup(add->mapToGlobal(QPoint(0, add->height() + 2))); });
    auto *top = new QHBoxLayout;
    top->setContentsMargins(12, 8, 12, 8);
    top->setSpacing(8);
    top->addWidget(m_search, 1);
    top->addWidget(add);
    column->addLayout(top);
    column->addWidget(new Divider(Qt::Horizontal));
}

void RoutesSide::setUpList(QVBoxLayout *column)
{
    m_list = new QListView;
    m_list->setObjectName(u"routes.list"_s);
    m_list->setAccessibleName(tr("Routes"));
    m_list->setModel(&m_model);
    m_list->setItemDelegate(new RouteDelegate(m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setUniformItemSizes(true);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_nothingFound = new EmptyState(tr("No route has this in its name."));
    m_nothingFound->setPicture(false);
    m_nothingFound->setAction(Icon::Close, tr("Clear search"), Button::Kind::Plain);
    connect(m_nothingFound, &EmptyState::actionTriggered, m_search, &QLineEdit::clear);
    m_nothingFound->hide();
    column->addWidget(m_list);
    column->addWidget(m_nothingFound);
}

void RoutesSide::setUpOutline(QVBoxLayout *column)
{
    m_outline = new Outline;
    m_note = new Label(Label::Kind::Note);
    auto *heading = new QHBoxLayout;
    heading->setContentsMargins(16, 0, 12, 0);
    heading->addWidget(new Label(Label::Kind::Strong, tr("Outline")));
    heading->addStretch(1);
    heading->addWidget(m_note);
    auto *head = new QWidget;
    head->setFixedHeight(40);
    head->setLayout(heading);
    column->addWidget(head);
    column->addWidget(m_outline, 4);
}

void RoutesSide::setNote(const QString &note) { m_note->setText(note); }
QWidget *RoutesSide::list() const { return m_list; }
void RoutesSide::focusSearch() { m_search->setFocus(); }

void RoutesSide::clearSearch()
{
    m_search->clear();
    m_model.setSearch({});
}

void RoutesSide::choose(int configIndex)
{
    const int row = m_model.rowOf(configIndex);
    if (row >= 0 && m_list->currentIndex().row() != row)
        m_list->setCurrentIndex(m_model.index(row));
}

/// The list takes what it needs up to half of the column; the outline follows at once.
void RoutesSide::fitList() { m_list->setFixedHeight(std::clamp(m_model.rowCount() * rowHeight, rowHeight, std::max(3 * rowHeight, height() / 2 - 60))); }

void RoutesSide::resizeEvent(QResizeEvent *event)
{
    Panel::resizeEvent(event);
    fitList();
}

} // namespace ui::routes
