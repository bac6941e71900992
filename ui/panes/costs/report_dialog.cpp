// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/report_dialog.h"

#include "ui/panes/costs/report_view.h"
#include "ui/panes/costs/schedules_view.h"
#include "ui/widgets/tab_strip.h"

#include <QStackedWidget>

using namespace Qt::StringLiterals;

namespace ui::costs {

namespace {

constexpr int leastWidth = 920, leastHeight = 560; // stands on 1024 by 640

} // namespace

ReportDialog::ReportDialog(gateway::api::Gateway &gateway, gateway::api::ReportTools &tools, bridge::ViewContext &view, QWidget *parent) :
    Dialog(widgets::Icon::File, widgets::Role::Accent, tr("Report"), parent), m_pages(new QStackedWidget), m_tabs(new widgets::TabStrip({tr("Make one"), tr("Scheduled reports")})), m_report(new ReportView(gateway, tools, view)),
    m_schedules(new SchedulesView(gateway, tools, view))
{
    setObjectName(u"costs.report"_s);
    setSubtitle(tr("What a team used in a week or month, for whoever has no window: costs, budgets, errors and speed, beside the time before."));
    setMinimumSize(leastWidth, leastHeight);
    m_tabs->setObjectName(u"costs.report.tabs"_s);
    m_tabs->setAccessibleName(tr("Reports"));
    m_tabs->setMargin(0);
    m_pages->addWidget(m_report);
    m_pages->addWidget(m_schedules);
    body()->addWidget(m_tabs);
    body()->addWidget(m_pages, 1);
    connect(m_tabs, &widgets::TabStrip::currentChanged, m_pages, &QStackedWidget::setCurrentIndex);
    auto *close = addButton(widgets::Button::Kind::Plain, tr("Close"));
    close->setObjectName(u"costs.report.close"_s);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
}

void ReportDialog::showPage(Page page)
{
    m_tabs->setCurrent(int(page));
    m_pages->setCurrentIndex(int(page));
}

} // namespace ui::costs
