// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/once_dialog.h"

#include "ui/widgets/code_view.h"
#include "ui/widgets/copy_button.h"
#include "ui/widgets/secret_field.h"
#include "ui/widgets/states.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::panes {

using widgets::Button;
using widgets::Icon;

namespace {

constexpr int dialogWidth = 664;
constexpr int secretHeight = 36;

} // namespace

OnceDialog::OnceDialog(const QString &name, const Words &words, const QString &secret, QWidget *parent)
    : Dialog(Icon::Ok, widgets::Role::Ok, words.title, parent), m_words(words), m_secret(new widgets::SecretField(this))
{
    setObjectName(name);
    setSubtitle(words.summary);
    setMinimumWidth(dialogWidth);
    setClosable(false); // Esc by mistake would lose the secret; Cancel is not a choice any more
    addWarning();
    if (secret.isEmpty())
        m_secret->hide();
    else
        setUpSecret(secret);
}

void OnceDialog::addWarning()
{
    auto *banner = new widgets::SectionBanner(widgets::SectionBanner::Kind::Warning);
    banner->setContent(tr("Shown once. Close this window and nobody can read it again."));
    body()->addWidget(banner);
}

void OnceDialog::setUpSecret(const QString &secret)
{
    m_secret->setObjectName(objectName() + u".value"_s);
    m_secret->setSecret(secret);
    m_secret->setFixedHeight(secretHeight);
    auto *copy = new widgets::CopyButton(m_words.copy, [this] { return m_secret->secret(); }, nullptr, Button::Kind::Primary);
    copy->setObjectName(objectName() + u".copy"_s);
    copy->button()->setFixedHeight(secretHeight);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_secret, 1);
    row->addWidget(copy);
    body()->addLayout(row);
    copy->button()->setFocus(); // what one comes for
}

const QString &OnceDialog::secret() const { return m_secret->secret(); }

widgets::CodeView *OnceDialog::makeCode(const QString &name, const QString &accessibleName) const
{
    auto *code = new widgets::CodeView(widgets::CodeView::Language::Shell);
    code->setObjectName(objectName() + name);
    code->setAccessibleName(accessibleName);
    code->setSecret(secret());
    return code;
}

void OnceDialog::addDone()
{
    auto *stored = new QCheckBox(m_words.stored);
    stored->setObjectName(objectName() + u".stored"_s);
    addLeftWidget(stored);
    auto *done = addButton(Button::Kind::Primary, tr("Done"));
    done->setObjectName(objectName() + u".done"_s);
    done->setEnabled(false);
    connect(stored, &QCheckBox::toggled, done, &QWidget::setEnabled);
    connect(done, &QPushButton::clicked, this, &QDialog::accept);
}

} // namespace ui::panes
