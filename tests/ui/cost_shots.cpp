// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/cost_shots.h"

#include "tests/ui/support/fake_gateway.h"
#include "ui/panes/costs/costs_pane.h"
#include "ui/bridge/view_context.h"
#include "ui/shell/main_window.h"

#include <QCoreApplication>
#include <QKeyEvent>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace tests {

void shootCostStudies(const QDir &folder, FakeGateway &gateway, ui::shell::MainWindow &window, const QString &suffix, bool full, const std::function<void(int)> &live)
{
    auto *pane = qobject_cast<ui::costs::CostsPane *>(window.pane(u"costs"_s));
    if (!pane)
        return;
    const auto save = [&](const QString &name) {
        live(400);
        window.grab().save(folder.filePath(u"costs-%1-%2.png"_s.arg(name, suffix)));
    };
    if (full) {
        const auto range = window.view()->range();
        const gateway::WallTime november = std::chrono::sys_days(std::chrono::November / 1 / 2026) - 1h;
        gateway.setCostCells(sceneWithAnOddDay());
        window.view()->setRange({0, november, november + 30 * 24h});
        if (auto *bars = window.findChild<QWidget *>(u"costs.bars"_s)) {
            save(u"unusual"_s);
            bars->setFocus();
            for (int i = 0; i < 19; ++i) { // from the month's end back to the 12th
                QKeyEvent left(QEvent::KeyPress, Qt::Key_Left, Qt::NoModifier);
                QCoreApplication::sendEvent(bars, &left);
            }
            save(u"unusual-tip"_s);
        }
        pane->setShape(ui::costs::CostsPane::Shape::Savings);
        save(u"savings"_s);
        gateway.setCostCells(sceneCostCells());
        window.view()->setRange(range);
    } else {
        pane->setShape(ui::costs::CostsPane::Shape::Savings);
        save(u"savings"_s);
    }
    pane->setShape(ui::costs::CostsPane::Shape::Chart);
}

} // namespace tests
