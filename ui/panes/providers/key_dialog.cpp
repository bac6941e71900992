// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/providers/key_dialog.h"

#include "gateway/config/names.h"
#include "ui/bridge/text.h"
#include "ui/panes/credential_form.h"
#include "ui/panes/form_row.h"
#include "ui/widgets/labels.h"

#include <QLineEdit>
#include <QSpinBox>

using namespace Qt::StringLiterals;

namespace ui::providers {

using namespace gateway::config;
using namespace panes;
using namespace widgets;

KeyDialog::KeyDialog(const QString &provider, const KindFields &fields, const QStringList &takenNames, const Credential *replaced, QWidget *parent)
    : Dialog(Icon::Key, Role::Accent, replaced ? tr("Replace key “%1”").arg(bridge::qt(replaced->name)) : tr("Add a key to %1").arg(provider), parent), m_taken(takenNames),
      m_credential(replaced ? *replaced : Credential {}), m_replaces(replaced != nullptr), m_name(new QLineEdit), m_form(new CredentialForm(u"providers.key"_s)),
      m_weight(new QSpinBox), m_problem(new Label(Label::Kind::Secondary))
{
    setObjectName(u"providers.key"_s);
    setMinimumWidth(560);
    setFitting(true);
    setSubtitle(tr("Secrets are stored encrypted. Only their last four characters are ever shown."));
    m_name->setObjectName(u"providers.key.name"_s);
    m_weight->setObjectName(u"providers.key.weight"_s);
    m_form->setKind(fields);
    if (replaced)
        m_form->setCredential(*replaced);
    m_weight->setRange(1, 1000);
    m_weight->setValue(m_credential.weight);
    QString free = m_taken.isEmpty() ? u"main"_s : u"spare"_s;
    for (int number = 2; m_taken.contains(free); ++number)
        free = u"spare-%1"_s.arg(number);
    m_name->setText(m_replaces ? bridge::qt(m_credential.name) : free);
    m_name->setReadOnly(m_replaces);
    auto *grid = new QGridLayout;
    setUpPairs(grid);
    grid->setColumnMinimumWidth(0, dialogLabelWidth);
    grid->setColumnMinimumWidth(2, 0);
    grid->setColumnStretch(3, 0);
    addField(grid, 0, 0, tr("Name"), m_name);
    if (!m_replaces)
        addField(grid, 1, 0, tr("Weight"), m_weight);
    m_problem->setRole(Role::Err);
    m_problem->setWordWrap(true);
    body()->addLayout(grid);
    body()->addWidget(m_form);
    body()->addWidget(m_problem);
    auto *cancel = addButton(Button::Kind::Plain, tr("Cancel"));
    m_accept = addButton(Button::Kind::Primary, m_replaces ? tr("Replace") : tr("Add"));
    m_accept->setObjectName(u"providers.key.accept"_s);
    m_accept->setDefault(true);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_accept, &QPushButton::clicked, this, [this] {
        m_credential.name = bridge::utf8(m_name->text().trimmed());
        m_form->fill(m_credential);
        m_credential.weight = m_weight->value();
        m_form->forget();
        Q_EMIT given(m_credential);
        accept();
    });
    connect(m_name, &QLineEdit::textChanged, this, &KeyDialog::judge);
    connect(m_form, &CredentialForm::edited, this, &KeyDialog::judge);
    judge();
    m_form->takeFocus();
}

void KeyDialog::judge()
{
    QString problem = m_form->problem();
    const QString name = m_name->text().trimmed();
    if (const auto wrong = nameProblem(NameOf::Credential, bridge::utf8(name)))
        problem = bridge::qt(*wrong);
    else if (!m_replaces && m_taken.contains(name))
        problem = tr("There is a key called %1 already. Give this one another name.").arg(name);
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
    m_accept->setEnabled(problem.isEmpty() && !m_form->empty() && m_form->missing().isEmpty());
    m_accept->setToolTip(m_form->missing().isEmpty() ? QString() : tr("%1 is missing").arg(m_form->missing()));
}

} // namespace ui::providers
