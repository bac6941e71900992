// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/ui/support/fake_gateway.h"
#include "ui/panes/pane.h"
#include "ui/widgets/theme.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QLineEdit>
#include <QtTest>

#include <optional>

namespace tests {

/// A pane over the pictures' gateway, shown, with the keys.
template <typename Pane>
struct PaneScene
{
    using Config = gateway::config::Config;

    /// @param name    of the pane: its parts are "alerts.table"
    /// @param config  in place of the pictures'
    explicit PaneScene(const QString &name, FakeGateway::Scene scene = FakeGateway::Scene::Full, const std::optional<Config> &config = std::nullopt)
        : prefix(name + u'.'), gateway(scene), view(FakeGateway::sceneTime), pane((prepare(config), ui::panes::PaneContext {&gateway, &view, nullptr, nullptr}))
    {
        using ui::bridge::ViewContext;
        QObject::connect(&view, &ViewContext::callsRequested, &pane, [this](const QString &filter) { calls = filter; });
        QObject::connect(&view, &ViewContext::paneRequested, &pane, [this](const QString &id, const QString &item) { opened = id + u' ' + item; });
        QObject::connect(&view, &ViewContext::toastRequested, &pane, [this](const QString &text, const std::function<void()> &back) {
            told = text;
            undo = back;
        });
        pane.resize(1368, 820);
        pane.show();
        pane.setActive(true);
        pane.activateWindow(); // shortcuts are for the active window
        if (!QTest::qWaitForWindowActive(&pane))
            qFatal("the window does not become active");
    }

    template <typename T = QWidget>
    T *part(const QString &name) const { return pane.window()->template findChild<T *>(prefix + name); }
    void click(const QString &name) const
    {
        auto *button = part<QAbstractButton>(name);
        QVERIFY2(button && button->isVisible() && button->isEnabled(), qPrintable(name));
        QTest::mouseClick(button, Qt::LeftButton);
    }
    void type(const QString &name, const QString &text) const
    {
        auto *field = part<QLineEdit>(name);
        QVERIFY2(field && field->isVisible(), qPrintable(name));
        field->setFocus();
        field->selectAll();
        QTest::keyClicks(field, text);
    }
    void chooseIn(const QString &name, const QVariant &data) const
    {
        auto *box = part<QComboBox>(name);
        QVERIFY2(box && box->isVisible() && box->isEnabled(), qPrintable(name));
        box->setCurrentIndex(box->findData(data));
        Q_EMIT box->activated(box->currentIndex());
    }
    void save() const
    {
        const std::size_t before = gateway.applied().size();
        QTRY_VERIFY(part<QAbstractButton>(QStringLiteral("save"))->isEnabled());
        click(QStringLiteral("save"));
        QTRY_COMPARE(gateway.applied().size(), before + 1);
    }
    bool editing() const { return part<QAbstractButton>(QStringLiteral("revert"))->isEnabled(); }

    ui::widgets::Theme theme;
    QString prefix;
    FakeGateway gateway;
    ui::bridge::ViewContext view;
    Pane pane;
    QString told, calls, opened; ///< the last toast; the filter under which calls were wanted; the pane and item that were
    std::function<void()> undo;  ///< of the toast

private:
    void prepare(const std::optional<Config> &config)
    {
        if (config)
            gateway.setConfig(*config);
    }
};

} // namespace tests
