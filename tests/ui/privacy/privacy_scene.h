// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/ui/support/pane_scene.h"
#include "ui/panes/privacy/privacy_pane.h"
#include "ui/panes/privacy/rules_table.h"

#include <QAction>
#include <QMenu>

namespace tests {

using namespace Qt::StringLiterals;

/// The privacy pane over the pictures' gateway, shown, with the keys.
struct PrivacyScene : PaneScene<ui::privacy::PrivacyPane>
{
    explicit PrivacyScene(FakeGateway::Scene scene = FakeGateway::Scene::Full) : PaneScene(u"privacy"_s, scene) {}

    ui::privacy::RulesTable *table() const { return part<ui::privacy::RulesTable>(u"rules"_s); }
    QString cell(int row, int column) const { return table()->model()->index(row, column).data().toString(); }
    QStringList detectors() const
    {
        QStringList all;
        for (int row = 0; row < table()->model()->rowCount(); ++row)
            all << cell(row, ui::privacy::RulesModel::Detector);
        return all;
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
    const gateway::config::PrivacyPolicy &applied(std::size_t policy = 0) const { return gateway.applied().back().privacyPolicies.at(policy); }
};

} // namespace tests
