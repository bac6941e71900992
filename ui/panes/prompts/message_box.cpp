// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/prompts/message_box.h"

#include "ui/panes/prompts/prompt_words.h"
#include "ui/panes/prompts/template_edit.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::prompts {

using widgets::Button;
using widgets::Icon;
using widgets::Label;

MessageBox::MessageBox(Kind kind, int index, QWidget *parent)
    : QWidget(parent), m_kind(kind), m_role(new QComboBox), m_name(new QLineEdit), m_up(Button::iconOnly(Icon::Up, tr("Move up"), this, Button::Kind::Flat)),
      m_down(Button::iconOnly(Icon::Down, tr("Move down"), this, Button::Kind::Flat)), m_remove(Button::iconOnly(Icon::Trash, kind == Kind::Message ? tr("Remove the message") : tr("Remove the partial"), this, Button::Kind::Flat)),
      m_edit(new TemplateEdit), m_problemLabel(new Label(Label::Kind::Note))
{
    const QString name = kind == Kind::Message ? u"prompts.message.%1"_s.arg(index) : u"prompts.partial.%1"_s.arg(index);
    setObjectName(name);
    m_role->setObjectName(name + u".role"_s);
    m_role->addItems(roleNames());
    m_role->setAccessibleName(tr("Role of message %1").arg(index + 1));
    m_role->setFixedWidth(112);
    m_name->setObjectName(name + u".name"_s);
    m_name->setAccessibleName(tr("Name of partial %1").arg(index + 1));
    m_name->setMaximumWidth(200);
    m_edit->setObjectName(name + u".text"_s);
    m_edit->setAccessibleName(kind == Kind::Message ? tr("Text of message %1").arg(index + 1) : tr("Text of partial %1").arg(index + 1));
    m_edit->setPlaceholderText(tr("Text, with {{variables}}"));
    m_remove->setObjectName(name + u".remove"_s);
    m_problemLabel->setObjectName(name + u".problem"_s);
    m_problemLabel->setRole(widgets::Role::Err);
    m_problemLabel->setWordWrap(true);
    m_problemLabel->setContentsMargins(widgets::GutterEdit::gutterWidth, 0, 8, 2);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(widgets::GutterEdit::gutterWidth, 0, 8, 0);
    head->setSpacing(2);
    head->addWidget(m_role);
    head->addWidget(m_name, 1);
    head->addStretch(1);
    for (Button *button : {m_up, m_down, m_remove}) {
        button->setSmall(true);
        head->addWidget(button);
    }
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 4, 0, 4);
    column->setSpacing(2);
    column->addLayout(head);
    column->addWidget(m_edit);
    column->addWidget(m_problemLabel);
    m_role->setVisible(kind == Kind::Message); // only now: without a parent it would be a window
    m_name->setVisible(kind == Kind::Partial);
    m_problemLabel->hide();
    connect(m_role, &QComboBox::textActivated, this, &MessageBox::headChanged);
    connect(m_name, &QLineEdit::textEdited, this, &MessageBox::headChanged);
    connect(m_edit, &TemplateEdit::typed, this, [this](const QString &text) {
        showProblem();
        Q_EMIT typed(text);
    });
    connect(m_up, &QPushButton::clicked, this, [this] { Q_EMIT moveWanted(-1); });
    connect(m_down, &QPushButton::clicked, this, [this] { Q_EMIT moveWanted(1); });
    connect(m_remove, &QPushButton::clicked, this, &MessageBox::removeWanted);
}

QWidgetList MessageBox::tabOrder() const { return {m_role, m_name, m_edit, m_up, m_down, m_remove}; }

void MessageBox::setHead(const QString &head)
{
    if (m_kind == Kind::Partial) {
        if (m_name->text() != head)
            m_name->setText(head);
        return;
    }
    if (m_role->findText(head) < 0)
        m_role->addItem(head); // one that the gateway will refuse: it is shown as it is
    m_role->setCurrentText(head);
}

void MessageBox::setText(const QString &text)
{
    m_edit->setTemplate(text);
    showProblem();
}

void MessageBox::setEditable(bool editable, bool structure)
{
    m_edit->setReadOnly(!editable);
    m_role->setEnabled(editable);
    m_name->setReadOnly(!editable);
    for (Button *button : {m_up, m_down, m_remove})
        button->setVisible(structure);
}

void MessageBox::setPlace(bool first, bool last)
{
    m_up->setEnabled(!first);
    m_down->setEnabled(!last);
}

void MessageBox::setProblem(const QString &problem)
{
    m_problem = problem;
    showProblem();
}

void MessageBox::showProblem()
{
    const QString problem = m_edit->problem().isEmpty() ? m_problem : m_edit->problem();
    m_problemLabel->setText(problem);
    m_problemLabel->setVisible(!problem.isEmpty());
}

} // namespace ui::prompts
