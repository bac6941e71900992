// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/providers/providers_pane.h"

#include "ui/bridge/text.h"
#include "ui/panes/providers/providers_view.h"

#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::providers {

using widgets::Icon;

ProvidersPane::ProvidersPane(const panes::PaneContext &paneContext, QWidget *parent) : Pane(paneContext, parent), m_view(new ProvidersView(paneContext, this))
{
    setObjectName(u"providers"_s);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_view);
}

QString ProvidersPane::title() const { return tr("Providers"); }
void ProvidersPane::openItem(const QString &item) { m_view->openProvider(item); }
void ProvidersPane::focusSearch() { m_view->focusSearch(); }
void ProvidersPane::activated()
{
    m_view->start();
    takeKeys(m_view->firstField());
}

void ProvidersPane::deactivated() { m_view->stop(); }

QList<panes::PaletteEntry> ProvidersPane::paletteEntries()
{
    QList<panes::PaletteEntry> entries;
    for (const gateway::config::Provider &provider : m_view->draft().config().providers)
        entries << paletteItem(tr("Providers"), Icon::Providers, bridge::qt(provider.name), bridge::qt(provider.kind));
    entries << paletteAction(Icon::Plus, tr("Add provider…"), u"Ins"_s, [this] { m_view->addProvider(); });
    entries << paletteAction(Icon::Zap, tr("Test all providers"), {}, [this] { m_view->testAll(); });
    return entries;
}

} // namespace ui::providers
