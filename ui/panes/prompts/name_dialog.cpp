// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/prompts/name_dialog.h"

#include "ui/bridge/text.h"
#include "ui/panes/form_row.h"
#include "ui/panes/prompts/prompt_words.h"
#include "ui/widgets/labels.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLineEdit>

using namespace Qt::StringLiterals;

namespace ui::prompts {

using bridge::qt;
using bridge::utf8;
using widgets::Button;
using widgets::Label;

NameDialog::NameDialog(const PromptBook &book, const std::string &self, const Words &words, const QString &name, const QString &folder, QWidget *parent)
    : Dialog(widgets::Icon::File, widgets::Role::Accent, words.title, parent), m_name(new QLineEdit(name)), m_folder(new QComboBox), m_problem(new Label(Label::Kind::Secondary))
{
    setObjectName(u"prompts.name"_s);
    setFitting(true);
    QStringList folders;
    for (const Prompt *prompt : book.prompts()) {
        if (PromptBook::identityOf(*prompt) != self)
            m_taken.insert(qt(prompt->name));
        if (!prompt->folder.empty() && !folders.contains(qt(prompt->folder)))
            folders << qt(prompt->folder);
    }
    m_name->setObjectName(u"prompts.name.name"_s);
    m_name->setPlaceholderText(u"summarise-ticket"_s);
    m_name->setMinimumWidth(280);
    m_folder->setObjectName(u"prompts.name.folder"_s);
    m_folder->setEditable(true);
    m_folder->setInsertPolicy(QComboBox::NoInsert);
    m_folder->addItems(folders);
    m_folder->setCurrentText(folder);
    m_folder->lineEdit()->setPlaceholderText(tr("none"));
    m_problem->setObjectName(u"prompts.name.problem"_s);
    m_problem->setWordWrap(true);
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(8);
    grid->setColumnStretch(1, 1);
    panes::addField(grid, 0, 0, tr("Name"), m_name, 1, widgets::ProblemWords::Elsewhere);
    panes::addField(grid, 1, 0, tr("Folder"), m_folder);
    body()->addLayout(grid);
    if (!words.note.isEmpty()) {
        auto *note = new Label(Label::Kind::Secondary, words.note);
        note->setWordWrap(true);
        body()->addWidget(note);
    }
    body()->addWidget(m_problem);
    auto *cancel = addButton(Button::Kind::Plain, tr("Cancel"));
    m_submit = addButton(Button::Kind::Primary, words.submit);
    m_submit->setObjectName(u"prompts.name.submit"_s);
    m_submit->setDefault(true);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_name, &QLineEdit::textEdited, this, &NameDialog::check);
    connect(m_submit, &QPushButton::clicked, this, [this] {
        const std::string given = utf8(m_name->text().trimmed()), into = utf8(m_folder->currentText().split(u'/', Qt::SkipEmptyParts).join(u'/').trimmed());
        accept();
        Q_EMIT named(given, into);
    });
    check();
    m_name->setFocus();
    m_name->selectAll();
}

void NameDialog::check()
{
    const QString name = m_name->text().trimmed();
    const QString problem = m_taken.contains(name) ? tr("There is a prompt of that name.") : nameProblem(name);
    widgets::setInvalid(m_name, name.isEmpty() ? QString() : problem);
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty() && !name.isEmpty());
    m_submit->setEnabled(problem.isEmpty());
}

} // namespace ui::prompts
