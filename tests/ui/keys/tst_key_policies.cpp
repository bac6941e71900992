// SPDX-License-Identifier: GPL-3.0-or-later
// The privacy policy of keys and teams.
#include "tests/ui/support/pane_scene.h"
#include "ui/panes/keys/keys_model.h"
#include "ui/panes/keys/keys_pane.h"
#include "ui/panes/keys/teams_panel.h"
#include "ui/widgets/secret_field.h"
#include "ui/widgets/table_view.h"

#include <QAbstractButton>
#include <QApplication>
#include <QComboBox>
#include <QLineEdit>
#include <QMenu>
#include <QtTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using ui::keys::KeysModel;

namespace {

struct Scene : tests::PaneScene<ui::keys::KeysPane>
{
    Scene() : PaneScene(u"keys"_s) {}
    void choosePolicy(const QString &name) const
    {
        auto *box = part<QComboBox>(u"form.privacy"_s);
        QVERIFY(box && box->isVisible());
        box->setCurrentIndex(box->findData(name));
    }
    std::string policyOf(const std::string &key) const
    {
        const auto config = gateway.config();
        const auto found = std::ranges::find(config->keys, key, &gateway::config::VirtualKey::name);
        return found == config->keys.end() ? "no such key" : found->privacy;
    }
    std::string policyOfTeam(const std::string &team) const
    {
        const auto config = gateway.config();
        return std::ranges::find(config->teams, team, &gateway::config::Team::name)->privacy;
    }
};

} // namespace

class tst_KeyPolicies : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void newKeyHasItsPolicyBeforeItsSecretIsShown()
    {
        Scene scene;
        scene.click(u"new"_s);
        QTest::keyClicks(scene.part<QLineEdit>(u"form.name"_s), u"guarded"_s);
        scene.choosePolicy(u"strict"_s);
        scene.click(u"form.submit"_s);
        QTRY_VERIFY(scene.part<ui::widgets::SecretField>(u"secret.value"_s));
        QCOMPARE(scene.policyOf("guarded"), std::string("strict"));
    }

    void refusedPolicyIsSaid()
    {
        Scene scene;
        scene.click(u"new"_s);
        QTest::keyClicks(scene.part<QLineEdit>(u"form.name"_s), u"guarded"_s);
        scene.choosePolicy(u"strict"_s);
        scene.gateway.refuseNextApply({{"keys[0].privacy", "There is no such policy.", false}});
        scene.click(u"form.submit"_s);
        QTRY_VERIFY(scene.part<ui::widgets::SecretField>(u"secret.value"_s)); // the secret is not lost
        QVERIFY(scene.told.contains(u"There is no such policy."_s));
    }

    void policyOfAKeyIsChanged()
    {
        Scene scene;
        auto *table = scene.part<ui::widgets::TableView>(u"table"_s);
        for (int row = 0; row < table->model()->rowCount(); ++row)
            if (table->model()->index(row, KeysModel::Name).data().toString() == u"platform-ci")
                table->selectRow(row);
        table->setFocus();
        QTest::keyClick(table, Qt::Key_F2);
        QCOMPARE(scene.part<QComboBox>(u"form.privacy"_s)->currentData().toString(), u"strict"_s);
        scene.choosePolicy({});
        scene.click(u"form.submit"_s);
        QTRY_COMPARE(scene.policyOf("platform-ci"), std::string());
    }

    void whereThereIsNoPolicyNoneIsAskedFor()
    {
        Scene scene;
        auto config = *scene.gateway.config();
        config.privacyPolicies.clear();
        for (auto &key : config.keys)
            key.privacy.clear();
        scene.gateway.setConfig(config);
        scene.click(u"new"_s);
        QVERIFY(!scene.part<QComboBox>(u"form.privacy"_s)->isVisible());
    }

    void policyOfATeamIsChangedAtOnce()
    {
        Scene scene;
        scene.pane.findChild<ui::keys::TeamsPanel *>()->choose("search");
        scene.click(u"teamMenu"_s);
        auto *policies = scene.part<QMenu>(u"teamPolicies"_s);
        QVERIFY(policies);
        QAction *strict = nullptr;
        for (QAction *action : policies->actions()) {
            if (action->text() == u"strict"_s)
                strict = action;
            QCOMPARE(action->isChecked(), action->text() == u"as the route"_s);
        }
        QVERIFY(strict && strict->isEnabled());
        strict->trigger();
        QTRY_COMPARE(scene.policyOfTeam("search"), std::string("strict"));
        QVERIFY(scene.undo);
        scene.undo();
        QTRY_COMPARE(scene.policyOfTeam("search"), std::string());
        QApplication::activePopupWidget()->close();
    }
};

int main(int argc, char **argv)
{
    tests::FakeGateway::fixZoneAndLocale();
    QApplication app(argc, argv);
    tst_KeyPolicies test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_key_policies.moc"
