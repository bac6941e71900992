// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "ui/bridge/view_context.h"
#include "ui/widgets/icons.h"

#include <QWidget>

#include <functional>

class QSettings;

namespace ui::widgets {
class Theme;
}

/// A pane is a model, a view, and a row of pane_table.cpp. The shell knows no pane by its type.
namespace ui::panes {

/// What a pane gets; all of it outlives the pane.
struct PaneContext
{
    gateway::api::Gateway *gateway = nullptr;
    bridge::ViewContext *view = nullptr;
    widgets::Theme *theme = nullptr;    ///< null in tests of a single pane
    QSettings *settings = nullptr;      ///< the window's own settings (not the gateway's); null likewise
};

/// An entry of the command palette that a pane offers ("Add provider…"), or a thing in it by name.
struct PaletteEntry
{
    QString section;               ///< "Routes", "Calls", "Actions"
    widgets::Icon icon = widgets::Icon::None;
    QString text;
    QString note;                  ///< muted, after the text
    QString keys;                  ///< "Ctrl+T"
    std::function<void()> run;
};

/// Base of all panes. GUI thread; nothing in it waits.
/// Contract (ui.md section 2): objectName is the pane's id, its parts are named "<id>.<part>"; empty, error and loading
/// states as widgets/states.h draws them; all that can be reached by mouse can be reached by keyboard.
class Pane : public QWidget
{
    Q_OBJECT
public:
    /// What stands in the 44 px below the top bar: nothing, the shared filter, or the pane's own actions (Routes).
    enum class Bar { None, Filter };

    explicit Pane(const PaneContext &context, QWidget *parent = nullptr);

    [[nodiscard]] virtual QString title() const = 0;               ///< in the top bar
    [[nodiscard]] virtual Bar bar() const { return Bar::None; }
    /// Whether the pane itself says now that the call log cannot be read: the window then does not say it again.
    [[nodiscard]] virtual bool tellsLogTrouble() const { return false; }
    [[nodiscard]] virtual QString filterHint() const { return {}; } ///< placeholder of the filter bar; an example at the end in `backticks`
    /// Widgets for the right end of the filter bar (Columns, Export); the shell takes ownership once, at the first show.
    virtual QList<QWidget *> barWidgets() { return {}; }
    /// Entries for the palette, all of them; the palette matches. Called each time it opens.
    [[nodiscard]] virtual QList<PaletteEntry> paletteEntries() { return {}; }
    /// Shows the named thing (a route, key or provider name, a call id); unknown names are ignored.
    virtual void openItem(const QString &item) { Q_UNUSED(item) }
    /// Whether the filter bar counts for this pane: what focusing search (Ctrl+F) means where bar() is None.
    virtual void focusSearch() { }
    /// What gets the keys when the pane comes on the screen; null: nothing, Tab begins at the top.
    [[nodiscard]] virtual QWidget *focusTarget() const { return nullptr; }
    /// False keeps the pane on the screen (unsaved edits were asked about).
    virtual bool mayLeave() { return true; }

    [[nodiscard]] bool active() const { return m_active; }
    void setActive(bool active);  ///< by the shell: on the screen or not

Q_SIGNALS:
    void logTroubleChanged();    ///< see tellsLogTrouble()
    void titleChanged();

protected:
    /// A part that had the keys and is hidden leaves them to what is next in the pane, else to what it was in: never to what
    /// comes next in the window.
    bool focusNextPrevChild(bool next) override;
    /// Became visible or was left. Timers and live questions run only while active.
    virtual void activated() { }
    virtual void deactivated() { }

    /// "last good 14:29:40"; empty where nothing ever was
    [[nodiscard]] static QString lastGoodText(gateway::WallTime at);
    /// Gives the keys to `widget` unless a part of this pane has them: the pane's own shortcuts work from its first moment.
    void takeKeys(QWidget *widget);
    /// A palette entry below "Actions" that opens this pane and then runs.
    [[nodiscard]] PaletteEntry paletteAction(widgets::Icon icon, const QString &text, const QString &keys, std::function<void()> run);
    /// A palette entry that opens this pane with the named thing chosen.
    [[nodiscard]] PaletteEntry paletteItem(const QString &section, widgets::Icon icon, const QString &name, const QString &note);

    [[nodiscard]] gateway::api::Gateway &gateway() const { return *m_context.gateway; }
    [[nodiscard]] bridge::ViewContext &view() const { return *m_context.view; }
    [[nodiscard]] const PaneContext &context() const { return m_context; }

private:
    PaneContext m_context;
    bool m_active = false;
};

/// A row of the pane table.
struct PaneRow
{
    enum class Group { Watch, SetUp, Settings, Hidden }; ///< where in the mode bar; Hidden: reached by openPane() alone (first run)
    QString id;                    ///< "calls"; also objectName, settings key
    const char *label;             ///< QT_TRANSLATE_NOOP("panes", …), in the mode bar
    widgets::Icon icon;
    Group group;
    std::function<Pane *(const PaneContext &)> make;
};

using PaneTable = QList<PaneRow>;

} // namespace ui::panes
