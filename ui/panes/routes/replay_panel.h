// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/core/replay.h"
#include "ui/panes/routes/side_column.h"

#include <QHash>

#include <functional>

class QComboBox;
class QDoubleSpinBox;
class QProgressBar;
class QSpinBox;

namespace ui::routes {

class ReplayView;

/// Which calls of the log are taken through the plan, how far that is, and what came of it.
class ReplayPanel final : public SidePanel
{
    Q_OBJECT
public:
    using Now = std::function<gateway::WallTime()>;
    ReplayPanel(Now now, QWidget *parent);

    void setRoute(const QString &name, const QString &through); ///< @param through  "the draft", "what is live"
    void setTeams(const QStringList &names);
    void setKeys(const QStringList &names);
    [[nodiscard]] gateway::ReplayQuery query() const;
    [[nodiscard]] bool running() const { return m_running; }
    void showProgress(const gateway::ReplayProgress &progress);
    void showReport(const gateway::ReplayReport &report);
    void showProblem(const gateway::Error &error);
    /// Whether what is shown is of a plan that has been edited since.
    void setOld(bool old);
    /// Nothing is shown: another route was chosen.
    void clear();
    QWidget *firstField() override;

Q_SIGNALS:
    void replayWanted();
    void cancelWanted();
    void callWanted(const QString &id);

private:
    void setUpCalls(QVBoxLayout *column);
    void setUpRun(QVBoxLayout *column);
    void begin();
    void end();
    [[nodiscard]] QString filterText() const;

    Now m_now;
    QString m_route;
    bool m_running = false;
    QComboBox *m_range, *m_team, *m_key;
    QDoubleSpinBox *m_sample;
    QSpinBox *m_seed;
    widgets::Button *m_start, *m_cancel;
    QWidget *m_run;
    QProgressBar *m_bar;
    widgets::Label *m_progress, *m_what;
    ReplayView *m_result;
};

} // namespace ui::routes
