// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/privacy/dry_run_panel.h"

#include "ui/bridge/text.h"
#include "ui/panes/privacy/dry_run_model.h"
#include "ui/widgets/button.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/states.h"
#include "ui/widgets/table_view.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QProgressBar>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::privacy {

namespace {

using bridge::qt;
using gateway::api::PrivacyDryRun;
using widgets::Button;
using widgets::Icon;
using widgets::Label;
using widgets::Role;

constexpr int offers[] {100, 1'000, PrivacyDryRun::mostCalls};

} // namespace

DryRunPanel::DryRunPanel(gateway::api::PrivacyTools &tools, QWidget *parent)
    : QWidget(parent), m_tools(tools), m_calls(new QComboBox), m_start(new Button(Icon::Play, tr("Run"))), m_cancel(new Button(Icon::Close, tr("Cancel"))), m_bar(new QProgressBar), m_said(new Label(Label::Kind::Secondary)),
      m_summary(new Label(Label::Kind::Strong)), m_aside(new Label(Label::Kind::Secondary)), m_old(new widgets::StateLabel(Icon::Warning, Role::Warn, tr("The policy has changed since"))), m_problem(new widgets::SectionBanner),
      m_pages(new QStackedWidget), m_nothing(new widgets::EmptyState(tr("What would this policy have found in the calls of the log?"))), m_model(new DryRunModel(this)), m_table(new widgets::TableView(widgets::RowHeight::List))
{
    setObjectName(u"privacy.dryRun"_s);
    m_problem->setObjectName(u"privacy.dryRun.problem"_s);
    m_problem->addRetry();
    m_problem->hide();
    m_nothing->setPicture(false);
    m_nothing->setNote(tr("Nothing is sent, changed or written. External services are not asked."));
    m_pages->addWidget(m_nothing);
    m_pages->addWidget(makeReport());
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 6, 16, 12);
    column->setSpacing(8);
    column->addWidget(makeBar());
    column->addWidget(makeRun());
    column->addWidget(m_problem);
    column->addWidget(m_pages, 1);
    connect(m_start, &QPushButton::clicked, this, &DryRunPanel::run);
    connect(m_cancel, &QPushButton::clicked, this, &DryRunPanel::cancel);
    connect(m_problem, &widgets::SectionBanner::retried, this, &DryRunPanel::run);
    end();
}

DryRunPanel::~DryRunPanel() { delete m_run; }

QWidget *DryRunPanel::makeBar()
{
    auto *bar = new QWidget;
    bar->setFixedHeight(32);
    m_calls->setObjectName(u"privacy.dryRun.calls"_s);
    m_calls->setAccessibleName(tr("How many calls"));
    for (const int calls : offers)
        m_calls->addItem(tr("last %1 calls").arg(widgets::count(static_cast<std::uint64_t>(calls))), calls);
    m_calls->setCurrentIndex(1);
    m_start->setObjectName(u"privacy.dryRun.start"_s);
    m_old->setObjectName(u"privacy.dryRun.old"_s);
    m_old->hide();
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    auto *label = new Label(Label::Kind::Field, tr("On the"));
    label->setBuddy(m_calls);
    row->addWidget(label);
    row->addWidget(m_calls);
    row->addWidget(m_start);
    row->addWidget(m_old);
    row->addStretch(1);
    return bar;
}

QWidget *DryRunPanel::makeRun()
{
    m_progressRow = new QWidget;
    m_bar->setObjectName(u"privacy.dryRun.progress"_s);
    m_bar->setAccessibleName(tr("Calls are being looked at"));
    m_bar->setRange(0, 0); // how far it is nobody tells
    m_bar->setTextVisible(false);
    m_said->setObjectName(u"privacy.dryRun.said"_s);
    m_cancel->setObjectName(u"privacy.dryRun.cancel"_s);
    m_cancel->setSmall(true);
    auto *row = new QHBoxLayout(m_progressRow);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(m_bar, 1);
    row->addWidget(m_said);
    row->addWidget(m_cancel);
    return m_progressRow;
}

QWidget *DryRunPanel::makeReport()
{
    auto *report = new QWidget;
    m_summary->setObjectName(u"privacy.dryRun.summary"_s);
    m_aside->setObjectName(u"privacy.dryRun.aside"_s);
    m_aside->setWordWrap(true);
    m_table->setObjectName(u"privacy.dryRun.table"_s);
    m_table->setAccessibleName(tr("What each rule and guardrail would have found"));
    m_table->setModel(m_model);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setRowLines(true);
    m_table->setEdgePadding(8);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->setColumnWidths({230, 110, 72, 72, 0});
    auto *column = new QVBoxLayout(report);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(m_summary);
    column->addWidget(m_aside);
    column->addWidget(m_table, 1);
    return report;
}

void DryRunPanel::setPolicy(const std::optional<Policy> &policy)
{
    if (policy == m_policy)
        return;
    const bool other = !policy || !m_policy || policy->name != m_policy->name;
    m_policy = policy;
    if (other) {
        cancel();
        m_pages->setCurrentIndex(Nothing);
        m_problem->hide();
        m_old->hide();
    } else {
        m_old->setVisible(m_pages->currentIndex() == Report || m_run);
    }
    m_start->setEnabled(m_policy && !m_run);
}

void DryRunPanel::run()
{
    if (!m_policy)
        return;
    begin();
    m_tools.dryRun({m_policy->name, m_policy}, m_calls->currentData().toInt(), m_run, [this](const gateway::Result<PrivacyDryRun> &report) {
        end();
        if (report)
            show(*report);
        else
            showProblem(report.error());
    });
}

void DryRunPanel::begin()
{
    delete m_run;
    m_run = new QObject;
    m_problem->hide();
    m_old->hide();
    m_said->setText(tr("scanning the %1…").arg(m_calls->currentText()));
    m_progressRow->show();
    m_start->setEnabled(false);
    m_calls->setEnabled(false);
    widgets::setDimmed(m_pages, m_pages->currentIndex() == Report);
    m_cancel->setFocus();
}

/// What is running is deleted later: this may be its answer.
void DryRunPanel::end()
{
    const bool hadKeys = m_cancel->hasFocus();
    if (m_run)
        m_run->deleteLater();
    m_run = nullptr;
    m_progressRow->hide();
    m_start->setEnabled(m_policy.has_value());
    m_calls->setEnabled(true);
    widgets::setDimmed(m_pages, false);
    if (hadKeys)
        m_start->setFocus();
}

void DryRunPanel::cancel()
{
    if (!m_run)
        return;
    delete m_run;
    end();
}

void DryRunPanel::show(const PrivacyDryRun &report)
{
    m_pages->setCurrentIndex(Report);
    std::uint64_t found = 0;
    for (const PrivacyDryRun::OfRule &rule : report.rules)
        found += rule.found;
    for (const gateway::api::GuardrailFinding &guardrail : report.guardrails)
        found += guardrail.found;
    QString summary = tr("Found something %1 times in the requests of %2 calls; would refuse %3 of them").arg(widgets::count(found), widgets::count(report.calls), widgets::count(report.blocked));
    if (report.calls == 0)
        summary = tr("There is no call in the log yet.");
    else if (found == 0)
        summary = tr("Nothing found in the requests of %1 calls").arg(widgets::count(report.calls));
    m_summary->setText(summary);
    QStringList aside;
    if (report.withoutBody > 0)
        aside << tr("%1 have no request in the log.").arg(widgets::count(report.withoutBody));
    if (report.scrubbedBefore > 0)
        aside << tr("%1 ran under a policy: what it replaced is not in the log.").arg(widgets::count(report.scrubbedBefore));
    if (!report.notAsked.empty())
        aside << tr("Not asked: %1.").arg(bridge::qtList(report.notAsked).join(u", "_s));
    m_aside->setVisible(!aside.isEmpty());
    m_aside->setText(aside.join(u' '));
    m_table->setVisible(!report.rules.empty() || !report.guardrails.empty());
    m_model->setReport(report);
}

void DryRunPanel::showProblem(const gateway::Error &error)
{
    m_problem->setContent(error.code == gateway::ErrorCode::Invalid ? tr("The policy cannot be used") : tr("The log cannot be scanned"), qt(error.message));
    m_problem->show();
}

} // namespace ui::privacy
