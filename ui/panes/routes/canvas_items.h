// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/money.h"
#include "ui/bridge/target_state.h"
#include "ui/panes/routes/plan_layout.h"
#include "ui/widgets/theme_colors.h"

#include <QGraphicsItem>
#include <QHash>

#include <optional>

/// The parts of the picture of a route. They paint what they are given and tell their host what was done to them; the
/// plan is edited elsewhere.
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

/// The colour that stands for a share of errors: below 1 % well, below 2 % a warning.
widgets::Role errorRole(const std::optional<double> &errorShare);

/// Start pill and end flag.
class EndItem final : public QGraphicsItem
{
public:
    EndItem(CanvasHost &host, const QRectF &where, const QString &routeName); ///< an empty name: the flag
    QRectF boundingRect() const override;
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

protected:
    void mousePressEvent(QGraphicsSceneMouseEvent *event) override;
    void mouseDoubleClickEvent(QGraphicsSceneMouseEvent *event) override;

private:
    CanvasHost &m_host;
    QRectF m_where;
    QString m_name;
};

/// A model, a route reference or a split, by shape.
class NodeItem final : public QGraphicsItem
{
public:
    NodeItem(CanvasHost &host, const NodeBox &box, const gateway::config::PlanNode &node);
    QRectF boundingRect() const override;
    QPainterPath shape() const override;
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

protected:
    void mousePressEvent(QGraphicsSceneMouseEvent *event) override;
    void mouseMoveEvent(QGraphicsSceneMouseEvent *event) override;
    void mouseReleaseEvent(QGraphicsSceneMouseEvent *event) override;
    void mouseDoubleClickEvent(QGraphicsSceneMouseEvent *event) override;
    void hoverMoveEvent(QGraphicsSceneHoverEvent *event) override;

private:
    void paintModel(QPainter *painter, const widgets::ThemeColors &c) const;
    void paintRoute(QPainter *painter, const widgets::ThemeColors &c) const;
    void paintSplit(QPainter *painter, const widgets::ThemeColors &c) const;
    [[nodiscard]] QRectF shareBar() const;
    [[nodiscard]] double borderX(int branch) const;
    [[nodiscard]] int borderAt(const QPointF &at) const; ///< -1: none

    CanvasHost &m_host;
    NodeBox m_box;
    gateway::config::PlanNode m_node;
    QList<int> m_shares;         ///< of a split; while a border is dragged, as they would become
    int m_dragged = -1;
};

/// The fallback chain: one card with numbered rows that are dragged into order.
class ChainItem final : public QGraphicsItem
{
public:
    ChainItem(CanvasHost &host, const NodeBox &box, const gateway::config::PlanNode &node);
    QRectF boundingRect() const override;
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

    [[nodiscard]] int rowAt(const QPointF &at) const;      ///< -1: the header
    [[nodiscard]] int insertionAt(const QPointF &at) const; ///< before which row a drop there goes
    [[nodiscard]] const NodeBox &box() const { return m_box; }
    [[nodiscard]] double insertionY(int row) const;

protected:
    void mousePressEvent(QGraphicsSceneMouseEvent *event) override;
    void mouseMoveEvent(QGraphicsSceneMouseEvent *event) override;
    void mouseReleaseEvent(QGraphicsSceneMouseEvent *event) override;
    void mouseDoubleClickEvent(QGraphicsSceneMouseEvent *event) override;

private:
    [[nodiscard]] QRectF rowRect(int row) const;
    void paintRow(QPainter *painter, int row, const QRectF &where, bool lifted, const widgets::ThemeColors &c) const;
    void paintRowText(QPainter *painter, int row, const QRectF &text, const widgets::ThemeColors &c) const;

    CanvasHost &m_host;
    NodeBox m_box;
    std::vector<gateway::config::PlanNode> m_rows;
    int m_pressed = -1;
    bool m_dragging = false;
    QPointF m_dragFrom, m_dragAt;
};

/// A way that calls take: as wide as there is traffic, in the colour of its errors, with both in numbers.
class EdgeItem final : public QGraphicsItem
{
public:
    EdgeItem(CanvasHost &host, const Link &link, std::optional<int> share);
    QRectF boundingRect() const override;
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

private:
    void paintArrow(QPainter *painter, const QColor &color, double width) const;
    void paintLabel(QPainter *painter, const widgets::ThemeColors &c) const;

    CanvasHost &m_host;
    Link m_link;
    std::optional<int> m_share;  ///< the branch's, in per cent
    QPainterPath m_path;
};

} // namespace ui::routes
