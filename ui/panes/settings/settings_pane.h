// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/pane.h"

#include <QHash>
#include <QList>

class QScrollArea;
class QStackedWidget;
class QVBoxLayout;

namespace ui::widgets {
class Button;
class Card;
class EmptyState;
class SearchField;
}

namespace ui::settings {

class AuditPage;
class FullTextLine;
class SettingLine;
class SettingRow;

/// All settings, searchable. The gateway's apply at once and can be undone; those that the --config file names are
/// read-only and say so; the window's own (theme) are kept beside its geometry.
class SettingsPane final : public panes::Pane
{
    Q_OBJECT
public:
    explicit SettingsPane(const panes::PaneContext &context, QWidget *parent = nullptr);

    [[nodiscard]] QString title() const override { return tr("Settings"); }
    QList<panes::PaletteEntry> paletteEntries() override;
    void openItem(const QString &item) override; ///< searches for it
    void focusSearch() override;
    /// "Who changed what", in the place of the cards.
    void showAudit();

protected:
    void activated() override;
    void deactivated() override;

private:
    void setUpFrame();
    void addAppearance();
    void addGatewaySections();
    void addAccess();
    void addMail();
    void addTelemetry();
    void addAudit();
    void addConfiguration();
    void addAbout();
    /// @param show  what its button at the left does; by default it scrolls to the card
    widgets::Card *addCard(const QString &section, void (SettingsPane::*show)() = nullptr);
    void showCards();
    void connectSection(widgets::Button *button, widgets::Card *card);
    void scrollTo(const widgets::Card *card);
    [[nodiscard]] bool auditShown() const;
    void addLine(widgets::Card *card, SettingLine *line);
    void search(const QString &words);
    void refresh();

    widgets::SearchField *m_search;
    QWidget *m_sections;       ///< buttons that scroll to a card
    QVBoxLayout *m_sectionsLayout;
    QStackedWidget *m_pages;   ///< the cards, or the audit log
    QScrollArea *m_scroll;
    AuditPage *m_audit = nullptr; ///< from its first show on
    widgets::Button *m_auditButton = nullptr;
    QVBoxLayout *m_cards;
    widgets::EmptyState *m_nothing;
    QList<SettingRow *> m_rows;
    FullTextLine *m_fullText = nullptr; ///< under the switch; hidden while that is off
    struct Section
    {
        widgets::Card *card;
        widgets::Button *button;
        QList<SettingLine *> lines;
    };
    QList<Section> m_all;
    QString m_ownerFile;
};

} // namespace ui::settings
