// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/call_replay.h"
#include "ui/panes/pane.h"
#include "ui/widgets/dialog.h"

#include <QTimer>

#include <memory>
#include <optional>

class QComboBox;
class QPlainTextEdit;
class QStandardItemModel;

namespace ui::widgets {
class Label;
class SectionBanner;
class StateLabel;
class TableView;
}

namespace ui::calls {

/// Sends a logged call again, of the same route or another: says beforehand what that costs and why it cannot be done, shows the
/// answer as it comes, and its figures beside those of the original.
class ReplayDialog final : public widgets::Dialog
{
    Q_OBJECT
public:
    /// @param original  with its bodies
    ReplayDialog(const panes::PaneContext &context, gateway::CallDetail original, QWidget *parent);
    [[nodiscard]] bool running() const { return m_run != nullptr; }

Q_SIGNALS:
    void compareWanted(const QString &original, const QString &replay);

private:
    void setUpAsked();
    void setUpAnswer(QWidget *window);
    void setUpButtons();
    void showPossible();
    void showPrice();
    [[nodiscard]] std::string wanted() const; ///< route or model; empty: the same
    void start();
    void stop();
    void take(const std::string &bytes);
    void end(const gateway::Result<gateway::api::ReplayOutcome> &outcome);
    void askRecord();
    void showText();
    void showFigures();
    void tell(widgets::Icon icon, widgets::Role role, const QString &words);

    panes::PaneContext m_context;
    gateway::CallDetail m_original;
    gateway::api::CallReplay *m_tools;
    std::unique_ptr<QObject> m_run;         ///< the context of the question: it ends with this
    std::string m_body;                     ///< of the answer, as far as it came
    std::string m_replayId;
    std::optional<gateway::CallRecord> m_replay; ///< once the log has it
    int m_looks = 0;
    QTimer m_paint, m_look;
    QComboBox *m_route;
    widgets::Label *m_price;
    widgets::SectionBanner *m_note;
    widgets::StateLabel *m_state;
    QPlainTextEdit *m_text;
    widgets::TableView *m_table;
    QStandardItemModel *m_figures;
    widgets::Button *m_compare, *m_open, *m_send;
};

} // namespace ui::calls
