// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/keys/bulk_dialog.h"
#include "ui/panes/pane.h"

#include <QTimer>

#include <chrono>
#include <functional>

namespace ui::widgets {
class Button;
class EmptyState;
class SearchField;
class SectionBanner;
class SelectionBar;
class TableView;
}

class QMenu;
class QStackedWidget;

namespace ui::keys {

class KeyForm;
class KeysModel;
class TeamsPanel;

/// Virtual keys and teams: made with the secret shown once, changed, rotated, revoked; who used them, and what it cost.
class KeysPane final : public panes::Pane
{
    Q_OBJECT
public:
    explicit KeysPane(const panes::PaneContext &context, QWidget *parent = nullptr);

    [[nodiscard]] QString title() const override { return tr("Keys and teams"); }
    QList<panes::PaletteEntry> paletteEntries() override;
    void openItem(const QString &item) override;
    void focusSearch() override;

    void newKey();

protected:
    void activated() override;
    void deactivated() override;
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeBar();
    QWidget *makeBanner();
    QWidget *makeTable();
    void setUpShortcuts();
    void refresh();
    void askUse();
    void refreshStanding();
    void showRows();
    void keepChosen(const std::function<void()> &change); ///< what is chosen stays so while rows are made anew
    void showActions();
    void fillRowMenu(QMenu *menu);

    [[nodiscard]] QList<int> selectedRows() const;
    [[nodiscard]] std::vector<gateway::config::VirtualKey> selectedKeys() const;
    void submitNew(KeyForm *form);
    void setPolicy(KeyForm *form, const gateway::api::CreatedKey &created);
    void showNew(KeyForm *form, const gateway::api::CreatedKey &created);
    void changeKey();
    void submitChange(KeyForm *form, const gateway::config::VirtualKey &before);
    void rotateKeys();
    void revokeKeys();
    void deleteKeys();
    /// Asks for a change of all that are chosen, with its effects shown, and makes it with an undo.
    void changeMany(BulkDialog::What what, const QString &done);
    void rotate(const std::vector<gateway::config::VirtualKey> &keys, std::chrono::hours grace, const QString &old);
    void showSecret(const QString &title, const QString &summary, const gateway::api::CreatedKey &created);

    KeysModel *m_model;
    TeamsPanel *m_teams;
    widgets::TableView *m_table;
    widgets::SearchField *m_search;
    widgets::Button *m_change = nullptr;
    widgets::Button *m_rotate = nullptr;
    widgets::Button *m_revoke = nullptr;
    widgets::SelectionBar *m_selection;
    widgets::SectionBanner *m_banner;
    QWidget *m_bannerBox = nullptr; ///< its margins go with it
    QStackedWidget *m_stack;
    widgets::EmptyState *m_empty;
    widgets::EmptyState *m_noMatch;
    std::optional<gateway::api::UseSummary> m_use; ///< nullopt: not known (yet)
    QString m_fileName;
    QTimer m_timer; ///< of how budgets and limits stand
};

} // namespace ui::keys
