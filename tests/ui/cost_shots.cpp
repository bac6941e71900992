// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/cost_shots.h"

#include "tests/ui/support/fake_gateway.h"
#include "tests/ui/support/fake_repricing.h"
#include "ui/panes/costs/costs_pane.h"
#include "ui/panes/costs/reprice_dialog.h"
#include "ui/bridge/view_context.h"
#include "ui/shell/main_window.h"

#include <QAction>
#include <QCoreApplication>
#include <QKeyEvent>
#include <QPushButton>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace tests {
namespace {

/// The dialog before, while and after calls are priced again, and the pane with both figures.
void shootRepricing(const QDir &folder, FakeGateway &fake, ui::shell::MainWindow &window, const QString &suffix, const std::function<void(int)> &live)
{
    auto *open = window.findChild<QAction *>(u"costs.repriceAll"_s);
    if (!open)
        return;
    FakeRepricing &repricing = FakeRepricing::of(fake);
    repricing.setPreview(sceneRepricing());
    const auto shoot = [&](const QString &name) {
        open->trigger();
        live(500);
        auto *dialog = window.findChild<ui::costs::RepriceDialog *>();
        dialog->grab().save(folder.filePath(u"costs-reprice-%1-%2.png"_s.arg(name, suffix)));
        return dialog;
    };
    auto *dialog = shoot(u"preview"_s);
    dialog->findChild<QPushButton *>(u"costs.reprice.start"_s)->click();
    live(700);
    dialog->grab().save(folder.filePath(u"costs-reprice-running-%1.png"_s.arg(suffix)));
    live(2000);
    dialog->grab().save(folder.filePath(u"costs-reprice-done-%1.png"_s.arg(suffix)));
    dialog->close();
    live(400);
    window.grab().save(folder.filePath(u"costs-repriced-%1.png"_s.arg(suffix)));
    repricing.setError(gateway::Error {gateway::ErrorCode::Busy, "The call log takes no questions now. Try again."});
    shoot(u"error"_s)->close();
    repricing.setError({});
    repricing.drop(1, &window, [](const auto &) {});
    live(200);
}

} // namespace

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
    if (full)
        shootRepricing(folder, gateway, window, suffix, live);
}

} // namespace tests
