// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/money.h"
#include "ui/bridge/target_state.h"
#include "ui/panes/routes/plan_layout.h"
#include "ui/widgets/theme_colors.h"

#include <optional>

/// What the parts of the picture of a route show, and whom they tell what was done to them. The plan is edited elsewhere.
namespace ui::routes {

/// What is shown of a node beside what it is.
struct NodeFigures
{
    bridge::TargetFigures health;
    std::optional<double> share;              ///< of the answers of its chain, 0 to 1
    std::optional<double> callsPerSecond;     ///< on the edge that leads to it
    std::optional<double> errorShare;         ///< likewise
    std::optional<gateway::Money> cost;       ///< of a mean call
};

/// What the parts of the picture ask of the view that they are in.
class CanvasHost
{
public:
    virtual ~CanvasHost() = default;
    /// nullopt: the route itself.
    virtual void choose(const std::optional<Path> &path) = 0;
    virtual void openInspector() = 0;
    virtual void rowDropped(const Path &chain, int from, int to) = 0;
    virtual void sharesDropped(const Path &split, const QList<int> &shares) = 0;
    virtual void typeShares(const Path &split) = 0;

    [[nodiscard]] virtual bool isChosen(const std::optional<Path> &path) const = 0;
    [[nodiscard]] virtual bool hasProblem(const std::optional<Path> &path) const = 0;
    [[nodiscard]] virtual bool editable() const = 0;
    [[nodiscard]] virtual bool overlay() const = 0;
    [[nodiscard]] virtual NodeFigures figures(const Path &path) const = 0;
    [[nodiscard]] virtual std::optional<double> routeCallsPerSecond() const = 0;
    [[nodiscard]] virtual std::optional<double> routeErrorShare() const = 0;
    [[nodiscard]] virtual const widgets::ThemeColors &colors() const = 0;
    [[nodiscard]] virtual bool focused() const = 0;
};

} // namespace ui::routes
