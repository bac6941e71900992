// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/accessible_text.h"
#include "tests/ui/support/pane_scene.h"
#include "ui/panes/keys/keys_model.h"
#include "ui/panes/keys/keys_pane.h"
#include "ui/panes/keys/secrets_dialog.h"
#include "ui/panes/keys/teams_list.h"
#include "ui/widgets/button.h"
#include "ui/widgets/code_view.h"
#include "ui/widgets/dialog.h"
#include "ui/widgets/search_field.h"
#include "ui/widgets/secret_field.h"
#include "ui/widgets/states.h"
#include "ui/widgets/tab_strip.h"
#include "ui/widgets/table_view.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QSignalSpy>
#include <QtTest>

#include <limits>
#include <map>

using namespace Qt::StringLiterals;
using tests::FakeGateway;
using ui::keys::KeysModel;

namespace {

struct Scene : tests::PaneScene<ui::keys::KeysPane>
{
    explicit Scene(FakeGateway::Scene scene = FakeGateway::Scene::Full) : PaneScene(u"keys"_s, scene) { table()->setFocus(); }

    QStringList names() const
    {
        QStringList names;
        for (int row = 0; row < table()->model()->rowCount(); ++row)
            names << cell(row, KeysModel::Name);
        return names;
    }

    QString cell(int row, int column) const { return table()->model()->index(row, column).data().toString(); }
    ui::widgets::TableView *table() const { return part<ui::widgets::TableView>(u"table"_s); }
    void choose(const QString &key) const { table()->selectRow(static_cast<int>(names().indexOf(key))); }

    /// Makes a key by the form, up to the dialog that shows its secret.
    QString make(const QString &name)
    {
        click(u"new"_s);
        QTest::keyClicks(part<QLineEdit>(u"form.name"_s), name);
        click(u"form.submit"_s);
        if (!QTest::qWaitFor([this] { return part<ui::widgets::SecretField>(u"secret.value"_s) != nullptr; }))
            return {};
        return part<ui::widgets::SecretField>(u"secret.value"_s)->secret();
    }
};

gateway::config::Config ownedByFile(const gateway::config::Config &config, const std::string &name)
{
    auto next = config;
    for (auto &key : next.keys)
        if (key.name == name)
            key.origin = gateway::config::Origin::File;
    return next;
}

} // namespace

class tst_KeysPane : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void secretIsShownOnceAndThenGone()
    {
        Scene scene;
        const QString secret = scene.make(u"search-new"_s);
        QVERIFY(secret.startsWith(u"sb-"_s));
        auto *code = scene.part<ui::widgets::CodeView>(u"secret.snippet"_s);
        QVERIFY(code->toPlainText().contains(secret));
        scene.click(u"secret.stored"_s);
        scene.click(u"secret.done"_s);
        QTRY_VERIFY(!scene.part(u"secret"_s));
        for (const auto *field : scene.pane.window()->findChildren<ui::widgets::SecretField *>())
            QVERIFY(field->secret() != secret);
        QVERIFY(!tests::accessibleText(scene.pane.window()).contains(secret));
        QVERIFY(scene.names().contains(u"search-new"_s));
        QCOMPARE(scene.table()->selectionModel()->selectedRows().size(), 1);
    }

    void doneWaitsForTheTick()
    {
        Scene scene;
        QVERIFY(!scene.make(u"search-new"_s).isEmpty());
        auto *done = scene.part<QAbstractButton>(u"secret.done"_s);
        QVERIFY(!done->isEnabled());
        QTest::keyClick(scene.part(u"secret"_s), Qt::Key_Escape); // by mistake: the secret would be lost
        QVERIFY(scene.part(u"secret"_s)->isVisible());
        scene.click(u"secret.stored"_s);
        QVERIFY(done->isEnabled());
        scene.click(u"secret.stored"_s);
        QVERIFY(!done->isEnabled());
    }

    void secretIsInNoAccessibleText()
    {
        Scene scene;
        const QString secret = scene.make(u"search-new"_s);
        QVERIFY(!secret.isEmpty());
        const QString told = tests::accessibleText(scene.part(u"secret"_s));
        QVERIFY(told.contains(u"new key, hidden"_s));
        QVERIFY(!told.contains(secret));
    }

    void noSnippetIsCut()
    {
        Scene scene;
        QVERIFY(!scene.make(u"search-new"_s).isEmpty());
        auto *code = scene.part<ui::widgets::CodeView>(u"secret.snippet"_s);
        auto *tabs = scene.part(u"secret"_s)->findChild<ui::widgets::TabStrip *>();
        for (int tab = 0; tab < 4; ++tab) {
            tabs->setCurrent(tab);
            QVERIFY2(code->verticalScrollBar()->maximum() == 0, qPrintable(QString::number(tab)));
        }
    }

    void ageAndEndAreSaid()
    {
        Scene scene;
        auto config = *scene.gateway.config();
        auto &key = config.keys.front();
        key.createdAt = FakeGateway::sceneTime() - std::chrono::days {400};
        scene.gateway.setConfig(config);
        const auto row = static_cast<int>(scene.names().indexOf(QString::fromStdString(key.name)));
        const QModelIndex age = scene.table()->model()->index(row, KeysModel::Age);
        QCOMPARE(age.data().toString(), u"400 d"_s);
        QVERIFY(age.data(Qt::ToolTipRole).toString().contains(u"rotate"_s));
        config.keys.front().expires = FakeGateway::sceneTime() - std::chrono::days {3};
        scene.gateway.setConfig(config);
        QCOMPARE(scene.cell(row, KeysModel::State), u"Expired 3 d ago"_s);
    }

    void testCallGoesOutWithTheNewKey()
    {
        Scene scene;
        QVERIFY(!scene.make(u"search-new"_s).isEmpty());
        scene.click(u"secret.test"_s);
        QTRY_COMPARE(scene.gateway.questions(u"sendTestCall"_s), 1);
        QTRY_VERIFY(tests::accessibleText(scene.part(u"secret"_s)).contains(u"Hello!"_s));
    }

    void namelessKeyCannotBeMade()
    {
        Scene scene;
        scene.click(u"new"_s);
        QVERIFY(!scene.part<QAbstractButton>(u"form.submit"_s)->isEnabled());
        QTest::keyClicks(scene.part<QLineEdit>(u"form.name"_s), u"  "_s);
        QVERIFY(!scene.part<QAbstractButton>(u"form.submit"_s)->isEnabled());
        QTest::keyClicks(scene.part<QLineEdit>(u"form.name"_s), u"x"_s);
        QVERIFY(scene.part<QAbstractButton>(u"form.submit"_s)->isEnabled());
    }

    void keyOfSomeModelsHasNoOthers()
    {
        Scene scene;
        scene.click(u"new"_s);
        QTest::keyClicks(scene.part<QLineEdit>(u"form.name"_s), u"narrow"_s);
        scene.part<QCheckBox>(u"form.allModels"_s)->setChecked(false);
        QVERIFY(!scene.part<QAbstractButton>(u"form.submit"_s)->isEnabled()); // none is ticked yet
        auto *models = scene.part<QListWidget>(u"form.models"_s);
        models->findItems(u"smart"_s, Qt::MatchExactly).front()->setCheckState(Qt::Checked);
        scene.click(u"form.submit"_s);
        const auto made = [&] { return scene.gateway.config()->keys.front(); };
        QTRY_COMPARE(made().name, std::string("narrow"));
        QCOMPARE(made().models, std::optional(std::vector<std::string> {"smart"}));
    }

    void keyHasThePermissionsThatAreTicked()
    {
        Scene scene;
        scene.click(u"new"_s);
        QTest::keyClicks(scene.part<QLineEdit>(u"form.name"_s), u"raw"_s);
        auto *call = scene.part<QCheckBox>(u"form.mayCall"_s), *raw = scene.part<QCheckBox>(u"form.mayPassthrough"_s);
        QVERIFY(call->isChecked() && !raw->isChecked());
        call->setChecked(false);
        QVERIFY(!scene.part<QAbstractButton>(u"form.submit"_s)->isEnabled()); // it could do nothing
        raw->setChecked(true);
        scene.click(u"form.submit"_s);
        const auto made = [&] { return scene.gateway.config()->keys.front(); };
        QTRY_COMPARE(made().name, std::string("raw"));
        QCOMPARE(made().permissions, std::set<gateway::config::Permission> {gateway::config::Permission::Passthrough});
        QCOMPARE(scene.cell(static_cast<int>(scene.names().indexOf(u"raw"_s)), KeysModel::Models), u"none"_s);
    }

    void permissionsOfAKeyAreChanged()
    {
        Scene scene;
        scene.choose(u"support-triage"_s);
        QTest::keyClick(scene.table(), Qt::Key_F2);
        QVERIFY(scene.part<QCheckBox>(u"form.mayCall"_s)->isChecked());
        scene.part<QCheckBox>(u"form.mayPassthrough"_s)->setChecked(true);
        scene.click(u"form.submit"_s);
        QTRY_COMPARE(scene.gateway.applied().size(), std::size_t {1});
        const auto &keys = scene.gateway.applied().back().keys;
        const auto changed = std::ranges::find(keys, "support-triage", &gateway::config::VirtualKey::name);
        QCOMPARE(changed->permissions.size(), std::size_t {2});
    }

    void whatAKeyPutsIntoItsCallsIsSetAndKept()
    {
        Scene scene;
        scene.click(u"new"_s);
        QTest::keyClicks(scene.part<QLineEdit>(u"form.name"_s), u"filled"_s);
        auto *metadata = scene.part<QPlainTextEdit>(u"form.metadata"_s), *more = scene.part<QPlainTextEdit>(u"form.moreDefaults"_s);
        metadata->setPlainText(u"feature: autocomplete\ntier: 5"_s);
        scene.part<QComboBox>(u"form.defaultRoute"_s)->setCurrentText(u"smart"_s);
        QTest::keyClicks(scene.part<QLineEdit>(u"form.maxTokens"_s), u"1,024"_s);
        more->setPlainText(u"temperature: 0.20\nstop: [a, \"5\"]"_s);
        scene.part<QCheckBox>(u"form.mayReadLog"_s)->setChecked(true);
        scene.click(u"form.submit"_s);
        const auto made = [&] { return scene.gateway.config()->keys.front(); };
        QTRY_COMPARE(made().name, std::string("filled"));
        const std::map<std::string, std::string> expected {{"feature", "autocomplete"}, {"tier", "5"}};
        QCOMPARE(made().metadata, expected);
        QCOMPARE(made().defaults.route, std::string("smart"));
        QCOMPARE(made().defaults.parameters.text, std::string(R"({"max_tokens":1024,"temperature":0.20,"stop":["a","5"]})"));
        QVERIFY(made().permissions.contains(gateway::config::Permission::ReadLog));

        // Changing another field keeps them as they are.
        const auto before = made();
        scene.part<QCheckBox>(u"secret.stored"_s)->setChecked(true);
        scene.click(u"secret.done"_s);
        scene.choose(u"filled"_s);
        scene.pane.window()->activateWindow(); // the dialog was it
        QVERIFY(QTest::qWaitForWindowActive(scene.pane.window()));
        QTest::keyClick(scene.table(), Qt::Key_F2);
        QTRY_VERIFY(scene.part<QPlainTextEdit>(u"form.metadata"_s));
        QCOMPARE(scene.part<QLineEdit>(u"form.maxTokens"_s)->text().remove(u','), u"1024"_s);
        QVERIFY(scene.part<QCheckBox>(u"form.mayReadLog"_s)->isChecked());
        QTest::keyClicks(scene.part<QLineEdit>(u"form.rpm"_s), u"7"_s);
        scene.click(u"form.submit"_s);
        QTRY_COMPARE(made().quota.limits.size(), std::size_t {1});
        QCOMPARE(made().metadata, before.metadata);
        QVERIFY(made().defaults == before.defaults);
    }

    void whatCannotBeReadOfThemIsMarked()
    {
        Scene scene;
        scene.click(u"new"_s);
        QTest::keyClicks(scene.part<QLineEdit>(u"form.name"_s), u"x"_s);
        auto *submit = scene.part<QAbstractButton>(u"form.submit"_s);
        auto *metadata = scene.part<QPlainTextEdit>(u"form.metadata"_s), *more = scene.part<QPlainTextEdit>(u"form.moreDefaults"_s);
        for (const QString &wrong : {u"no map"_s, u"a: [b]"_s, u"a: \"b"_s, u"a: 1\na: 2"_s}) {
            metadata->setPlainText(wrong);
            QVERIFY2(!submit->isEnabled() && submit->toolTip().startsWith(u"Metadata: "_s), qPrintable(wrong));
        }
        metadata->clear();
        QVERIFY(submit->isEnabled());
        more->setPlainText(u"max_tokens: 5"_s); // it has a field
        QVERIFY(!submit->isEnabled());
        more->setPlainText(u"temperature: 0"_s);
        QVERIFY(submit->isEnabled());
    }

    void revokeAsksAndTheKeyShowsIt()
    {
        Scene scene;
        QTRY_VERIFY(scene.gateway.questions(u"keyUse"_s) > 0);
        scene.choose(u"support-bot"_s);
        QTest::keyClick(scene.table(), Qt::Key_Delete);
        auto *dialog = scene.part<ui::widgets::ConfirmDialog>(u"revokeDialog"_s);
        QVERIFY(dialog && dialog->isVisible());
        QVERIFY(scene.gateway.revoked().empty()); // asked first
        QTRY_VERIFY(tests::accessibleText(dialog).contains(u"support-bot"_s));
        const auto buttons = dialog->findChildren<ui::widgets::Button *>();
        const auto confirm = std::ranges::find(buttons, u"Revoke key"_s, &QAbstractButton::text);
        QVERIFY(confirm != buttons.end());
        QTest::mouseClick(*confirm, Qt::LeftButton);
        QTRY_COMPARE(scene.gateway.revoked(), std::vector<std::string> {"key_support-bot"});
        QTRY_COMPARE(scene.cell(static_cast<int>(scene.names().indexOf(u"support-bot"_s)), KeysModel::State), u"Revoked"_s);
    }

    void askedKeyIsRevokedByTheKeyboard()
    {
        Scene scene;
        scene.choose(u"support-bot"_s);
        QTest::keyClick(scene.table(), Qt::Key_Delete);
        auto *dialog = scene.part<ui::widgets::ConfirmDialog>(u"revokeDialog"_s);
        QVERIFY(dialog && QTest::qWaitForWindowActive(dialog));
        QTest::keyClick(dialog->focusWidget(), Qt::Key_Return); // Cancel has the focus
        QTRY_VERIFY(!scene.part(u"revokeDialog"_s));
        QVERIFY(scene.gateway.revoked().empty());
        scene.pane.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&scene.pane));
        QTest::keyClick(scene.table(), Qt::Key_Delete);
        dialog = scene.part<ui::widgets::ConfirmDialog>(u"revokeDialog"_s);
        QVERIFY(dialog && QTest::qWaitForWindowActive(dialog));
        QTest::keyClick(dialog->focusWidget(), Qt::Key_Tab);
        QTest::keyClick(dialog->focusWidget(), Qt::Key_Return);
        QTRY_COMPARE(scene.gateway.revoked(), std::vector<std::string> {"key_support-bot"});
    }

    void cancelledRevokeRevokesNothing()
    {
        Scene scene;
        scene.choose(u"support-bot"_s);
        scene.click(u"revoke"_s);
        auto *dialog = scene.part<ui::widgets::ConfirmDialog>(u"revokeDialog"_s);
        QVERIFY(dialog);
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(!scene.part(u"revokeDialog"_s));
        QVERIFY(scene.gateway.revoked().empty());
    }

    void searchFindsNamesPrefixesTeamsAndModels_data()
    {
        QTest::addColumn<QString>("words");
        QTest::addColumn<QStringList>("found");
        QTest::newRow("name") << u"notebooks"_s << QStringList {u"research-notebooks"_s};
        QTest::newRow("prefix") << u"sb-Zk81"_s << QStringList {u"search-indexer"_s};
        QTest::newRow("team and model") << u"growth CANARY"_s << QStringList {u"growth-campaigns"_s};
        QTest::newRow("nothing") << u"nosuchkey"_s << QStringList {};
    }
    void searchFindsNamesPrefixesTeamsAndModels()
    {
        QFETCH(QString, words);
        QFETCH(QStringList, found);
        Scene scene;
        QTest::keyClicks(scene.part<QLineEdit>(u"search"_s), words);
        QTRY_COMPARE(scene.names(), found);
        QCOMPARE(scene.table()->isVisible(), !found.isEmpty()); // else: nothing matches, and a way back
    }

    void teamShowsItsKeys()
    {
        Scene scene;
        auto *teams = scene.part<QListWidget>(u"teams"_s);
        QCOMPARE(scene.names().size(), 13);
        const auto *growth = teams->findItems(u"growth"_s, Qt::MatchExactly).value(0);
        QVERIFY(growth);
        QTest::mouseClick(teams->viewport(), Qt::LeftButton, {}, teams->visualItemRect(growth).center());
        QStringList names = scene.names();
        names.sort();
        QCOMPARE(names, (QStringList {u"growth-campaigns"_s, u"growth-web"_s}));
    }

    void tenThousandKeysAreFilteredAtOnce()
    {
        Scene scene;
        auto config = *scene.gateway.config();
        const auto sample = config.keys.front();
        for (int i = 0; i < 10'000; ++i) {
            config.keys.push_back(sample);
            config.keys.back().id = config.keys.back().name = "many-" + std::to_string(i);
        }
        scene.gateway.setConfig(config);
        QTRY_COMPARE(scene.names().size(), 10'013);
        QElapsedTimer clock;
        clock.start();
        scene.part<QLineEdit>(u"search"_s)->setText(u"many-4711"_s);
        QTRY_COMPARE(scene.names(), QStringList {u"many-4711"_s});
        qInfo("filtered after %lld ms", clock.elapsed());
    }

    /// On a busy machine the quickest of some says what it costs.
    void aHundredThousandKeysAreFilteredAtOnce()
    {
        Scene scene;
        auto config = *scene.gateway.config();
        const auto sample = config.keys.front();
        config.keys.reserve(100'100);
        for (int i = 0; i < 100'000; ++i) {
            config.keys.push_back(sample);
            config.keys.back().id = config.keys.back().name = "many-" + std::to_string(i);
            config.keys.back().team = config.teams[static_cast<std::size_t>(i % 5)].name;
        }
        scene.gateway.setConfig(config);
        QTRY_COMPARE(scene.table()->model()->rowCount(), 100'013);
        qint64 best = std::numeric_limits<qint64>::max();
        for (int i = 0; i < 6; ++i) {
            QElapsedTimer clock;
            clock.start();
            scene.part<QLineEdit>(u"search"_s)->setText(u"many-%1"_s.arg(i % 2 == 0 ? 47110 + i : 4));
            const int found = i % 2 == 0 ? 1 : 11'111;
            while (scene.table()->model()->rowCount() != found && clock.elapsed() < 5000)
                QCoreApplication::processEvents();
            QCOMPARE(scene.table()->model()->rowCount(), found);
            scene.table()->viewport()->repaint();
            best = std::min(best, clock.elapsed());
        }
        qInfo("100,000 keys filtered and painted in %lld ms", best);
        QVERIFY(best <= 100);
    }

    void teamCappedKeyShowsTheTeamsCap()
    {
        Scene scene;
        const auto at = [&](const QString &name) { return scene.table()->model()->index(static_cast<int>(scene.names().indexOf(name)), KeysModel::Spent); };
        QTRY_COMPARE(at(u"growth-web"_s).data(KeysModel::CapOf).toString(), u"team growth"_s);
        QCOMPARE(at(u"growth-web"_s).data().toString(), u"$400.02 of $400 month"_s);
        QCOMPARE(at(u"growth-web"_s).data(KeysModel::CapUsed).toString(), u"100 %"_s);
        QCOMPARE(at(u"search-backend"_s).data(KeysModel::CapOf).toString(), u"key"_s); // $18 left of its own, $357 of the team's
        QVERIFY(at(u"growth-web"_s).data(Qt::AccessibleTextRole).toString().contains(u"team growth"_s));
    }

    void teamsShowTheirCaps()
    {
        Scene scene;
        const auto *growth = scene.part<QListWidget>(u"teams"_s)->findItems(u"growth"_s, Qt::MatchExactly).value(0);
        QVERIFY(growth);
        QVERIFY(growth->data(Qt::AccessibleTextRole).toString().contains(u"$400.02 of $400 month, 100 %"_s));
    }

    void budgetAndLimitsAreSetAtCreation()
    {
        Scene scene;
        scene.click(u"new"_s);
        QTest::keyClicks(scene.part<QLineEdit>(u"form.name"_s), u"capped"_s);
        QTest::keyClicks(scene.part<QLineEdit>(u"form.budget"_s), u"a lot"_s);
        QVERIFY(scene.part<QLineEdit>(u"form.budget"_s)->property("invalid").toBool());
        QVERIFY(!scene.part<QAbstractButton>(u"form.submit"_s)->isEnabled());
        scene.part<QLineEdit>(u"form.budget"_s)->selectAll();
        QTest::keyClicks(scene.part<QLineEdit>(u"form.budget"_s), u"$12.50"_s);
        auto *per = scene.part<QComboBox>(u"form.per"_s);
        per->setCurrentIndex(per->findText(u"a day"_s));
        QTest::keyClicks(scene.part<QLineEdit>(u"form.rpm"_s), u"60"_s);
        QTest::keyClicks(scene.part<QLineEdit>(u"form.parallel"_s), u"4"_s);
        scene.click(u"form.submit"_s);
        const auto made = [&] { return scene.gateway.config()->keys.front(); };
        QTRY_COMPARE(made().name, std::string("capped"));
        QCOMPARE(made().quota.budgets.front().amount, std::optional(gateway::Money::fromNanos(12'500'000'000)));
        QCOMPARE(made().quota.budgets.front().per, gateway::Period::Day);
        QCOMPARE(made().quota.limits.front().rpm, std::optional<std::int64_t>(60));
        QCOMPARE(made().quota.limits.front().parallel, std::optional<std::int64_t>(4));
    }

    void changingAKeyKeepsItsOtherRules()
    {
        Scene scene;
        auto config = *scene.gateway.config();
        auto &key = *std::ranges::find(config.keys, "support-triage", &gateway::config::VirtualKey::name);
        key.quota.budgets = {{.amount = gateway::Money::fromNanos(5'000'000'000), .warnAt = {0.5}}, {.amount = gateway::Money::fromNanos(1'000'000'000), .per = gateway::Period::Day}};
        key.quota.limits = {{.rpm = 9, .endpoint = "embeddings"}};
        scene.gateway.setConfig(config);
        scene.choose(u"support-triage"_s);
        QTest::keyClick(scene.table(), Qt::Key_F2);
        scene.part<QLineEdit>(u"form.budget"_s)->selectAll();
        QTest::keyClicks(scene.part<QLineEdit>(u"form.budget"_s), u"7"_s);
        scene.click(u"form.submit"_s);
        QTRY_COMPARE(scene.gateway.applied().size(), std::size_t {1});
        const auto changed = *std::ranges::find(scene.gateway.applied().back().keys, "support-triage", &gateway::config::VirtualKey::name);
        QCOMPARE(changed.quota.budgets.size(), std::size_t {2});
        QCOMPARE(changed.quota.budgets.front().amount, std::optional(gateway::Money::fromNanos(7'000'000'000)));
        QCOMPARE(changed.quota.budgets.front().warnAt, std::vector<double> {0.5});
        QVERIFY(changed.quota.limits == key.quota.limits);
    }

    void problemStandsAtItsField()
    {
        Scene scene;
        scene.gateway.refuseNextKey({gateway::ErrorCode::Invalid, "\"10.0.0/99\" is no network", "keys[0].allow_from[0]"});
        scene.click(u"new"_s);
        QTest::keyClicks(scene.part<QLineEdit>(u"form.name"_s), u"x"_s);
        scene.click(u"form.submit"_s);
        auto *networks = scene.part<QLineEdit>(u"form.networks"_s);
        QTRY_VERIFY(networks->property("invalid").toBool());
        QVERIFY(networks->accessibleDescription().contains(u"is no network"_s));
        networks->setFocus();
        QTest::keyClicks(networks, u"1"_s);
        QVERIFY(!networks->property("invalid").toBool());
    }

    void manyAreMovedWithTheirEffectsShown()
    {
        Scene scene;
        scene.choose(u"search-eval"_s);
        scene.table()->selectionModel()->select(scene.table()->model()->index(static_cast<int>(scene.names().indexOf(u"search-indexer"_s)), 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
        scene.click(u"bulk.team"_s);
        auto *team = scene.part<QComboBox>(u"bulkDialog.team"_s);
        team->setCurrentIndex(team->findText(u"growth"_s));
        QVERIFY(scene.part<QLabel>(u"bulkDialog.effects"_s)->text().contains(u"search-eval: from search to growth ($400 a month)"_s));
        scene.click(u"bulkDialog.submit"_s);
        QTRY_COMPARE(scene.gateway.applied().size(), std::size_t {1});
        QCOMPARE(std::ranges::count(scene.gateway.applied().back().keys, "growth", &gateway::config::VirtualKey::team), 4);
    }

    void manyAreLimitedAndEnd()
    {
        Scene scene;
        auto config = *scene.gateway.config();
        std::ranges::find(config.keys, "growth-web", &gateway::config::VirtualKey::name)->quota = {.budgets = {}, .limits = {{.tpd = 5, .endpoint = "embeddings"}}};
        scene.gateway.setConfig(config);
        scene.choose(u"search-eval"_s);
        scene.table()->selectionModel()->select(scene.table()->model()->index(static_cast<int>(scene.names().indexOf(u"growth-web"_s)), 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
        scene.click(u"bulk.limit"_s);
        QTest::keyClicks(scene.part<QLineEdit>(u"bulkDialog.rpm"_s), u"30"_s);
        QTest::keyClicks(scene.part<QLineEdit>(u"bulkDialog.tpd"_s), u"2000000"_s);
        const QString effects = scene.part<QLabel>(u"bulkDialog.effects"_s)->text();
        for (const QString &told : {u"All budgets and limits that the keys have are replaced"_s, u"growth-web: loses 5 tokens a day (only of embeddings), gets 30 rpm, 2,000,000 tokens a day"_s})
            QVERIFY2(effects.contains(told), qPrintable(effects));
        scene.click(u"bulkDialog.submit"_s);
        QTRY_COMPARE(scene.gateway.applied().size(), std::size_t {1});
        QCOMPARE(scene.gateway.applied().back().keys.size(), config.keys.size());
        const auto of = [&](const char *name) { return *std::ranges::find(scene.gateway.applied().back().keys, name, &gateway::config::VirtualKey::name); };
        QCOMPARE(of("search-eval").quota.limits.front().rpm, std::optional<std::int64_t>(30));
        QCOMPARE(of("growth-web").quota.limits.front().rpm, std::optional<std::int64_t>(30));
        QTRY_VERIFY(!scene.part(u"bulkDialog"_s));
        scene.click(u"bulk.expire"_s);
        scene.part<QCheckBox>(u"bulkDialog.ends"_s)->setChecked(false);
        scene.click(u"bulkDialog.submit"_s);
        QTRY_COMPARE(scene.gateway.applied().size(), std::size_t {2});
        QVERIFY(!of("growth-web").expires);
    }

    void rotatedKeysOldSecretHasAGraceTime()
    {
        Scene scene;
        scene.choose(u"support-bot"_s);
        QTest::keyClick(scene.table(), Qt::Key_R, Qt::ControlModifier);
        auto *dialog = scene.part<ui::widgets::ConfirmDialog>(u"rotateDialog"_s);
        QVERIFY(dialog && dialog->isVisible());
        auto *grace = scene.part<QComboBox>(u"rotateDialog.grace"_s);
        QCOMPARE(grace->currentData().toInt(), 24);
        const auto buttons = dialog->findChildren<ui::widgets::Button *>();
        const auto confirm = std::ranges::find(buttons, u"Rotate key"_s, &QAbstractButton::text);
        QVERIFY(confirm != buttons.end());
        QTest::mouseClick(*confirm, Qt::LeftButton);
        QTRY_COMPARE(scene.gateway.questions(u"rotateKey"_s), 1);
        QVERIFY(scene.gateway.grace() == std::chrono::hours {24});
        QTRY_VERIFY(scene.part<ui::widgets::SecretField>(u"secret.value"_s));
    }

    /// Effects first, then all secrets in a list that is gone with its window. A revoked one does not come back among others.
    void manyAreRotatedAndTheirSecretsShownOnce()
    {
        Scene scene;
        auto config = *scene.gateway.config();
        std::ranges::find(config.keys, "growth-web", &gateway::config::VirtualKey::name)->revoked = true;
        scene.gateway.setConfig(config);
        QTRY_VERIFY(scene.gateway.questions(u"keyUse"_s) > 0);
        for (const QString &name : {u"search-eval"_s, u"support-bot"_s, u"growth-web"_s})
            scene.table()->selectionModel()->select(scene.table()->model()->index(static_cast<int>(scene.names().indexOf(name)), 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
        scene.click(u"bulk.rotate"_s);
        auto *asked = scene.part<ui::widgets::ConfirmDialog>(u"rotateDialog"_s);
        QVERIFY(asked && asked->isVisible());
        const QString effects = tests::accessibleText(asked);
        for (const QString &told : {u"search-eval"_s, u"support-bot"_s, u"calls this month"_s, u"Stays revoked"_s, u"growth-web"_s})
            QVERIFY2(effects.contains(told), qPrintable(told + u": "_s + effects));
        QCOMPARE(scene.gateway.questions(u"rotateKeys"_s), 0); // asked first
        auto *grace = scene.part<QComboBox>(u"rotateDialog.grace"_s);
        grace->setCurrentIndex(grace->findData(1));
        QTest::mouseClick(asked->findChild<QAbstractButton *>(u"confirm.confirm"_s), Qt::LeftButton);
        QTRY_VERIFY(scene.part<ui::widgets::TableView>(u"secrets.table"_s));
        QCOMPARE(scene.gateway.questions(u"rotateKeys"_s), 1);
        QVERIFY(scene.gateway.grace() == std::chrono::hours {1});
        QVERIFY(std::ranges::find(scene.gateway.config()->keys, "growth-web", &gateway::config::VirtualKey::name)->revoked);

        auto *dialog = scene.part<ui::keys::SecretsDialog>(u"secrets"_s);
        const QAbstractItemModel *list = scene.part<ui::widgets::TableView>(u"secrets.table"_s)->model();
        QCOMPARE(list->rowCount(), 2);
        const QString first = list->index(0, 1).data().toString(), second = list->index(1, 1).data().toString();
        QVERIFY(first.startsWith(u"sb-"_s) && second.startsWith(u"sb-"_s) && first != second);
        QVERIFY(!tests::accessibleText(dialog).contains(first));
        QVERIFY(!list->index(0, 1).data(Qt::AccessibleTextRole).toString().contains(first));

        QTest::mouseClick(scene.part(u"secrets.copy"_s)->findChild<QAbstractButton *>(), Qt::LeftButton);
        QCOMPARE(QGuiApplication::clipboard()->text(), u"%1\t%2\n%3\t%4"_s.arg(list->index(0, 0).data().toString(), first, list->index(1, 0).data().toString(), second));
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"keys.csv"_s);
        dialog->saveTo(path);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray saved = file.readAll();
        QVERIFY2(saved.startsWith("name,secret\r\n") && saved.contains(first.toUtf8()) && saved.contains(second.toUtf8()), saved.constData());
        QCOMPARE(file.permissions() & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther), QFile::Permissions());
        dialog->saveTo(folder.filePath(u"nowhere/keys.csv"_s));
        QVERIFY(!QFile::exists(folder.filePath(u"nowhere/keys.csv"_s)));

        QTest::keyClick(dialog, Qt::Key_Escape); // not by mistake
        QVERIFY(dialog->isVisible());
        QVERIFY(!scene.part<QAbstractButton>(u"secrets.done"_s)->isEnabled());
        scene.part<QCheckBox>(u"secrets.stored"_s)->setChecked(true);
        scene.click(u"secrets.done"_s);
        QTRY_VERIFY(!scene.part(u"secrets"_s));
        for (int row = 0; row < scene.table()->model()->rowCount(); ++row)
            for (int column = 0; column < KeysModel::ColumnCount; ++column)
                QVERIFY(!scene.cell(row, column).contains(first));
    }

    void modelsOfAKeyAreToldWhole()
    {
        Scene scene;
        auto config = *scene.gateway.config();
        auto &key = *std::ranges::find(config.keys, "search-eval", &gateway::config::VirtualKey::name);
        key.models = {"gpt-4o", "smart", "canary"};
        scene.gateway.setConfig(config);
        const auto at = [&] { return scene.table()->model()->index(static_cast<int>(scene.names().indexOf(u"search-eval"_s)), KeysModel::Models); };
        QTRY_COMPARE(at().data(ui::widgets::CellSubText).toString(), u"and 2 more"_s);
        QCOMPARE(at().data().toString(), u"gpt-4o"_s);
        QCOMPARE(at().data(Qt::AccessibleTextRole).toString(), u"gpt-4o, smart, canary"_s);
        QCOMPARE(at().data(Qt::ToolTipRole).toString(), u"gpt-4o\nsmart\ncanary"_s);
    }

    void keyOfTheFileIsLocked()
    {
        Scene scene;
        scene.gateway.setConfig(ownedByFile(*scene.gateway.config(), "support-bot"));
        QTRY_VERIFY(scene.gateway.questions(u"revisions"_s) > 0);
        scene.choose(u"support-bot"_s);
        const auto buttons = scene.pane.findChildren<ui::widgets::Button *>();
        const auto change = std::ranges::find(buttons, u"Change…"_s, &QAbstractButton::text);
        QVERIFY(change != buttons.end());
        QVERIFY(!(*change)->isEnabled());
        QTest::keyClick(scene.table(), Qt::Key_F2); // nor by the keyboard
        QVERIFY(!scene.part(u"form"_s));
        scene.choose(u"support-triage"_s);
        QVERIFY((*change)->isEnabled());
        QTest::keyClick(scene.table(), Qt::Key_F2);
        QVERIFY(scene.part(u"form"_s));
    }

    void spendThatIsNotKnownIsNoZero()
    {
        Scene scene(FakeGateway::Scene::Failing);
        const auto banners = scene.pane.findChildren<ui::widgets::SectionBanner *>();
        QTRY_VERIFY(std::ranges::any_of(banners, [](const auto *banner) { return banner->isVisible(); }));
        scene.gateway.setScopes({}); // no cap, whose spend the gateway itself would know
        scene.view.refresh();
        const int row = static_cast<int>(scene.names().indexOf(u"support-bot"_s));
        QTRY_COMPARE(scene.cell(row, KeysModel::Spent), u"—"_s);
        QCOMPARE(scene.cell(row, KeysModel::LastUsed), u"—"_s);
        scene.gateway.setScene(FakeGateway::Scene::Full);
        scene.gateway.setScopes({});
        scene.view.refresh();
        QTRY_COMPARE(scene.cell(row, KeysModel::Spent), u"$548.95, no cap"_s);
    }

    void noKeyOffersTheFirst()
    {
        Scene scene(FakeGateway::Scene::Empty);
        const auto empties = scene.pane.findChildren<ui::widgets::EmptyState *>();
        const auto shown = std::ranges::find_if(empties, [](const auto *empty) { return empty->isVisible(); });
        QVERIFY(shown != empties.end());
        QTest::mouseClick((*shown)->findChild<ui::widgets::Button *>(), Qt::LeftButton);
        QVERIFY(scene.part(u"form"_s) && scene.part(u"form"_s)->isVisible());
    }
};

int main(int argc, char **argv)
{
    FakeGateway::fixZoneAndLocale();
    QApplication app(argc, argv);
    tst_KeysPane test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_keys_pane.moc"
