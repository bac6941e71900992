// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/providers/key_dialog.h"

#include "gateway/config/names.h"
#include "ui/bridge/text.h"
#include "ui/panes/providers/form_row.h"
#include "ui/widgets/labels.h"

#include <QLineEdit>
#include <QSpinBox>

using namespace Qt::StringLiterals;

namespace ui::providers {

using namespace gateway::config;
using namespace widgets;

KeyDialog::KeyDialog(const QString &provider, const QStringList &takenNames, const Credential *replaced, QWidget *parent)
    : Dialog(Icon::Key, Role::Accent, replaced ? tr("Replace key “%1”").arg(bridge::qt(replaced->name)) : tr("Add a key to %1").arg(provider), parent), m_taken(takenNames),
      m_credential(replaced ? *replaced : Credential {}), m_replaces(replaced != nullptr), m_name(new QLineEdit), m_key(new QLineEdit),
      m_weight(new QSpinBox), m_problem(new Label(Label::Kind::Secondary))
{
    setObjectName(u"providers.key"_s);
    setMinimumWidth(460);
    setSubtitle(tr("The key is stored encrypted. Only its last four characters are ever shown."));
    m_name->setObjectName(u"providers.key.name"_s);
    m_key->setObjectName(u"providers.key.secret"_s);
    m_weight->setObjectName(u"providers.key.weight"_s);
    m_key->setEchoMode(QLineEdit::Password);
    m_key->setAccessibleName(tr("Key, hidden"));
    m_key->setPlaceholderText(tr("paste it here"));
    m_weight->setRange(1, 1000);
    m_weight->setValue(m_credential.weight);
    QString free = m_taken.isEmpty() ? u"main"_s : u"spare"_s;
    for (int number = 2; m_taken.contains(free); ++number)
        free = u"spare-%1"_s.arg(number);
    m_name->setText(m_replaces ? bridge::qt(m_credential.name) : free);
    m_name->setReadOnly(m_replaces);
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(8);
    addField(grid, 0, 0, tr("Name"), m_name);
    addField(grid, 1, 0, tr("Key"), m_key);
    if (!m_replaces)
        addField(grid, 2, 0, tr("Weight"), m_weight);
    m_problem->setRole(Role::Err);
    m_problem->setWordWrap(true);
    body()->addLayout(grid);
    body()->addWidget(m_problem);
    auto *cancel = addButton(Button::Kind::Plain, tr("Cancel"));
    m_accept = addButton(Button::Kind::Primary, m_replaces ? tr("Replace") : tr("Add"));
    m_accept->setObjectName(u"providers.key.accept"_s);
    m_accept->setDefault(true);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_accept, &QPushButton::clicked, this, [this] {
        m_credential.name = bridge::utf8(m_name->text().trimmed());
        m_credential.apiKey.value = bridge::utf8(m_key->text().trimmed());
        m_credential.weight = m_weight->value();
        m_key->clear();
        Q_EMIT given(m_credential);
        accept();
    });
    for (QLineEdit *field : {m_name, m_key})
        connect(field, &QLineEdit::textChanged, this, &KeyDialog::judge);
    judge();
    m_key->setFocus();
}

void KeyDialog::judge()
{
    QString problem;
    const QString name = m_name->text().trimmed();
    if (const auto wrong = nameProblem(NameOf::Credential, bridge::utf8(name)))
        problem = bridge::qt(*wrong);
    else if (!m_replaces && m_taken.contains(name))
        problem = tr("There is a key called %1 already. Give this one another name.").arg(name);
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
    m_accept->setEnabled(problem.isEmpty() && !m_key->text().trimmed().isEmpty());
}

} // namespace ui::providers
