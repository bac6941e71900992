// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/cache/cache_scene.h"
#include "ui/panes/cache/review_model.h"
#include "ui/panes/cache/similarity_view.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/states.h"

#include <QApplication>
#include <QComboBox>
#include <QTextEdit>

using namespace Qt::StringLiterals;
using gateway::Verdict;
using tests::CacheScene;
using tests::FakeCacheTools;
using tests::FakeGateway;
using ui::cache::CachePane;
using ui::cache::ReviewModel;
using ui::cache::SimilarityView;

namespace {

struct Review : CacheScene
{
    using CacheScene::CacheScene;
    void open()
    {
        pane.setPage(CachePane::Page::Review);
        QTRY_VERIFY(model()->rowCount() > 0);
        QTRY_VERIFY(gateway.cache().questions(u"savings"_s) >= 60); // the preview's figures
        table(u"review"_s)->setFocus();
    }
    ReviewModel *model() const { return static_cast<ReviewModel *>(table(u"review"_s)->model()); }
    SimilarityView *line() const { return part<SimilarityView>(u"likeness"_s); }
    QString label(const QString &name) const { return part<QLabel>(name)->text(); }
    double liveThreshold() const { return config().cache.semantic->threshold; }
};

} // namespace

class tst_CacheReview : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void bothQuestionsStandSideBySide()
    {
        Review scene;
        scene.open();
        const auto &hit = scene.model()->hit(scene.table(u"review"_s)->currentIndex().row());
        QVERIFY(hit.verdict == Verdict::Open); // the first one that nobody judged
        QCOMPARE(scene.part<QTextEdit>(u"review.asked"_s)->toPlainText(), QString::fromStdString(hit.asked));
        QCOMPARE(scene.part<QTextEdit>(u"review.kept"_s)->toPlainText(), QString::fromStdString(hit.kept));
        QVERIFY(!scene.part<QTextEdit>(u"review.asked"_s)->extraSelections().isEmpty());
    }

    void keysJudgeAndGoOnToTheNext()
    {
        Review scene;
        scene.open();
        auto *table = scene.table(u"review"_s);
        const int row = table->currentIndex().row();
        const auto id = scene.model()->hit(row).row;
        QTest::keyClick(table, Qt::Key_W);
        QTRY_VERIFY(scene.model()->hit(row).verdict == Verdict::Wrong);
        QTRY_VERIFY(table->currentIndex().row() != row);
        QVERIFY(scene.model()->hit(table->currentIndex().row()).verdict == Verdict::Open);
        QVERIFY(scene.undo);
        scene.undo();
        QTRY_VERIFY(scene.model()->hit(scene.model()->rowOf(id)).verdict == Verdict::Open);
        QTest::keyClick(table, Qt::Key_R);
        QTRY_COMPARE(scene.told, u"Hit judged: Right"_s);
    }

    void verdictsMoveTheMeasuredRate()
    {
        Review scene;
        scene.open();
        QTRY_VERIFY(scene.label(u"preview.wrongNote"_s).contains(u"judged"_s));
        const QString before = scene.label(u"preview.wrongNote"_s);
        QTest::keyClick(scene.table(u"review"_s), Qt::Key_W);
        QTRY_VERIFY(scene.label(u"preview.wrongNote"_s) != before);
    }

    void draggingChangesThePreviewOnlyUntilApply()
    {
        Review scene;
        scene.open();
        const auto revision = scene.gateway.revision().number;
        const QString before = scene.label(u"preview.hitRate"_s);
        const auto *line = scene.line();
        QCOMPARE(line->threshold(), 0.92);
        const QPoint from(int(line->xOf(0.92)), line->plot().center().y()), to(int(std::lround(line->xOf(0.97))), from.y());
        QTest::mousePress(scene.line(), Qt::LeftButton, {}, from);
        QTest::mouseMove(scene.line(), to);
        QTest::mouseRelease(scene.line(), Qt::LeftButton, {}, to);
        QCOMPARE(scene.line()->threshold(), 0.97);
        QVERIFY(scene.label(u"preview.hitRate"_s) != before);
        QTest::qWait(300);
        QCOMPARE(scene.gateway.revision().number, revision);
        QCOMPARE(scene.liveThreshold(), 0.92);
        scene.click(u"threshold.apply"_s);
        QTRY_COMPARE(scene.liveThreshold(), 0.97);
        scene.undo();
        QTRY_COMPARE(scene.liveThreshold(), 0.92);
    }

    void arrowKeysMoveTheLineAndEscTakesItBack()
    {
        Review scene;
        scene.open();
        scene.line()->setFocus();
        QTest::keyClick(scene.line(), Qt::Key_Right);
        QCOMPARE(scene.line()->threshold(), 0.93);
        QTest::keyClick(scene.line(), Qt::Key_PageUp);
        QCOMPARE(scene.line()->threshold(), 0.98);
        QTest::keyClick(scene.line(), Qt::Key_Escape);
        QCOMPARE(scene.line()->threshold(), 0.92);
        QVERIFY(!scene.part<QAbstractButton>(u"threshold.apply"_s)->isEnabled());
    }

    void belowWhatWasMeasuredItSaysSo()
    {
        Review scene;
        scene.open();
        scene.line()->setFocus();
        QTest::keyClick(scene.line(), Qt::Key_PageDown);
        QVERIFY(scene.label(u"preview.hitRate"_s).startsWith(u"Hit rate above"_s));
        QVERIFY(scene.label(u"preview.hitNote"_s).contains(u"0.92"_s));
    }

    void oneRoutesThresholdIsItsOwn()
    {
        Review scene;
        scene.open();
        auto *route = scene.part<QComboBox>(u"likeness.route"_s);
        route->setCurrentIndex(route->findData(u"smart"_s));
        Q_EMIT route->activated(route->currentIndex());
        scene.line()->setFocus();
        QTest::keyClick(scene.line(), Qt::Key_Right);
        scene.click(u"threshold.apply"_s);
        QTRY_COMPARE(scene.route("smart").cache->threshold.value_or(0), 0.93);
        QCOMPARE(scene.liveThreshold(), 0.92);
    }

    void callsOfBothSidesAreOpened()
    {
        Review scene;
        scene.open();
        const auto hit = scene.model()->hit(scene.table(u"review"_s)->currentIndex().row());
        scene.click(u"review.askedCall"_s);
        QCOMPARE(scene.opened, u"calls "_s + QString::fromStdString(hit.callId));
        QTest::keyClick(scene.table(u"review"_s), Qt::Key_Return);
        QCOMPARE(scene.opened, u"calls "_s + QString::fromStdString(hit.answerFrom));
    }

    void withoutHitsItLeadsToTheSettings()
    {
        CacheScene scene;
        scene.gateway.cache().setHits({});
        scene.pane.setPage(CachePane::Page::Review);
        auto *empty = scene.part<ui::widgets::EmptyState>(u"review.empty"_s);
        QTRY_VERIFY(empty->isVisible());
        Q_EMIT empty->actionTriggered();
        QCOMPARE(int(scene.pane.page()), int(CachePane::Page::Settings));
    }

    void unreadableHitsAreSaid()
    {
        CacheScene scene(FakeGateway::Scene::Failing);
        scene.pane.setPage(CachePane::Page::Review);
        QTRY_VERIFY(scene.part<QWidget>(u"review.banner"_s)->isVisible());
    }
};

int main(int argc, char **argv)
{
    FakeGateway::fixZoneAndLocale();
    QApplication app(argc, argv);
    tst_CacheReview test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_cache_review.moc"
