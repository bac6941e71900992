// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/privacy/policy_words.h"
#include "ui/widgets/dialog.h"

class QCheckBox;

namespace ui::privacy {

/// Rules to begin with, those ticked that the policy has nothing for yet.
class StarterDialog final : public widgets::Dialog
{
    Q_OBJECT
public:
    StarterDialog(const Policy &policy, QWidget *parent);

Q_SIGNALS:
    void chosen(const std::vector<Rule> &rules);

private:
    [[nodiscard]] std::vector<Rule> ticked() const;
    void count();

    std::vector<std::pair<QCheckBox *, Rule>> m_rows;
    widgets::Button *m_add;
};

} // namespace ui::privacy
