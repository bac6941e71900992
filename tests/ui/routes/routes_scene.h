// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/ui/support/fake_gateway.h"
#include "ui/bridge/view_context.h"
#include "ui/panes/routes/edge_item.h"
#include "ui/panes/routes/plan_words.h"
#include "ui/panes/routes/route_canvas.h"
#include "ui/panes/routes/routes_pane.h"
#include "ui/panes/routes/yaml_editor.h"

#include <QDropEvent>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTest>

#include <memory>

namespace tests {

/// The pane over the made-up gateway, in a window that has the keys.
struct Scene
{
    explicit Scene(FakeGateway::Scene which = FakeGateway::Scene::Full) : fake(which), view(FakeGateway::sceneTime)
    {
        ui::panes::PaneContext context;
        context.gateway = &fake;
        context.view = &view;
        pane = std::make_unique<ui::routes::RoutesPane>(context);
        pane->resize(1368, 824);
        pane->show();
        pane->setActive(true);
        pane->activateWindow();
        (void)QTest::qWaitForWindowActive(pane.get()); // shortcuts want the window that has the keys
        canvas = part<ui::routes::RouteCanvas>("routes.canvas");
    }
    template <typename T>
    T *part(const char *name)
    {
        return pane->findChild<T *>(QString::fromLatin1(name));
    }
    void click(const char *name) { QTest::mouseClick(part<QPushButton>(name), Qt::LeftButton); }
    void clickNode(const ui::routes::Path &path) { QTest::mouseClick(canvas->viewport(), Qt::LeftButton, {}, canvas->rectOf(path).center().toPoint()); }
    /// The models of the chosen route's rows, from what would be published.
    QStringList rows(int route = 0)
    {
        QStringList names;
        for (const auto &child : std::get<gateway::config::FallbackNode>(published().routes[static_cast<std::size_t>(route)].plan.node).children)
            names << ui::routes::titleOf(child);
        return names;
    }
    const gateway::config::Config &published()
    {
        const auto before = fake.applied().size();
        if (!QTest::qWaitFor([&] { return part<QPushButton>("routes.publish.open")->isEnabled(); }))
            return *fake.config();
        QTest::keyClick(canvas, Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
        click("routes.publish.confirm");
        (void)QTest::qWaitFor([&] { return fake.applied().size() > before; });
        return *fake.config();
    }

    /// Presses, moves in two steps and lets go.
    void drag(const QPoint &from, const QPoint &to)
    {
        QTest::mousePress(canvas->viewport(), Qt::LeftButton, {}, from);
        QTest::mouseMove(canvas->viewport(), (from + to) / 2);
        QTest::mouseMove(canvas->viewport(), to);
        QTest::mouseRelease(canvas->viewport(), Qt::LeftButton, {}, to);
    }
    /// Drops what the bar has for this kind. @return whether the picture took it
    bool drop(ui::routes::NodeKind kind, const QPointF &at)
    {
        QMimeData data;
        data.setData(QString::fromLatin1(ui::routes::insertMime), QByteArray::number(int(kind)));
        QDragEnterEvent enter(at.toPoint(), Qt::CopyAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(canvas->viewport(), &enter);
        QDragMoveEvent move(at.toPoint(), Qt::CopyAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(canvas->viewport(), &move);
        const bool taken = enter.isAccepted() && move.isAccepted();
        QDropEvent fall(at, Qt::CopyAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(canvas->viewport(), &fall);
        return taken;
    }
    [[nodiscard]] QPointF onEdgeTo(const ui::routes::Path &path) const
    {
        for (const ui::routes::Link &link : canvas->layoutOfPlan().links)
            if (link.to == path && link.kind != ui::routes::Link::Kind::ToEnd)
                return canvas->mapFromScene(ui::routes::edgePath(link).pointAtPercent(0.5));
        return {};
    }
    /// The text of the chosen route as it is in the draft.
    QString text() { return part<QPlainTextEdit>("routes.yaml")->toPlainText(); }
    void undo() { QTest::keyClick(canvas, Qt::Key_Z, Qt::ControlModifier); }
    /// The chosen route's plan as it is in the draft.
    gateway::config::PlanNode plan()
    {
        gateway::config::Route none;
        const auto read = ui::routes::readRoute(text(), none);
        return read ? read->plan : gateway::config::PlanNode {};
    }

    FakeGateway fake;
    ui::bridge::ViewContext view;
    std::unique_ptr<ui::routes::RoutesPane> pane;
    ui::routes::RouteCanvas *canvas = nullptr;
};

} // namespace tests
