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
    std::optional<double> share;              ///< of the answers of its chain or balance, 0 to 1
    std::optional<double> passing;            ///< of the calls that came to its parent, 0 to 1
    std::optional<double> callsPerSecond;     ///< on the edge that leads to it
    std::optional<double> errorShare;         ///< likewise
    std::optional<gateway::Money> cost;       ///< of a mean call
};

/// What the live figures say of the whole route, and whether they still hold.
struct RouteFigures
{
    std::optional<double> callsPerSecond;
    std::optional<double> errorShare;
    bool stale = false;                       ///< paused, or nobody answers any more: shown grey
};

/// How a simulated call passed a node.
enum class Passage { None, Failed, Skipped, Answered };

/// What the parts of the picture ask of the view that they are in.
class CanvasHost
{
public:
    virtual ~CanvasHost() = default;
    /// nullopt: the route itself.
    virtual void choose(const std::optional<Path> &path) = 0;
    virtual void openInspector() = 0;
    virtual void rowDropped(const Path &rows, int from, int to) = 0;
    virtual void sharesDropped(const Path &split, const QList<int> &shares) = 0;
    virtual void typeShares(const Path &split) = 0;

    [[nodiscard]] virtual bool isChosen(const std::optional<Path> &path) const = 0;
    [[nodiscard]] virtual bool hasProblem(const std::optional<Path> &path) const = 0;
    [[nodiscard]] virtual bool editable() const = 0;
    [[nodiscard]] virtual bool overlay() const = 0;
    [[nodiscard]] virtual bool mirrored() const = 0;  ///< laid out from right to left
    [[nodiscard]] virtual NodeFigures figures(const Path &path) const = 0;
    [[nodiscard]] virtual const RouteFigures &routeFigures() const = 0;
    [[nodiscard]] virtual Passage passage(const Path &path) const = 0;
    [[nodiscard]] virtual const widgets::ThemeColors &colors() const = 0;
};

} // namespace ui::routes
