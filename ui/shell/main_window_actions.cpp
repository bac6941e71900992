// SPDX-License-Identifier: GPL-3.0-or-later
// What can be done from anywhere in the window: the shortcuts and the palette's entries.
#include "ui/shell/main_window.h"

#include "ui/bridge/text.h"
#include "ui/shell/command_palette.h"
#include "ui/shell/filter_bar.h"
#include "ui/shell/top_bar.h"
#include "ui/shell/window_settings.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/toast.h"

#include <QCoreApplication>
#include <QShortcut>

using namespace Qt::StringLiterals;

namespace ui::shell {

using panes::Pane;
using panes::PaneRow;
using Group = PaneRow::Group;

void MainWindow::addShortcut(const QString &section, const QString &what, const QKeySequence &keys, const std::function<void()> &work)
{
    auto *shortcut = new QShortcut(keys, this);
    connect(shortcut, &QShortcut::activated, this, work);
    m_shortcuts.append({section, what, keys.toString(QKeySequence::NativeText)});
}

void MainWindow::setUpShortcuts()
{
    addShortcut(tr("Window"), tr("Go to or run anything"), QKeySequence(Qt::CTRL | Qt::Key_K), [this] { openPalette(); });
    addShortcut(tr("Window"), tr("Filter or search"), QKeySequence(Qt::CTRL | Qt::Key_F), [this] {
        Pane *current = m_panes.value(m_current);
        if (current && current->bar() == Pane::Bar::Filter)
            m_filter->focusFilter();
        else if (current)
            current->focusSearch();
    });
    addShortcut(tr("Window"), tr("Range of time"), QKeySequence(Qt::CTRL | Qt::Key_L), [this] { m_top->openRangeMenu(); });
    addShortcut(tr("Window"), tr("Refresh"), QKeySequence(Qt::Key_F5), [this] { m_view->refresh(); });
    addShortcut(tr("Window"), tr("Pause or go live"), QKeySequence(Qt::CTRL | Qt::Key_Period), [this] { m_view->setLive(!m_view->live()); });
    addShortcut(tr("Window"), tr("Back"), QKeySequence(Qt::ALT | Qt::Key_Left), [this] { back(); });
    addShortcut(tr("Window"), tr("Forward"), QKeySequence(Qt::ALT | Qt::Key_Right), [this] { forward(); });
    addShortcut(tr("Window"), tr("Undo what was just told"), widgets::Toast::undoKeys(), [this] { m_toast->undo(); });
    addShortcut(tr("Window"), tr("Shortcuts"), QKeySequence(Qt::Key_F1), [this] { openShortcuts(); });
    // Those that panes bind themselves; listed here so that F1 shows all.
    const auto has = [this](const char *id) { return row(QLatin1StringView(id)) != nullptr; };
    m_shortcuts.append({tr("Charts"), tr("Move the crosshair"), u"←  →"_s});
    m_shortcuts.append({tr("Charts"), tr("Zoom in, out"), u"+  -"_s});
    m_shortcuts.append({tr("Charts"), tr("Back from a zoom"), tr("Esc")});
    m_shortcuts.append({tr("Charts"), tr("Calls of that point"), tr("Enter")});
    if (has("calls")) {
        m_shortcuts.append({tr("Calls"), tr("Next, previous call"), u"J  K"_s});
        m_shortcuts.append({tr("Calls"), tr("Copy as curl"), u"Ctrl+Shift+C"_s});
        m_shortcuts.append({tr("Calls"), tr("Copy as Python"), u"Ctrl+Alt+C"_s});
        m_shortcuts.append({tr("Calls"), tr("Colour, no colour"), u"Alt+1…6  Alt+0"_s});
        m_shortcuts.append({tr("Calls"), tr("Compare two calls"), u"Ctrl+Shift+D"_s});
        m_shortcuts.append({tr("Calls"), tr("Replay a call"), u"Ctrl+Shift+R"_s});
    }
    if (has("costs")) {
        m_shortcuts.append({tr("Costs"), tr("As SQL, as charts"), u"F4"_s});
        m_shortcuts.append({tr("Costs"), tr("Run, cancel the query"), u"Ctrl+Enter  Esc"_s});
    }
    if (has("alerts")) {
        m_shortcuts.append({tr("Alerts"), tr("New alert"), u"Ins"_s});
        m_shortcuts.append({tr("Alerts"), tr("Test"), u"Ctrl+T"_s});
        m_shortcuts.append({tr("Alerts"), tr("Mute, acknowledge"), u"M  A"_s});
    }
    if (has("providers")) {
        m_shortcuts.append({tr("Providers"), tr("Add"), u"Ins"_s});
        m_shortcuts.append({tr("Providers"), tr("Test"), u"Ctrl+T"_s});
        m_shortcuts.append({tr("Providers"), tr("Rename"), u"F2"_s});
    }
    if (has("routes")) {
        m_shortcuts.append({tr("Routes"), tr("Undo, redo"), u"Ctrl+Z  Ctrl+Y"_s});
        m_shortcuts.append({tr("Routes"), tr("Move a row"), u"Alt+↑  Alt+↓"_s});
        m_shortcuts.append({tr("Routes"), tr("Publish"), u"Ctrl+Shift+P"_s});
    }
    if (has("keys")) {
        m_shortcuts.append({tr("Keys"), tr("New key"), u"Ins"_s});
        m_shortcuts.append({tr("Keys"), tr("Rotate"), u"Ctrl+R"_s});
        m_shortcuts.append({tr("Keys"), tr("Revoke"), u"Del"_s});
    }
    if (has("budgets")) {
        m_shortcuts.append({tr("Budgets"), tr("New budget"), u"Ins"_s});
        m_shortcuts.append({tr("Budgets"), tr("Raise for a while"), u"Ctrl+O"_s});
        m_shortcuts.append({tr("Budgets"), tr("Take away"), u"Del"_s});
    }
    if (has("privacy")) {
        m_shortcuts.append({tr("Privacy"), tr("Add a rule"), u"Ins"_s});
        m_shortcuts.append({tr("Privacy"), tr("Move a rule"), u"Alt+↑  Alt+↓"_s});
        m_shortcuts.append({tr("Privacy"), tr("Try the sample"), u"Ctrl+Enter"_s});
        m_shortcuts.append({tr("Privacy"), tr("Save"), u"Ctrl+S"_s});
    }
    if (has("prompts")) {
        m_shortcuts.append({tr("Prompts"), tr("Save the next version"), u"Ctrl+S"_s});
        m_shortcuts.append({tr("Prompts"), tr("What differs"), u"Ctrl+D"_s});
        m_shortcuts.append({tr("Prompts"), tr("Run it, run tests"), u"Ctrl+Enter"_s});
    }
    if (has("cache")) {
        m_shortcuts.append({tr("Cache"), tr("Evict kept answers"), u"Del"_s});
        m_shortcuts.append({tr("Cache"), tr("A hit was right, wrong, open"), u"R  W  U"_s});
    }
}

void MainWindow::openPalette() { m_palette->openWith(paletteEntries()); }

QList<panes::PaletteEntry> MainWindow::paletteEntries()
{
    using widgets::Icon;
    QList<panes::PaletteEntry> entries;
    int number = 0;
    for (const QString &id : orderedPanes()) {
        const PaneRow &pane = *row(id);
        ++number;
        const QString keys = pane.group == Group::Settings ? u"Ctrl+,"_s : number <= 9 ? u"Ctrl+%1"_s.arg(number) : QString();
        entries.append({tr("Panes"), pane.icon, paneLabel(pane), {}, keys, [this, id] { openPane(id); }});
    }
    for (const QString &id : orderedPanes())
        if (Pane *made = m_panes.value(id))
            entries.append(made->paletteEntries());
    addNamedThings(entries);
    for (const PaneRow &hidden : m_table)
        if (hidden.group == Group::Hidden && hidden.id != m_current)
            entries.append({tr("Actions"), hidden.icon, paneLabel(hidden), {}, {}, [this, id = hidden.id] { openPane(id); }});
    entries.append({tr("Actions"), Icon::Refresh, tr("Refresh"), {}, u"F5"_s, [this] { m_view->refresh(); }});
    entries.append({tr("Actions"), m_view->live() ? Icon::Pause : Icon::Play, m_view->live() ? tr("Pause live figures") : tr("Go live"), {}, u"Ctrl+."_s,
        [this] { m_view->setLive(!m_view->live()); }});
    if (!m_view->filter().empty())
        entries.append({tr("Actions"), Icon::Close, tr("Clear filter"), bridge::qt(m_view->filter().text()), {}, [this] { m_view->setFilterText({}); }});
    if (m_parts.theme)
        entries.append({tr("Actions"), m_parts.theme->dark() ? Icon::Sun : Icon::Moon, m_parts.theme->dark() ? tr("Light theme") : tr("Dark theme"), {}, {}, [this] {
            m_parts.theme->setMode(m_parts.theme->dark() ? widgets::ThemeMode::Light : widgets::ThemeMode::Dark);
            if (m_parts.settings)
                writeThemeMode(*m_parts.settings, m_parts.theme->mode());
        }});
    entries.append({tr("Actions"), Icon::Info, tr("Show shortcuts"), {}, u"F1"_s, [this] { openShortcuts(); }});
    return entries;
}

void MainWindow::addNamedThings(QList<panes::PaletteEntry> &entries)
{
    using widgets::Icon;
    const auto config = m_parts.gateway->config();
    const auto thing = [&](const QString &section, Icon icon, const QString &pane, const QString &name, const QString &note) {
        if (row(pane))
            entries.append({section, icon, name, note, {}, [this, pane, name] { openPane(pane, name); }});
    };
    for (const auto &route : config->routes) {
        thing(tr("Routes"), Icon::Routes, u"routes"_s, bridge::qt(route.name), route.enabled ? QString() : tr("off"));
        if (row(u"calls"_s)) {
            const QString filter = u"route:"_s + bridge::qt(route.name);
            entries.append({tr("Calls"), Icon::Filter, tr("Show calls with %1").arg(filter), {}, {}, [this, filter] { openCalls(filter); }});
        }
    }
    for (const auto &provider : config->providers)
        thing(tr("Providers"), Icon::Server, u"providers"_s, bridge::qt(provider.name), bridge::qt(provider.kind));
    for (const auto &key : config->keys)
        thing(tr("Keys"), Icon::Key, u"keys"_s, bridge::qt(key.name), key.revoked ? tr("revoked") : bridge::qt(key.team));
    for (const auto &policy : config->privacyPolicies)
        thing(tr("Privacy"), Icon::Shield, u"privacy"_s, bridge::qt(policy.name), tr("policy"));
    for (const auto &prompt : config->prompts)
        thing(tr("Prompts"), Icon::Prompts, u"prompts"_s, bridge::qt(prompt.name), bridge::qt(prompt.folder));
}

void MainWindow::openShortcuts()
{
    auto *sheet = new ShortcutsSheet(m_shortcuts, this);
    sheet->open();
}

} // namespace ui::shell
