// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/report_tools.h"
#include "ui/bridge/view_context.h"
#include "ui/widgets/dialog.h"

class QStackedWidget;

namespace ui::widgets {
class TabStrip;
}

namespace ui::costs {

class ReportView;
class SchedulesView;

/// Reports on what teams used: one that is made now, with a picture of its pages, and those that are made by themselves.
class ReportDialog final : public widgets::Dialog
{
    Q_OBJECT
public:
    enum class Page { Report, Scheduled };

    ReportDialog(gateway::api::Gateway &gateway, gateway::api::ReportTools &tools, bridge::ViewContext &view, QWidget *parent);
    void showPage(Page page);

private:
    QStackedWidget *m_pages;
    widgets::TabStrip *m_tabs;
    ReportView *m_report;
    SchedulesView *m_schedules;
};

} // namespace ui::costs
