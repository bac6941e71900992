// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/dates_dialog.h"

#include "ui/panes/form_row.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/labels.h"

#include <QDateEdit>
#include <QGridLayout>

using namespace Qt::StringLiterals;

namespace ui::costs {

DatesDialog::DatesDialog(const QDate &first, const QDate &last, const QTimeZone &zone, QWidget *parent) :
    Dialog(widgets::Icon::Clock, widgets::Role::Accent, tr("Costs from and to"), parent), m_first(new QDateEdit(first)), m_last(new QDateEdit(last)), m_note(new widgets::Label(widgets::Label::Kind::Secondary)),
    m_zone(QString::fromLatin1(zone.id()))
{
    setObjectName(u"costs.datesDialog"_s);
    setFitting(true);
    m_first->setObjectName(u"costs.datesDialog.first"_s);
    m_last->setObjectName(u"costs.datesDialog.last"_s);
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(12);
    grid->setColumnStretch(1, 1);
    for (QDateEdit *edit : {m_first, m_last}) {
        edit->setDisplayFormat(u"d MMM yyyy"_s);
        edit->setCalendarPopup(true);
        connect(edit, &QDateEdit::dateChanged, this, &DatesDialog::judge);
    }
    panes::addField(grid, 0, 0, tr("First day"), m_first);
    panes::addField(grid, 1, 0, tr("Last day"), m_last, 1, widgets::ProblemWords::Elsewhere);
    body()->addLayout(grid);
    body()->addWidget(m_note);
    connect(addButton(widgets::Button::Kind::Plain, tr("Cancel")), &QPushButton::clicked, this, &QDialog::reject);
    m_submit = addButton(widgets::Button::Kind::Primary, tr("Show"));
    m_submit->setObjectName(u"costs.datesDialog.submit"_s);
    m_submit->setDefault(true);
    connect(m_submit, &QPushButton::clicked, this, [this] {
        const QDate from = m_first->date(), to = m_last->date();
        accept();
        Q_EMIT chosen(from, to);
    });
    judge();
}

void DatesDialog::judge()
{
    const bool rises = m_first->date() <= m_last->date();
    widgets::setInvalid(m_last, rises ? QString() : tr("The last day is before the first."));
    m_note->setText(rises ? tr("Both days are in it, from midnight to midnight in %1.").arg(m_zone) : tr("The last day is before the first."));
    m_submit->setEnabled(rises);
}

} // namespace ui::costs
