// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/schedules_view.h"

#include "ui/bridge/config_draft.h"
#include "ui/bridge/file_owner.h"
#include "ui/bridge/text.h"
#include "ui/panes/costs/schedule_form.h"
#include "ui/panes/costs/schedules_model.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/states.h"
#include "ui/widgets/table_view.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QShortcut>
#include <QStackedLayout>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::costs {

using bridge::qt;
using bridge::utf8;
using gateway::config::Origin;
using widgets::Button;
using widgets::Icon;

SchedulesView::SchedulesView(gateway::api::Gateway &gateway, gateway::api::ReportTools &tools, bridge::ViewContext &view, QWidget *parent) :
    QWidget(parent), m_gateway(gateway), m_tools(tools), m_view(view), m_model(new SchedulesModel(this)), m_table(new widgets::TableView(widgets::RowHeight::Card)), m_banner(new widgets::SectionBanner),
    m_problem(new widgets::Label(widgets::Label::Kind::Secondary)), m_run(new Button(Icon::Play, tr("Make now"))), m_change(new Button(Icon::Edit, tr("Change…"))), m_turn(new Button(tr("Turn off"))), m_remove(new Button(Icon::Trash, tr("Remove"))),
    m_stack(new QStackedLayout), m_file(tr("the --config file"))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 8, 0, 0);
    column->setSpacing(8);
    m_banner->setObjectName(u"costs.schedules.banner"_s);
    m_banner->hide();
    column->addWidget(m_banner);
    auto *stacked = new QWidget;
    stacked->setLayout(m_stack);
    m_stack->setContentsMargins(0, 0, 0, 0);
    m_stack->addWidget(makeList());
    auto *empty = new widgets::EmptyState(tr("No report is made by itself yet."));
    empty->setNote(tr("One for each team, or one of all, each week or month: into a folder, and by e-mail."));
    empty->setObjectName(u"costs.schedules.empty"_s);
    empty->setAction(Icon::Plus, tr("Schedule a report…"))->setObjectName(u"costs.schedules.first"_s);
    connect(empty, &widgets::EmptyState::actionTriggered, this, &SchedulesView::create);
    m_stack->addWidget(empty);
    column->addWidget(stacked, 1);
    connect(&m_gateway, &gateway::api::Gateway::configApplied, this, &SchedulesView::refresh);
    connect(&m_tools, &gateway::api::ReportTools::changed, this, &SchedulesView::refresh);
    bridge::askFileOwner(m_gateway, this, [this](const QString &file) {
        m_file = file;
        showActions();
    });
    refresh();
}

QWidget *SchedulesView::makeList()
{
    m_table->setObjectName(u"costs.schedules"_s);
    m_table->setAccessibleName(tr("Scheduled reports"));
    m_table->setModel(m_model);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setRowLines(true);
    m_table->setEdgePadding(8);
    m_table->horizontalHeader()->setSectionsClickable(false);
    m_table->setColumnWidths({140, 100, 132, 140, 0});
    m_problem->setObjectName(u"costs.schedules.problem"_s);
    m_problem->setWordWrap(true);
    m_problem->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &SchedulesView::showActions);
    connect(m_model, &QAbstractItemModel::modelReset, this, &SchedulesView::showActions);
    connect(m_table, &QAbstractItemView::doubleClicked, this, &SchedulesView::change);
    for (const auto &[key, method] : {std::pair {Qt::Key_Delete, &SchedulesView::remove}, {Qt::Key_F2, &SchedulesView::change}})
        new QShortcut(key, m_table, this, method, Qt::WidgetShortcut);
    auto *list = new QWidget;
    auto *column = new QVBoxLayout(list);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_table, 1);
    column->addWidget(m_problem);
    column->addWidget(makeButtons());
    return list;
}

QWidget *SchedulesView::makeButtons()
{
    auto *create = new Button(Icon::Plus, tr("New…"));
    create->setObjectName(u"costs.schedules.new"_s);
    m_run->setObjectName(u"costs.schedules.run"_s);
    m_change->setObjectName(u"costs.schedules.change"_s);
    m_turn->setObjectName(u"costs.schedules.turn"_s);
    m_remove->setObjectName(u"costs.schedules.remove"_s);
    connect(create, &QPushButton::clicked, this, &SchedulesView::create);
    connect(m_run, &QPushButton::clicked, this, &SchedulesView::runNow);
    connect(m_change, &QPushButton::clicked, this, &SchedulesView::change);
    connect(m_turn, &QPushButton::clicked, this, &SchedulesView::turn);
    connect(m_remove, &QPushButton::clicked, this, &SchedulesView::remove);
    auto *bar = new QWidget;
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(create);
    row->addStretch();
    for (Button *button : {m_run, m_change, m_turn, m_remove})
        row->addWidget(button);
    return bar;
}

/// What is chosen stays so.
void SchedulesView::refresh()
{
    const Report *before = chosen();
    const std::string id = before ? before->id : std::string();
    const auto board = m_tools.board();
    m_model->setReports(m_gateway.config()->reports, board, m_view.now());
    if (!id.empty() && m_model->rowOf(id) >= 0 && !chosen())
        m_table->selectRow(m_model->rowOf(id));
    else if (!chosen() && m_model->rowCount() > 0)
        m_table->selectRow(0);
    m_stack->setCurrentIndex(m_model->rowCount() == 0 ? 1 : 0);
    m_banner->setVisible(!board->problem.empty());
    m_banner->setContent(tr("Reports are not made by themselves"), qt(board->problem));
    showActions();
}

const gateway::config::Report *SchedulesView::chosen() const
{
    return m_table->selectionModel()->hasSelection() ? m_model->report(m_table->currentIndex().row()) : nullptr;
}

const gateway::config::Report *SchedulesView::editable() const
{
    const Report *report = chosen();
    return report && report->origin == Origin::Database ? report : nullptr;
}

void SchedulesView::showActions()
{
    const Report *report = chosen();
    const auto *state = report ? m_model->state(m_table->currentIndex().row()) : nullptr;
    const QString why = !report ? tr("Choose a report first.") : editable() ? QString() : tr("This report is set in %1. Change it there.").arg(m_file);
    for (Button *button : {m_change, m_turn, m_remove}) {
        button->setEnabled(editable() != nullptr);
        button->setToolTip(why);
        button->setAccessibleDescription(why);
    }
    m_turn->setText(report && !report->enabled ? tr("Turn on") : tr("Turn off"));
    m_run->setEnabled(report && !(state && state->busy));
    m_run->setToolTip(report ? tr("Makes the report of the last whole week or month now, and mails it.") : why);
    const auto &last = state ? state->last : std::nullopt;
    m_problem->setText(!last ? QString() : !last->problem.empty() ? qt(last->problem) : last->file.empty() ? QString() : tr("Written to %1").arg(qt(last->file)));
    m_problem->setRole(last && !last->problem.empty() ? widgets::Role::Err : widgets::Role::Muted);
    m_problem->setVisible(!m_problem->text().isEmpty());
}

void SchedulesView::create()
{
    auto *form = new ScheduleForm(*m_gateway.config(), nullptr, window());
    connect(form, &ScheduleForm::submitted, this, [this, form] { submit(form, tr("report %1 scheduled").arg(qt(form->report().name))); });
    form->open();
}

void SchedulesView::change()
{
    const Report *report = editable();
    if (!report)
        return;
    auto *form = new ScheduleForm(*m_gateway.config(), report, window());
    connect(form, &ScheduleForm::submitted, this, [this, form, name = report->name] { submit(form, tr("report %1 changed").arg(qt(name))); });
    form->open();
}

void SchedulesView::submit(ScheduleForm *form, const QString &note)
{
    const Report made = form->report();
    Config next = *m_gateway.config();
    const auto place = std::ranges::find_if(next.reports, [&](const Report &report) { return !made.id.empty() && report.id == made.id; });
    if (place == next.reports.end())
        next.reports.push_back(made);
    else
        *place = made;
    form->setBusy(true);
    m_gateway.apply(std::move(next), m_gateway.revision().number, utf8(note), form, [this, form, made](const gateway::api::ApplyOutcome &outcome) {
        form->setBusy(false);
        if (!outcome.applied) {
            const auto problem = std::ranges::find(outcome.problems, false, &gateway::api::FieldError::warning);
            form->showProblem(problem == outcome.problems.end() ? tr("The gateway did not take it.") : qt(problem->message));
            return;
        }
        form->accept();
        refresh();
        const auto &reports = m_gateway.config()->reports;
        const auto now = std::ranges::find(reports, made.name, &Report::name);
        if (now != reports.end())
            m_table->selectRow(int(now - reports.begin()));
    });
}

void SchedulesView::turn()
{
    const Report *report = editable();
    if (!report)
        return;
    const bool on = !report->enabled;
    bridge::ConfigDraft::applyNow(m_gateway, m_view, on ? tr("Report “%1” turned on").arg(qt(report->name)) : tr("Report “%1” turned off").arg(qt(report->name)), [id = report->id, on](Config &config) {
        const auto found = std::ranges::find(config.reports, id, &Report::id);
        if (found != config.reports.end())
            found->enabled = on;
    });
}

void SchedulesView::remove()
{
    const Report *report = editable();
    if (!report)
        return;
    bridge::ConfigDraft::applyNow(m_gateway, m_view, tr("Report “%1” removed").arg(qt(report->name)), [id = report->id](Config &config) { std::erase_if(config.reports, [&](const Report &each) { return each.id == id; }); });
}

void SchedulesView::runNow()
{
    const Report *report = chosen();
    if (!report)
        return;
    m_run->setEnabled(false);
    m_tools.run(report->id, this, [this, name = qt(report->name)](const gateway::Result<gateway::ReportRun> &run) {
        showActions();
        if (!run)
            m_view.toast(tr("Report “%1”: %2").arg(name, qt(run.error().message)));
        else if (!run->problem.empty())
            m_view.toast(tr("Report “%1” is written, but not mailed to all").arg(name));
        else
            m_view.toast(tr("Report “%1” is written to %2").arg(name, qt(run->file)));
    });
}

} // namespace ui::costs
