// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/routes/plan_connect.h"
#include "ui/widgets/theme_colors.h"

class QPainter;

namespace ui::routes {

/// A line that is being drawn over the picture, by mouse or keys: what it aims at, and whether it may end there. Works on
/// copies: the plan must not change under it.
class Connecting
{
public:
    Connecting(const gateway::config::PlanNode &plan, const PlanLayout &layout, const Port &from);

    [[nodiscard]] const Port &from() const { return m_from; }
    void pointAt(const QPointF &scene);
    void step(int direction);  ///< to the next node that the line may end at
    /// The node that it aims at, if any.
    [[nodiscard]] const std::optional<Path> &aim() const { return m_aim; }
    [[nodiscard]] const Verdict &verdict() const { return m_verdict; }
    [[nodiscard]] bool anywhere() const { return !m_possible.empty(); } ///< there is a node that it may end at

    /// In scene coordinates, over all items.
    void paint(QPainter *painter, const widgets::ThemeColors &c) const;

private:
    void aimAt(const std::optional<Path> &path);
    void paintHint(QPainter *painter, const widgets::ThemeColors &c) const;

    gateway::config::PlanNode m_plan;
    PlanLayout m_layout;
    Port m_from;
    QPointF m_begin, m_end;
    std::vector<Path> m_possible;
    std::optional<Path> m_aim;
    Verdict m_verdict;
};

} // namespace ui::routes
