// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "ui/bridge/config_draft.h"
#include "ui/panes/firstrun/provider_cards.h"
#include "ui/panes/firstrun/step_card.h"

#include <memory>

class QButtonGroup;

namespace ui::firstrun {

/// Step 1: a model server found on this machine, or a pasted key; tried with a real call, then added with its routes.
class ProviderStep final : public StepCard
{
    Q_OBJECT
public:
    explicit ProviderStep(gateway::api::Gateway &gateway, QWidget *parent = nullptr);

    /// Asks this machine's usual ports, once; again with `again`.
    void look(bool again = false);
    /// What a program writes as "model"; empty: no provider yet.
    [[nodiscard]] QString model() const { return m_model; }
    /// The page was left: ends what runs, and forgets a pasted key.
    void forget();

Q_SIGNALS:
    void modelChanged();

private:
    void setUpOthers();
    void showFound(const std::vector<gateway::api::LocalProvider> &found);
    void watch(ProviderCard *card);
    void showConfigured();
    void use(ProviderCard *card);
    void listThenTest(ProviderCard *card);
    void test(ProviderCard *card, const ProviderChoice &choice);
    void add(ProviderCard *card, const ProviderChoice &choice, const QString &good);
    void stop();
    [[nodiscard]] const gateway::config::Provider *madeBefore(const ProviderChoice &choice) const;

    gateway::api::Gateway &m_gateway;
    bridge::ConfigDraft m_draft;
    QButtonGroup *m_group;
    QVBoxLayout *m_local;          ///< cards of what was found
    QList<LocalCard *> m_found;
    PasteCard *m_paste;
    widgets::StateLabel *m_others; ///< who does not answer
    widgets::Button *m_again;
    std::unique_ptr<QObject> m_work; ///< context of the running questions: destroyed, they end
    ProviderChoice m_added;          ///< the last that was added, and
    std::string m_addedName;         ///< its name
    QString m_model;
    bool m_looked = false;
};

} // namespace ui::firstrun
