// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/range_dialog.h"

#include "ui/panes/form_row.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"

#include <QDateTimeEdit>
#include <QGridLayout>

using namespace Qt::StringLiterals;

namespace ui::shell {
namespace {

constexpr qint64 leastSeconds = 60, mostDays = 3660;

QDateTime local(gateway::WallTime at)
{
    QDateTime time = QDateTime::fromSecsSinceEpoch(std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count());
    return time.addSecs(-time.time().second());
}

gateway::WallTime wall(const QDateTime &at) { return gateway::WallTime {std::chrono::seconds {at.toSecsSinceEpoch()}}; }

} // namespace

RangeDialog::RangeDialog(const gateway::api::TimeRange &range, QWidget *parent) :
    Dialog(widgets::Icon::Clock, widgets::Role::Accent, tr("Range of time"), parent), m_from(new QDateTimeEdit(local(range.from))), m_to(new QDateTimeEdit(local(range.to))), m_note(new widgets::Label(widgets::Label::Kind::Secondary))
{
    setObjectName(u"shell.rangeDialog"_s);
    setFitting(true);
    m_from->setObjectName(u"shell.rangeDialog.from"_s);
    m_to->setObjectName(u"shell.rangeDialog.to"_s);
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(12);
    grid->setColumnStretch(1, 1);
    for (QDateTimeEdit *edit : {m_from, m_to}) {
        edit->setDisplayFormat(u"d MMM yyyy  HH:mm"_s);
        edit->setCalendarPopup(true);
        connect(edit, &QDateTimeEdit::dateTimeChanged, this, &RangeDialog::judge);
    }
    panes::addField(grid, 0, 0, tr("From"), m_from);
    panes::addField(grid, 1, 0, tr("To"), m_to, 1, widgets::ProblemWords::Elsewhere);
    body()->addLayout(grid);
    body()->addWidget(m_note);
    connect(addButton(widgets::Button::Kind::Plain, tr("Cancel")), &QPushButton::clicked, this, &QDialog::reject);
    m_submit = addButton(widgets::Button::Kind::Primary, tr("Show"));
    m_submit->setObjectName(u"shell.rangeDialog.submit"_s);
    m_submit->setDefault(true);
    connect(m_submit, &QPushButton::clicked, this, [this] {
        const gateway::WallTime from = wall(m_from->dateTime()), to = wall(m_to->dateTime());
        accept();
        Q_EMIT chosen(from, to);
    });
    judge();
}

void RangeDialog::judge()
{
    const qint64 length = m_from->dateTime().secsTo(m_to->dateTime());
    const QString wrong = length < leastSeconds ? tr("The end must be a minute or more after the beginning.") : length > mostDays * 86400 ? tr("Ten years at most.") : QString();
    widgets::setInvalid(m_to, wrong);
    m_note->setText(wrong.isEmpty() ? widgets::span(std::chrono::seconds {length}) : wrong);
    m_submit->setEnabled(wrong.isEmpty());
}

} // namespace ui::shell
