// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/config_draft.h"
#include "ui/panes/pane.h"

class QStackedWidget;

namespace ui::widgets {
class TabStrip;
}

namespace ui::cache {

class EntriesPage;
class OffState;
class ReviewPage;
class SavingsReader;
class SettingsPage;
class TrafficPage;

/// What the cache saves, what it keeps, whether its semantic hits were right, and its settings.
class CachePane final : public panes::Pane
{
    Q_OBJECT
public:
    enum class Page { Traffic, Entries, Review, Settings };

    explicit CachePane(const panes::PaneContext &context, QWidget *parent = nullptr);

    [[nodiscard]] QString title() const override { return tr("Cache"); }
    QList<panes::PaletteEntry> paletteEntries() override;
    void openItem(const QString &item) override;   ///< a route, in the settings
    [[nodiscard]] QWidget *focusTarget() const override;
    void setPage(Page page);
    [[nodiscard]] Page page() const;

protected:
    void activated() override;
    void deactivated() override;

private:
    void connectParts();
    void configChanged();
    void showPage();
    void turnOn(const QString &route);
    [[nodiscard]] bool isOff() const;

    bridge::ConfigDraft m_draft;
    SavingsReader *m_reader;
    widgets::TabStrip *m_tabs;
    TrafficPage *m_traffic;
    EntriesPage *m_entries;
    ReviewPage *m_review;
    SettingsPage *m_settings;
    OffState *m_off;
    QStackedWidget *m_pages, *m_stack;
    QWidget *m_main;
};

} // namespace ui::cache
