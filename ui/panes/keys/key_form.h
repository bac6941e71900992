// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "ui/widgets/dialog.h"

class QCheckBox;
class QComboBox;
class QDateEdit;
class QLineEdit;
class QListWidget;

namespace ui::widgets {
class CountField;
class Label;
class MoneyField;
class NamesField;
class SectionBanner;
}

namespace ui::keys {

class CallAdditions;

/// Asks what a key is for: name, team, models, permissions, budget, limits, expiry, networks, and what it puts into its calls.
/// For a new key, or an existing one.
class KeyForm final : public widgets::Dialog
{
    Q_OBJECT
public:
    /// @param edited  null: a new key
    KeyForm(const gateway::config::Config &config, const gateway::config::VirtualKey *edited, QWidget *parent);

    [[nodiscard]] gateway::api::NewKey entered() const;
    void setTeam(const std::string &team);
    /// Shows why the gateway did not take it, beside the field that it is about where that is known.
    /// @param field  as the gateway calls it: "name", "keys[3].allow_from[0]", "budgets[0].amount"; may be empty
    void showProblem(const QString &message, const QString &field = {});
    void setBusy(bool busy);
    /// The privacy policy that is chosen; empty: its team's.
    [[nodiscard]] std::string privacy() const;

Q_SIGNALS:
    void submitted();

private:
    void setUpFields(const gateway::config::Config &config, const std::string &policy);
    void fill(const gateway::config::VirtualKey &key);
    void validate();
    void showExpiry();
    void setUpQuota();
    void showQuota();
    [[nodiscard]] QWidget *fieldOf(const QString &name) const; ///< null: none of the form's
    [[nodiscard]] gateway::config::Quota enteredQuota() const;
    [[nodiscard]] QString typedWrong() const;                   ///< what is to be mended first; empty: nothing

    QLineEdit *m_name;
    QComboBox *m_team, *m_privacy;
    QCheckBox *m_allModels;
    QListWidget *m_models;
    QCheckBox *m_expires;
    QDateEdit *m_expiry;
    widgets::NamesField *m_networks;
    QCheckBox *m_mayCall, *m_mayPassthrough, *m_mayReadLog;
    CallAdditions *m_additions;
    widgets::MoneyField *m_budget;
    QComboBox *m_per;
    widgets::CountField *m_rpm, *m_tpm, *m_tpd, *m_parallel;
    gateway::config::Quota m_quota; ///< what it has: the form shows the first budget and limits of all calls, and keeps the rest
    widgets::Label *m_expiryNote, *m_quotaNote;
    widgets::SectionBanner *m_problem;
    widgets::Button *m_submit;
    bool m_busy = false;
};

} // namespace ui::keys
