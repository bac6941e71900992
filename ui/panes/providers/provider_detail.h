// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/config_draft.h"
#include "ui/panes/pane.h"
#include "ui/widgets/card.h"

#include <memory>
#include <optional>

class QCheckBox;
class QComboBox;
class QLineEdit;
class QStackedWidget;

namespace ui::widgets {
class CopyButton;
class Label;
class SectionBanner;
class TabStrip;
}

namespace ui::providers {

class CredentialsCard;
class HealthTab;
class ModelsTab;
class TestSteps;

/// The chosen provider: its form over the draft, its keys, models, health and users; its test; Save and Revert.
class ProviderDetail final : public widgets::Panel
{
    Q_OBJECT
public:
    ProviderDetail(const panes::PaneContext &context, bridge::ConfigDraft &draft, QWidget *parent);

    /// By place in the draft's providers; -1: none.
    void show(int index);
    using QWidget::show;
    [[nodiscard]] int index() const { return m_index; }
    void refresh();                                    ///< after the draft or the health changed
    void setHealth(const std::vector<gateway::api::TargetHealth> &health, const gateway::api::ProviderStrip *strip);
    void setFileOwner(const QString &file);
    void test(const QString &credential = {});         ///< empty: the chosen one
    void focusName();

Q_SIGNALS:
    void duplicateWanted();
    void deleteWanted();
    void enabledWanted(bool enabled);
    void testStarted(const QString &provider);
    void testEnded(const QString &provider, bool ok, const QString &words);

private:
    QWidget *makeHeader();
    QWidget *makeConnection();
    QWidget *makeUsedBy();
    QWidget *makeFooter();
    void connectParts();
    [[nodiscard]] const gateway::config::Provider *provider() const;
    [[nodiscard]] bool editable() const;
    void edit(const QString &what, const std::function<void(gateway::config::Provider &)> &change, const QString &merge = {});
    void refreshHeader();
    void refreshConnection();
    void refreshUsedBy();
    void refreshFooter();
    void showErrors();
    void addKey();
    void replaceKey(const QString &name);
    void removeKey(const QString &name);
    void askModels();
    void save();
    void finishTest(const QString &provider, const QString &credential, const gateway::Result<gateway::api::ProbeReport> &report);
    void hideTest();

    panes::PaneContext m_context;
    bridge::ConfigDraft &m_draft;
    int m_index = -1;
    std::string m_shownId;      ///< of the provider whose test is shown
    std::vector<gateway::api::TargetHealth> m_health;
    std::optional<gateway::api::ProviderStrip> m_strip;
    QString m_fileOwner;
    std::unique_ptr<QObject> m_testing;

    class Mark;
    Mark *m_mark;
    widgets::Label *m_title, *m_subtitle, *m_lock, *m_state, *m_usedByText, *m_error, *m_testNote;
    QCheckBox *m_enabled;
    widgets::Button *m_test, *m_more, *m_revert, *m_save, *m_again, *m_replace;
    widgets::TabStrip *m_tabs;
    QStackedWidget *m_pages;
    QLineEdit *m_name, *m_url, *m_firstByte, *m_total;
    QComboBox *m_kind;
    CredentialsCard *m_credentials;
    widgets::Card *m_testCard;
    TestSteps *m_steps;
    widgets::SectionBanner *m_banner;
    ModelsTab *m_models;
    HealthTab *m_healthTab;
    QWidget *m_usedByList;
    QString m_testedCredential;
};

} // namespace ui::providers
