// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/alert_view.h"
#include "ui/panes/alerts/alert_words.h"

#include <QWidget>

#include <functional>
#include <optional>

class QStackedWidget;

namespace ui::widgets {
class Button;
class ElidedLabel;
class EmptyState;
class TableView;
}

namespace ui::alerts {

class CellsModel;

/// How one alert stands with each of its subjects, and what is done with one of them: mute, acknowledge, see its calls.
class SubjectsPage final : public QWidget
{
    Q_OBJECT
public:
    using Now = std::function<gateway::WallTime()>;
    explicit SubjectsPage(Now now, QWidget *parent = nullptr);

    /// @param alert  nullopt: none is chosen
    void show(const std::optional<Alert> &alert, const gateway::AlertBoard &board);
    using QWidget::show;
    [[nodiscard]] std::optional<std::string> chosen() const; ///< the subject
    void openMuteMenu();
    void acknowledge();

Q_SIGNALS:
    void muteWanted(const std::string &subject, std::optional<gateway::WallTime> until);
    void acknowledgeWanted(const std::string &subject);
    void callsWanted(const std::string &subject);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void refreshActions();
    [[nodiscard]] const gateway::AlertStatus *status() const; ///< of the chosen one
    [[nodiscard]] bool mutedAlone() const;                    ///< not by a mute of the whole alert

    Now m_now;
    std::vector<gateway::AlertStatus> m_states;
    std::vector<gateway::AlertMute> m_mutes;
    std::string m_alert;
    CellsModel *m_model;
    widgets::TableView *m_table;
    widgets::Button *m_mute, *m_acknowledge, *m_calls;
    widgets::ElidedLabel *m_note;
    widgets::EmptyState *m_nothing;
    QStackedWidget *m_stack;
};

} // namespace ui::alerts
