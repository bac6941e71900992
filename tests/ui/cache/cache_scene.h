// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/ui/support/pane_scene.h"
#include "ui/panes/cache/cache_pane.h"
#include "ui/widgets/dialog.h"

#include <QTableView>

namespace tests {

/// The cache's pane over the made-up gateway, with a cache in its configuration.
struct CacheScene : PaneScene<ui::cache::CachePane>
{
    explicit CacheScene(FakeGateway::Scene scene = FakeGateway::Scene::Full, const std::optional<gateway::config::Config> &config = cachingConfig()) : PaneScene(QStringLiteral("cache"), scene, config) {}

    QTableView *table(const QString &name) const { return part<QTableView>(name); }
    ui::widgets::ConfirmDialog *dialog() const { return pane.window()->findChild<ui::widgets::ConfirmDialog *>(); }
    void click(const QString &name) const ///< boxes too, which are wider than what can be clicked
    {
        auto *button = part<QAbstractButton>(name);
        QVERIFY2(button && button->isVisible() && button->isEnabled(), qPrintable(name));
        button->click();
    }
    /// Presses the button of the dialog that does what it asks for.
    void confirm() const
    {
        QVERIFY(dialog());
        const auto buttons = dialog()->findChildren<QAbstractButton *>();
        for (QAbstractButton *button : buttons) {
            if (button->text() == QStringLiteral("Evict")) {
                button->click();
                return;
            }
        }
        QFAIL("no button");
    }
    const gateway::config::Config &config() const { return *gateway.config(); }
    const gateway::config::Route &route(const char *name) const { return *std::ranges::find(config().routes, name, &gateway::config::Route::name); }
};

} // namespace tests
