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
void RoutesPane::activated() { m_view->start(); }
void RoutesPane::deactivated() { m_view->stop(); }

QList<panes::PaletteEntry> RoutesPane::paletteEntries()
{
    QList<panes::PaletteEntry> entries;
    for (const gateway::config::Route &route : m_view->draft().config().routes) {
        const QString name = bridge::qt(route.name);
        entries << panes::PaletteEntry {tr("Routes"), Icon::Routes, name, tr("route"), {}, [this, name] {
            view().openPane(u"routes"_s, name);
        }};
    }
    const auto action = [&](Icon icon, const QString &text, const QString &keys, const std::function<void()> &run) {
        entries << panes::PaletteEntry {tr("Actions"), icon, text, {}, keys, [this, run] {
            view().openPane(u"routes"_s);
            run();
        }};
    };
    action(Icon::Chain, tr("New fallback chain"), {}, [this] { m_view->addRoute(Template::Fallback); });
    action(Icon::Split, tr("New A/B split"), {}, [this] { m_view->addRoute(Template::Split); });
    if (m_view->mayPublish())
        action(Icon::Upload, tr("Publish routes…"), u"Ctrl+Shift+P"_s, [this] { m_view->publish(); });
    return entries;
}

} // namespace ui::routes
