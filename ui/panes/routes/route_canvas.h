// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/routes/connecting.h"
#include "ui/panes/routes/drop_spot.h"
#include "ui/panes/routes/plan_figures.h"
#include "ui/panes/routes/token_walk.h"

#include <QGraphicsView>
#include <QPointer>

namespace ui::routes {

class ShareEdit;

/// Carries a NodeKind as a number from the bar into the picture.
inline constexpr const char *insertMime = "application/x-signalbox-node";

/// A route as a picture that can be edited: chosen, walked (Tab), reordered (drag, Alt+Up/Down), weighted (drag the
/// border, double-click to type), connected (drag from a port, or C and arrows), removed (Del), moved about (drag what is
/// empty, or with the middle button), zoomed (Ctrl+wheel, Ctrl+0 fits). Mirrored where the language runs from right to
/// left. Edits nothing itself.
class RouteCanvas final : public QGraphicsView, private CanvasHost
{
    Q_OBJECT
public:
    explicit RouteCanvas(QWidget *parent = nullptr);
    ~RouteCanvas() override;

    /// Shows a route; fits it in where it is another one than before.
    void setRoute(const gateway::config::Route &route, bool editable);
    void clearRoute();
    void setFigures(PlanFigures figures);
    void setProblems(QSet<Path> nodes, bool routeItself);
    void setOverlay(bool overlay);
    /// Lets a token walk a simulated call's way; nullptr: none is shown any more.
    void showWalk(const gateway::Simulation *simulation);
    [[nodiscard]] const TokenWalk &token() const { return m_token; }

    void setChosen(const std::optional<Path> &path);
    [[nodiscard]] const std::optional<Path> &chosen() const { return m_chosen; }
    [[nodiscard]] const PlanLayout &layoutOfPlan() const { return m_layout; } ///< in scene coordinates
    [[nodiscard]] QRectF rectOf(const Path &path) const; ///< on the viewport; a row's rectangle for a row
    [[nodiscard]] int zoomPercent() const;
    [[nodiscard]] QPoint placeOfPort(const Port &port) const; ///< on the viewport; null: it has none
    [[nodiscard]] const std::optional<Connecting> &connecting() const { return m_connecting; }

public Q_SLOTS:
    void fit();
    void zoomIn();
    void zoomOut();

Q_SIGNALS:
    void chosenChanged();
    void inspectorWanted();
    void rowMoved(const ui::routes::Path &parent, int from, int to);
    void sharesChanged(const ui::routes::Path &split, const QList<int> &shares);
    void removeWanted();
    void insertWanted(ui::routes::NodeKind kind, const ui::routes::Spot &spot);
    /// A line was drawn from a port to a node; it may end there (judge()).
    void connectWanted(const ui::routes::Port &from, const ui::routes::Path &to);
    void zoomChanged();
    void laidOut(); ///< the nodes stand elsewhere than before

protected:
    void drawBackground(QPainter *painter, const QRectF &rect) override;
    void drawForeground(QPainter *painter, const QRectF &rect) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    bool focusNextPrevChild(bool next) override;
    void wheelEvent(QWheelEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dragMoveEvent(QDragMoveEvent *event) override;
    void dragLeaveEvent(QDragLeaveEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    // CanvasHost
    void choose(const std::optional<Path> &path) override;
    void openInspector() override;
    void rowDropped(const Path &rows, int from, int to) override;
    void sharesDropped(const Path &split, const QList<int> &shares) override;
    void typeShares(const Path &split) override;
    bool isChosen(const std::optional<Path> &path) const override { return m_chosen == path; }
    bool hasProblem(const std::optional<Path> &path) const override { return path ? m_problems.contains(*path) : m_routeProblem; }
    bool editable() const override { return m_editable; }
    bool overlay() const override { return m_overlay; }
    bool mirrored() const override { return m_layout.mirrored; }
    NodeFigures figures(const Path &path) const override { return m_figures.nodes.value(path); }
    const RouteFigures &routeFigures() const override { return m_figures.route; }
    Passage passage(const Path &path) const override { return m_token.passages().value(path, Passage::None); }
    const widgets::ThemeColors &colors() const override { return widgets::colorsOf(this); }

    void rebuild();
    void addEdge(const Link &link);
    void setZoom(double factor);
    void setHovered(const std::optional<PortPlace> &port);
    [[nodiscard]] std::optional<PortPlace> portAt(const QPoint &viewport) const;
    void beginConnecting(const Port &from);
    bool connectByKey(QKeyEvent *event);
    void tellConnecting();
    void endConnecting(bool draw);
    bool moveChosenRow(int direction);
    bool beginPan(const QMouseEvent *event);
    void pan(const QPoint &to);
    void endPan(const QMouseEvent *event);
    void setSpot(const std::optional<Spot> &spot);

    std::optional<gateway::config::Route> m_route;
    PlanLayout m_layout;
    bool m_editable = true;
    bool m_overlay = true;
    bool m_fitted = true;           ///< nobody zoomed or moved it: keep it centred when resized
    std::optional<Path> m_chosen;
    PlanFigures m_figures;
    TokenWalk m_token;
    QSet<Path> m_problems;
    bool m_routeProblem = false;
    std::optional<Spot> m_spot;
    std::optional<Connecting> m_connecting;  ///< a line is being drawn
    std::optional<PortPlace> m_hovered;      ///< the port under the mouse
    std::optional<QPoint> m_panFrom;
    bool m_panned = false;          ///< the mouse moved since it was pressed
    QPointer<ShareEdit> m_shareEdit;
};

} // namespace ui::routes
