// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/calls/calls_scene.h"
#include "ui/bridge/text.h"
#include "ui/panes/calls/bonds_view.h"
#include "ui/panes/calls/call_inspector.h"
#include "ui/panes/calls/call_tree_view.h"
#include "ui/panes/calls/cause_model.h"
#include "ui/panes/calls/causes_view.h"
#include "ui/panes/calls/facet_delegate.h"
#include "ui/panes/calls/facet_strip.h"
#include "ui/widgets/button.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/states.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QCheckBox>
#include <QTreeView>

using namespace Qt::StringLiterals;
using gateway::CallRecord;
using tests::FakeGateway;
using tests::calls::Scene;
using namespace ui::calls;

namespace {

QModelIndex fieldRow(const QTreeView *tree, const QString &field)
{
    for (int row = 0; row < tree->model()->rowCount(); ++row) {
        if (const QModelIndex index = tree->model()->index(row, 0); index.data(FacetField).toString() == field)
            return index;
    }
    return {};
}

QModelIndex valueRow(const QTreeView *tree, const QString &field, const QString &value)
{
    const QModelIndex parent = fieldRow(tree, field);
    for (int row = 0; row < tree->model()->rowCount(parent); ++row) {
        if (const QModelIndex index = tree->model()->index(row, 0, parent); index.data(FacetField).toString() == field && index.data(FacetValueRole).toString() == value)
            return index;
    }
    return {};
}

QString countOf(const QTreeView *tree, const QString &field, const QString &value) { return valueRow(tree, field, value).data(FacetCount).toString(); }

void clickRow(QAbstractItemView *view, const QModelIndex &index, Qt::MouseButton button = Qt::LeftButton, Qt::KeyboardModifiers keys = {})
{
    view->scrollTo(index);
    QTest::mouseClick(view->viewport(), button, keys, view->visualRect(index).center());
}

/// Twelve calls of one session in two traces, one within another, among calls of none.
std::deque<CallRecord> sessionLog()
{
    FakeGateway gateway;
    std::deque<CallRecord> log;
    for (int i = 0; i < 20; ++i) {
        CallRecord record = gateway.madeCall(i);
        record.id = "call_S" + std::to_string(100 + i);
        record.startedAt = FakeGateway::sceneTime() - std::chrono::seconds(10 * (i + 1));
        record.latencyUs = i == 5 ? 55'000'000 : 2'000'000;
        record.session = i < 12 ? "s-1" : "";
        record.trace = i < 6 ? std::string(32, 'a') : i < 8 ? std::string(32, 'b') : "";
        if (i == 2) {
            record.status = gateway::CallStatus::Failed;
            record.httpStatus = 502;
            record.error = gateway::ErrorCode::ServerError;
            record.errorMessage = "No target answered: openai said 500.";
        }
        log.push_back(std::move(record));
    }
    return log;
}

} // namespace

/// Values beside the list, causes of errors, sessions and traces, driven as a person would.
class tst_CallGroupsView : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<ui::widgets::Theme>(); }
    void cleanupTestCase() { m_theme.reset(); }

    void valuesAreCountedAfterTheRows()
    {
        Scene scene;
        auto *tree = scene.part<QTreeView>(u"facets"_s);
        QTRY_VERIFY(!countOf(tree, u"team"_s, u"search"_s).isEmpty());
        QVERIFY(tree->isVisible());
        QCOMPARE(scene.part<ui::widgets::Label>(u"facetNote"_s)->text(), u"of 15,120 calls"_s);
        std::uint64_t teams = 0;
        const QModelIndex team = fieldRow(tree, u"team"_s);
        for (int row = 0; row < tree->model()->rowCount(team); ++row)
            teams += tree->model()->index(row, 0, team).data(FacetCount).toString().remove(u',').toULongLong();
        QCOMPARE(teams, 15'120u);
    }

    void clicksIncludeAndExclude()
    {
        Scene scene;
        auto *tree = scene.part<QTreeView>(u"facets"_s);
        QTRY_VERIFY(valueRow(tree, u"team"_s, u"support"_s).isValid());
        clickRow(tree, valueRow(tree, u"team"_s, u"support"_s));
        QCOMPARE(scene.view.filter().text(), std::string("team:support"));
        QTRY_VERIFY(!scene.model()->asking() && countOf(tree, u"route"_s, u"embeddings"_s).isEmpty());
        // Others of the field can still be chosen beside it.
        QVERIFY(!countOf(tree, u"team"_s, u"search"_s).isEmpty());
        QCOMPARE(valueRow(tree, u"team"_s, u"support"_s).data(FacetChosen).toInt(), int(FacetChoiceOf::Included));
        clickRow(tree, valueRow(tree, u"team"_s, u"search"_s));
        QCOMPARE(scene.view.filter().text(), std::string("(team:support OR team:search)"));
        clickRow(tree, valueRow(tree, u"team"_s, u"support"_s));
        QCOMPARE(scene.view.filter().text(), std::string("team:search"));
        QTRY_VERIFY(valueRow(tree, u"route"_s, u"embeddings"_s).isValid());
        clickRow(tree, valueRow(tree, u"route"_s, u"embeddings"_s), Qt::LeftButton, Qt::AltModifier);
        QCOMPARE(scene.view.filter().text(), std::string("team:search NOT route:embeddings"));
        QTRY_COMPARE(valueRow(tree, u"route"_s, u"embeddings"_s).data(FacetChosen).toInt(), int(FacetChoiceOf::Excluded));
        clickRow(tree, valueRow(tree, u"route"_s, u"embeddings"_s), Qt::RightButton);
        QCOMPARE(scene.view.filter().text(), std::string("team:search"));
        QTRY_VERIFY(!scene.model()->asking());
        for (int row = 0; row < scene.model()->rowCount(); ++row)
            QCOMPARE(scene.cell(row, Column::Team), u"search"_s);
    }

    void keysDoTheSame()
    {
        Scene scene;
        auto *tree = scene.part<QTreeView>(u"facets"_s);
        QTRY_VERIFY(valueRow(tree, u"status"_s, u"<400"_s).isValid());
        tree->setFocus();
        tree->setCurrentIndex(valueRow(tree, u"status"_s, u"<400"_s));
        QTest::keyClick(tree, Qt::Key_Return);
        QCOMPARE(scene.view.filter().text(), std::string("status:<400"));
        QTest::keyClick(tree, Qt::Key_Delete);
        QCOMPARE(scene.view.filter().text(), std::string("NOT status:<400"));
        QTest::keyClick(tree, Qt::Key_Return, Qt::AltModifier);
        QVERIFY(scene.view.filter().empty());
        tree->setCurrentIndex(fieldRow(tree, u"tag"_s));
        const bool open = tree->isExpanded(fieldRow(tree, u"tag"_s));
        QTest::keyClick(tree, Qt::Key_Space);
        QVERIFY(tree->isExpanded(fieldRow(tree, u"tag"_s)) != open);
    }

    void stripFoldsAwayAndAsksNoMore()
    {
        Scene scene;
        auto *tree = scene.part<QTreeView>(u"facets"_s);
        QTRY_VERIFY(tree->isVisible());
        auto *button = scene.part<ui::widgets::Button>(u"facetsButton"_s);
        QVERIFY(button->isChecked());
        QTest::mouseClick(button, Qt::LeftButton);
        QVERIFY(!tree->isVisible());
        QTRY_VERIFY(!scene.model()->asking());
        const int asked = scene.gateway.callTools().asked();
        scene.filter(u"team:search"_s);
        QTest::qWait(20);
        QCOMPARE(scene.gateway.callTools().asked(), asked);
        QTest::mouseClick(button, Qt::LeftButton);
        QTRY_COMPARE(scene.gateway.callTools().asked(), asked + 1);
        // A narrow window has no room for it, unless it was chosen.
        Scene narrow;
        narrow.pane.resize(952, 540);
        QTRY_VERIFY(!narrow.part<QTreeView>(u"facets"_s)->isVisible());
    }

    void aNewFilterEndsTheCount()
    {
        Scene scene;
        QTRY_VERIFY(scene.gateway.callTools().asked() > 0);
        scene.gateway.callTools().setWaiting(true);
        scene.filter(u"team:search"_s);
        QTRY_COMPARE(scene.part<ui::widgets::Label>(u"facetNote"_s)->text(), u"Counting…"_s);
        scene.filter(u"team:support"_s);
        QVERIFY(scene.gateway.callTools().cancelled() > 0);
    }

    void whatIsNotCompleteSaysSo()
    {
        Scene scene;
        scene.gateway.callTools().setHasty(true);
        scene.filter(u"latency:>1ms"_s);
        auto *tree = scene.part<QTreeView>(u"facets"_s);
        QTRY_VERIFY(countOf(tree, u"team"_s, u"search"_s).endsWith(u'+'));
        QVERIFY(scene.part<ui::widgets::Label>(u"facetNote"_s)->text().contains(u"at least"_s));
        scene.gateway.callTools().setFailing(true);
        scene.filter(u"latency:>2ms"_s);
        QTRY_VERIFY(scene.part<ui::widgets::Label>(u"facetNote"_s)->text().contains(u"Cannot count"_s));
    }

    void causesGroupFailures()
    {
        Scene scene;
        QTRY_VERIFY(scene.model()->rowCount() > 0);
        scene.pane.setShape(CallsPane::Shape::Causes);
        auto *table = scene.part<ui::widgets::TableView>(u"causes"_s);
        QTRY_VERIFY(table->model()->rowCount() > 1);
        const auto &causes = scene.pane.findChild<CausesView *>()->model().causes();
        QVERIFY(scene.part<ui::widgets::Label>(u"causesText"_s)->text().startsWith(ui::bridge::qt(std::to_string(causes.calls))));
        const std::string key = causes.causes.front().key;
        const std::uint64_t calls = causes.causes.front().calls;
        clickRow(table, table->model()->index(0, CauseModel::Cause));
        QCOMPARE(int(scene.pane.shape()), int(CallsPane::Shape::Calls));
        QCOMPARE(choiceKey(scene), ui::bridge::qt(key));
        QTRY_COMPARE(scene.model()->rowCount(), int(calls));
    }

    void causesByKeysAndTheNewestCall()
    {
        Scene scene;
        QTRY_VERIFY(scene.model()->rowCount() > 0);
        scene.pane.setShape(CallsPane::Shape::Causes);
        auto *table = scene.part<ui::widgets::TableView>(u"causes"_s);
        QTRY_VERIFY(table->model()->rowCount() > 1);
        table->setCurrentIndex(table->model()->index(0, 0));
        QTest::keyClick(table, Qt::Key_J);
        QCOMPARE(table->currentIndex().row(), 1);
        const auto &causes = scene.pane.findChild<CausesView *>()->model().causes();
        const QString sample = ui::bridge::qt(causes.causes.at(1).samples.front()), key = ui::bridge::qt(causes.causes.at(1).key);
        clickRow(table, table->model()->index(1, CauseModel::Newest));
        QCOMPARE(scene.pane.inspector()->id(), sample);
        QVERIFY(scene.pane.inspector()->isVisible());
        QCOMPARE(int(scene.pane.shape()), int(CallsPane::Shape::Causes));
        QTest::keyClick(table, Qt::Key_Return);
        QCOMPARE(choiceKey(scene), key);
    }

    void causesOfNothingOfFailureAndOfRefusals()
    {
        Scene scene;
        QTRY_VERIFY(scene.model()->rowCount() > 0);
        scene.pane.setShape(CallsPane::Shape::Causes);
        const auto &model = scene.pane.findChild<CausesView *>()->model();
        QTRY_VERIFY(model.rowCount() > 0);
        const std::uint64_t without = model.causes().calls;
        scene.part<QCheckBox>(u"causesRefused"_s)->click();
        QTRY_VERIFY(model.causes().calls > without);
        scene.part<QCheckBox>(u"causesRefused"_s)->click();
        scene.filter(u"state:ok"_s);
        QTRY_VERIFY(scene.part<ui::widgets::EmptyState>(u"causesEmpty"_s)->isVisible());
        scene.gateway.callTools().setFailing(true);
        scene.filter({});
        QTRY_VERIFY(scene.part<ui::widgets::SectionBanner>(u"causesBanner"_s)->isVisible());
        scene.gateway.callTools().setFailing(false);
        Q_EMIT scene.part<ui::widgets::SectionBanner>(u"causesBanner"_s)->retried();
        QTRY_VERIFY(!scene.part<ui::widgets::SectionBanner>(u"causesBanner"_s)->isVisible());
        QCOMPARE(model.causes().calls, without);
    }

    void inspectorLeadsToItsSession()
    {
        Scene scene(FakeGateway::Scene::Full, sessionLog());
        QTRY_COMPARE(scene.model()->rowCount(), 20);
        Q_EMIT scene.table()->inspectWanted(3);
        auto *link = scene.part<ui::widgets::Button>(u"sessionLink"_s);
        QTRY_COMPARE(link->text(), u"Session (12 calls)"_s);
        QTRY_COMPARE(scene.part<ui::widgets::Button>(u"traceLink"_s)->text(), u"Trace (6 calls)"_s);
        QTest::mouseClick(link, Qt::LeftButton);
        QCOMPARE(int(scene.pane.shape()), int(CallsPane::Shape::Bonds));
        auto *tree = scene.part<QTreeView>(u"tree"_s);
        QTRY_VERIFY(tree->model()->rowCount() > 0);
        const QString sums = scene.part<ui::widgets::Label>(u"treeSums"_s)->text();
        QVERIFY2(sums.startsWith(u"12 calls, 1 failed, $"_s), qPrintable(sums));
        QCOMPARE(tree->currentIndex().siblingAtColumn(0).data(CallTreeView::Id).toString(), u"call_S103"_s);
        // The long call holds those of its trace: six without it, and itself with five below.
        QCOMPARE(tree->model()->rowCount(), 7);
        tree->setCurrentIndex(tree->model()->index(0, 0));
        QCOMPARE(scene.pane.inspector()->id(), u"call_S111"_s);
        QTest::keyClick(tree, Qt::Key_J);
        QCOMPARE(scene.pane.inspector()->id(), u"call_S110"_s);
        tree->setCurrentIndex(scene.pane.findChild<CallTreeView *>()->model()->index(6, 0));
        QCOMPARE(scene.pane.inspector()->id(), u"call_S105"_s);
        QTest::keyClick(tree, Qt::Key_Down);
        QCOMPARE(scene.pane.inspector()->id(), u"call_S104"_s);
        QCOMPARE(tree->model()->rowCount(tree->currentIndex()), 0);
        QTest::keyClick(tree, Qt::Key_Left);
        QCOMPARE(scene.pane.inspector()->id(), u"call_S105"_s);
        QTest::keyClick(tree, Qt::Key_Escape);
        QVERIFY(!scene.pane.inspector()->isVisible());
        QTest::keyClick(tree, Qt::Key_Escape);
        auto *list = scene.part<ui::widgets::TableView>(u"bonds"_s);
        QTRY_VERIFY(list->isVisible() && list->model()->rowCount() == 1);
        scene.part<ui::widgets::SegmentedControl>(u"bondKind"_s)->setCurrent(1);
        QTRY_COMPARE(list->model()->rowCount(), 2);
        list->setCurrentIndex(list->model()->index(1, 0));
        QTest::keyClick(list, Qt::Key_Return);
        QTRY_COMPARE(tree->model()->rowCount(), 2);
        QTest::mouseClick(scene.part<ui::widgets::Button>(u"treeCalls"_s), Qt::LeftButton);
        QCOMPARE(int(scene.pane.shape()), int(CallsPane::Shape::Calls));
        QCOMPARE(scene.view.filter().text(), "trace:" + std::string(32, 'b'));
    }

    void noSessionsAndAFailure()
    {
        auto log = sessionLog();
        for (CallRecord &record : log)
            record.session.clear();
        Scene scene(FakeGateway::Scene::Full, log);
        QTRY_COMPARE(scene.model()->rowCount(), 20);
        scene.pane.setShape(CallsPane::Shape::Bonds);
        QTRY_VERIFY(scene.part<ui::widgets::EmptyState>(u"bondsEmpty"_s)->isVisible());
        scene.pane.findChild<BondsView *>()->showTree(gateway::Bond::Session, u"gone"_s);
        QTRY_VERIFY(scene.part<ui::widgets::SectionBanner>(u"bondsBanner"_s)->isVisible());
    }

    void aNewLogShowsNothingOfIt()
    {
        Scene scene(FakeGateway::Scene::Empty);
        QTRY_VERIFY(scene.part<ui::widgets::EmptyState>(u"empty"_s));
        QVERIFY(!scene.part<QTreeView>(u"facets"_s)->isVisible());
        QVERIFY(!scene.part<ui::widgets::SegmentedControl>(u"shape"_s)->isVisible());
    }

private:
    static QString choiceKey(const Scene &scene)
    {
        const auto &root = scene.view.filter().root();
        return root.kind == gateway::CallFilter::Kind::Term && root.field->name == "cause" ? ui::bridge::qt(root.value) : QString();
    }
    std::unique_ptr<ui::widgets::Theme> m_theme;
};

int main(int argc, char **argv)
{
    FakeGateway::fixZoneAndLocale();
    QApplication app(argc, argv);
    tst_CallGroupsView test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_call_groups_view.moc"
