// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/sql_tools.h"
#include "ui/panes/costs/sql_saved.h"
#include "ui/panes/pane.h"

#include <QElapsedTimer>
#include <QWidget>

class QShortcut;
class QSplitter;
class QStackedWidget;
class QTimer;
class QVBoxLayout;

namespace ui::widgets {
class Button;
class Card;
class Chip;
class Label;
class SectionBanner;
class SegmentedControl;
class SkeletonView;
class StateLabel;
}

namespace ui::costs {

class SqlEdit;
class SqlResults;
class SqlSide;

/// The SQL console: a query, what can be read beside it, and what it gave below. It asks over a read-only connection. What has no
/// LIMIT gets one, in the text itself.
class SqlView final : public QWidget
{
    Q_OBJECT
public:
    SqlView(gateway::api::SqlTools &tools, const panes::PaneContext &context, QWidget *parent = nullptr);
    ~SqlView() override;

    /// Puts a query in the place of what is written (which can be undone), and runs it.
    void ask(const QString &text);
    [[nodiscard]] bool running() const { return m_running; }
    [[nodiscard]] QWidget *focusTarget() const;

    void run();
    void cancel();
    void save();
    void exportCsv();
    void pin(); ///< what gave the result, to Overview

Q_SIGNALS:
    void builderWanted(); ///< the builder's question in place of what is written

private:
    void setUpEditor(QSplitter *halves);
    void setUpHeader(widgets::Card *card);
    void setUpResults(QSplitter *halves);
    void setUpSamples();
    void setUpFooter(QVBoxLayout *column);
    void setUpKeys();

    void setRunning(bool running);
    void showElapsed();
    void take(const gateway::SqlOutcome &outcome);
    void showAnswer(std::shared_ptr<const gateway::SqlAnswer> answer);
    void showProblem(const gateway::SqlProblem &problem);
    void showPage();
    void textChanged();

    gateway::api::SqlTools &m_tools;
    panes::PaneContext m_context;
    SqlSaved m_saved;
    SqlEdit *m_edit;
    SqlSide *m_side;
    SqlResults *m_results;
    QStackedWidget *m_pages;
    QWidget *m_samples = nullptr;
    widgets::SkeletonView *m_skeleton;
    widgets::Chip *m_limit;
    widgets::Label *m_problem, *m_note;
    widgets::StateLabel *m_state;
    widgets::SectionBanner *m_banner;
    widgets::SegmentedControl *m_shape;
    widgets::Button *m_run = nullptr, *m_save = nullptr, *m_copy = nullptr, *m_export = nullptr, *m_pin = nullptr;
    QShortcut *m_escape = nullptr; ///< while a query runs
    QTimer *m_tick, *m_draftPause;
    QElapsedTimer m_clock;
    gateway::SqlProgress m_progress;
    quint64 m_generation = 0; ///< an answer to an old query is dropped
    bool m_running = false;
};

} // namespace ui::costs
