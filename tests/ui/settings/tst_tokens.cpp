// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/accessible_text.h"
#include "tests/ui/support/fake_gateway.h"
#include "ui/panes/settings/settings_pane.h"
#include "ui/panes/settings/tokens_model.h"
#include "ui/widgets/button.h"
#include "ui/widgets/dialog.h"
#include "ui/widgets/secret_field.h"
#include "ui/widgets/states.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QCheckBox>
#include <QLineEdit>
#include <QRadioButton>
#include <QTableView>
#include <QtTest>

using namespace Qt::StringLiterals;
using gateway::config::AdminRole;
using gateway::config::AdminToken;
using gateway::config::Origin;
using tests::FakeGateway;
using ui::widgets::Button;

namespace {

struct Scene
{
    Scene() : view(FakeGateway::sceneTime), pane({&gateway, &view, nullptr, nullptr})
    {
        QObject::connect(&view, &ui::bridge::ViewContext::toastRequested, &pane, [this](const QString &text, const std::function<void()> &undo) {
            toast = text;
            takeBack = undo;
        });
        pane.resize(1200, 900);
        pane.show();
        pane.setActive(true);
        if (!QTest::qWaitForWindowActive(&pane)) // for keys, and for a table that is laid out
            qFatal("The pane does not come on the screen.");
    }

    /// In the order of the list, after the installation's own.
    void give(std::vector<AdminToken> tokens)
    {
        auto config = *gateway.config();
        config.adminTokens = std::move(tokens);
        gateway.setConfig(config);
    }
    template <typename T = QWidget>
    T *part(const QString &name) const
    {
        return pane.window()->findChild<T *>(u"settings."_s + name);
    }
    QTableView *table() const { return part<QTableView>(u"tokens.table"_s); }
    QString cell(int row, int column) const { return table()->model()->index(row, column).data().toString(); }
    void choose(int row) const { table()->setCurrentIndex(table()->model()->index(row, 0)); }
    void click(const QString &name) const { part<Button>(name)->click(); }
    bool enabled(const QString &name) const { return part(name)->isEnabled(); }
    void enter(const QString &name, const QString &role) const
    {
        part<QLineEdit>(u"tokenForm.name"_s)->setText(name);
        for (auto *choice : part(u"tokenForm"_s)->findChildren<QRadioButton *>())
            if (choice->text() == role)
                choice->setChecked(true);
        click(u"tokenForm.submit"_s);
    }
    void confirm(const QString &dialog) const { QTest::mouseClick(part(dialog)->findChild<Button *>(u"confirm.confirm"_s), Qt::LeftButton); }
    const AdminToken &token(std::size_t index) const { return gateway.config()->adminTokens.at(index); }

    FakeGateway gateway;
    ui::bridge::ViewContext view;
    ui::settings::SettingsPane pane;
    QString toast;
    std::function<void()> takeBack;
};

const AdminToken ci {.id = "adm_ci", .name = "ci", .role = AdminRole::Admin, .hash = "00"};
const AdminToken boss {.id = "adm_boss", .name = "boss", .role = AdminRole::Owner, .hash = "01"};
const AdminToken ofFile {.id = "adm_f", .name = "reports", .role = AdminRole::Analyst, .hash = "02", .origin = Origin::File};

} // namespace

/// Admin tokens in the settings, over the made-up gateway.
class tst_Tokens : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void showsThemWithTheInstallationsOwn()
    {
        Scene scene;
        scene.give({ci, ofFile, {.id = "adm_x", .name = "asleep"}});
        QCOMPARE(scene.table()->model()->rowCount(), 4);
        QCOMPARE(scene.cell(0, 0), u"owner"_s);
        QCOMPARE(scene.cell(0, 3), u"in the file admin-token"_s);
        QCOMPARE(scene.cell(1, 1), u"Admin"_s);
        QVERIFY(scene.cell(1, 2).contains(u"but admin tokens"_s));
        QTRY_COMPARE(scene.cell(2, 3), u"set in gateway.yaml"_s);
        QCOMPARE(scene.cell(3, 3), u"no secret: opens nothing"_s);
    }

    void makesOneAndShowsItsSecretOnce()
    {
        Scene scene;
        scene.click(u"tokens.new"_s);
        QVERIFY(!scene.enabled(u"tokenForm.submit"_s)); // no name yet
        scene.enter(u"ci"_s, u"Admin"_s);
        QTRY_VERIFY(scene.part(u"tokenSecret"_s));
        QCOMPARE(scene.token(0).name, std::string("ci"));
        QCOMPARE(scene.token(0).role, AdminRole::Admin);
        const QString secret = scene.part<ui::widgets::SecretField>(u"tokenSecret.value"_s)->secret();
        QVERIFY2(secret.startsWith(u"sb-admin-"_s) && secret.size() > 32, qPrintable(secret));
        QVERIFY(!tests::accessibleText(scene.part(u"tokenSecret"_s)).contains(secret));
        QVERIFY(!scene.enabled(u"tokenSecret.done"_s));
        QTest::keyClick(scene.part(u"tokenSecret"_s), Qt::Key_Escape);
        QVERIFY(scene.part(u"tokenSecret"_s)->isVisible()); // it would be lost
        QTest::mouseClick(scene.part(u"tokenSecret.stored"_s), Qt::LeftButton, {}, QPoint(8, 8));
        scene.click(u"tokenSecret.done"_s);
        QTRY_VERIFY(!scene.part(u"tokenSecret"_s));
        QCOMPARE(scene.table()->currentIndex().row(), 1); // the new one is chosen
    }

    void refusedNameStaysWithTheReason()
    {
        Scene scene;
        scene.gateway.refuseNextApply({{"admin.tokens[0].name", "\"owner\" is the name of the token in the data folder's admin-token; choose another"}});
        scene.click(u"tokens.new"_s);
        scene.enter(u"owner"_s, u"Owner"_s);
        QTRY_VERIFY(scene.part(u"tokenForm.problem"_s)->isVisible());
        QVERIFY(tests::accessibleText(scene.part(u"tokenForm.problem"_s)).contains(u"choose another"_s));
        QVERIFY(scene.gateway.config()->adminTokens.empty());
        QVERIFY(scene.enabled(u"tokenForm.submit"_s));
    }

    void changesRoleAndTakesItBack()
    {
        Scene scene;
        scene.give({ci});
        scene.choose(1);
        QVERIFY(scene.enabled(u"tokens.change"_s));
        scene.click(u"tokens.change"_s);
        QCOMPARE(scene.part<QLineEdit>(u"tokenForm.name"_s)->text(), u"ci"_s);
        scene.enter(u"pipeline"_s, u"Analyst"_s);
        QTRY_COMPARE(scene.token(0).name, std::string("pipeline"));
        QCOMPARE(scene.token(0).role, AdminRole::Analyst);
        QCOMPARE(scene.token(0).hash, std::string("00")); // its secret stays
        QTRY_VERIFY(scene.takeBack);
        scene.takeBack();
        QTRY_COMPARE(scene.token(0).name, std::string("ci"));
        QCOMPARE(scene.token(0).role, AdminRole::Admin);
    }

    void rotatesAfterAsking()
    {
        Scene scene;
        scene.give({ci, boss});
        scene.choose(1);
        scene.click(u"tokens.rotate"_s);
        QVERIFY(scene.gateway.applied().empty());
        scene.confirm(u"rotateToken"_s);
        QTRY_VERIFY(scene.part(u"tokenSecret"_s));
        QVERIFY(scene.token(0).hash != "00");
        QCOMPARE(scene.token(1).hash, std::string("01"));
    }

    void removesAfterAskingAndTakesItBack()
    {
        Scene scene;
        scene.give({ci, boss});
        scene.choose(2);
        scene.table()->setFocus();
        QTest::keyClick(scene.table(), Qt::Key_Delete);
        auto *dialog = scene.part(u"removeToken"_s);
        QVERIFY(dialog);
        QVERIFY2(tests::accessibleText(dialog).contains(u"the file admin-token"_s), qPrintable(tests::accessibleText(dialog))); // who is left
        scene.confirm(u"removeToken"_s);
        QTRY_COMPARE(scene.gateway.config()->adminTokens.size(), 1U);
        QCOMPARE(scene.token(0).name, std::string("ci"));
        scene.takeBack();
        QTRY_COMPARE(scene.gateway.config()->adminTokens.size(), 2U);
        QCOMPARE(scene.token(1).hash, std::string("01")); // it opens the same doors as before
    }

    void othersAreReadOnlyAndSayWhy()
    {
        Scene scene;
        scene.give({ofFile});
        for (const auto &[row, why] : {std::pair {0, u"installation's own"_s}, {1, u"gateway.yaml"_s}}) {
            scene.choose(row);
            for (const auto &name : {u"tokens.change"_s, u"tokens.rotate"_s, u"tokens.remove"_s}) {
                QVERIFY(!scene.enabled(name));
                QTRY_VERIFY2(scene.part(name)->toolTip().contains(why), qPrintable(scene.part(name)->toolTip()));
            }
            QTest::keyClick(scene.table(), Qt::Key_Delete);
            QVERIFY(!scene.part(u"removeToken"_s));
        }
    }

private:
    ui::widgets::Theme m_theme;
};

int main(int argc, char **argv)
{
    FakeGateway::fixZoneAndLocale();
    QApplication app(argc, argv);
    tst_Tokens test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_tokens.moc"
