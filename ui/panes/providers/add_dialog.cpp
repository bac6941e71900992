// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/providers/add_dialog.h"

#include "gateway/config/names.h"
#include "ui/bridge/text.h"
#include "ui/panes/credential_form.h"
#include "ui/panes/form_row.h"
#include "ui/panes/kind_rows.h"
#include "ui/widgets/labels.h"

#include <QComboBox>
#include <QLineEdit>

using namespace Qt::StringLiterals;

namespace ui::providers {

using namespace gateway::config;
using namespace panes;
using namespace widgets;

AddDialog::AddDialog(const Kinds &kinds, const Config &config, QWidget *parent)
    : Dialog(Icon::Providers, Role::Accent, tr("Add provider"), parent), m_kinds(kinds), m_config(config), m_credential(new CredentialForm(u"providers.add"_s)), m_kind(new QComboBox),
      m_name(new QLineEdit), m_rows(new KindRows(u"providers.add"_s, KindRows::Show::Lines)), m_problem(new Label(Label::Kind::Secondary))
{
    setObjectName(u"providers.add"_s);
    setMinimumWidth(560);
    setFitting(true);
    setSubtitle(tr("Paste a key: its beginning tells whose it is. Your own machines need none."));
    setUpFields();
    auto *cancel = addButton(Button::Kind::Plain, tr("Cancel"));
    m_accept = addButton(Button::Kind::Primary, tr("Add and test"));
    m_accept->setObjectName(u"providers.add.accept"_s);
    m_accept->setDefault(true);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connectFields();
    showKind();
    detect({});
    m_credential->takeFocus();
}

void AddDialog::setUpFields()
{
    m_kind->setObjectName(u"providers.add.kind"_s);
    m_name->setObjectName(u"providers.add.name"_s);
    for (const auto &info : m_kinds)
        m_kind->addItem(bridge::qt(info.title), bridge::qt(info.kind));
    auto *grid = new QGridLayout;
    setUpPairs(grid);
    grid->setColumnMinimumWidth(0, dialogLabelWidth);
    grid->setColumnMinimumWidth(2, 0);
    grid->setColumnStretch(3, 0);
    addField(grid, 0, 0, tr("Kind"), m_kind);
    addField(grid, 1, 0, tr("Name"), m_name);
    m_problem->setRole(Role::Err);
    m_problem->setWordWrap(true);
    body()->addWidget(m_credential);
    body()->addLayout(grid);
    body()->addWidget(m_rows);
    body()->addWidget(m_problem);
}

void AddDialog::connectFields()
{
    connect(m_credential, &CredentialForm::pasted, this, &AddDialog::detect);
    connect(m_credential, &CredentialForm::edited, this, &AddDialog::judge);
    connect(m_credential, &CredentialForm::accountGiven, this, [this](const QString &project) {
        m_rows->put("project", project);
        judge();
    });
    connect(m_kind, &QComboBox::activated, this, [this] {
        m_kindChosen = true;
        showKind();
        detect({});
    });
    connect(m_name, &QLineEdit::textEdited, this, [this] { m_nameTyped = true; });
    connect(m_name, &QLineEdit::textChanged, this, &AddDialog::judge);
    connect(m_rows, &KindRows::edited, this, &AddDialog::judge);
    connect(m_accept, &QPushButton::clicked, this, &AddDialog::give);
}

const gateway::api::ProviderKindInfo *AddDialog::kind() const { return bridge::kindInfo(m_kinds, bridge::utf8(m_kind->currentData().toString())); }

/// What the first value begins with says whose it is, and into which field it belongs.
void AddDialog::detect(const QString &text)
{
    const bridge::Pasted found = bridge::tellPasted(m_kinds, text);
    QString words;
    if (found.kind && !m_kindChosen) {
        const bool stays = m_credential->firstField() == found.field && (found.kind == kind() || found.kind->fields.ways.size() == 1);
        m_kind->setCurrentIndex(m_kind->findData(bridge::qt(found.kind->kind)));
        m_rows->setKind(found.kind); // first: a service account fills in its project
        if (!stays)
            m_credential->settle(found.kind->fields, found.field, text);
        showKind();
    }
    if (found.kind)
        words = tr("Begins like one of %1; another kind can be chosen below.").arg(bridge::qt(found.kind->title));
    else if (!m_kindChosen)
        words = text.isEmpty() ? tr("The kind is chosen below.") : tr("Its beginning tells no provider: choose the kind below.");
    m_credential->setNote(words);
    judge();
}

void AddDialog::showKind()
{
    const auto *info = kind();
    if (!info)
        return;
    m_credential->setKind(info->fields);
    m_rows->setKind(info);
    if (!m_nameTyped)
        m_name->setText(bridge::qt(freeProviderName(m_config, info->kind)));
    judge();
}

void AddDialog::judge()
{
    QString problem = m_credential->problem();
    const QString name = m_name->text().trimmed();
    if (const auto wrong = nameProblem(NameOf::Provider, bridge::utf8(name)))
        problem = bridge::qt(*wrong);
    else if (freeProviderName(m_config, bridge::utf8(name)) != bridge::utf8(name))
        problem = tr("There is a provider called %1 already. Give this one another name.").arg(name);
    else if (problem.isEmpty())
        problem = m_rows->problem();
    const QString missing = m_credential->missing().isEmpty() ? m_rows->missing() : m_credential->missing();
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
    m_accept->setEnabled(problem.isEmpty() && missing.isEmpty());
    m_accept->setToolTip(missing.isEmpty() ? QString() : tr("%1 is missing").arg(missing));
}

void AddDialog::give()
{
    Provider provider = m_rows->values();
    provider.name = bridge::utf8(m_name->text().trimmed());
    provider.kind = bridge::utf8(m_kind->currentData().toString());
    if (!m_credential->empty()) {
        Credential main;
        main.name = "main";
        m_credential->fill(main);
        provider.credentials.push_back(std::move(main));
    }
    m_credential->forget();
    Q_EMIT given(provider);
    accept();
}

} // namespace ui::providers
