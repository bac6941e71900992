// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/pin_dialog.h"

#include "ui/panes/form_row.h"

#include <QGridLayout>
#include <QLineEdit>

using namespace Qt::StringLiterals;

namespace ui::panes {

PinDialog::PinDialog(const QString &question, const QString &submit, const QString &title, QWidget *parent) : Dialog(widgets::Icon::Overview, widgets::Role::Accent, question, parent), m_title(new QLineEdit(title))
{
    constexpr int longest = 80;
    setObjectName(u"pinDialog"_s);
    setFitting(true);
    m_title->setObjectName(u"pinDialog.title"_s);
    m_title->setMaxLength(longest);
    m_title->selectAll();
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(12);
    grid->setColumnStretch(1, 1);
    addField(grid, 0, 0, tr("Title"), m_title);
    body()->addLayout(grid);
    connect(addButton(widgets::Button::Kind::Plain, tr("Cancel")), &QPushButton::clicked, this, &QDialog::reject);
    widgets::Button *done = addButton(widgets::Button::Kind::Primary, submit);
    done->setObjectName(u"pinDialog.submit"_s);
    done->setDefault(true);
    done->setEnabled(!title.trimmed().isEmpty());
    connect(m_title, &QLineEdit::textChanged, done, [done](const QString &text) { done->setEnabled(!text.trimmed().isEmpty()); });
    connect(done, &QPushButton::clicked, this, [this] {
        const QString chosen = m_title->text().trimmed();
        accept();
        Q_EMIT named(chosen);
    });
}

} // namespace ui::panes
