// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/privacy/starter_dialog.h"

#include "ui/panes/privacy/policy_edit.h"
#include "ui/widgets/labels.h"

#include <QCheckBox>
#include <QGridLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::privacy {

using widgets::Button;
using widgets::Icon;
using widgets::Label;
using widgets::Role;

StarterDialog::StarterDialog(const Policy &policy, QWidget *parent) : Dialog(Icon::Shield, Role::Accent, tr("Starter set"), parent), m_add(nullptr)
{
    setObjectName(u"privacy.starterDialog"_s);
    setSubtitle(tr("Rules that most begin with. They count once the policy is saved; each can be changed before and after."));
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(16);
    grid->setVerticalSpacing(4);
    grid->setColumnStretch(0, 1);
    for (const Rule &rule : starterRules()) {
        const int row = grid->rowCount();
        auto *box = new QCheckBox(ruleTitle(rule));
        const bool free = mayAdd(policy, rule.detect);
        box->setObjectName(u"privacy.starter."_s + QString::fromStdString(rule.detect));
        box->setChecked(free);
        box->setEnabled(free);
        box->setMinimumHeight(24);
        box->setToolTip(free ? actionMeaning(rule.action) : tr("The policy has a rule for this already"));
        grid->addWidget(box, row, 0);
        grid->addWidget(free ? new widgets::StateLabel(actionIcon(rule.action), actionRole(rule.action), actionWord(rule.action)) : new widgets::StateLabel(Icon::Check, Role::Muted, tr("there already")), row, 1);
        connect(box, &QCheckBox::toggled, this, &StarterDialog::count);
        m_rows.emplace_back(box, rule);
    }
    body()->addLayout(grid);
    auto *cancel = addButton(Button::Kind::Plain, tr("Cancel"));
    m_add = addButton(Button::Kind::Primary, {});
    m_add->setObjectName(u"privacy.starter.submit"_s);
    m_add->setDefault(true);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_add, &QPushButton::clicked, this, [this] {
        Q_EMIT chosen(ticked());
        accept();
    });
    count();
}

std::vector<Rule> StarterDialog::ticked() const
{
    std::vector<Rule> rules;
    for (const auto &[box, rule] : m_rows) {
        if (box->isEnabled() && box->isChecked())
            rules.push_back(rule);
    }
    return rules;
}

void StarterDialog::count()
{
    const std::size_t rules = ticked().size();
    m_add->setText(rules == 1 ? tr("Add 1 rule") : tr("Add %1 rules").arg(rules));
    m_add->setEnabled(rules > 0);
}

} // namespace ui::privacy
