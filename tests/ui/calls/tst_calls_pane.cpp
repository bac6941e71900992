// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/calls/calls_scene.h"
#include "ui/panes/calls/call_inspector.h"
#include "ui/panes/calls/counts_bar.h"
#include "ui/panes/filter_terms.h"
#include "ui/widgets/filter_edit.h"
#include "ui/widgets/states.h"
#include "ui/widgets/theme.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QMenu>
#include <QScrollBar>
#include <QSignalSpy>

using namespace Qt::StringLiterals;
using gateway::CallRecord;
using tests::FakeGateway;
using tests::calls::Scene;
using namespace ui::calls;

namespace {

void dragOver(HistogramView *histogram, double from, double to)
{
    const QRect plot = histogram->plot();
    const auto at = [&](double share) { return QPoint(plot.left() + int(share * plot.width()), plot.center().y()); };
    QTest::mousePress(histogram, Qt::LeftButton, {}, at(from));
    QTest::mouseMove(histogram, at((from + to) / 2));
    QTest::mouseMove(histogram, at(to));
    QTest::mouseRelease(histogram, Qt::LeftButton, {}, at(to));
}

} // namespace

class tst_CallsPane : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<ui::widgets::Theme>(); }
    void cleanupTestCase() { m_theme.reset(); }

    void rowsComeFirstThenTheCounts()
    {
        Scene scene;
        QTRY_VERIFY(scene.table()->model()->rowCount() > 0);
        QCOMPARE(scene.cell(0, Column::Time), u"14:32:06.418"_s);
        QTRY_COMPARE(scene.counts(), u"15,120 calls"_s);
    }

    void pagesFollowWithoutGapOrDouble()
    {
        Scene scene;
        QTRY_COMPARE(scene.model()->rowCount(), 500);
        for (int pages = 2; pages <= 4; ++pages) {
            scene.table()->verticalScrollBar()->setValue(scene.table()->verticalScrollBar()->maximum());
            QTRY_COMPARE(scene.model()->rowCount(), 500 * pages);
        }
        QSet<QString> ids;
        for (int row = 0; row < scene.model()->rowCount(); ++row)
            ids.insert(scene.model()->idAt(row));
        QCOMPARE(ids.size(), 2000);
        for (int row = 1; row < scene.model()->rowCount(); ++row)
            QVERIFY(scene.model()->call(row - 1)->record.startedAt >= scene.model()->call(row)->record.startedAt);
    }

    void modelKeepsItsPromises()
    {
        FakeGateway gateway;
        CallListModel model(&gateway);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        tester.setUseFetchMore(false); // it fetches without asking canFetchMore()
        model.setQuestion({FakeGateway::sceneTime() - std::chrono::hours {1}, gateway::WallTime::max()}, {});
        QTRY_COMPARE(model.rowCount(), 500);
        model.fetchMore({});
        QTRY_COMPARE(model.rowCount(), 1000);
        CallRecord late = gateway.madeCall(7);
        late.id = "call_LATE";
        gateway.addCall(late);
        model.askNew();
        QTRY_COMPARE(model.rowCount(), 1001);
        QVERIFY(model.rowOf(u"call_LATE"_s) > 0); // where it began, not on top
    }

    void pagesFarAwayAreGivenUpAndReadAgain()
    {
        Scene scene(FakeGateway::Scene::Full, manyCalls(30'000));
        QTRY_COMPARE(scene.model()->rowCount(), 500);
        const QString first = scene.model()->idAt(0);
        while (scene.model()->rowCount() < 25'000) {
            const int before = scene.model()->rowCount();
            scene.table()->verticalScrollBar()->setValue(before);
            QTRY_VERIFY(scene.model()->rowCount() > before);
        }
        QVERIFY(scene.model()->loadedRows() <= CallListModel::mostRows);
        QVERIFY(!scene.model()->call(0));
        QCOMPARE(scene.model()->idAt(0), first);
        scene.table()->verticalScrollBar()->setValue(0);
        QTRY_VERIFY(scene.model()->call(0));
        QCOMPARE(scene.model()->call(0)->record.id, first.toStdString());
        QVERIFY(scene.model()->loadedRows() <= CallListModel::mostRows);
    }

    void newCallShowsAtOnceAtTheTop()
    {
        Scene scene;
        QTRY_COMPARE(scene.model()->rowCount(), 500);
        const QString id = scene.addCall(1, 0.2);
        QTRY_COMPARE(scene.table()->topId(), id);
        QVERIFY(!scene.part<QPushButton>(u"new"_s)->isVisible());
    }

    void scrolledRowsStayWhileCallsArrive()
    {
        Scene scene;
        QTRY_COMPARE(scene.model()->rowCount(), 500);
        scene.table()->verticalScrollBar()->setValue(40);
        const QString top = scene.table()->topId();
        for (int i = 0; i < 50; ++i)
            scene.addCall(i, 0.5 - i * 0.005);
        auto *pill = scene.part<QPushButton>(u"new"_s);
        QTRY_COMPARE(pill->text(), u"50 new"_s);
        QCOMPARE(scene.table()->topId(), top);
        QTest::mouseClick(pill, Qt::LeftButton);
        QCOMPARE(scene.table()->verticalScrollBar()->value(), 0);
        QVERIFY(!pill->isVisible());
    }

    void callThatIsReadStaysAtTheTop()
    {
        Scene scene;
        QTRY_COMPARE(scene.model()->rowCount(), 500);
        QTest::mouseClick(scene.table()->viewport(), Qt::LeftButton, {}, QPoint(200, 12));
        QVERIFY(scene.pane.inspector()->isVisible());
        const QString top = scene.table()->topId();
        scene.addCall(1, 0.2);
        QTRY_COMPARE(scene.part<QPushButton>(u"new"_s)->text(), u"1 new"_s);
        QCOMPARE(scene.table()->topId(), top);
    }

    void pausedListAsksNothing()
    {
        Scene scene;
        QTRY_COMPARE(scene.counts(), u"15,120 calls"_s);
        scene.view.setLive(false);
        const int asked = scene.gateway.questions(u"calls"_s);
        const QString id = scene.addCall(1, 0.2);
        QCoreApplication::processEvents();
        for (const auto *timer : scene.pane.findChildren<QTimer *>(QString(), Qt::FindDirectChildrenOnly))
            QVERIFY(!timer->isActive()); // nothing will ask later either
        QCOMPARE(scene.gateway.questions(u"calls"_s), asked);
        scene.view.setLive(true);
        QTRY_COMPARE(scene.table()->topId(), id);
    }

    void staleAnswersAreDropped()
    {
        Scene scene;
        QVERIFY(scene.view.setFilterText(u"team:search"_s));
        QVERIFY(scene.view.setFilterText(u"team:growth"_s));
        QTRY_VERIFY(!scene.model()->asking());
        for (int row = 0; row < scene.model()->rowCount(); ++row)
            QCOMPARE(scene.cell(row, Column::Team), u"growth"_s);
        QVERIFY(scene.model()->rowCount() > 0);
    }

    void invalidFilterKeepsTheResults()
    {
        Scene scene;
        ui::widgets::FilterEdit edit;
        connect(&edit, &ui::widgets::FilterEdit::filterChanged, &scene.view, &ui::bridge::ViewContext::setFilter);
        edit.setText(u"team:growth"_s);
        QTest::keyClick(&edit, Qt::Key_Return);
        QTRY_VERIFY(!scene.model()->asking());
        QTRY_COMPARE(scene.cell(0, Column::Team), u"growth"_s);
        const int rows = scene.model()->rowCount(), asked = scene.gateway.questions(u"calls"_s);
        edit.setText(u"team:growth nosuchfield:1"_s);
        QTest::keyClick(&edit, Qt::Key_Return);
        QCOMPARE(edit.state(), ui::widgets::FilterEdit::State::Invalid);
        QCOMPARE(scene.gateway.questions(u"calls"_s), asked);
        QCOMPARE(scene.model()->rowCount(), rows);
        QCOMPARE(scene.view.filter().text(), "team:growth");
    }

    void keysStepWithinTheFilterAlone()
    {
        Scene scene;
        scene.filter(u"team:growth"_s);
        scene.table()->setFocus();
        QTest::keyClick(scene.table(), Qt::Key_J);
        QTest::keyClick(scene.table(), Qt::Key_Return);
        QVERIFY(scene.pane.inspector()->isVisible());
        for (int i = 0; i < 40; ++i) {
            QTest::keyClick(scene.table(), Qt::Key_J);
            QCOMPARE(scene.pane.inspector()->record().team, "growth");
            QCOMPARE(scene.pane.inspector()->id(), scene.model()->idAt(i + 1));
        }
        QTest::keyClick(scene.table(), Qt::Key_K);
        QCOMPARE(scene.pane.inspector()->id(), scene.model()->idAt(39));
        QTest::keyClick(scene.table(), Qt::Key_Escape);
        QVERIFY(!scene.pane.inspector()->isVisible());
    }

    void stepAtTheEndReadsTheNextPage()
    {
        Scene scene;
        QTRY_COMPARE(scene.model()->rowCount(), 500);
        scene.table()->showRow(499);
        QTest::keyClick(scene.table(), Qt::Key_J);
        QTRY_COMPARE(scene.table()->currentIndex().row(), 500);
    }

    void cellMenuIncludesAndExcludes()
    {
        Scene scene;
        QTRY_COMPARE(scene.model()->rowCount(), 500);
        const auto choose = [&](const QString &text) {
            const QRect cell = scene.table()->visualRect(scene.model()->index(0, int(Column::Team)));
            QContextMenuEvent event(QContextMenuEvent::Mouse, cell.center(), scene.table()->viewport()->mapToGlobal(cell.center()));
            QApplication::sendEvent(scene.table()->viewport(), &event);
            auto *menu = scene.part<QMenu>(u"cellMenu"_s);
            QVERIFY(menu);
            for (QAction *action : menu->actions())
                if (action->text() == text)
                    action->trigger();
            delete menu;
        };
        choose(u"Show only team:support"_s);
        QCOMPARE(scene.view.filter().text(), "team:support");
        QTRY_VERIFY(!scene.model()->asking());
        QVERIFY(scene.view.setFilterText(u"status:>=400 OR attempts:>1"_s));
        QTRY_VERIFY(!scene.model()->asking());
        choose(u"Leave out team:support"_s);
        QCOMPARE(scene.view.filter().text(), "(status:>=400 OR attempts:>1) NOT team:support");
        QTRY_VERIFY(!scene.model()->asking());
        for (int row = 0; row < scene.model()->rowCount(); ++row)
            QVERIFY(scene.cell(row, Column::Team) != u"support");
    }

    void everyCellsTermIsValidAndFindsItsCall_data()
    {
        QTest::addColumn<int>("number");
        for (const int number : {0, 3, 5, 40})
            QTest::addRow("call %d", number) << number;
    }

    void everyCellsTermIsValidAndFindsItsCall()
    {
        QFETCH(int, number);
        Scene scene;
        QTRY_COMPARE(scene.model()->rowCount(), 500);
        const RowPtr row = scene.model()->call(number);
        for (int i = 0; i < columnCount; ++i) {
            const QString term = filterTerm(row->record, Column(i));
            if (term.isEmpty())
                continue;
            QVERIFY2(scene.view.setFilterText(u"id:"_s + QString::fromStdString(row->record.id) + u' ' + term), qPrintable(term));
            QTRY_VERIFY(!scene.model()->asking());
            QVERIFY2(scene.model()->rowCount() == 1, qPrintable(term));
        }
    }

    void termIsAddedOnce()
    {
        QCOMPARE(withTerm(u""_s, u"team:a"_s, false), u"team:a"_s);
        QCOMPARE(withTerm(u"team:a"_s, u"team:a"_s, false), u"team:a"_s);
        QCOMPARE(withTerm(u"team:a"_s, u"team:a"_s, true), u"team:a NOT team:a"_s);
        QCOMPARE(withTerm(u"x OR y"_s, u"team:a"_s, false), u"(x OR y) team:a"_s);
        QCOMPARE(withTerm(u"team:a cost:>1"_s, u"team:\"a\""_s, false), u"team:a cost:>1"_s);
        QCOMPARE(ui::panes::withFilter(u"team:a model:m"_s, u"model:m team:\"a\""_s), u"team:a model:m"_s);
        QCOMPARE(ui::panes::withFilter(u"team:a"_s, u"model:m team:a"_s), u"team:a model:m team:a"_s);
        QCOMPARE(ui::panes::withFilter(u"team:a"_s, u"x OR y"_s), u"team:a (x OR y)"_s);
        QCOMPARE(ui::panes::withFilter(u"team:a"_s, QString()), u"team:a"_s);
    }

    void brushSetsTheListsRange()
    {
        Scene scene;
        QTRY_COMPARE(scene.counts(), u"15,120 calls"_s);
        auto *histogram = scene.part<HistogramView>(u"histogram"_s);
        dragOver(histogram, 0.5, 0.75);
        QVERIFY(scene.pane.brush());
        QTRY_VERIFY(!scene.model()->asking());
        const auto [from, to] = *scene.pane.brush();
        QVERIFY(to - from >= std::chrono::minutes {15} && to - from <= std::chrono::minutes {16});
        for (int row = 0; row < scene.model()->rowCount(); ++row)
            QVERIFY(scene.model()->call(row)->record.startedAt >= from && scene.model()->call(row)->record.startedAt < to);
        QTRY_VERIFY(scene.counts().endsWith(u"selected of 15,120 calls"_s));
        auto *chip = scene.part<ui::widgets::Chip>(u"time"_s);
        QVERIFY(chip->isVisible());
        QCOMPARE(chip->text(), u"14:02 – 14:17"_s);
        QTest::mouseClick(chip, Qt::LeftButton, {}, QPoint(chip->width() - 10, 10));
        QVERIFY(!scene.pane.brush());
        QTRY_COMPARE(scene.counts(), u"15,120 calls"_s);
    }

    void brushGoesByKeyboard()
    {
        Scene scene;
        QTRY_COMPARE(scene.counts(), u"15,120 calls"_s);
        auto *histogram = scene.part<HistogramView>(u"histogram"_s);
        QTest::keyClick(histogram, Qt::Key_Left);
        QVERIFY(scene.pane.brush());
        const auto before = *scene.pane.brush();
        QTest::keyClick(histogram, Qt::Key_Left);
        QCOMPARE((before.from - scene.pane.brush()->from).count(), 30'000'000);
        QTest::keyClick(histogram, Qt::Key_Escape);
        QVERIFY(!scene.pane.brush());
    }

    void countsAreInOrder()
    {
        Scene scene;
        scene.filter(u"status:>=400 OR attempts:>1"_s);
        QTRY_VERIFY(scene.counts().endsWith(u" found in 15,120 calls"_s));
        scene.pane.setBrush(HistogramView::Span {FakeGateway::sceneTime() - std::chrono::minutes {14}, FakeGateway::sceneTime()});
        QTRY_VERIFY(QRegularExpression(u"^\\d+ selected of \\d+ found in 15,120 calls$"_s).match(scene.counts()).hasMatch());
    }

    void filteredToNothingSaysWhatIsHidden()
    {
        Scene scene;
        QTRY_COMPARE(scene.counts(), u"15,120 calls"_s);
        scene.filter(u"team:nobody"_s);
        const auto text = [&] {
            QStringList words;
            if (auto *empty = scene.part<ui::widgets::EmptyState>(u"empty"_s))
                for (auto *label : empty->findChildren<QLabel *>())
                    words.append(label->text());
            return words.join(u' ');
        };
        QTRY_VERIFY(text().contains(u"15,120 calls are hidden by the filter."_s));
        QVERIFY(text().contains(u"team:nobody"_s));
        QPushButton *clear = scene.part<ui::widgets::EmptyState>(u"empty"_s)->findChild<QPushButton *>();
        QTest::mouseClick(clear, Qt::LeftButton);
        QVERIFY(scene.view.filter().empty());
        QTRY_COMPARE(scene.model()->rowCount(), 500);
    }

    void firstCallIsWaitedFor()
    {
        Scene scene(FakeGateway::Scene::Empty);
        QTRY_VERIFY(scene.part<ui::widgets::EmptyState>(u"empty"_s));
        QSignalSpy asked(&scene.view, &ui::bridge::ViewContext::paneRequested);
        QTest::mouseClick(scene.part<ui::widgets::EmptyState>(u"empty"_s)->findChild<QPushButton *>(), Qt::LeftButton);
        QCOMPARE(asked.front().front().toString(), u"firstrun"_s);
        const QString id = scene.addCall(1, 0.2);
        QTRY_COMPARE(scene.table()->topId(), id);
        QTRY_VERIFY(scene.table()->isVisible());
    }

    void errorKeepsTheRowsDimmed()
    {
        Scene scene;
        QTRY_COMPARE(scene.model()->rowCount(), 500);
        scene.gateway.setScene(FakeGateway::Scene::Failing);
        scene.view.refresh();
        auto *banner = scene.part<ui::widgets::SectionBanner>(u"banner"_s);
        QTRY_VERIFY(banner->isVisible());
        QCOMPARE(scene.model()->rowCount(), 500);
        const auto dimmed = [&] { return scene.table()->findChild<QWidget *>(u"dimmed"_s, Qt::FindDirectChildrenOnly) != nullptr; };
        QVERIFY(dimmed());
        scene.gateway.setScene(FakeGateway::Scene::Full);
        for (auto *button : banner->findChildren<QPushButton *>())
            if (button->text() == u"Retry")
                QTest::mouseClick(button, Qt::LeftButton);
        QTRY_VERIFY(!banner->isVisible());
        QVERIFY(!dimmed());
    }

    void longQuestionCanBeCancelled()
    {
        Scene scene(FakeGateway::Scene::Waiting);
        auto *skeleton = scene.part<ui::widgets::SkeletonView>(u"skeleton"_s);
        QTRY_VERIFY(skeleton->waiting());
        auto *cancel = skeleton->findChild<QPushButton *>();
        QTRY_VERIFY_WITH_TIMEOUT(cancel->isVisible(), 4000);
        QTest::mouseClick(cancel, Qt::LeftButton);
        QVERIFY(!scene.model()->asking());
        QVERIFY(scene.part<ui::widgets::SectionBanner>(u"banner"_s)->isVisible());
    }

    void chosenColumnsShow()
    {
        Scene scene;
        QMenu menu;
        scene.table()->fillColumnMenu(&menu);
        QVERIFY(!scene.table()->columnShown(Column::Session));
        for (QAction *action : menu.actions())
            if (action->text() == u"Session" || action->text() == u"Tok in")
                action->toggle();
        QVERIFY(scene.table()->columnShown(Column::Session));
        QVERIFY(!scene.table()->columnShown(Column::TokensIn));
    }

    void aHundredThousandCallsStayQuick()
    {
        Scene scene(FakeGateway::Scene::Full, manyCalls(100'000));
        QElapsedTimer clock;
        clock.start();
        QTRY_VERIFY(scene.model()->rowCount() > 0);
        const qint64 first = clock.elapsed();
        clock.restart();
        for (int i = 0; i < 20; ++i) {
            const int before = scene.model()->rowCount();
            scene.table()->verticalScrollBar()->setValue(before);
            QTRY_VERIFY(scene.model()->rowCount() > before);
        }
        qInfo("first rows after %lld ms, twenty pages in %lld ms", first, clock.elapsed());
        QVERIFY(scene.model()->rowCount() >= 10'000);
    }

private:
    /// Calls of one hour, evenly spread, newest first; without bodies.
    static std::deque<CallRecord> manyCalls(int number)
    {
        FakeGateway gateway;
        const CallRecord pattern = gateway.madeCall(3);
        std::deque<CallRecord> log;
        for (int i = 0; i < number; ++i) {
            CallRecord record = pattern;
            record.bodies = {};
            record.id = "call_" + std::to_string(10'000'000 - i);
            record.startedAt = FakeGateway::sceneTime() - std::chrono::microseconds(1000 + i * std::int64_t {3'590'000'000} / number);
            log.push_back(std::move(record));
        }
        return log;
    }

    std::unique_ptr<ui::widgets::Theme> m_theme;
};

int main(int argc, char **argv)
{
    FakeGateway::fixZoneAndLocale();
    QApplication app(argc, argv);
    tst_CallsPane test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_calls_pane.moc"
