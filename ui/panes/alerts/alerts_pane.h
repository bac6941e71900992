// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/alert_tools.h"
#include "ui/bridge/config_draft.h"
#include "ui/panes/alerts/alert_edit.h"
#include "ui/panes/pane.h"

class QMenu;
class QSplitter;
class QStackedWidget;

namespace ui::widgets {
class Button;
class SectionBanner;
class SelectionBar;
class TableView;
class TabStrip;
}

namespace ui::alerts {

class AlertInspector;
class AlertsModel;
class DeliveriesPage;
class FiringsPage;
class PreviewPanel;
class SubjectsPage;

/// Alerts: how they stand, what they would have done and did, whom they told; edited in one draft of the configuration, muted and
/// acknowledged at once.
class AlertsPane final : public panes::Pane
{
    Q_OBJECT
public:
    explicit AlertsPane(const panes::PaneContext &context, QWidget *parent = nullptr);

    [[nodiscard]] QString title() const override { return tr("Alerts"); }
    [[nodiscard]] QList<panes::PaletteEntry> paletteEntries() override;
    void openItem(const QString &item) override; ///< an alert's name or id; "smtp": the mail server
    [[nodiscard]] QWidget *focusTarget() const override;

protected:
    void activated() override;
    void deactivated() override;
    void resizeEvent(QResizeEvent *event) override;

private:
    enum Tab { PreviewTab, SubjectsTab, FiringsTab, DeliveriesTab };

    // Building.
    QWidget *makeBar();
    QWidget *makeMiddle();
    QWidget *makeTable();
    QWidget *makeLower();
    void fillNewMenu();
    void setUpShortcuts();
    void connectParts();

    // What is shown.
    [[nodiscard]] const std::vector<Alert> &all() const { return m_draft.config().alerts; }
    [[nodiscard]] const Alert *chosen() const; ///< the one that the lower part and the form show
    [[nodiscard]] std::vector<Alert> selected() const;
    [[nodiscard]] const Alert *stored(const Alert &alert) const; ///< as the gateway has it; null: it has not
    [[nodiscard]] std::shared_ptr<const gateway::AlertBoard> board() const;
    void refresh();
    void refreshRows();
    void refreshActions();
    void showChosen();
    void showBoardProblem();
    void showLower();
    void openTab(Tab tab);
    void choose(int row);
    void takeChoice();
    void openCalls(const gateway::AlertFiring &firing);
    void fillRowMenu(QMenu *menu);

    // What is done at once.
    void test();
    void openMuteMenu();
    void mute(const std::vector<Alert> &alerts, const std::optional<std::string> &subject, std::optional<gateway::WallTime> until);
    void acknowledge(const std::vector<Alert> &alerts, const std::optional<std::string> &subject);
    void muteByKey();
    void acknowledgeByKey();
    [[nodiscard]] bool inSubjects() const; ///< the keys are in the list of subjects

    // Edits of the draft.
    void add(AlertTemplate form);
    void addAlert(Alert alert, const QString &what);
    void duplicate();
    void edit(const QString &what, const std::function<void(Alert &)> &change, const QString &merge);
    void switchSelected(std::optional<bool> on); ///< nullopt: the other way
    void removeSelected();
    void changeSelected(const QString &what, const std::function<void(std::vector<Alert> &, std::size_t)> &change);
    void save();

    bridge::ConfigDraft m_draft;
    gateway::api::AlertTools *m_tools; ///< null: this gateway evaluates none
    std::string m_chosen;              ///< identityOf() the chosen one
    int m_index = -1;                  ///< where it is now
    bool m_refreshing = false;

    AlertsModel *m_model;
    widgets::TableView *m_table;
    widgets::Button *m_new = nullptr, *m_test = nullptr, *m_mute = nullptr, *m_acknowledge = nullptr, *m_bulkMute = nullptr;
    widgets::SelectionBar *m_selection;
    widgets::SectionBanner *m_banner;
    QWidget *m_bannerBox = nullptr; ///< its margins go with it
    QSplitter *m_splitter;
    QStackedWidget *m_stack;
    AlertInspector *m_inspector;
    widgets::TabStrip *m_tabs = nullptr; ///< null with those below: there are no tools
    QWidget *m_lower = nullptr;
    QStackedWidget *m_pages = nullptr;
    PreviewPanel *m_preview = nullptr;
    SubjectsPage *m_subjects = nullptr;
    FiringsPage *m_firings = nullptr;
    DeliveriesPage *m_deliveries = nullptr;
};

} // namespace ui::alerts
