// SPDX-License-Identifier: GPL-3.0-or-later
// What stands in the place of the list, or beside it: causes of errors, sessions and traces, values with their counts.
#include "ui/panes/calls/bonds_view.h"
#include "ui/panes/calls/call_columns.h"
#include "ui/panes/calls/call_inspector.h"
#include "ui/panes/calls/call_table.h"
#include "ui/panes/calls/calls_pane.h"
#include "ui/panes/calls/causes_view.h"
#include "ui/panes/calls/facet_strip.h"
#include "ui/bridge/text.h"
#include "ui/widgets/button.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/table_view.h"

#include <QHBoxLayout>
#include <QSettings>
#include <QSplitter>
#include <QStackedLayout>
#include <QTimer>
#include <QTreeView>

using namespace Qt::StringLiterals;

namespace ui::calls {
namespace {

constexpr int facetsMs = 5000;      ///< between two counts while calls come in
constexpr int stripWidth = 208;
constexpr int wideEnough = 1200;    ///< for the strip, where nobody has said whether to show it

} // namespace

/// The list with its strip, and the views that take its place.
QWidget *CallsPane::makeUpper()
{
    m_tools = gateway::api::CallTools::of(gateway());
    if (!m_tools)
        return m_listArea;
    m_facets = new FacetStrip(m_tools, &view());
    m_causes = new CausesView(m_tools, &view());
    m_bonds = new BondsView(m_tools, &view());
    m_facetsPace = new QTimer(this);
    m_facetsPace->setSingleShot(true);
    m_facetsPace->setInterval(facetsMs);
    auto *area = new QWidget;
    m_views = new QStackedLayout(area);
    m_views->addWidget(m_listArea);
    m_views->addWidget(m_causes);
    m_views->addWidget(m_bonds);
    auto *upper = new QSplitter(Qt::Horizontal);
    upper->setObjectName(u"calls.facetSplitter"_s);
    upper->setChildrenCollapsible(false);
    upper->addWidget(m_facets);
    upper->addWidget(area);
    upper->setStretchFactor(0, 0);
    upper->setStretchFactor(1, 1);
    upper->setSizes({stripWidth, 1000});
    m_facets->hide();
    connect(m_facetsPace, &QTimer::timeout, this, [this] {
        if (active() && !m_facets->asking())
            askFacets();
    });
    connect(&view(), &bridge::ViewContext::callsRequested, this, [this] { setShape(Shape::Calls); });
    connect(m_causes, &CausesView::callsWanted, this, &CallsPane::showOnly);
    connect(m_causes, &CausesView::callWanted, this, &CallsPane::inspectId);
    connect(m_bonds, &BondsView::callsWanted, this, &CallsPane::showOnly);
    connect(m_bonds, &BondsView::callWanted, this, &CallsPane::inspectId);
    connect(m_inspector, &CallInspector::bondWanted, this, [this](gateway::Bond bond, const QString &id) {
        setShape(Shape::Bonds);
        m_bonds->showTree(bond, id, m_inspected);
    });
    return upper;
}

void CallsPane::fillViewBar(QHBoxLayout *bar)
{
    if (!m_tools)
        return;
    m_shapes = new widgets::SegmentedControl({tr("Calls"), tr("Causes"), tr("Sessions")});
    m_shapes->setObjectName(u"calls.shape"_s);
    m_shapes->setAccessibleName(tr("Calls, causes of errors, or sessions and traces"));
    m_shapes->setSmall(true);
    m_facetsButton = widgets::Button::iconOnly(widgets::Icon::Bars, tr("Values beside the calls"), this, widgets::Button::Kind::Flat);
    m_facetsButton->setObjectName(u"calls.facetsButton"_s);
    m_facetsButton->setSmall(true);
    m_facetsButton->setCheckable(true);
    bar->setContentsMargins(12, 0, 0, 0);
    bar->setSpacing(8);
    bar->addWidget(m_facetsButton);
    bar->addWidget(m_shapes);
    if (context().settings && context().settings->contains(u"calls/facets"_s))
        m_facetsWanted = context().settings->value(u"calls/facets"_s).toBool();
    connect(m_shapes, &widgets::SegmentedControl::currentChanged, this, [this](int shape) { setShape(Shape(shape)); });
    connect(m_facetsButton, &QPushButton::clicked, this, [this](bool on) {
        m_facetsWanted = on;
        if (context().settings)
            context().settings->setValue(u"calls/facets"_s, on);
        showFacets();
    });
}

CallsPane::Shape CallsPane::shape() const { return m_views ? Shape(m_views->currentIndex()) : Shape::Calls; }

void CallsPane::setShape(Shape shape)
{
    if (!m_views || this->shape() == shape)
        return;
    m_views->setCurrentIndex(int(shape));
    m_shapes->setCurrent(int(shape));
    if (shape == Shape::Bonds)
        m_bonds->showList();
    askShape();
    if (shape != Shape::Calls)
        m_table->clearSelection();
    focusTarget()->setFocus();
    showState();
}

void CallsPane::showShape(Shape shape)
{
    view().openPane(u"calls"_s);
    setShape(shape);
}

void CallsPane::showOnly(const QString &term, bool exclude)
{
    if (!exclude)
        setShape(Shape::Calls);
    view().setFilterText(withTerm(bridge::qt(view().filter().text()), term, exclude));
}

void CallsPane::inspectId(const QString &id)
{
    m_inspected = id;
    m_inspector->showId(id);
    openInspector();
}

/// The strip is shown where there is room and something to count, or as was chosen.
void CallsPane::showFacets()
{
    if (!m_facets)
        return;
    const bool never = gateway().store().committed == 0;
    const bool shown = !never && m_facetsWanted.value_or(width() >= wideEnough);
    m_facetsButton->setChecked(shown);
    m_facetsButton->setVisible(!never);
    m_shapes->setVisible(!never);
    if (m_facets->isVisibleTo(this) == shown)
        return;
    m_facets->setVisible(shown);
    if (shown)
        askFacets();
    else
        m_facets->cancel();
}

void CallsPane::askFacets()
{
    if (m_facets && m_asked && active() && m_facets->isVisibleTo(this))
        m_facets->ask(listRange(), view().filter());
}

/// Of what is in the list's place.
void CallsPane::askShape()
{
    if (shape() == Shape::Causes)
        m_causes->ask(listRange(), view().filter());
    else if (shape() == Shape::Bonds)
        m_bonds->ask(listRange(), view().filter());
}

void CallsPane::cancelViews()
{
    if (!m_tools)
        return;
    m_facets->cancel();
    m_causes->cancel();
    if (!m_bonds->showsTree())
        m_bonds->cancel();
}

void CallsPane::resizeEvent(QResizeEvent *event)
{
    Pane::resizeEvent(event);
    showFacets();
}

} // namespace ui::calls
