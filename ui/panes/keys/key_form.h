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
class Label;
class NamesField;
class SectionBanner;
}

namespace ui::keys {

/// Asks what a key is for: name, team, models, expiry, networks, permissions. For a new key, or an existing one.
class KeyForm final : public widgets::Dialog
{
    Q_OBJECT
public:
    /// @param edited  null: a new key
    KeyForm(const gateway::config::Config &config, const gateway::config::VirtualKey *edited, QWidget *parent);

    [[nodiscard]] gateway::api::NewKey entered() const;
    void setTeam(const std::string &team);
    /// Shows why the gateway did not take it, beside the field that it is about where that is known.
    void showProblem(const QString &message);
    void setBusy(bool busy);

Q_SIGNALS:
    void submitted();

private:
    void setUpFields(const gateway::config::Config &config);
    void fill(const gateway::config::VirtualKey &key);
    void validate();
    void showExpiry();

    QLineEdit *m_name;
    QComboBox *m_team;
    QCheckBox *m_allModels;
    QListWidget *m_models;
    QCheckBox *m_expires;
    QDateEdit *m_expiry;
    widgets::NamesField *m_networks;
    QCheckBox *m_mayCall, *m_mayPassthrough;
    widgets::Label *m_expiryNote;
    widgets::SectionBanner *m_problem;
    widgets::Button *m_submit;
    bool m_busy = false;
};

} // namespace ui::keys
