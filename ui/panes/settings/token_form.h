// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "ui/widgets/dialog.h"

class QButtonGroup;
class QLineEdit;

namespace ui::widgets {
class SectionBanner;
}

namespace ui::settings {

/// Name and role of an admin token, new or there already.
class TokenForm final : public widgets::Dialog
{
    Q_OBJECT
public:
    /// @param edited  nullptr: a new one
    TokenForm(const gateway::config::AdminToken *edited, QWidget *parent);
    [[nodiscard]] std::string name() const;
    [[nodiscard]] gateway::config::AdminRole role() const;
    /// Why it was not taken; the dialog stays.
    void showProblem(const QString &problem);
    void setBusy(bool busy);

Q_SIGNALS:
    void submitted();

private:
    QWidget *makeRoles(gateway::config::AdminRole chosen);

    QLineEdit *m_name;
    QButtonGroup *m_roles;
    widgets::SectionBanner *m_problem;
    widgets::Button *m_submit;
};

} // namespace ui::settings
