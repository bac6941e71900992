// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/accessible_text.h"
#include "tests/ui/support/fake_gateway.h"
#include "ui/panes/changes_view.h"
#include "ui/panes/settings/audit_model.h"
#include "ui/panes/settings/audit_page.h"
#include "ui/panes/settings/audit_words.h"
#include "ui/panes/settings/chain_view.h"
#include "ui/panes/settings/settings_pane.h"
#include "ui/widgets/button.h"
#include "ui/widgets/dialog.h"
#include "ui/widgets/diff_view.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/states.h"
#include "ui/widgets/table_view.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QComboBox>
#include <QLineEdit>
#include <QScrollBar>
#include <QTableView>
#include <QTemporaryDir>
#include <QtTest>

using namespace Qt::StringLiterals;
using gateway::AuditEntry;
using tests::FakeGateway;
using ui::settings::AuditModel;
using ui::widgets::Button;
using ui::widgets::DiffView;
using ui::widgets::SectionBanner;
using ui::widgets::StateLabel;

namespace {

constexpr int pageSize = ui::settings::AuditReader::pageSize;

struct Scene
{
    explicit Scene(FakeGateway::Scene scene = FakeGateway::Scene::Full) : gateway(scene), view(FakeGateway::sceneTime), pane({&gateway, &view, nullptr, nullptr})
    {
        QObject::connect(&view, &ui::bridge::ViewContext::toastRequested, &pane, [this](const QString &text, const std::function<void()> &undo) {
            toast = text;
            takeBack = undo;
        });
        pane.resize(1300, 850);
        pane.show();
        pane.setActive(true);
        pane.showAudit();
    }

    template <typename T = QWidget>
    T *part(const QString &name) const
    {
        return pane.window()->findChild<T *>(u"settings."_s + name);
    }
    QTableView *table() const { return part<QTableView>(u"audit.table"_s); }
    AuditModel *model() const { return pane.findChild<AuditModel *>(); }
    void click(const QString &name) const { QTest::mouseClick(part(name), Qt::LeftButton); }

    void choose(const QString &box, const QString &what) const
    {
        auto *combo = part<QComboBox>(box);
        const int index = combo->findText(what);
        QVERIFY2(index >= 0, qPrintable(what));
        combo->setCurrentIndex(index);
        Q_EMIT combo->activated(index);
    }

    /// Rows as they are seen, newest first, but for their number and time.
    QStringList rows(int most = 3) const
    {
        QStringList lines;
        for (int row = 0; row < std::min(most, model()->rowCount()); ++row) {
            QStringList cells;
            for (const int column : {AuditModel::Who, AuditModel::What, AuditModel::Change, AuditModel::Revision})
                cells << model()->index(row, column).data().toString();
            lines << cells.join(u" | "_s);
        }
        return lines;
    }
    QString title() const { return part(u"audit.detail"_s)->findChild<StateLabel *>()->text(); }

    FakeGateway gateway;
    ui::bridge::ViewContext view;
    ui::settings::SettingsPane pane;
    QString toast;
    std::function<void()> takeBack;
};

} // namespace

/// Who changed what, over the made-up gateway.
class tst_AuditPage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void showsNewestFirstInWords()
    {
        Scene scene;
        QTRY_COMPARE(scene.rows(4), (QStringList {u"Window | Route gpt-4o | changed · plan: 2 rows → 3 rows | 214"_s, u"Token ci, 10.20.0.17 | Key search-eval | revoked | 213"_s,
                                        u"Window | Route gpt-4o | changed · aliases: default → [\"gpt-4o-2024-08-06\"] | 213"_s, u"File gateway.yaml | Provider together | added | 212"_s}));
        QTRY_COMPARE(scene.title(), u"Route gpt-4o changed"_s); // the newest is looked at
    }

    void readsPagesAsTheViewGoesDown()
    {
        Scene scene;
        QTRY_COMPARE(scene.model()->rowCount(), pageSize);
        QVERIFY(scene.gateway.auditLog().size() > 2 * pageSize);
        for (int times = 0; times < 3; ++times) {
            scene.table()->scrollToBottom();
            QTRY_VERIFY(!scene.model()->canFetchMore({}) || scene.model()->rowCount() > (times + 1) * pageSize);
            QTest::qWait(0);
        }
        QTRY_COMPARE(scene.model()->rowCount(), static_cast<int>(scene.gateway.auditLog().size()));
        for (int row = 0; row < scene.model()->rowCount(); ++row) // none twice, none left out
            QCOMPARE(scene.model()->entry(row).row, scene.gateway.auditLog().at(static_cast<std::size_t>(row)).row);
        QVERIFY(scene.model()->complete());
    }

    void newOnesComeOnTopAndNothingMoves()
    {
        Scene scene;
        QTRY_COMPARE(scene.model()->rowCount(), pageSize);
        scene.table()->verticalScrollBar()->setValue(20);
        const int looked = scene.table()->rowAt(0);
        const auto number = scene.model()->entry(looked).row;
        scene.gateway.addAudit({.author = "admin:ci", .from = "10.0.0.1", .kind = "team", .name = "fresh", .action = "created", .revision = 215});
        QTRY_COMPARE(scene.rows(1), (QStringList {u"Token ci, 10.0.0.1 | Team fresh | added | 215"_s}));
        QTRY_COMPARE(scene.model()->entry(scene.table()->rowAt(0)).row, number);
    }

    void pausedNothingCames()
    {
        Scene scene;
        QTRY_COMPARE(scene.model()->rowCount(), pageSize);
        scene.view.setLive(false);
        scene.gateway.addAudit({.author = "window", .from = "window", .kind = "team", .name = "fresh", .action = "created", .revision = 215});
        QTest::qWait(20);
        QVERIFY(!scene.rows(1).front().contains(u"fresh"_s));
        scene.view.setLive(true);
        QTRY_VERIFY(scene.rows(1).front().contains(u"fresh"_s));
    }

    void isNarrowedByWhoWhatAndText()
    {
        Scene scene;
        QTRY_COMPARE(scene.model()->rowCount(), pageSize);
        QTRY_VERIFY(scene.part<QComboBox>(u"audit.who"_s)->findText(u"Token terraform"_s) > 0);
        scene.choose(u"audit.who"_s, u"Token ci"_s);
        scene.choose(u"audit.kind"_s, u"Key"_s);
        QTRY_VERIFY(scene.model()->shown());
        for (int row = 0; row < scene.model()->rowCount(); ++row) {
            QCOMPARE(scene.model()->entry(row).author, std::string("admin:ci"));
            QCOMPARE(scene.model()->entry(row).kind, std::string("key"));
        }
        QTest::keyClicks(scene.part<QLineEdit>(u"audit.search"_s), u"REVOKED"_s);
        QTRY_COMPARE(scene.model()->question().words.size(), std::size_t {1});
        QTRY_VERIFY(scene.model()->shown() && scene.model()->rowCount() > 0);
        for (int row = 0; row < scene.model()->rowCount(); ++row)
            QCOMPARE(scene.model()->entry(row).action, std::string("revoked"));
    }

    /// In the words that are shown: "Token terraform" is "admin:terraform" in the log, "removed" is "deleted".
    void isFoundByShownWords()
    {
        Scene scene;
        QTRY_VERIFY(scene.part<QComboBox>(u"audit.who"_s)->findText(u"Token terraform"_s) > 0);
        QTest::keyClicks(scene.part<QLineEdit>(u"audit.search"_s), u"token TERRAFORM removed"_s);
        QTRY_COMPARE(scene.model()->question().words.size(), std::size_t {3});
        QTRY_VERIFY(scene.model()->shown() && scene.model()->rowCount() > 0);
        for (int row = 0; row < scene.model()->rowCount(); ++row)
            QCOMPARE(scene.model()->entry(row).action, std::string("deleted"));
    }

    void theNewestIsChosenAtFirst()
    {
        Scene scene;
        QTRY_COMPARE(scene.model()->rowCount(), pageSize);
        const auto *table = scene.part<ui::widgets::TableView>(u"audit.table"_s);
        QTRY_VERIFY(table->selectionModel()->isRowSelected(0)); // what the detail is of
    }

    void filteredToNothingSaysSo()
    {
        Scene scene;
        QTRY_COMPARE(scene.model()->rowCount(), pageSize);
        QTest::keyClicks(scene.part<QLineEdit>(u"audit.search"_s), u"zzzz"_s);
        ui::widgets::EmptyState *shown = nullptr;
        QTRY_VERIFY((shown = [&] {
            for (auto *state : scene.part(u"audit"_s)->findChildren<ui::widgets::EmptyState *>())
                if (state->isVisible())
                    return state;
            return static_cast<ui::widgets::EmptyState *>(nullptr);
        }()) != nullptr);
        QTest::mouseClick(shown->findChild<Button *>(), Qt::LeftButton);
        QTRY_COMPARE(scene.model()->rowCount(), pageSize);
    }

    void showsWhatDiffersAsLines()
    {
        Scene scene;
        QTRY_VERIFY(scene.part<DiffView>(u"audit.diff"_s)->isVisible());
        // The text of the route in both versions: a row of its chain came.
        QTRY_VERIFY2(!scene.part<DiffView>(u"audit.diff"_s)->changedLines().contains(u"2 rows"_s), qPrintable(scene.part<DiffView>(u"audit.diff"_s)->changedLines()));
        QVERIFY(!scene.part<DiffView>(u"audit.diff"_s)->changedLines().isEmpty());
        QVERIFY(tests::accessibleText(scene.part(u"audit.detail"_s)).contains(scene.part<DiffView>(u"audit.diff"_s)->changedLines()));
    }

    /// A version that cannot be had any more: what the entry says, and that a secret changed, which no text has.
    void showsWhatTheEntrySaysWhereItsVersionIsGone()
    {
        Scene scene;
        QTRY_COMPARE(scene.model()->rowCount(), pageSize);
        QTest::keyClicks(scene.part<QLineEdit>(u"audit.search"_s), u"api_key"_s);
        QTRY_COMPARE(scene.title(), u"Provider openai changed"_s);
        QTRY_COMPARE(scene.part<DiffView>(u"audit.diff"_s)->changedLines(), u"- credentials.main.rpm: 500\n+ credentials.main.rpm: 600"_s);
        QCOMPARE(scene.part<ui::widgets::Label>(u"audit.sentences"_s)->text(), u"credentials.main.api_key changed"_s);
    }

    void entriesThatMadeNoVersionOfferNoWayBack()
    {
        Scene scene;
        QTRY_COMPARE(scene.model()->rowCount(), pageSize);
        auto *back = scene.part<Button>(u"audit.goBack"_s);
        QTRY_VERIFY(back->isVisible());
        QVERIFY(!back->isEnabled()); // what holds now
        scene.table()->selectRow(1); // a key was revoked
        QTRY_VERIFY(!back->isVisible());
        scene.table()->selectRow(2);
        QTRY_VERIFY(back->isVisible() && back->isEnabled());
    }

    void goesBackWithALookFirstAndCanBeUndone()
    {
        Scene scene;
        QTRY_COMPARE(scene.model()->rowCount(), pageSize);
        const auto now = scene.gateway.config();
        scene.table()->selectRow(2); // version 213
        scene.click(u"audit.goBack"_s);
        auto *dialog = scene.part<ui::widgets::Dialog>(u"rollback"_s);
        QVERIFY(dialog);
        auto *go = scene.part<Button>(u"rollback.go"_s);
        QTRY_VERIFY(go->isEnabled());
        auto *diff = dialog->findChild<DiffView *>();
        QVERIFY(diff);
        QVERIFY2(diff->changedLines().startsWith(u"- "_s), qPrintable(diff->changedLines())); // the row goes again
        QVERIFY(scene.gateway.applied().empty()); // not yet
        QTest::mouseClick(go, Qt::LeftButton);
        QTRY_COMPARE(scene.toast, u"Back to version 213"_s);
        QVERIFY(scene.gateway.config()->routes[0].plan != now->routes[0].plan);
        QTRY_VERIFY2(scene.rows(1).front().contains(u"taken back"_s), qPrintable(scene.rows(1).front()));
        scene.takeBack();
        QTRY_COMPARE(scene.toast, u"Version 214 holds again"_s);
        QVERIFY(scene.gateway.config()->routes[0].plan == now->routes[0].plan);
    }

    void refusedWayBackSaysWhy()
    {
        Scene scene;
        QTRY_COMPARE(scene.model()->rowCount(), pageSize);
        scene.table()->selectRow(2);
        scene.click(u"audit.goBack"_s);
        QTRY_VERIFY(scene.part<Button>(u"rollback.go"_s)->isEnabled());
        scene.gateway.refuseNextApply({{"routes[0].plan", "the provider together is not there"}});
        scene.click(u"rollback.go"_s);
        QTRY_COMPARE(scene.part<StateLabel>(u"rollback.state"_s)->text(), u"the provider together is not there"_s);
        QVERIFY(scene.part<Button>(u"rollback.go"_s)->isEnabled());
    }

    void saysWhatCouldNotComeBack()
    {
        Scene scene;
        QTRY_COMPARE(scene.model()->rowCount(), pageSize);
        scene.table()->selectRow(2);
        scene.click(u"audit.goBack"_s);
        QTRY_VERIFY(scene.part<Button>(u"rollback.go"_s)->isEnabled());
        scene.gateway.setLost({{"", "The secret is not there any more: the admin token ci. Enter it again.", true}});
        scene.click(u"rollback.go"_s);
        auto *lost = scene.part<SectionBanner>(u"audit.lost"_s);
        QTRY_VERIFY(lost->isVisible());
        QVERIFY(tests::accessibleText(lost).contains(u"the admin token ci"_s));
    }

    void saysThatTheChainIsWhole()
    {
        Scene scene;
        QTRY_COMPARE(scene.part<StateLabel>(u"audit.chain"_s)->text(), u"435 entries, unbroken"_s);
        QCOMPARE(scene.pane.findChild<ui::settings::ChainView *>()->state(), ui::settings::ChainView::State::Whole);
        QVERIFY(!scene.part(u"audit.broken"_s)->isVisible());
    }

    void saysWhereTheChainBreaksAndWhatToDo()
    {
        Scene scene;
        QTRY_COMPARE(scene.model()->rowCount(), pageSize);
        scene.gateway.setAuditCheck({.intact = false, .rows = 435, .brokenAt = 430, .words = "The chain breaks at entry 430 of 2026-11-16: it is not as it was written."});
        scene.click(u"audit.check"_s);
        QTRY_COMPARE(scene.part<StateLabel>(u"audit.chain"_s)->text(), u"Breaks at entry 430 of 435"_s);
        const QString words = tests::accessibleText(scene.part(u"audit.broken"_s));
        QVERIFY2(words.contains(u"not as it was written"_s) && words.contains(u"Keep a copy"_s), qPrintable(words));
        QVERIFY(scene.part(u"audit.broken"_s)->isVisible());
        QVERIFY(scene.model()->index(5, AuditModel::Number).data(ui::widgets::CellIcon).isValid()); // entry 430
        QVERIFY(!scene.model()->index(4, AuditModel::Number).data(ui::widgets::CellIcon).isValid());
    }

    void exportsWhatIsFound()
    {
        QTemporaryDir folder;
        Scene scene;
        QTRY_COMPARE(scene.model()->rowCount(), pageSize);
        scene.choose(u"audit.kind"_s, u"Key"_s);
        QTRY_VERIFY(scene.model()->shown());
        const QString path = folder.filePath(u"changes.csv"_s);
        scene.pane.findChild<ui::settings::AuditPage *>()->exportTo(path);
        QTRY_VERIFY2(scene.toast.contains(u"changes.csv"_s), qPrintable(scene.toast));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray text = file.readAll();
        QVERIFY2(text.startsWith("entry,time,who,from,kind,name,action,revision,change\r\n434,2026-11-17T13:13:07Z,admin:ci,10.20.0.17,key,search-eval,revoked,213,\r\n"), text.left(400).constData());
        QCOMPARE(text.count("\r\n"), 1 + std::ranges::count(scene.gateway.auditLog(), "key", &AuditEntry::kind)); // all pages
    }

    void exportThatCannotBeWrittenSaysSo()
    {
        Scene scene;
        QTRY_COMPARE(scene.model()->rowCount(), pageSize);
        scene.pane.findChild<ui::settings::AuditPage *>()->exportTo(u"/nowhere/at/all.csv"_s);
        QVERIFY2(scene.toast.contains(u"/nowhere/at/all.csv"_s), qPrintable(scene.toast));
        QVERIFY(scene.part<Button>(u"audit.export"_s)->isEnabled());
    }

    void failureIsSaidAndTriedAgain()
    {
        Scene scene(FakeGateway::Scene::Failing);
        auto *failure = scene.part<SectionBanner>(u"audit.failure"_s);
        QTRY_VERIFY(failure->isVisible());
        QVERIFY(tests::accessibleText(failure).contains(u"disk I/O error"_s));
        QTRY_COMPARE(scene.part<StateLabel>(u"audit.chain"_s)->text(), u"Cannot be checked"_s);
        scene.gateway.setScene(FakeGateway::Scene::Full);
        QTest::mouseClick(failure->findChild<Button *>(), Qt::LeftButton);
        QTRY_COMPARE(scene.model()->rowCount(), pageSize);
        QVERIFY(!failure->isVisible());
    }

    void waitingCanBeCancelled()
    {
        Scene scene(FakeGateway::Scene::Waiting);
        auto *skeleton = scene.part(u"audit"_s)->findChild<ui::widgets::SkeletonView *>();
        QVERIFY(skeleton->isVisible() && skeleton->waiting());
        Q_EMIT skeleton->cancelled();
        QVERIFY(scene.part(u"audit.failure"_s)->isVisible());
    }

    /// Nothing is asked for a page that nobody sees.
    void asksOnlyWhileItIsShown()
    {
        FakeGateway gateway;
        ui::bridge::ViewContext view(FakeGateway::sceneTime);
        ui::settings::SettingsPane pane({&gateway, &view, nullptr, nullptr});
        pane.show();
        pane.setActive(true);
        gateway.addAudit({.author = "window", .from = "window", .kind = "team", .name = "x", .action = "created"});
        QTest::qWait(10);
        QCOMPARE(gateway.questions(u"audit"_s), 0);
        QCOMPARE(gateway.questions(u"checkAudit"_s), 0);
        pane.openItem(u"audit"_s);
        QTRY_COMPARE(gateway.questions(u"checkAudit"_s), 1);
    }

    void isFoundBySearchAndLeftByIt()
    {
        Scene scene;
        auto *search = scene.part<QLineEdit>(u"search"_s);
        QTest::keyClicks(search, u"history"_s);
        QTRY_VERIFY(scene.part(u"auditLine"_s)->isVisible());
        QVERIFY(!scene.part(u"audit"_s)->isVisible());
        scene.click(u"showAudit"_s);
        QVERIFY(scene.part(u"audit"_s)->isVisible());
    }

    void wordsAreThoseOfPeople()
    {
        using namespace ui::settings;
        QCOMPARE(whoWords("admin:owner"), u"Token owner"_s);
        QCOMPARE(whoWords("file /etc/signalbox/gateway.yaml"), u"File gateway.yaml"_s);
        QCOMPARE(kindWords("admin-token"), u"Admin token"_s);
        const SaidChange said = saidBy({.kind = "provider", .action = "changed", .diff = "base_url: http://a/x; y -> http://b; models gpt-5 added"});
        QCOMPARE(said.before, u"base_url: http://a/x; y\n"_s); // a value may hold what stands between two
        QCOMPARE(said.after, u"base_url: http://b\n"_s);
        QCOMPARE(said.sentences, QStringList {u"models gpt-5 added"_s});
    }

private:
    ui::widgets::Theme m_theme;
};

int main(int argc, char **argv)
{
    FakeGateway::fixZoneAndLocale();
    QApplication app(argc, argv);
    tst_AuditPage test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_audit_page.moc"
