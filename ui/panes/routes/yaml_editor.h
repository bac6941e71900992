// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"

#include <QWidget>

#include <expected>
#include <optional>
#include <vector>

class QPlainTextEdit;
class QTimer;

namespace ui::widgets {
class Label;
class StateLabel;
}

namespace ui::routes {

/// What is wrong with a route's text, at its place in the text (from 1; 0: not known).
struct YamlProblem
{
    int line = 0, column = 0;
    QString message;
};

/// Reads the text of one route, as toYaml(Route) writes it. Origin and id are taken from `before`.
std::expected<gateway::config::Route, std::vector<YamlProblem>> readRoute(const QString &text, const gateway::config::Route &before);

/// A route's text, edited: what is read is announced a moment after the last key; what cannot be read is marked with
/// line, column and reason, and changes nothing.
class YamlEditor final : public QWidget
{
    Q_OBJECT
public:
    explicit YamlEditor(QWidget *parent = nullptr);
    void show(const gateway::config::Route &route, bool editable);
    using QWidget::show;
    [[nodiscard]] bool broken() const { return !m_problems.empty(); }

Q_SIGNALS:
    void edited(const gateway::config::Route &route);
    void stateChanged();

private:
    void read();
    void showProblems();

    QPlainTextEdit *m_text;
    widgets::StateLabel *m_state;
    QTimer *m_settle;
    std::optional<gateway::config::Route> m_route;
    std::vector<YamlProblem> m_problems;
    bool m_quiet = false;
};

} // namespace ui::routes
