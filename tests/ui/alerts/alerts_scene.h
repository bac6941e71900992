// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/ui/support/pane_scene.h"
#include "ui/panes/alerts/alerts_pane.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/tab_strip.h"
#include "ui/widgets/table_view.h"

#include <QAction>
#include <QMenu>

#include <algorithm>

namespace tests {

using namespace Qt::StringLiterals;

/// The alerts pane over the pictures' gateway, shown, with the keys.
struct AlertsScene : PaneScene<ui::alerts::AlertsPane>
{
    enum Tab { Preview, Subjects, Firings, Deliveries };
    enum Column { State, Rule, Channels, LastFired };

    explicit AlertsScene(FakeGateway::Scene scene = FakeGateway::Scene::Full) : PaneScene(u"alerts"_s, scene) {}

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
    const gateway::config::Alert &applied(std::size_t at) const { return gateway.applied().back().alerts.at(at); }
};

} // namespace tests
