// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/routes_pane.h"

#include "ui/bridge/text.h"
#include "ui/panes/routes/routes_view.h"

#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::routes {

using widgets::Icon;

RoutesPane::RoutesPane(const panes::PaneContext &paneContext, QWidget *parent) : Pane(paneContext, parent), m_view(new RoutesView(paneContext, this))
{
    setObjectName(u"routes"_s);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_view);
}

QString RoutesPane::title() const { return tr("Routes"); }
void RoutesPane::openItem(const QString &item) { m_view->openRoute(item); }
void RoutesPane::focusSearch() { m_view->focusSearch(); }
void RoutesPane::activated()
{
    m_view->start();
    takeKeys(m_view->firstField());
}

void RoutesPane::deactivated() { m_view->stop(); }

QList<panes::PaletteEntry> RoutesPane::paletteEntries()
{
    QList<panes::PaletteEntry> entries;
    for (const gateway::config::Route &route : m_view->draft().config().routes)
        entries << paletteItem(tr("Routes"), Icon::Routes, bridge::qt(route.name), tr("route"));
    entries << paletteAction(Icon::Chain, tr("New fallback chain"), {}, [this] { m_view->addRoute(Template::Fallback); });
    entries << paletteAction(Icon::Split, tr("New A/B split"), {}, [this] { m_view->addRoute(Template::Split); });
    if (m_view->hasPlan()) {
        entries << paletteAction(Icon::Play, tr("Simulate a call through the chosen route"), {}, [this] { m_view->openTrial(Trial::Simulate); });
        entries << paletteAction(Icon::Info, tr("Explain a call by the chosen route"), {}, [this] { m_view->openTrial(Trial::Explain); });
        entries << paletteAction(Icon::Clock, tr("Replay the log through the chosen route"), {}, [this] { m_view->openTrial(Trial::Replay); });
    }
    entries << paletteAction(Icon::Clock, tr("Versions of the routes…"), {}, [this] { m_view->showVersions(); });
    if (m_view->mayPublish())
        entries << paletteAction(Icon::Upload, tr("Publish routes…"), u"Ctrl+Shift+P"_s, [this] { m_view->publish(); });
    return entries;
}

} // namespace ui::routes
