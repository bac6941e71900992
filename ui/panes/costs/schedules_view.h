// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/report_tools.h"
#include "ui/bridge/view_context.h"

#include <QWidget>

#include <functional>

class QStackedLayout;

namespace ui::widgets {
class Button;
class Label;
class SectionBanner;
class TableView;
}

namespace ui::costs {

class ScheduleForm;
class SchedulesModel;

/// The list `reports`: those that are made by themselves, with what came of each; made, changed, turned off, removed, and made
/// at once. Those of the --config file can be made at once alone.
class SchedulesView final : public QWidget
{
    Q_OBJECT
public:
    SchedulesView(gateway::api::Gateway &gateway, gateway::api::ReportTools &tools, bridge::ViewContext &view, QWidget *parent = nullptr);

private:
    using Config = gateway::config::Config;
    using Report = gateway::config::Report;

    QWidget *makeList();
    QWidget *makeButtons();
    void refresh();
    void showActions();
    [[nodiscard]] const Report *chosen() const;   ///< nullptr: none is
    [[nodiscard]] const Report *editable() const; ///< that can be changed here
    void create();
    void change();
    void submit(ScheduleForm *form, const QString &note);
    void turn();
    void remove();
    void runNow();

    gateway::api::Gateway &m_gateway;
    gateway::api::ReportTools &m_tools;
    bridge::ViewContext &m_view;
    SchedulesModel *m_model;
    widgets::TableView *m_table;
    widgets::SectionBanner *m_banner;
    widgets::Label *m_problem;
    widgets::Button *m_run, *m_change, *m_turn, *m_remove;
    QStackedLayout *m_stack;
    QString m_file;                       ///< of --config
};

} // namespace ui::costs
