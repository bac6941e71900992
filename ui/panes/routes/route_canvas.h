// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/routes/canvas_host.h"
#include "ui/panes/routes/connecting.h"

#include <QGraphicsView>
#include <QHash>

#include <memory>

class QLineEdit;

namespace ui::widgets {
class Button;
}

namespace ui::routes {

/// What may be dragged from the bar into the picture, or is put in by its button.
enum class Insert { Chain, Split, Model, Route };
inline constexpr const char *insertMime = "application/x-signalbox-node";

/// A route as a picture that can be edited: chosen, walked (Tab), reordered (drag, Alt+Up/Down), weighted (drag the
/// border, double-click to type), connected (drag from a port, or C and arrows), removed (Del), zoomed (Ctrl+wheel,
/// Ctrl+0 fits). Edits nothing itself.
class RouteCanvas final : public QGraphicsView, private CanvasHost
{
    Q_OBJECT
public:
    explicit RouteCanvas(QWidget *parent = nullptr);
    ~RouteCanvas() override;

    /// Shows a route; fits it in where it is another one than before.
    void setRoute(const gateway::config::Route &route, bool editable);
    void clearRoute();
    void setFigures(QHash<Path, NodeFigures> figures, std::optional<double> callsPerSecond, std::optional<double> errorShare);
    void setProblems(QSet<Path> nodes, bool routeItself);
    void setOverlay(bool overlay);

    void setChosen(const std::optional<Path> &path);
    [[nodiscard]] const std::optional<Path> &chosen() const { return m_chosen; }
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
    void rowMoved(const ui::routes::Path &chain, int from, int to);
    void sharesChanged(const ui::routes::Path &split, const QList<int> &shares);
    void removeWanted();
    /// Dropped: into a chain before `row`, or (row -1) on the node.
    void insertWanted(ui::routes::Insert what, const ui::routes::Path &at, int row);
    /// A line was drawn from a port to a node; it may end there (judge()).
    void connectWanted(const ui::routes::Port &from, const ui::routes::Path &to);
    void zoomChanged();

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
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dragMoveEvent(QDragMoveEvent *event) override;
    void dragLeaveEvent(QDragLeaveEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    struct DropSpot
    {
        Path at;
        int row = -1;
        QRectF glow;
        bool operator==(const DropSpot &) const = default;
    };

    // CanvasHost
    void choose(const std::optional<Path> &path) override;
    void openInspector() override;
    void rowDropped(const Path &chain, int from, int to) override;
    void sharesDropped(const Path &split, const QList<int> &shares) override;
    void typeShares(const Path &split) override;
    bool isChosen(const std::optional<Path> &path) const override { return m_chosen == path; }
    bool hasProblem(const std::optional<Path> &path) const override { return path ? m_problems.contains(*path) : m_routeProblem; }
    bool editable() const override { return m_editable; }
    bool overlay() const override { return m_overlay; }
    NodeFigures figures(const Path &path) const override { return m_figures.value(path); }
    std::optional<double> routeCallsPerSecond() const override { return m_callsPerSecond; }
    std::optional<double> routeErrorShare() const override { return m_errorShare; }
    const widgets::ThemeColors &colors() const override { return widgets::colorsOf(this); }
    bool focused() const override { return hasFocus(); }

    void rebuild();
    void showSceneRect();
    void setZoom(double factor);
    void setHovered(const std::optional<PortPlace> &port);
    [[nodiscard]] std::optional<PortPlace> portAt(const QPoint &viewport) const;
    void beginConnecting(const Port &from);
    bool connectByKey(QKeyEvent *event);
    void tellConnecting();
    void endConnecting(bool draw);
    [[nodiscard]] std::optional<DropSpot> spotAt(const QPointF &scenePos) const;
    bool moveChosenRow(int direction);
    void setSpot(const std::optional<DropSpot> &spot);

    std::optional<gateway::config::Route> m_route;
    PlanLayout m_layout;
    bool m_editable = true;
    bool m_overlay = true;
    bool m_fitted = true;           ///< nobody zoomed or scrolled: keep it centred when resized
    std::optional<Path> m_chosen;
    QHash<Path, NodeFigures> m_figures;
    std::optional<double> m_callsPerSecond, m_errorShare;
    QSet<Path> m_problems;
    bool m_routeProblem = false;
    std::optional<DropSpot> m_spot;
    std::optional<Connecting> m_connecting;  ///< a line is being drawn
    std::optional<PortPlace> m_hovered;      ///< the port under the mouse
    QLineEdit *m_shareEdit = nullptr;
};

} // namespace ui::routes
