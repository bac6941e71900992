// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/fake_gateway.h"
#include "ui/panes/costs/costs_pane.h"
#include "ui/panes/costs/sql_edit.h"
#include "ui/panes/costs/sql_results.h"
#include "ui/panes/costs/sql_view.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/states.h"
#include "ui/widgets/table_view.h"
#include "ui/widgets/theme.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QListWidget>
#include <QScrollBar>
#include <QSettings>
#include <QSignalSpy>
#include <QStackedWidget>
#include <QTemporaryDir>
#include <QTreeWidget>
#include <QtTest>

#include <ctime>

using namespace Qt::StringLiterals;
using namespace ui::costs;
using tests::FakeGateway;
using tests::FakeSql;
using ui::widgets::Button;

namespace {

/// Midnight of 1 November in Berlin.
const gateway::WallTime november = std::chrono::sys_days(std::chrono::November / 1 / 2026) - std::chrono::hours(1);

struct Scene
{
    explicit Scene(FakeGateway::Scene scene = FakeGateway::Scene::Full, QSettings *settings = nullptr) : gateway(scene), view(FakeGateway::sceneTime), pane({&gateway, &view, nullptr, settings})
    {
        pane.resize(1368, 780);
        pane.show();
        pane.setActive(true);
        pane.setShape(CostsPane::Shape::Sql);
        QApplication::setActiveWindow(&pane);
    }
    template <typename T = QWidget>
    T *part(const QString &name)
    {
        return pane.findChild<T *>(u"costs."_s + name);
    }
    SqlEdit *edit() { return part<SqlEdit>(u"sqlEdit"_s); }
    ui::widgets::TableView *table() { return part<ui::widgets::TableView>(u"sqlResult"_s); }
    QString state() { return part<ui::widgets::StateLabel>(u"sqlState"_s)->text(); }
    QString note() { return part<ui::widgets::Label>(u"sqlNote"_s)->text(); }
    QString problem() { return part<ui::widgets::Label>(u"sqlProblem"_s)->isVisible() ? part<ui::widgets::Label>(u"sqlProblem"_s)->text() : QString(); }
    void click(const QString &name) { part<Button>(name)->click(); }
    void type(const QString &text) { edit()->setPlainText(text); }
    void runKey() { QTest::keyClick(edit(), Qt::Key_Return, Qt::ControlModifier); }
    std::string lastAsked() { return gateway.sql().asked().empty() ? std::string() : gateway.sql().asked().back(); }

    FakeGateway gateway;
    ui::bridge::ViewContext view;
    CostsPane pane;
};

} // namespace

/// The SQL console as a person has it: what it shows, what its keys do, what it keeps.
class tst_SqlView : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<ui::widgets::Theme>(); }
    void cleanupTestCase() { m_theme.reset(); }
    void anEmptyOneOffersSamples();
    void theLimitIsSeen();
    void writesAreRefusedAtTheirWord();
    void errorsMarkTheirWord();
    void cancelIsImmediate();
    void aNewerQueryWins();
    void f4BringsTheBuildersQuestion();
    void theBuildersWordsFollowItsChoices();
    void resultsAreShownHonestly();
    void aCallOpens();
    void cellsAreCopied();
    void csvIsWritten();
    void aMillionRowsDoNotStopTheWindow();
    void theChartIsOfTheResult();
    void queriesAreSavedAndComeBack();
    void theSchemaInsertsNames();
    void completionIsAccepted();
    void failureOffersRetry();
    void waitingTellsTheTime();
    void allPartsHaveNames();

private:
    std::unique_ptr<ui::widgets::Theme> m_theme;
};

void tst_SqlView::anEmptyOneOffersSamples()
{
    Scene scene(FakeGateway::Scene::Empty);
    for (int i = 1; i <= 5; ++i)
        QVERIFY(scene.part<Button>(u"sqlSample%1"_s.arg(i))->isVisible());
    scene.click(u"sqlSample1"_s);
    QCOMPARE(scene.edit()->toPlainText(), QString::fromStdString(scene.lastAsked()));
    QTRY_VERIFY(scene.table()->isVisible());
    QVERIFY(scene.table()->model()->rowCount() > 0);
}

void tst_SqlView::theLimitIsSeen()
{
    Scene scene;
    scene.type(u"SELECT team FROM calls;"_s);
    scene.runKey();
    QCOMPARE(scene.edit()->toPlainText(), u"SELECT team FROM calls\nLIMIT 1000;"_s);
    QCOMPARE(scene.lastAsked(), std::string("SELECT team FROM calls\nLIMIT 1000;"));
    QVERIFY(scene.part(u"sqlLimit"_s)->isVisible());
    QCOMPARE(scene.edit()->extraSelections().size(), 1);
    scene.edit()->undo();
    QCOMPARE(scene.edit()->toPlainText(), u"SELECT team FROM calls;"_s);
    QVERIFY(!scene.part(u"sqlLimit"_s)->isVisible());
    scene.type(u"SELECT team FROM calls LIMIT 5"_s);
    scene.runKey();
    QCOMPARE(scene.edit()->toPlainText(), u"SELECT team FROM calls LIMIT 5"_s);
    QVERIFY(!scene.part(u"sqlLimit"_s)->isVisible());
}

void tst_SqlView::writesAreRefusedAtTheirWord()
{
    Scene scene;
    scene.type(u"-- é\nDELETE FROM calls"_s);
    scene.runKey();
    QVERIFY(scene.gateway.sql().asked().empty());
    QVERIFY(scene.problem().startsWith(u"DELETE is refused: this console only reads."_s));
    QCOMPARE(scene.edit()->extraSelections().size(), 1);
    QCOMPARE(scene.edit()->extraSelections().front().cursor.selectedText(), u"DELETE"_s);
    QCOMPARE(scene.edit()->textCursor().position(), 5); // the caret stands there
    QTest::keyClick(scene.edit(), Qt::Key_End);
    QTest::keyClicks(scene.edit(), u" "_s);
    QVERIFY(scene.problem().isEmpty());
    QVERIFY(scene.edit()->extraSelections().isEmpty());
}

void tst_SqlView::errorsMarkTheirWord()
{
    Scene scene;
    scene.gateway.sql().setAnswer([](const gateway::SqlQuestion &) { return gateway::SqlOutcome(std::unexpected(gateway::SqlProblem {.message = "There is no column teem in what is read. Did you mean team?", .from = 7, .to = 11})); });
    scene.type(u"SELECT teem FROM calls"_s);
    scene.runKey();
    QTRY_VERIFY(scene.problem().contains(u"Did you mean team?"_s));
    QCOMPARE(scene.state(), u"Not run"_s);
    QCOMPARE(scene.edit()->extraSelections().back().cursor.selectedText(), u"teem"_s);
    QCOMPARE(scene.edit()->accessibleDescription(), scene.problem());
}

void tst_SqlView::cancelIsImmediate()
{
    Scene scene;
    scene.gateway.sql().setWaiting(true);
    scene.type(u"SELECT 1"_s);
    scene.runKey();
    auto *view = scene.part<SqlView>(u"sql"_s);
    QVERIFY(view->running());
    QCOMPARE(scene.part<Button>(u"sqlRun"_s)->text(), u"Cancel"_s);
    QTest::keyClick(scene.edit(), Qt::Key_Escape);
    QVERIFY(!view->running());
    QCOMPARE(scene.gateway.sql().cancelled(), 1);
    QCOMPARE(scene.state(), u"Cancelled"_s);
    QCOMPARE(scene.part<Button>(u"sqlRun"_s)->text(), u"Run"_s);
    scene.runKey();
    QVERIFY(view->running());
    scene.click(u"sqlRun"_s);
    QVERIFY(!view->running());
}

void tst_SqlView::aNewerQueryWins()
{
    Scene scene;
    scene.type(u"SELECT 1"_s);
    scene.runKey();
    scene.type(u"SELECT 2"_s);
    scene.runKey();
    scene.gateway.sql().setAnswer([](const gateway::SqlQuestion &question) { return FakeSql::answerOf(question, {u"x"_s}, {{QString::fromStdString(question.text).mid(7, 1)}}); });
    QTRY_COMPARE(scene.table()->model()->rowCount(), 1);
    QTest::qWait(0);
    QCOMPARE(scene.table()->model()->index(0, 0).data().toString(), u"2"_s);
}

void tst_SqlView::f4BringsTheBuildersQuestion()
{
    Scene scene;
    scene.view.setRange({0, november, november + std::chrono::hours(30 * 24)});
    scene.type(u"SELECT mine"_s);
    scene.pane.setShape(CostsPane::Shape::Chart);
    QTest::keyClick(&scene.pane, Qt::Key_F4);
    QCOMPARE(scene.pane.shape(), CostsPane::Shape::Sql);
    QVERIFY2(scene.edit()->toPlainText().contains(u"FROM usage_hours"_s), qPrintable(scene.edit()->toPlainText()));
    QVERIFY(scene.edit()->toPlainText().contains(u"team, sum(cost_nano) / 1e9 AS usd"_s));
    QVERIFY(!scene.lastAsked().empty());
    scene.edit()->undo();
    QCOMPARE(scene.edit()->toPlainText(), u"SELECT mine"_s); // nothing is lost
    QTest::keyClick(scene.edit(), Qt::Key_F4);
    QCOMPARE(scene.pane.shape(), CostsPane::Shape::Chart);
}

void tst_SqlView::theBuildersWordsFollowItsChoices()
{
    Scene scene;
    scene.view.setRange({0, november, november + std::chrono::hours(30 * 24)});
    scene.view.setFilterText(u"route:smart NOT key:\"it's\""_s);
    scene.pane.showAsSql();
    QCOMPARE(scene.edit()->toPlainText(),
        u"-- Cost by team, November 2026\nSELECT day, team, sum(cost_nano) / 1e9 AS usd\nFROM usage_hours\nWHERE from_us >= us_of('2026-11-01') AND from_us < us_of('2026-12-01')\n"
        "  AND ((route IS 'smart') AND (NOT (key IS 'it''s')))\nGROUP BY day, team\nORDER BY day, usd DESC\nLIMIT 10000"_s);
    scene.view.setFilterText(u"latency:>2s"_s);
    scene.pane.showAsSql();
    QVERIFY(scene.edit()->toPlainText().contains(u"FROM calls\nWHERE started_us >= us_of('2026-11-01')"_s));
    QVERIFY(scene.edit()->toPlainText().contains(u"-- of the calls that the log still has"_s));
    QVERIFY(scene.edit()->toPlainText().contains(u"((latency_ms > 2000) IS TRUE)"_s));
}

void tst_SqlView::resultsAreShownHonestly()
{
    Scene scene;
    scene.gateway.sql().setAnswer([](const gateway::SqlQuestion &question) {
        return FakeSql::answerOf(question, {u"team"_s, u"n"_s, u"usd"_s, u"raw"_s}, {{u"search"_s, u"1204"_s, u"0.0042"_s, u"x'00ff10'"_s}, {u"NULL"_s, u"-5"_s, u"NULL"_s, u"NULL"_s}, {u""_s, u"0"_s, u"1234.5"_s, u"two\nlines"_s}});
    });
    scene.type(u"SELECT 1"_s);
    scene.runKey();
    QTRY_COMPARE(scene.table()->model()->rowCount(), 3);
    const QAbstractItemModel *model = scene.table()->model();
    const QAbstractItemModelTester tester(scene.table()->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    const auto cell = [model](int row, int column) { return model->index(row, column).data().toString(); };
    QCOMPARE(cell(0, 1), u"1204"_s);
    QCOMPARE(cell(0, 2), u"0.0042"_s);
    QCOMPARE(cell(0, 3), u"blob of 3 bytes"_s);
    QCOMPARE(cell(1, 0), u"NULL"_s);
    QCOMPARE(cell(2, 0), QString()); // an empty text is no NULL
    QCOMPARE(cell(2, 2), u"1234.5"_s);
    QCOMPARE(cell(2, 3), u"two⏎lines"_s);
    QCOMPARE(model->index(1, 0).data(ui::widgets::CellRoleColor).toInt(), int(ui::widgets::Role::Muted));
    QVERIFY(model->index(0, 1).data(Qt::TextAlignmentRole).toInt() & Qt::AlignRight);
    QVERIFY(model->index(0, 0).data(Qt::TextAlignmentRole).toInt() & Qt::AlignLeft);
    QCOMPARE(scene.state(), u"3 rows"_s);
    QCOMPARE(scene.note(), u"38 ms"_s);
}

void tst_SqlView::aCallOpens()
{
    Scene scene;
    scene.type(u"SELECT id FROM calls"_s);
    scene.runKey();
    QTRY_VERIFY(scene.table()->model()->rowCount() > 0);
    QSignalSpy opened(&scene.view, &ui::bridge::ViewContext::paneRequested);
    scene.table()->setCurrentIndex(scene.table()->model()->index(3, 0));
    QTest::keyClick(scene.table(), Qt::Key_Return);
    QCOMPARE(opened.count(), 1);
    QCOMPARE(opened.front().at(0).toString(), u"calls"_s);
    QVERIFY(opened.front().at(1).toString().startsWith(u"call_"_s));
    scene.table()->setCurrentIndex(scene.table()->model()->index(3, 2));
    QTest::keyClick(scene.table(), Qt::Key_Return);
    QCOMPARE(opened.count(), 1); // a team is no call
}

void tst_SqlView::cellsAreCopied()
{
    Scene scene;
    scene.gateway.sql().setAnswer([](const gateway::SqlQuestion &question) { return FakeSql::answerOf(question, {u"a"_s, u"b"_s}, {{u"one"_s, u"0.1"_s}, {u"NULL"_s, u"2000"_s}}); });
    scene.type(u"SELECT 1"_s);
    scene.runKey();
    QTRY_COMPARE(scene.table()->model()->rowCount(), 2);
    scene.table()->selectAll();
    QTest::keyClick(scene.table(), Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QGuiApplication::clipboard()->text(), u"one\t0.1\n\t2000"_s);
    scene.table()->clearSelection();
    scene.table()->setCurrentIndex(scene.table()->model()->index(1, 1));
    QTest::keyClick(scene.table(), Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(QGuiApplication::clipboard()->text(), u"b\n2000"_s);
}

void tst_SqlView::csvIsWritten()
{
    Scene scene;
    scene.gateway.sql().setAnswer([](const gateway::SqlQuestion &question) { return FakeSql::answerOf(question, {u"a"_s, u"b"_s}, {{u"=1+1"_s, u"-0.5"_s}, {u"x,y"_s, u"NULL"_s}}); });
    scene.type(u"SELECT 1"_s);
    scene.runKey();
    QTRY_COMPARE(scene.table()->model()->rowCount(), 2);
    const QTemporaryDir folder;
    auto *results = scene.pane.findChild<SqlResults *>();
    QSignalSpy written(results, &SqlResults::exported);
    QSignalSpy failed(results, &SqlResults::exportFailed);
    results->exportTo(folder.filePath(u"query.csv"_s));
    QTRY_COMPARE(written.count(), 1);
    QFile file(folder.filePath(u"query.csv"_s));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("a,b\r\n'=1+1,-0.5\r\n\"x,y\",\r\n"));
    results->exportTo(u"/nonexistent/query.csv"_s);
    QTRY_COMPARE(failed.count(), 1);
}

void tst_SqlView::aMillionRowsDoNotStopTheWindow()
{
    Scene scene;
    auto answer = std::make_shared<gateway::SqlAnswer>();
    answer->result = gateway::SqlResult({"day", "team", "usd"});
    for (int i = 0; i < 1'000'000; ++i) {
        answer->result.addText(i % 2 ? "2026-11-01" : "2026-11-02");
        answer->result.addText("search");
        answer->result.addReal(i / 7.0);
    }
    auto *results = scene.pane.findChild<SqlResults *>();
    const auto measured = [](const char *what, const std::function<void()> &work) {
        const std::clock_t began = std::clock();
        work();
        QCoreApplication::processEvents();
        const auto took = (std::clock() - began) * 1000 / CLOCKS_PER_SEC; // of this process: others may have the machine
        qInfo("%s: %ld ms", what, static_cast<long>(took));
        return took;
    };
    scene.type(u"SELECT 1"_s);
    scene.gateway.sql().setAnswer([answer](const gateway::SqlQuestion &) { return gateway::SqlOutcome(answer); });
    scene.runKey();
    QTRY_COMPARE(results->model().rowCount(), 1'000'000);
    QVERIFY(measured("a million rows come", [&] { results->setAnswer(answer); }) < 100);
    QVERIFY(measured("to the end", [&] { scene.table()->verticalScrollBar()->setValue(scene.table()->verticalScrollBar()->maximum()); }) < 100);
    QVERIFY(measured("as a chart", [&] { results->showChart(true); }) < 100);
}

void tst_SqlView::theChartIsOfTheResult()
{
    Scene scene;
    scene.type(u"SELECT day, team, usd FROM usage_hours"_s);
    scene.runKey();
    QTRY_VERIFY(scene.table()->model()->rowCount() > 0);
    scene.part<ui::widgets::SegmentedControl>(u"sqlShape"_s)->setCurrent(1);
    auto *bars = scene.part<CostBars>(u"sqlBars"_s);
    QVERIFY(bars->isVisible());
    QCOMPARE(bars->picture().bars(), 17);
    QCOMPARE(bars->picture().series.size(), 6);
    scene.gateway.sql().setAnswer([](const gateway::SqlQuestion &question) { return FakeSql::answerOf(question, {u"team"_s}, {{u"search"_s}}); });
    scene.runKey();
    QTRY_VERIFY(scene.part(u"sqlNoChart"_s)->isVisible());
}

void tst_SqlView::queriesAreSavedAndComeBack()
{
    const QTemporaryDir folder;
    QSettings settings(folder.filePath(u"window.ini"_s), QSettings::IniFormat);
    std::function<void()> undo;
    {
        Scene scene(FakeGateway::Scene::Full, &settings);
        QObject::connect(&scene.view, &ui::bridge::ViewContext::toastRequested, &scene.pane, [&undo](const QString &, const std::function<void()> &back) { undo = back; });
        scene.type(u"SELECT 1 LIMIT 1"_s);
        scene.click(u"sqlSave"_s);
        scene.click(u"sqlSave"_s);
        auto *list = scene.part<QListWidget>(u"sqlSaved"_s);
        QCOMPARE(list->count(), 2);
        list->item(0)->setText(u"ones"_s);
        list->item(1)->setText(u"ones"_s);
        QCOMPARE(list->item(1)->text(), u"ones 2"_s);
        list->setCurrentRow(0);
        list->setFocus();
        QTest::keyClick(list, Qt::Key_Delete);
        QCOMPARE(list->count(), 1);
        QVERIFY(undo);
        undo();
        QCOMPARE(list->count(), 2);
        QCOMPARE(list->item(0)->text(), u"ones"_s);
        scene.runKey();
        scene.type(u"SELECT draft"_s);
        QTRY_COMPARE(settings.value(u"costs/sql/draft"_s).toString(), u"SELECT draft"_s);
    }
    Scene again(FakeGateway::Scene::Full, &settings);
    QCOMPARE(again.edit()->toPlainText(), u"SELECT draft"_s);
    QCOMPARE(again.part<QListWidget>(u"sqlSaved"_s)->count(), 2);
    auto *history = again.part<QListWidget>(u"sqlHistory"_s);
    QCOMPARE(history->count(), 1);
    history->setCurrentRow(0);
    QTest::keyClick(history, Qt::Key_Return);
    QCOMPARE(again.edit()->toPlainText(), u"SELECT 1 LIMIT 1"_s);
}

void tst_SqlView::theSchemaInsertsNames()
{
    Scene scene;
    scene.type(u"SELECT"_s);
    scene.edit()->moveCursor(QTextCursor::End);
    auto *tree = scene.part<QTreeWidget>(u"sqlSchema"_s);
    QCOMPARE(tree->topLevelItem(0)->text(0), u"calls"_s);
    Q_EMIT tree->itemDoubleClicked(tree->topLevelItem(0)->child(5), 0);
    QCOMPARE(scene.edit()->toPlainText(), u"SELECT team"_s);
    tree->setCurrentItem(tree->topLevelItem(1));
    QTest::keyClick(tree, Qt::Key_Return);
    QCOMPARE(scene.edit()->toPlainText(), u"SELECT team attempts"_s);
}

void tst_SqlView::completionIsAccepted()
{
    Scene scene;
    scene.edit()->clear();
    scene.edit()->setFocus();
    QTest::keyClicks(scene.edit(), u"SELECT cust"_s);
    QTRY_VERIFY(scene.edit()->offers());
    QTest::keyClick(scene.edit(), Qt::Key_Tab);
    QCOMPARE(scene.edit()->toPlainText(), u"SELECT customer"_s);
    QVERIFY(!scene.edit()->offers());
    QTest::keyClicks(scene.edit(), u" fr"_s);
    QTRY_VERIFY(scene.edit()->offers());
    QTest::keyClick(scene.edit(), Qt::Key_Return); // nothing is chosen: it ends the line
    QCOMPARE(scene.edit()->toPlainText(), u"SELECT customer fr\n"_s);
}

void tst_SqlView::failureOffersRetry()
{
    Scene scene(FakeGateway::Scene::Failing);
    scene.type(u"SELECT 1"_s);
    scene.runKey();
    auto *banner = scene.part<ui::widgets::SectionBanner>(u"sqlBanner"_s);
    QTRY_VERIFY(banner->isVisible());
    QCOMPARE(scene.state(), u"Failed"_s);
    scene.gateway.sql().setFailing(false);
    Q_EMIT banner->retried();
    QTRY_VERIFY(scene.table()->isVisible());
    QVERIFY(!banner->isVisible());
}

void tst_SqlView::waitingTellsTheTime()
{
    Scene scene(FakeGateway::Scene::Waiting);
    scene.type(u"SELECT 1"_s);
    scene.runKey();
    QCOMPARE(scene.state(), u"Running"_s);
    scene.gateway.sql().tellProgress({.rows = 12'000, .elapsed = std::chrono::milliseconds(300)});
    QTRY_VERIFY(scene.note().endsWith(u"12,000 rows so far"_s));
}

void tst_SqlView::allPartsHaveNames()
{
    Scene scene;
    scene.type(u"SELECT 1"_s);
    scene.runKey();
    QTRY_VERIFY(scene.table()->isVisible());
    for (const QWidget *widget : scene.part(u"sql"_s)->findChildren<QWidget *>()) {
        if (widget->isVisible() && widget->focusPolicy() != Qt::NoFocus && !widget->inherits("QScrollBar") && !qobject_cast<const QHeaderView *>(widget))
            QVERIFY2(!widget->accessibleName().isEmpty() || !widget->property("text").toString().isEmpty(), qPrintable(widget->objectName() + u' ' + QString::fromLatin1(widget->metaObject()->className())));
    }
}

int main(int argc, char **argv)
{
    FakeGateway::fixZoneAndLocale();
    QApplication app(argc, argv);
    tst_SqlView test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_sql_view.moc"
