// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/ui/support/fake_gateway.h"
#include "ui/panes/alerts/alerts_pane.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/tab_strip.h"
#include "ui/widgets/table_view.h"
#include "ui/widgets/theme.h"

#include <QAbstractButton>
#include <QAction>
#include <QComboBox>
#include <QLineEdit>
#include <QMenu>
#include <QtTest>

#include <algorithm>

namespace tests {

using namespace Qt::StringLiterals;

/// The alerts pane over the pictures' gateway, shown, with the keys.
struct AlertsScene
{
    enum Tab { Preview, Subjects, Firings, Deliveries };
    enum Column { State, Rule, Channels, LastFired };

    explicit AlertsScene(FakeGateway::Scene scene = FakeGateway::Scene::Full) : gateway(scene), view(FakeGateway::sceneTime), pane({&gateway, &view, nullptr, nullptr})
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
    T *part(const QString &name) const { return pane.findChild<T *>(u"alerts."_s + name); }
    ui::widgets::TableView *table() const { return part<ui::widgets::TableView>(u"table"_s); }
    QString cell(int row, int column, int role = Qt::DisplayRole) const { return table()->model()->index(row, column).data(role).toString(); }
    QString note(int row) const { return cell(row, State, ui::widgets::CellSubText); }
    int rows() const { return table()->model()->rowCount(); }
    int rowOf(const QString &name) const
    {
        for (int row = 0; row < rows(); ++row) {
            if (cell(row, Rule) == name)
                return row;
        }
        return -1;
    }
    void choose(const QString &name) const
    {
        table()->selectionModel()->setCurrentIndex(table()->model()->index(rowOf(name), 0), QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    }
    void chooseAlso(const QString &name) const { table()->selectionModel()->select(table()->model()->index(rowOf(name), 0), QItemSelectionModel::Select | QItemSelectionModel::Rows); }
    void openTab(Tab tab) const { part<ui::widgets::TabStrip>(u"lowerTabs"_s)->setCurrent(tab); }
    QString stateText(const QString &name) const { return part<ui::widgets::StateLabel>(name)->text(); }
    QString listed(const QString &list, int row, int column) const { return part<ui::widgets::TableView>(list)->model()->index(row, column).data().toString(); }
    int listedRows(const QString &list) const { return part<ui::widgets::TableView>(list)->model()->rowCount(); }

    void click(const QString &name) const
    {
        auto *button = part<QAbstractButton>(name);
        QVERIFY2(button && button->isVisible() && button->isEnabled(), qPrintable(name));
        QTest::mouseClick(button, Qt::LeftButton);
    }
    /// In the menu of that name, which is open.
    void pick(const QString &menuName, const QString &action) const
    {
        const auto menus = pane.findChildren<QMenu *>(u"alerts."_s + menuName);
        const auto open = std::ranges::find_if(menus, &QWidget::isVisible); // one that was closed goes later
        QVERIFY2(open != menus.end(), qPrintable(menuName));
        QMenu *menu = *open;
        auto *found = menu->findChild<QAction *>(u"alerts."_s + action);
        QVERIFY2(found && found->isEnabled(), qPrintable(action));
        found->trigger();
        menu->close();
    }
    void type(const QString &name, const QString &text) const
    {
        auto *field = part<QLineEdit>(name);
        QVERIFY2(field && field->isVisible(), qPrintable(name));
        field->setFocus();
        field->selectAll();
        QTest::keyClicks(field, text);
    }
    void chooseIn(const QString &name, int data) const
    {
        auto *box = part<QComboBox>(name);
        QVERIFY2(box && box->isVisible() && box->isEnabled(), qPrintable(name));
        box->setCurrentIndex(box->findData(data));
        Q_EMIT box->activated(box->currentIndex());
    }
    void save() const
    {
        const std::size_t before = gateway.applied().size();
        QTRY_VERIFY(part<QAbstractButton>(u"save"_s)->isEnabled());
        click(u"save"_s);
        QTRY_COMPARE(gateway.applied().size(), before + 1);
    }
    const gateway::config::Alert &applied(std::size_t at) const { return gateway.applied().back().alerts.at(at); }
    bool editing() const { return part<QAbstractButton>(u"revert"_s)->isEnabled(); }

    ui::widgets::Theme theme;
    FakeGateway gateway;
    ui::bridge::ViewContext view;
    ui::alerts::AlertsPane pane;
    QString told, calls; ///< the last toast; the filter under which calls were wanted
    std::function<void()> undo;
};

} // namespace tests
