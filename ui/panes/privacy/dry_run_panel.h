// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/privacy_tools.h"
#include "ui/panes/privacy/policy_words.h"

#include <QPointer>
#include <QWidget>

#include <optional>

class QComboBox;
class QProgressBar;
class QStackedWidget;

namespace ui::widgets {
class Button;
class EmptyState;
class Label;
class SectionBanner;
class StateLabel;
class TableView;
}

namespace ui::privacy {

class DryRunModel;

/// Carries the policy as it is edited out on the newest calls of the log, without writing anything.
class DryRunPanel final : public QWidget
{
    Q_OBJECT
public:
    /// @param tools  outlives this
    explicit DryRunPanel(gateway::api::PrivacyTools &tools, QWidget *parent = nullptr);
    ~DryRunPanel() override;

    /// A report of what it was before is marked as old. @param policy  flattened(); nullopt: there is none
    void setPolicy(const std::optional<Policy> &policy);
    void run();
    void cancel();
    [[nodiscard]] bool running() const { return m_run; }

private:
    enum Page { Nothing, Report };
    QWidget *makeBar();
    QWidget *makeRun();
    QWidget *makeReport();
    void begin();
    void end();
    void show(const gateway::api::PrivacyDryRun &report);
    void showProblem(const gateway::Error &error);

    gateway::api::PrivacyTools &m_tools;
    std::optional<Policy> m_policy;
    QPointer<QObject> m_run;  ///< what the answer is for: once it is gone none comes
    QComboBox *m_calls;
    widgets::Button *m_start, *m_cancel;
    QWidget *m_progressRow = nullptr;
    QProgressBar *m_bar;
    widgets::Label *m_said, *m_summary, *m_aside;
    widgets::StateLabel *m_old;
    widgets::SectionBanner *m_problem;
    QStackedWidget *m_pages;
    widgets::EmptyState *m_nothing;
    DryRunModel *m_model;
    widgets::TableView *m_table;
};

} // namespace ui::privacy
