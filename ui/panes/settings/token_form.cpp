// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/settings/token_form.h"

#include "ui/bridge/text.h"
#include "ui/panes/settings/tokens_model.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/states.h"

#include <QButtonGroup>
#include <QLineEdit>
#include <QRadioButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::settings {

using bridge::qt;
using gateway::config::AdminRole;
using widgets::Button;
using widgets::Label;

namespace {

constexpr int formWidth = 520, radioIndent = 24;

} // namespace

TokenForm::TokenForm(const gateway::config::AdminToken *edited, QWidget *parent)
    : Dialog(widgets::Icon::Lock, widgets::Role::Accent, edited ? tr("Change admin token \"%1\"").arg(qt(edited->name)) : tr("New admin token"), parent), m_name(new QLineEdit),
      m_roles(new QButtonGroup(this)), m_problem(new widgets::SectionBanner)
{
    setObjectName(u"settings.tokenForm"_s);
    setMinimumWidth(formWidth);
    setSubtitle(edited ? tr("Takes effect with the next request. Its secret stays.") : tr("For a program that manages Signalbox. Programs that call models need a key instead."));
    m_name->setObjectName(u"settings.tokenForm.name"_s);
    m_name->setAccessibleName(tr("Name"));
    m_name->setPlaceholderText(tr("ci, reports, backup-job…"));
    if (edited)
        m_name->setText(qt(edited->name));
    m_problem->setObjectName(u"settings.tokenForm.problem"_s);
    m_problem->hide();
    body()->addWidget(m_problem);
    auto *nameLabel = new Label(Label::Kind::Field, tr("Name"));
    nameLabel->setBuddy(m_name);
    body()->addWidget(nameLabel);
    body()->addWidget(m_name);
    body()->addSpacing(4);
    body()->addWidget(new Label(Label::Kind::Field, tr("Role")));
    body()->addWidget(makeRoles(edited ? edited->role : AdminRole::Analyst));
    auto *cancel = addButton(Button::Kind::Plain, tr("Cancel"));
    m_submit = addButton(Button::Kind::Primary, edited ? tr("Save") : tr("Create token"));
    m_submit->setObjectName(u"settings.tokenForm.submit"_s);
    m_submit->setDefault(true);
    const auto allow = [this] { m_submit->setEnabled(!m_name->text().trimmed().isEmpty()); };
    connect(m_name, &QLineEdit::textChanged, this, allow);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_submit, &QPushButton::clicked, this, &TokenForm::submitted);
    allow();
    m_name->setFocus();
}

QWidget *TokenForm::makeRoles(AdminRole chosen)
{
    auto *box = new QWidget;
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    for (const AdminRole role : {AdminRole::Analyst, AdminRole::Admin, AdminRole::Owner}) {
        auto *choice = new QRadioButton(roleName(role));
        choice->setChecked(role == chosen);
        choice->setAccessibleDescription(roleWords(role));
        m_roles->addButton(choice, static_cast<int>(role));
        auto *words = new Label(Label::Kind::Note, roleWords(role));
        words->setWordWrap(true);
        words->setContentsMargins(radioIndent, 0, 0, 6);
        column->addWidget(choice);
        column->addWidget(words);
    }
    return box;
}

std::string TokenForm::name() const { return bridge::utf8(m_name->text().trimmed()); }
AdminRole TokenForm::role() const { return static_cast<AdminRole>(m_roles->checkedId()); }

void TokenForm::showProblem(const QString &problem)
{
    m_problem->setContent(problem);
    m_problem->show();
}

void TokenForm::setBusy(bool busy) { m_submit->setEnabled(!busy); }

} // namespace ui::settings
