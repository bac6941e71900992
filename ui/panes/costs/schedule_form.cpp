// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/schedule_form.h"

#include "ui/bridge/text.h"
#include "ui/panes/form_row.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/states.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QTimeEdit>
#include <QTimeZone>

using namespace Qt::StringLiterals;

namespace ui::costs {

using bridge::qt;
using bridge::utf8;
using gateway::config::Report;
using gateway::config::ReportPeriod;
using widgets::Button;
using widgets::Icon;

namespace {

constexpr int formWidth = 560, minutesAnHour = 60;

} // namespace

ScheduleForm::ScheduleForm(const gateway::config::Config &config, const Report *edited, QWidget *parent) :
    Dialog(Icon::Clock, widgets::Role::Accent, edited ? tr("Change report “%1”").arg(qt(edited->name)) : tr("New scheduled report"), parent), m_before(edited ? *edited : Report {}), m_name(new QLineEdit), m_folder(new QLineEdit),
    m_team(new QComboBox), m_per(new QComboBox), m_zone(new QComboBox), m_at(new QTimeEdit), m_email(new widgets::NamesField), m_enabled(new QCheckBox(tr("Made by itself"))), m_problem(new widgets::SectionBanner)
{
    setObjectName(u"costs.scheduleForm"_s);
    setMinimumWidth(formWidth);
    setSubtitle(tr("Made as HTML once a week or month is over. One that was missed while Signalbox was off is made at its next start."));
    m_problem->setObjectName(u"costs.scheduleForm.problem"_s);
    m_problem->hide();
    fill(config);
    layOut(config);
    auto *cancel = addButton(Button::Kind::Plain, tr("Cancel"));
    m_submit = addButton(Button::Kind::Primary, edited ? tr("Save") : tr("Schedule it"));
    m_submit->setObjectName(u"costs.scheduleForm.submit"_s);
    m_submit->setDefault(true);
    connect(m_name, &QLineEdit::textChanged, this, &ScheduleForm::judge);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_submit, &QPushButton::clicked, this, &ScheduleForm::submitted);
    judge();
    m_name->setFocus();
}

void ScheduleForm::fill(const gateway::config::Config &config)
{
    m_name->setText(qt(m_before.name));
    m_name->setPlaceholderText(tr("weekly, search-month…"));
    m_team->addItem(tr("All teams"));
    for (const gateway::config::Team &team : config.teams)
        m_team->addItem(qt(team.name), qt(team.name));
    if (!m_before.team.empty()) {
        if (m_team->findData(qt(m_before.team)) < 0)
            m_team->addItem(qt(m_before.team), qt(m_before.team)); // one that is gone is not changed unasked
        m_team->setCurrentIndex(m_team->findData(qt(m_before.team)));
    }
    m_per->addItems({tr("Week"), tr("Month")});
    m_per->setCurrentIndex(m_before.per == ReportPeriod::Month ? 1 : 0);
    m_at->setDisplayFormat(u"HH:mm"_s);
    m_at->setTime(QTime(m_before.at / minutesAnHour, m_before.at % minutesAnHour));
    m_zone->addItem(tr("The gateway's (%1)").arg(qt(config.gateway.timeZone)));
    for (const QByteArray &id : QTimeZone::availableTimeZoneIds())
        m_zone->addItem(QString::fromLatin1(id), QString::fromLatin1(id));
    if (!m_before.timeZone.empty()) {
        if (m_zone->findData(qt(m_before.timeZone)) < 0)
            m_zone->addItem(qt(m_before.timeZone), qt(m_before.timeZone));
        m_zone->setCurrentIndex(m_zone->findData(qt(m_before.timeZone)));
    }
    m_folder->setText(qt(m_before.folder));
    m_folder->setPlaceholderText(tr("reports in the data folder"));
    m_email->setNames(bridge::qtList(m_before.email));
    m_email->setPlaceholderText(tr("nobody; or team@example.org, cfo@example.org"));
    m_enabled->setChecked(m_before.enabled);
}

void ScheduleForm::layOut(const gateway::config::Config &config)
{
    body()->addWidget(m_problem);
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(8);
    grid->setColumnMinimumWidth(0, panes::dialogLabelWidth);
    grid->setColumnStretch(1, 1);
    auto *folder = new QWidget;
    auto *row = new QHBoxLayout(folder);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    auto *choose = Button::iconOnly(Icon::Folder, tr("Choose a folder"));
    choose->setObjectName(u"costs.scheduleForm.choose"_s);
    row->addWidget(m_folder, 1);
    row->addWidget(choose);
    connect(choose, &QPushButton::clicked, this, &ScheduleForm::chooseFolder);
    m_folder->setMinimumHeight(28);
    m_folder->setAccessibleName(tr("Folder"));
    panes::addField(grid, 0, 0, tr("Name"), m_name);
    panes::addField(grid, 1, 0, tr("Team"), m_team);
    panes::addField(grid, 2, 0, tr("Each"), m_per);
    panes::addField(grid, 3, 0, tr("On the day after, at"), m_at);
    panes::addField(grid, 4, 0, tr("Time zone"), m_zone);
    panes::addField(grid, 5, 0, tr("Into the folder"), folder);
    panes::addField(grid, 6, 0, tr("And by e-mail to"), m_email);
    grid->addWidget(m_enabled, 7, 1);
    body()->addLayout(grid);
    if (config.smtp.host.empty()) {
        auto *note = new widgets::Label(widgets::Label::Kind::Note, tr("No e-mail goes out before Alerts › Mail server names one."));
        note->setObjectName(u"costs.scheduleForm.noMail"_s);
        note->setWordWrap(true);
        body()->addWidget(note);
    }
    const std::initializer_list<std::pair<QWidget *, QString>> names {{m_name, u"name"_s}, {m_team, u"team"_s}, {m_per, u"per"_s}, {m_at, u"at"_s}, {m_zone, u"zone"_s}, {m_folder, u"folder"_s}, {m_email, u"email"_s}, {m_enabled, u"enabled"_s}};
    for (const auto &[widget, name] : names)
        widget->setObjectName(u"costs.scheduleForm."_s + name);
}

void ScheduleForm::chooseFolder()
{
    auto *dialog = new QFileDialog(this, tr("Where reports go"), m_folder->text());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    connect(dialog, &QFileDialog::fileSelected, m_folder, &QLineEdit::setText);
    dialog->open();
}

void ScheduleForm::judge()
{
    m_submit->setEnabled(!m_name->text().trimmed().isEmpty());
}

Report ScheduleForm::report() const
{
    Report made = m_before;
    made.name = utf8(m_name->text().trimmed());
    made.team = utf8(m_team->currentData().toString());
    made.per = m_per->currentIndex() == 1 ? ReportPeriod::Month : ReportPeriod::Week;
    made.at = m_at->time().hour() * minutesAnHour + m_at->time().minute();
    made.timeZone = utf8(m_zone->currentData().toString());
    made.folder = utf8(m_folder->text().trimmed());
    made.email = bridge::utf8List(m_email->names());
    made.enabled = m_enabled->isChecked();
    return made;
}

void ScheduleForm::showProblem(const QString &problem)
{
    m_problem->setContent(problem);
    m_problem->show();
}

void ScheduleForm::setBusy(bool busy)
{
    m_submit->setEnabled(!busy);
}

} // namespace ui::costs
