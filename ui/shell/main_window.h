// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/pane.h"
#include "ui/shell/shortcuts_sheet.h"

#include <QHash>
#include <QMainWindow>

class QSettings;
class QStackedWidget;
class QTimer;

namespace ui::widgets {
class Button;
class SectionBanner;
class Theme;
class Toast;
}

namespace ui::shell {

class CommandPalette;
class FilterBar;
class ModeBar;
class StatusBar;
class TopBar;

/// Frame and navigation, nothing else: mode bar, top bar, filter bar, the chosen pane, status bar; palette, shortcuts,
/// history. Knows panes by their rows only. GUI thread; the gateway and the settings outlive it.
class MainWindow final : public QMainWindow
{
    Q_OBJECT
public:
    struct Parts
    {
        gateway::api::Gateway *gateway = nullptr;
        widgets::Theme *theme = nullptr;
        QSettings *settings = nullptr;            ///< null: nothing is kept (tests)
        bridge::ViewContext::Now now;             ///< empty: the system's clock
        std::function<void(const QString &)> retryListen; ///< binds to another address for this run; empty: not offered
    };
    MainWindow(const Parts &parts, const panes::PaneTable &table, QWidget *parent = nullptr);
    ~MainWindow() override;

    [[nodiscard]] bridge::ViewContext *view() const { return m_view; }
    [[nodiscard]] QString currentPane() const { return m_current; }
    [[nodiscard]] panes::Pane *pane(const QString &id) const { return m_panes.value(id); } ///< null until first shown
    /// Shows a pane, and in it an item. @return false where there is no such pane or the present one stays
    bool openPane(const QString &id, const QString &item = {});
    void back();
    void forward();
    void openPalette();

protected:
    void closeEvent(QCloseEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    struct Place
    {
        QString pane, filter;
        bool operator==(const Place &) const = default;
    };

    void setUpFrame();
    void setUpModes();
    void setUpShortcuts();
    void setUpLive();
    void restore();
    void save();
    [[nodiscard]] const panes::PaneRow *row(const QString &id) const;
    [[nodiscard]] static QString paneLabel(const panes::PaneRow &row);
    [[nodiscard]] QStringList orderedPanes() const; ///< as in the mode bar
    panes::Pane *makePane(const panes::PaneRow &row);
    void showChromeFor(const panes::PaneRow &row, panes::Pane *pane);
    void openCalls(const QString &filter);
    void remember();
    void go(int step);
    void addShortcut(const QString &section, const QString &what, const QKeySequence &keys, const std::function<void()> &work);
    void showStore();
    void showListener();
    [[nodiscard]] QList<panes::PaletteEntry> paletteEntries();
    void addNamedThings(QList<panes::PaletteEntry> &entries);
    void openShortcuts();

    Parts m_parts;
    panes::PaneTable m_table;
    bridge::ViewContext *m_view;
    panes::PaneContext m_context;
    ModeBar *m_modes;
    TopBar *m_top;
    FilterBar *m_filter;
    StatusBar *m_status;
    QStackedWidget *m_stack;
    widgets::SectionBanner *m_storeBanner;
    widgets::Button *m_storeSettings = nullptr;
    widgets::SectionBanner *m_listenerBanner;
    widgets::Button *m_usePort;
    QWidget *m_banners;
    CommandPalette *m_palette;
    widgets::Toast *m_toast;
    QTimer *m_tick;
    QHash<QString, panes::Pane *> m_panes;
    QString m_current;
    QList<Place> m_history;
    qsizetype m_place = -1;
    bool m_travelling = false;
    QList<ShortcutLine> m_shortcuts;
    QString m_notice;
};

} // namespace ui::shell
