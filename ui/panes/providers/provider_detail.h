// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/config_draft.h"
#include "ui/panes/pane.h"
#include "ui/panes/providers/editing.h"
#include "ui/widgets/card.h"

#include <optional>

class QStackedWidget;

namespace ui::widgets {
class ElidedLabel;
class Label;
class TabStrip;
}

namespace ui::providers {

class AdvancedCard;
class ConnectionForm;
class CredentialsCard;
class DetailHeader;
class HealthTab;
class ModelsTab;
class TestCard;
class UsedByTab;

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
    QWidget *makeConnection();
    QWidget *makeFooter();
    void connectParts();
    void connectKeys();
    void connectModels();
    [[nodiscard]] const gateway::config::Provider *provider() const;
    [[nodiscard]] bool editable() const;
    void edit(const QString &what, const std::function<void(gateway::config::Provider &)> &change, const QString &merge = {});
    void rename(const std::string &name);
    void refreshHealth();
    void refreshFooter();
    void showErrors();
    [[nodiscard]] gateway::config::KindFields fieldsOf(const gateway::config::Provider &one) const;
    void addKey();
    void replaceKey(const QString &name);
    void removeKey(const QString &name);
    void askModels();
    void save();

    panes::PaneContext m_context;
    bridge::ConfigDraft &m_draft;
    int m_index = -1;
    std::string m_shownId;      ///< of the provider whose test is shown
    std::vector<gateway::api::TargetHealth> m_health;
    std::optional<gateway::api::ProviderStrip> m_strip;
    QString m_fileOwner;

    DetailHeader *m_header;
    widgets::TabStrip *m_tabs;
    QStackedWidget *m_pages;
    ConnectionForm *m_connection;
    widgets::Label *m_error;
    widgets::ElidedLabel *m_state;
    CredentialsCard *m_credentials;
    TestCard *m_test;
    AdvancedCard *m_advanced;
    ModelsTab *m_models;
    HealthTab *m_healthTab;
    UsedByTab *m_usedBy;
    widgets::Button *m_revert, *m_save;
};

} // namespace ui::providers
