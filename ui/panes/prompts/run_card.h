// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/prompt_tools.h"
#include "ui/widgets/card.h"

#include <QElapsedTimer>
#include <QTimer>

#include <memory>

class QComboBox;
class QPlainTextEdit;

namespace ui::widgets {
class Button;
class Label;
class StateLabel;
}

namespace ui::prompts {

/// One route that a version is run on: what it says as it comes, how long it took, what it cost.
class RunCard final : public widgets::Card
{
    Q_OBJECT
public:
    /// @param index     0 or 1: of the object names
    /// @param optional  whether no route at all may be chosen
    RunCard(int index, bool optional, QWidget *parent = nullptr);

    void setRoutes(const QStringList &names);
    void setRoute(const QString &name);
    [[nodiscard]] QString route() const; ///< empty: none
    /// Runs on the chosen route; run.routes is set here.
    void start(gateway::api::PromptTools &tools, gateway::api::PromptRun run);
    /// What came stays.
    void stop();
    void clear();
    [[nodiscard]] bool running() const { return m_run != nullptr; }

Q_SIGNALS:
    void routeChanged();
    void runningChanged();
    void callWanted(const QString &id);

private:
    void take(const gateway::api::PromptPiece &piece);
    void end(const gateway::Result<std::vector<gateway::api::PromptAnswer>> &answers);
    void showFigures();
    void tell(const QString &problem);

    bool m_optional;
    std::unique_ptr<QObject> m_run; ///< the context of the question; it ends with this
    QElapsedTimer m_clock;
    QTimer m_tick;
    std::optional<std::int64_t> m_firstUs, m_totalUs;
    std::optional<gateway::api::PromptAnswer> m_answer;
    bool m_tried = false;
    QComboBox *m_route;
    widgets::Button *m_stop, *m_open;
    widgets::StateLabel *m_state;
    QPlainTextEdit *m_text;
    widgets::Label *m_figures;
};

} // namespace ui::prompts
