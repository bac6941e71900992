// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/ui/support/fake_gateway.h"
#include "ui/panes/cache/cache_pane.h"
#include "ui/widgets/dialog.h"

#include <QAbstractButton>
#include <QTableView>
#include <QtTest>

#include <optional>

namespace tests {

/// The cache's pane over the made-up gateway, with a cache in its configuration.
struct CacheScene
{
    explicit CacheScene(FakeGateway::Scene scene = FakeGateway::Scene::Full, const std::optional<gateway::config::Config> &config = cachingConfig())
        : gateway(scene), view(FakeGateway::sceneTime), pane((prepare(config), ui::panes::PaneContext {&gateway, &view, nullptr, nullptr}))
    {
        QObject::connect(&view, &ui::bridge::ViewContext::toastRequested, &pane, [this](const QString &text, const std::function<void()> &back) {
            told = text;
            undo = back;
        });
        QObject::connect(&view, &ui::bridge::ViewContext::paneRequested, &pane, [this](const QString &id, const QString &item) { opened = id + u' ' + item; });
        pane.resize(1368, 820);
        pane.show();
        pane.setActive(true);
        pane.activateWindow(); // shortcuts are for the active window
        if (!QTest::qWaitForWindowActive(&pane))
            qFatal("the window does not become active");
    }

    void prepare(const std::optional<gateway::config::Config> &config)
    {
        if (config)
            gateway.setConfig(*config);
    }

    template <typename T = QWidget>
    T *part(const QString &name) const { return pane.findChild<T *>(QStringLiteral("cache.") + name); }
    QTableView *table(const QString &name) const { return part<QTableView>(name); }
    ui::widgets::ConfirmDialog *dialog() const { return pane.window()->findChild<ui::widgets::ConfirmDialog *>(); }
    void click(const QString &name) const
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

    FakeGateway gateway;
    ui::bridge::ViewContext view;
    ui::cache::CachePane pane;
    QString told, opened;
    std::function<void()> undo;
};

} // namespace tests
