// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/ui/support/fake_gateway.h"
#include "ui/panes/privacy/privacy_pane.h"
#include "ui/panes/privacy/rules_table.h"

#include <QAbstractButton>
#include <QAction>
#include <QComboBox>
#include <QLineEdit>
#include <QMenu>
#include <QtTest>

namespace tests {

using namespace Qt::StringLiterals;

/// The privacy pane over the pictures' gateway, shown, with the keys.
struct PrivacyScene
{
    explicit PrivacyScene(FakeGateway::Scene scene = FakeGateway::Scene::Full) : gateway(scene), view(FakeGateway::sceneTime), pane({&gateway, &view, nullptr, nullptr})
    {
        QObject::connect(&view, &ui::bridge::ViewContext::callsRequested, &pane, [this](const QString &filter) { calls = filter; });
        QObject::connect(&view, &ui::bridge::ViewContext::toastRequested, &pane, [this](const QString &text, const std::function<void()> &back) {
            told = text;
            undo = back;
        });
        pane.resize(1368, 820);
        pane.show();
        pane.setActive(true);
        pane.activateWindow();
        if (!QTest::qWaitForWindowActive(&pane))
            qFatal("the window does not become active");
    }

    template <typename T = QWidget>
    T *part(const QString &name) const { return pane.window()->findChild<T *>(u"privacy."_s + name); }
    ui::privacy::RulesTable *table() const { return part<ui::privacy::RulesTable>(u"rules"_s); }
    QString cell(int row, int column) const { return table()->model()->index(row, column).data().toString(); }
    QStringList detectors() const
    {
        QStringList all;
        for (int row = 0; row < table()->model()->rowCount(); ++row)
            all << cell(row, ui::privacy::RulesModel::Detector);
        return all;
    }
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
    void choose(const QString &name, const QVariant &data) const
    {
        auto *box = part<QComboBox>(name);
        QVERIFY2(box && box->isVisible() && box->isEnabled(), qPrintable(name));
        box->setCurrentIndex(box->findData(data));
        Q_EMIT box->activated(box->currentIndex());
    }
    void addRule(const QString &detect) const
    {
        click(u"add"_s);
        auto *menu = part<QMenu>(u"addMenu"_s);
        auto *action = menu->findChild<QAction *>(u"privacy.add."_s + detect);
        QVERIFY2(action && action->isEnabled(), qPrintable(detect));
        action->trigger();
        menu->hide();
    }
    void save() const
    {
        const std::size_t before = gateway.applied().size();
        QTRY_VERIFY(part<QAbstractButton>(u"save"_s)->isEnabled());
        click(u"save"_s);
        QTRY_COMPARE(gateway.applied().size(), before + 1);
    }
    const gateway::config::PrivacyPolicy &applied(std::size_t policy = 0) const { return gateway.applied().back().privacyPolicies.at(policy); }
    bool editing() const { return part<QAbstractButton>(u"revert"_s)->isEnabled(); }

    FakeGateway gateway;
    ui::bridge::ViewContext view;
    ui::privacy::PrivacyPane pane;
    QString told, calls; ///< the last toast; the filter under which calls were wanted
    std::function<void()> undo;
};

} // namespace tests
