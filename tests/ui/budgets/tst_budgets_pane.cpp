// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/accessible_text.h"
#include "tests/ui/support/pane_scene.h"
#include "ui/panes/budgets/budgets_pane.h"
#include "ui/panes/budgets/figure_tile.h"
#include "ui/panes/budgets/scope_list.h"
#include "ui/panes/budgets/scope_tree.h"
#include "ui/widgets/button.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/states.h"
#include "ui/widgets/tab_strip.h"

#include <QApplication>
#include <QComboBox>
#include <QDateTimeEdit>
#include <QDialog>
#include <QLabel>
#include <QListWidget>
#include <QScrollBar>
#include <QSpinBox>
#include <QTimeZone>
#include <QtTest>

using namespace Qt::StringLiterals;
using gateway::ScopeKind;
using tests::FakeGateway;
using ui::budgets::FigureTile;
using ui::budgets::ScopeTree;
using ui::panes::ScopeRef;

namespace {

constexpr gateway::Money dollars(std::int64_t amount) { return gateway::Money::fromNanos(amount * 1'000'000'000); }

struct Scene : tests::PaneScene<ui::budgets::BudgetsPane>
{
    explicit Scene(FakeGateway::Scene scene = FakeGateway::Scene::Full) : PaneScene(u"budgets"_s, scene) {}

    ui::budgets::ScopeList *list() const { return part<ui::budgets::ScopeList>(u"tree"_s); }
    ScopeTree *tree() const { return static_cast<ScopeTree *>(list()->model()); }
    QVariant row(ScopeKind kind, const char *name, int role) const { return tree()->indexOf({kind, name}).data(role); }
    void choose(ScopeKind kind, const char *name) const { list()->choose({kind, name}); }
    gateway::config::Quota applied(const ScopeRef &scope) const { return ui::panes::quotaOf(gateway.applied().back(), scope); }
};

const ScopeRef search {ScopeKind::Team, "search"}, platform {ScopeKind::Team, "platform"};

} // namespace

class tst_BudgetsPane : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void usedUpCapIsFullAndRedWithASign()
    {
        Scene scene;
        auto config = *scene.gateway.config();
        config.teams.front().quota.budgets = {{.amount = gateway::Money::fromNanos(10'000'000)}};
        scene.gateway.setConfig(config);
        auto states = scene.gateway.scopes();
        auto &budget = states[1].budgets.front();
        budget.amount = budget.spent = gateway::Money::fromNanos(10'000'000); // $0.01, until 402 came
        budget.reserved = {};
        scene.gateway.setScopes(states);
        QTRY_COMPARE_WITH_TIMEOUT(scene.row(ScopeKind::Team, "search", ScopeTree::Used).toString(), u"100 %"_s, 3000);
        QCOMPARE(scene.row(ScopeKind::Team, "search", ScopeTree::LevelRole).toInt(), int(ui::panes::Level::UsedUp));
        QVERIFY(ui::panes::iconOf(ui::panes::Level::UsedUp) != ui::widgets::Icon::None);
        QCOMPARE(ui::panes::roleOf(ui::panes::Level::UsedUp), ui::widgets::Role::Err);
        QVERIFY(scene.row(ScopeKind::Team, "search", Qt::AccessibleTextRole).toString().contains(u"used up"_s));
    }

    void almostUsedUpIsNotHundredPerCent()
    {
        Scene scene;
        auto states = scene.gateway.scopes();
        states[1].budgets.front().spent = dollars(1200) - gateway::Money::fromNanos(400'000'000);
        scene.gateway.setScopes(states);
        QTRY_VERIFY_WITH_TIMEOUT(scene.row(ScopeKind::Team, "search", ScopeTree::Used).toString().startsWith(u"99.9"_s), 3000);
    }

    void resetPrintsItsZone()
    {
        Scene scene;
        scene.choose(ScopeKind::Team, "search");
        QTRY_VERIFY(scene.part<ui::widgets::ElidedLabel>(u"reset"_s)->text().contains(u"1 Dec 2026 00:00 Europe/Berlin"_s));
    }

    void parentThatIsSmallerIsNamed()
    {
        Scene scene; // growth has nothing left, its keys no cap of their own
        QTRY_COMPARE(scene.row(ScopeKind::Key, "growth-web", ScopeTree::Note).toString(), u"team growth binds"_s);
        scene.choose(ScopeKind::Key, "growth-web");
        QTRY_VERIFY(scene.part<ui::widgets::ElidedLabel>(u"binding"_s)->text().startsWith(u"team growth binds"_s));
        QCOMPARE(scene.row(ScopeKind::Key, "search-indexer", ScopeTree::Note).toString(), QString()); // its own is the smallest
    }

    void figuresAndForecastAreShown()
    {
        Scene scene;
        scene.choose(ScopeKind::Team, "search");
        QTRY_COMPARE(scene.part<FigureTile>(u"spent"_s)->value(), u"$842.17"_s);
        QCOMPARE(scene.part<FigureTile>(u"left"_s)->value(), u"$357.45"_s);
        QTRY_VERIFY(scene.part<QWidget>(u"burnDown"_s)->isVisible());
        QVERIFY(scene.part<FigureTile>(u"forecast"_s)->value().contains(u"Nov"_s));
        QVERIFY(scene.part<QWidget>(u"burnDown"_s)->accessibleDescription().contains(u"used up on"_s));
    }

    void childAboveParentIsListedAndLeadsThere()
    {
        Scene scene;
        auto *conflicts = scene.part<QListWidget>(u"conflicts"_s);
        const auto found = conflicts->findItems(u"platform-ci"_s, Qt::MatchStartsWith);
        QCOMPARE(found.size(), 1);
        QVERIFY(found.front()->text().contains(u"team platform may spend"_s));
        QTest::mouseClick(conflicts->viewport(), Qt::LeftButton, {}, conflicts->visualItemRect(found.front()).center());
        QTRY_VERIFY(scene.list()->current() == (ScopeRef {ScopeKind::Key, "platform-ci"}));
        QVERIFY(scene.part<ui::widgets::SectionBanner>(u"conflictBanner"_s)->isVisible());
    }

    void scopeThatNoKeyReachesSaysSo()
    {
        Scene scene;
        auto config = *scene.gateway.config();
        config.teams.push_back({.id = "t9", .name = "legacy"});
        config.teams.back().quota.budgets.push_back({.amount = dollars(5)});
        scene.gateway.setConfig(config);
        QTRY_COMPARE(scene.row(ScopeKind::Team, "legacy", ScopeTree::Conflicts).toString(), u"No key sends traffic here"_s);
    }

    void amountIsEditedUndoneAndSaved()
    {
        Scene scene;
        scene.choose(ScopeKind::Team, "search");
        scene.type(u"amount"_s, u"1500"_s);
        QTest::keyClick(scene.part<QLineEdit>(u"amount"_s), Qt::Key_Z, Qt::ControlModifier); // the field's own undo, or the pane's
        scene.type(u"amount"_s, u"1,500.50"_s);
        scene.save();
        QCOMPARE(scene.applied(search).budgets.front().amount, std::optional(gateway::Money::fromNanos(1'500'500'000'000)));
        scene.click(u"undo"_s);
        QTRY_VERIFY(scene.part<ui::widgets::MoneyField>(u"amount"_s)->value() == std::optional(dollars(1200)));
        QCOMPARE(scene.part<ui::widgets::MoneyField>(u"amount"_s)->text(), u"$1,200"_s);
    }

    void wrongAmountIsMarkedAndCannotBeSaved()
    {
        Scene scene;
        scene.choose(ScopeKind::Team, "search");
        scene.type(u"warnAt"_s, u"70"_s);
        QTRY_VERIFY(scene.part<QAbstractButton>(u"save"_s)->isEnabled());
        scene.type(u"amount"_s, u"a lot"_s);
        auto *amount = scene.part<ui::widgets::MoneyField>(u"amount"_s);
        QVERIFY(amount->property("invalid").toBool());
        QVERIFY(!amount->accessibleDescription().isEmpty());
        scene.type(u"warnAt"_s, u"60, 90"_s);
        QVERIFY(!scene.part<QAbstractButton>(u"save"_s)->isEnabled());
    }

    void gatewaysProblemStandsAtItsField()
    {
        Scene scene;
        scene.choose(ScopeKind::Team, "search");
        scene.gateway.refuseNextApply({{"teams[0].budgets[0].time_zone", "\"Mars/Base\" is not a time zone name"}});
        scene.type(u"amount"_s, u"1300"_s);
        QTRY_VERIFY(scene.part<QComboBox>(u"zone"_s)->property("invalid").toBool());
        QVERIFY(!scene.part<QAbstractButton>(u"save"_s)->isEnabled());
    }

    void insertAddsABudgetOfAFreePeriod()
    {
        Scene scene;
        scene.choose(ScopeKind::Team, "search");
        QTest::keyClick(scene.list(), Qt::Key_Insert);
        QCOMPARE(QApplication::focusWidget(), scene.part<QWidget>(u"amount"_s));
        scene.type(u"amount"_s, u"60"_s);
        scene.save();
        const auto quota = scene.applied(search);
        QCOMPARE(quota.budgets.size(), std::size_t {2});
        QCOMPARE(quota.budgets.back().amount, std::optional(dollars(60)));
        QCOMPARE(quota.budgets.back().per, gateway::Period::Day);
    }

    void limitsAreEditedAndShowTheirUse()
    {
        Scene scene;
        scene.choose(ScopeKind::Team, "search");
        auto *tpm = scene.part<ui::widgets::CountField>(u"limit0.tpm"_s);
        QTRY_VERIFY(tpm && tpm->accessibleDescription().contains(u"171,240 now"_s));
        QTRY_VERIFY(scene.part<QLineEdit>(u"limit0.rpm"_s)->isVisible());
        scene.type(u"limit0.rpm"_s, u"0"_s);
        QVERIFY(scene.part<QLineEdit>(u"limit0.rpm"_s)->property("invalid").toBool());
        scene.type(u"limit0.rpm"_s, u"900"_s);
        scene.type(u"limit0.tpd"_s, u"1,000,000"_s);
        scene.save();
        const auto limit = scene.applied(search).limits.front();
        QCOMPARE(limit.rpm, std::optional<std::int64_t>(900));
        QCOMPARE(limit.tpd, std::optional<std::int64_t>(1'000'000));
    }

    void raiseHasAnEnd()
    {
        Scene scene;
        scene.choose(ScopeKind::Team, "growth");
        QTest::keyClick(scene.list(), Qt::Key_O, Qt::ControlModifier);
        auto *dialog = scene.part<QDialog>(u"raiseDialog"_s);
        QVERIFY(dialog && dialog->isVisible());
        scene.type(u"raiseDialog.amount"_s, u"300"_s); // below the usual 400
        QVERIFY(!scene.part<QAbstractButton>(u"raiseDialog.submit"_s)->isEnabled());
        scene.type(u"raiseDialog.amount"_s, u"550"_s);
        scene.part<QDateTimeEdit>(u"raiseDialog.until"_s)->setDateTime(QDateTime(QDate(2026, 11, 20), QTime(9, 0), QTimeZone("Europe/Berlin")));
        scene.click(u"raiseDialog.submit"_s);
        QTRY_COMPARE(scene.gateway.applied().size(), std::size_t {1});
        const auto raise = scene.applied({ScopeKind::Team, "growth"}).budgets.front().raise;
        QVERIFY(raise);
        QCOMPARE(raise->to, dollars(550));
        QVERIFY(raise->until == std::chrono::sys_days {std::chrono::year {2026} / std::chrono::November / 20} + std::chrono::hours {8});
        scene.undo();
        QTRY_VERIFY(!scene.applied({ScopeKind::Team, "growth"}).budgets.front().raise);
    }

    void manyAreScaledAndPutBack()
    {
        Scene scene;
        scene.choose(ScopeKind::Team, "search");
        scene.list()->selectionModel()->select(scene.tree()->indexOf(platform), QItemSelectionModel::Select | QItemSelectionModel::Rows);
        scene.click(u"scale"_s);
        scene.part<QSpinBox>(u"scaleDialog.percent"_s)->setValue(-50);
        QVERIFY(scene.part<QLabel>(u"scaleDialog.effects"_s)->text().contains(u"platform: $250 a month becomes $125 a month"_s));
        scene.click(u"scaleDialog.submit"_s);
        QTRY_COMPARE(scene.gateway.applied().size(), std::size_t {1});
        QCOMPARE(scene.applied(platform).budgets.front().amount, std::optional(dollars(125)));
        QCOMPARE(scene.applied(search).limits.front().rpm, std::optional<std::int64_t>(300));
        scene.undo();
        QTRY_COMPARE(scene.applied(platform).budgets.front().amount, std::optional(dollars(250)));
    }

    void rulesAreCopiedAndCleared()
    {
        Scene scene;
        scene.choose(ScopeKind::Team, "platform");
        scene.list()->selectionModel()->setCurrentIndex(scene.tree()->indexOf(search), QItemSelectionModel::Select | QItemSelectionModel::Rows);
        scene.click(u"copy"_s);
        QTRY_COMPARE(scene.gateway.applied().size(), std::size_t {1});
        QCOMPARE(scene.applied(platform), scene.applied(search));
        scene.choose(ScopeKind::Team, "platform");
        QTest::keyClick(scene.list(), Qt::Key_Delete);
        QTRY_COMPARE(scene.gateway.applied().size(), std::size_t {2});
        QVERIFY(scene.applied(platform).empty());
    }

    void fileOwnedIsLockedWithItsName()
    {
        Scene scene;
        auto config = *scene.gateway.config();
        config.fileSections.insert("teams");
        config.teams.front().origin = gateway::config::Origin::File;
        scene.gateway.setConfig(config);
        scene.choose(ScopeKind::Team, "search");
        QTRY_VERIFY(scene.part<ui::widgets::ElidedLabel>(u"reset"_s)->text().contains(u"gateway.yaml"_s));
        QVERIFY(scene.part<QLineEdit>(u"amount"_s)->isReadOnly());
        QVERIFY(!scene.part<QAbstractButton>(u"raiseUntil"_s)->isEnabled());
        QTest::keyClick(scene.list(), Qt::Key_Delete);
        QTest::qWait(20);
        QVERIFY(scene.gateway.applied().empty());
        QVERIFY(scene.row(ScopeKind::Team, "search", ScopeTree::Locked).toBool());
    }

    void unknownSpendIsSaid()
    {
        Scene scene(FakeGateway::Scene::Failing);
        scene.choose(ScopeKind::Team, "search");
        QVERIFY(scene.part<ui::widgets::SectionBanner>(u"storeBanner"_s)->isVisible());
        QVERIFY(tests::accessibleText(&scene.pane).contains(u"last known figures"_s));
        QTRY_VERIFY(scene.part<ui::widgets::SectionBanner>(u"historyBanner"_s)->isVisible());
        QCOMPARE(scene.part<FigureTile>(u"forecast"_s)->value(), u"—"_s);
        QCOMPARE(scene.part<FigureTile>(u"spent"_s)->value(), u"$842.17"_s); // what the gateway holds in memory
    }

    void nothingYetSuggestsFromTheWeek()
    {
        Scene scene;
        auto config = *scene.gateway.config();
        config.organisation.quota = {};
        for (auto &team : config.teams)
            team.quota = {};
        for (auto &key : config.keys)
            key.quota = {};
        for (auto &provider : config.providers)
            provider.quota = {};
        scene.gateway.setScopes({});
        scene.gateway.setConfig(config);
        QTRY_VERIFY(scene.part<QAbstractButton>(u"suggest.search"_s) && scene.part<QAbstractButton>(u"suggest.search"_s)->isVisible());
        scene.click(u"suggest.search"_s);
        QTRY_COMPARE(scene.gateway.applied().size(), std::size_t {1});
        const auto amount = scene.applied(search).budgets.front().amount;
        QVERIFY(amount && *amount > dollars(1000) && *amount < dollars(4000));
        QVERIFY(scene.undo);
    }

    void emptyGatewayShowsTheEmptyState()
    {
        Scene scene(FakeGateway::Scene::Empty);
        QVERIFY(scene.part<QAbstractButton>(u"suggest.own"_s)->isVisible());
        scene.click(u"suggest.own"_s);
        scene.type(u"amount"_s, u"20"_s);
        scene.save();
        QCOMPARE(scene.applied({}).budgets.front().amount, std::optional(dollars(20)));
    }

    void searchFindsAndKeepsWhatIsAbove()
    {
        Scene scene;
        QTest::keyClicks(scene.part<QLineEdit>(u"search"_s), u"growth-web"_s);
        QTRY_VERIFY(!scene.tree()->indexOf(search).isValid());
        QVERIFY(scene.tree()->indexOf({ScopeKind::Key, "growth-web"}).isValid());
        QVERIFY(scene.tree()->indexOf({ScopeKind::Team, "growth"}).isValid());
        scene.part<QLineEdit>(u"search"_s)->setText(u"embeddings"_s); // an endpoint of its limits, and a route
        QTRY_VERIFY(scene.tree()->indexOf(search).isValid());
        scene.part<QLineEdit>(u"search"_s)->setText(u"no such scope"_s);
        QTRY_COMPARE(scene.tree()->rowCount(), 0);
    }

    void refreshKeepsChoiceAndScroll()
    {
        Scene scene;
        scene.pane.resize(1200, 460);
        scene.choose(ScopeKind::Key, "support-bot");
        scene.list()->verticalScrollBar()->setValue(90);
        const int before = scene.list()->verticalScrollBar()->value();
        auto states = scene.gateway.scopes();
        states[9].budgets.front().spent = dollars(599);
        scene.gateway.setScopes(states);
        QTRY_VERIFY_WITH_TIMEOUT(scene.row(ScopeKind::Key, "support-bot", ScopeTree::Spent).toString().startsWith(u"$599"_s), 3000);
        QCOMPARE(scene.list()->verticalScrollBar()->value(), before);
        QCOMPARE(scene.list()->current()->name, std::string("support-bot"));
        auto config = *scene.gateway.config();
        config.teams.push_back({.id = "t9", .name = "newcomers"});
        scene.gateway.setConfig(config); // other rows
        QTRY_VERIFY(scene.tree()->indexOf({ScopeKind::Team, "newcomers"}).isValid());
        QCOMPARE(scene.list()->verticalScrollBar()->value(), before);
        QCOMPARE(scene.list()->current()->name, std::string("support-bot"));
    }

    void tenThousandScopesAreQuick()
    {
        Scene scene;
        auto config = *scene.gateway.config();
        auto states = scene.gateway.scopes();
        for (int i = 0; i < 10'000; ++i) {
            auto key = config.keys.front();
            key.id = key.name = "many-" + std::to_string(i);
            key.team = config.teams[static_cast<std::size_t>(i % 5)].name;
            auto state = states[6];
            state.name = key.name;
            state.team = key.team;
            config.keys.push_back(std::move(key));
            states.push_back(std::move(state));
        }
        scene.gateway.setScopes(states);
        scene.gateway.setConfig(config);
        QTRY_VERIFY(scene.tree()->scopeCount() > 10'000);
        QElapsedTimer clock;
        clock.start();
        scene.view.refresh();
        scene.list()->viewport()->repaint();
        const qint64 refreshed = clock.restart();
        scene.part<QLineEdit>(u"search"_s)->setText(u"many-4711"_s);
        QTRY_VERIFY(!scene.tree()->indexOf({ScopeKind::Key, "many-1"}).isValid());
        const qint64 found = clock.elapsed();
        qInfo("10,000 scopes: refreshed in %lld ms, searched in %lld ms", refreshed, found);
        QVERIFY(refreshed < 500);
        QVERIFY(found < 1000);
    }
};

int main(int argc, char **argv)
{
    FakeGateway::fixZoneAndLocale();
    QApplication app(argc, argv);
    tst_BudgetsPane test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_budgets_pane.moc"
