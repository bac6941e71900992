// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/routes/route_traffic.h"

#include <QWidget>

#include <array>
#include <functional>
#include <optional>

namespace ui::widgets {
class Label;
class Sparkline;
}

namespace ui::routes {

/// Calls, p95, errors and cost of the target in this route, each with its course.
class LiveSection final : public QWidget
{
    Q_OBJECT
public:
    LiveSection(std::function<void()> openCalls, QWidget *parent);
    void show(const std::optional<TargetHour> &hour);
    using QWidget::show;

private:
    std::array<widgets::Label *, 4> m_values {};
    std::array<widgets::Sparkline *, 4> m_lines {};
};

} // namespace ui::routes
