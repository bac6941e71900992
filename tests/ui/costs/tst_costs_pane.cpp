// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/fake_gateway.h"
#include "ui/panes/costs/cost_words.h"
#include "ui/panes/costs/costs_pane.h"
#include "ui/panes/costs/savings_view.h"
#include "ui/panes/costs/unusual_card.h"
#include "ui/panes/costs/unusual_words.h"
#include "ui/widgets/stat_tile.h"
#include "ui/widgets/states.h"
#include "ui/widgets/table_view.h"
#include "ui/widgets/theme.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QComboBox>
#include <QDateEdit>
#include <QListWidget>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace ui::costs;
using gateway::Money;
using gateway::WallTime;
using tests::CostCell;
using tests::FakeGateway;
using ui::widgets::Button;
using ui::widgets::SectionBanner;
using ui::widgets::StatTile;

namespace {

/// Midnight of 1 November in Berlin.
const WallTime november = std::chrono::sys_days(std::chrono::November / 1 / 2026) - 1h;

/// The pane over a made-up gateway, shown, over this month.
struct Scene
{
    explicit Scene(FakeGateway::Scene scene = FakeGateway::Scene::Full, QSettings *settings = nullptr) : gateway(scene), view(FakeGateway::sceneTime), pane({&gateway, &view, nullptr, settings})
    {
        view.setRange({0, november, november + 30 * 24h});
        pane.resize(1368, 780);
        pane.show();
        pane.setActive(true);
    }
    StatTile *tile(const QString &name) { return pane.findChild<StatTile *>(u"costs."_s + name); }
    SectionBanner *banner(const QString &name) { return pane.findChild<SectionBanner *>(u"costs."_s + name); }
    CostBars *bars() { return pane.findChild<CostBars *>(u"costs.bars"_s); }
    TreemapView *treemap() { return pane.findChild<TreemapView *>(u"costs.treemap"_s); }
    QAbstractItemModel *totals() { return table()->model(); }
    ui::widgets::TableView *table() { return pane.findChild<ui::widgets::TableView *>(u"costs.totals"_s); }
    void choose(const QString &name, int index)
    {
        auto *box = pane.findChild<QComboBox *>(u"costs."_s + name);
        box->setCurrentIndex(index);
        Q_EMIT box->activated(index);
    }
    bool ready() { return totals()->rowCount() > 0; }
    QString cell(int row, int column) { return totals()->index(row, column).data().toString(); }

    FakeGateway gateway;
    ui::bridge::ViewContext view;
    CostsPane pane;
};

CostCell cell(WallTime at, const std::string &team, const std::string &model, std::int64_t cents, std::uint64_t calls = 10)
{
    CostCell made;
    made.like.startedAt = at;
    made.like.team = team;
    made.like.model = model;
    made.like.httpStatus = 200;
    made.figures = {.cost = Money::fromNanos(cents * 10'000'000), .calls = calls, .input = calls * 1000, .output = calls * 200};
    return made;
}

double sumOf(const CostBars::Picture &picture)
{
    double sum = 0;
    for (const CostBars::Series &series : picture.series)
        for (const double value : series.values)
            sum += value;
    return sum;
}

} // namespace

class tst_CostsPane : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<ui::widgets::Theme>(); }
    void cleanupTestCase() { m_theme.reset(); }
    void tellsTheMonth();
    void barsEqualTheTotals();
    void totalsEndWithUnattributedAndTheWhole();
    void everyGroupingAddsUpToTheSame();
    void aBarsClickShowsItsCallsAndComesBack();
    void tilesAndRowsShowTheirCalls();
    void everyFilterIsValid();
    void partsOpenBelowTheirGroup();
    void smallGroupsAreOneBar();
    void teamsKeepTheirColours();
    void callsWithoutAPriceAreTold();
    void keysWalkOverBars();
    void daysAheadAreExpected();
    void datesAreOfTheGatewaysCalendar();
    void chosenDaysAreAsked();
    void choicesAreKept();
    void csvIsExactAndAddsUp();
    void nothingYetOffersTheFirstRun();
    void axesAreShort();
    void aFilterThatHidesAllCanBeCleared();
    void errorKeepsTheStaleFigures();
    void hiddenPaneAsksNothing();
    void aSlowQuestionCanBeCancelled();
    void liveCallsAreAddedUp();
    void unusualDaysAreTold();
    void anUnusualDayOpensItsCalls_data();
    void anUnusualDayOpensItsCalls();
    void savingsHaveAViewOfTheirOwn();
    void whatIsBelowZeroHangsFromTheAxis();
    void savingsTellWhatFailed();

private:
    std::unique_ptr<ui::widgets::Theme> m_theme;
};

void tst_CostsPane::tellsTheMonth()
{
    Scene scene;
    QTRY_COMPARE(scene.tile(u"total"_s)->value(), u"$2,513.86"_s);
    QCOMPARE(scene.banner(u"sentence"_s)->headline(), u"Teams $2,491.52 + unattributed $22.34 = $2,513.86"_s);
    QVERIFY(!scene.tile(u"total"_s)->change().isEmpty());
    QCOMPARE(scene.tile(u"perCustomer"_s)->note(), u"3 customers had calls"_s);
    QTRY_VERIFY(scene.tile(u"month"_s)->note().startsWith(u"$2,513.86 so far"_s));
    const QString expected = scene.tile(u"month"_s)->value();
    QVERIFY2(expected > u"$4,000"_s && expected < u"$5,000"_s, qPrintable(expected));
    QCOMPARE(scene.tile(u"perCall"_s)->value().left(3), u"$0."_s);
}

void tst_CostsPane::barsEqualTheTotals()
{
    Scene scene;
    QTRY_VERIFY(scene.ready());
    const CostBars::Picture &picture = scene.bars()->picture();
    QCOMPARE(picture.bars(), 30);
    QCOMPARE(picture.axis.first(), u"1 Nov"_s);
    QCOMPARE(picture.series.size(), 6); // five teams, and unattributed
    QCOMPARE(picture.series.first().label, u"search"_s);
    QCOMPARE(picture.series.last().label, u"unattributed"_s);
    QVERIFY(qAbs(sumOf(picture) - 2513.86) < 1e-6);
    QVERIFY(picture.before.size() == 30 && !std::isnan(picture.before.first()) && std::isnan(picture.before.last()));
    scene.choose(u"per"_s, int(Per::Week));
    QTRY_COMPARE(scene.bars()->picture().bars(), 6);
    QVERIFY(qAbs(sumOf(scene.bars()->picture()) - 2513.86) < 1e-6);
}

void tst_CostsPane::totalsEndWithUnattributedAndTheWhole()
{
    Scene scene;
    QTRY_VERIFY(scene.ready());
    const QAbstractItemModelTester tester(scene.totals(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(scene.totals()->rowCount(), 7);
    QCOMPARE(scene.cell(0, TotalsModel::NameColumn), u"search"_s);
    QCOMPARE(scene.cell(0, TotalsModel::MeasureColumn), u"$842.17"_s);
    QCOMPARE(scene.cell(5, TotalsModel::NameColumn), u"unattributed"_s);
    QCOMPARE(scene.cell(5, TotalsModel::MeasureColumn), u"$22.34"_s);
    QCOMPARE(scene.cell(6, TotalsModel::NameColumn), u"Total"_s);
    QCOMPARE(scene.cell(6, TotalsModel::MeasureColumn), u"$2,513.86"_s);
    QCOMPARE(scene.cell(6, TotalsModel::ShareColumn), u"100 %"_s);
    QVERIFY(scene.cell(0, TotalsModel::ShareColumn).startsWith(u"33.5"_s));
}

void tst_CostsPane::everyGroupingAddsUpToTheSame()
{
    Scene scene;
    QTRY_VERIFY(scene.ready());
    for (int by = 0; by < int(gateway::costFieldCount); ++by) {
        scene.choose(u"by"_s, by);
        QTRY_VERIFY(int(scene.gateway.lastCostQuery().by) == by);
        QTRY_VERIFY(scene.totals()->headerData(0, Qt::Horizontal).toString().startsWith(fieldTitle(CostField(by))));
        const int last = scene.totals()->rowCount() - 1;
        QCOMPARE(scene.cell(last, TotalsModel::MeasureColumn), u"$2,513.86"_s);
        QVERIFY(qAbs(sumOf(scene.bars()->picture()) - 2513.86) < 1e-6);
    }
    scene.choose(u"measure"_s, int(CostMeasure::Calls));
    QTRY_COMPARE(scene.totals()->headerData(TotalsModel::MeasureColumn, Qt::Horizontal).toString(), u"Calls"_s);
    QCOMPARE(scene.cell(scene.totals()->rowCount() - 1, TotalsModel::MeasureColumn), scene.tile(u"total"_s)->value());
}

/// The check of the design: a bar's click leads to its calls. The pane goes back to its own range afterwards.
void tst_CostsPane::aBarsClickShowsItsCallsAndComesBack()
{
    Scene scene;
    QTRY_VERIFY(scene.ready());
    QSignalSpy asked(&scene.view, &ui::bridge::ViewContext::callsRequested);
    const QRect part = scene.bars()->partRect(4, u"=support"_s);
    QVERIFY(part.height() > 4);
    QTest::mouseMove(scene.bars(), part.center());
    QVERIFY(scene.bars()->tooltipText().startsWith(u"Thu 5 Nov"_s));
    QTest::mouseClick(scene.bars(), Qt::LeftButton, {}, part.center());
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked.takeFirst().front().toString(), u"team:\"support\""_s);
    QVERIFY(scene.view.range() == (ui::bridge::RangeChoice {0, november + 4 * 24h, november + 5 * 24h}));
    scene.pane.setActive(false);
    scene.pane.setActive(true);
    QVERIFY(scene.view.range() == (ui::bridge::RangeChoice {0, november, november + 30 * 24h}));
}

void tst_CostsPane::tilesAndRowsShowTheirCalls()
{
    Scene scene;
    QTRY_VERIFY(scene.ready());
    QSignalSpy asked(&scene.view, &ui::bridge::ViewContext::callsRequested);
    scene.view.setFilterText(u"route:smart OR route:gpt-4o"_s);
    QTRY_VERIFY(scene.gateway.lastCostQuery().filter.text() == "route:smart OR route:gpt-4o");
    QTRY_VERIFY(scene.cell(scene.totals()->rowCount() - 1, TotalsModel::MeasureColumn) != u"$2,513.86"_s);
    Q_EMIT scene.table()->activated(scene.totals()->index(0, 0));
    QVERIFY(asked.takeFirst().front().toString().startsWith(u"(route:smart OR route:gpt-4o) team:\""_s));
    Q_EMIT scene.treemap()->opened(0, 0);
    const QString both = asked.takeFirst().front().toString();
    QVERIFY2(both.contains(u"team:\""_s) && both.contains(u"model:\""_s), qPrintable(both));
    Q_EMIT scene.table()->activated(scene.totals()->index(scene.totals()->rowCount() - 1, 0));
    QCOMPARE(asked.takeFirst().front().toString(), u"route:smart OR route:gpt-4o"_s);
    scene.tile(u"perCustomer"_s)->click();
    QVERIFY(gateway::CallFilter::parse(asked.takeFirst().front().toString().toStdString()).has_value());
}

void tst_CostsPane::everyFilterIsValid()
{
    for (int field = 0; field < int(gateway::costFieldCount); ++field) {
        for (const std::string &name : {std::string("plain"), std::string("a \"quoted\" \\ one"), std::string()}) {
            const gateway::CostGroup group {.kind = name.empty() ? gateway::CostGroup::Kind::None : gateway::CostGroup::Kind::Named, .name = name};
            const auto filter = ui::costs::filterOf(group, CostField(field));
            QCOMPARE(filter.has_value(), !name.empty() || CostField(field) != CostField::Tags);
            if (!filter)
                continue;
            const auto parsed = gateway::CallFilter::parse(filter->toStdString());
            if (CostField(field) == CostField::Endpoint)
                continue; // its values are a fixed list
            QVERIFY2(parsed.has_value(), qPrintable(*filter));
            if (CostField(field) != CostField::Tags)
                QCOMPARE(parsed->root().value, name);
        }
    }
    QVERIFY(!ui::costs::filterOf({.kind = gateway::CostGroup::Kind::Gone}, CostField::Customer));
    QVERIFY(gateway::CallFilter::parse("NOT cost:>=0").has_value());
}

void tst_CostsPane::partsOpenBelowTheirGroup()
{
    Scene scene;
    QTRY_VERIFY(scene.ready());
    scene.table()->selectRow(0);
    scene.table()->setFocus();
    QTest::keyClick(scene.table(), Qt::Key_Right);
    QCOMPARE(scene.totals()->rowCount(), 13);
    QCOMPARE(scene.cell(1, TotalsModel::NameColumn), u"gpt-4o"_s);
    QCOMPARE(scene.cell(1, TotalsModel::MeasureColumn), u"$512.40"_s);
    scene.view.refresh();
    QTRY_COMPARE(scene.totals()->rowCount(), 13); // stays open
    QTest::keyClick(scene.table(), Qt::Key_Left);
    QCOMPARE(scene.totals()->rowCount(), 7);
    scene.choose(u"then"_s, 0);
    QTRY_VERIFY(!scene.gateway.lastCostQuery().then);
    QTRY_COMPARE(scene.totals()->headerData(0, Qt::Horizontal).toString(), u"Team"_s);
    scene.choose(u"then"_s, 1); // team and team is team
    QTRY_VERIFY(!scene.gateway.lastCostQuery().then);
}

void tst_CostsPane::smallGroupsAreOneBar()
{
    Scene scene;
    std::vector<CostCell> cells;
    for (int i = 0; i < 12; ++i)
        cells.push_back(cell(november + 30h, "team" + std::to_string(i), "gpt-4o", 100 + i));
    scene.gateway.setCostCells(cells);
    scene.view.refresh();
    QTRY_COMPARE(scene.totals()->rowCount(), 13);
    const CostBars::Picture &picture = scene.bars()->picture();
    QCOMPARE(picture.series.size(), 9);
    QCOMPARE(picture.series.last().label, u"4 others"_s);
    QVERIFY(qAbs(picture.series.last().values.at(1) - (1.00 + 1.01 + 1.02 + 1.03)) < 1e-9);
    QSet<int> colors;
    for (const CostBars::Series &series : picture.series)
        colors.insert(series.color);
    QCOMPARE(colors.size(), 9); // eight of their own, and grey
}

void tst_CostsPane::teamsKeepTheirColours()
{
    Scene scene;
    QTRY_VERIFY(scene.ready());
    scene.gateway.setCostCells({cell(november + 30h, "platform", "gpt-4o", 900), cell(november + 30h, "search", "gpt-4o", 100)});
    scene.view.refresh();
    QTRY_COMPARE(scene.totals()->rowCount(), 3);
    QCOMPARE(scene.bars()->picture().series.at(0).label, u"platform"_s);
    QCOMPARE(scene.bars()->picture().series.at(0).color, 4); // the fifth team, wherever it stands
    QCOMPARE(scene.bars()->picture().series.at(1).color, 0);
}

void tst_CostsPane::callsWithoutAPriceAreTold()
{
    Scene scene;
    CostCell unknown = cell(november + 30h, "search", "odd", 0, 7);
    unknown.figures.unpriced = 7;
    scene.gateway.setCostCells({unknown, cell(november + 30h, "search", "gpt-4o", 900)});
    scene.view.refresh();
    QTRY_VERIFY(scene.ready());
    auto *button = scene.pane.findChild<Button *>(u"costs.unpriced"_s);
    QTRY_VERIFY(button->isVisible());
    QSignalSpy asked(&scene.view, &ui::bridge::ViewContext::callsRequested);
    button->click();
    QCOMPARE(asked.takeFirst().front().toString(), u"NOT cost:>=0"_s);
    QCOMPARE(scene.tile(u"perCall"_s)->value(), u"$0.900"_s); // of the ten that have one
}

void tst_CostsPane::keysWalkOverBars()
{
    Scene scene;
    QTRY_VERIFY(scene.ready());
    CostBars *bars = scene.bars();
    QSignalSpy opened(bars, &CostBars::opened);
    QTest::keyClick(bars, Qt::Key_Home);
    QVERIFY(bars->tooltipText().startsWith(u"Sun 1 Nov"_s));
    QTest::keyClick(bars, Qt::Key_Right);
    QVERIFY(bars->tooltipText().startsWith(u"Mon 2 Nov"_s));
    QCOMPARE(bars->accessibleDescription(), bars->tooltipText());
    QTest::keyClick(bars, Qt::Key_Up);
    QTest::keyClick(bars, Qt::Key_Up);
    QTest::keyClick(bars, Qt::Key_Return);
    QCOMPARE(opened.count(), 1);
    QCOMPARE(opened.first().at(0).toInt(), 1);
    QCOMPARE(opened.first().at(1).toString(), u"=support"_s);
    QTest::keyClick(bars, Qt::Key_Escape);
    QVERIFY(bars->tooltipText().isEmpty());
}

void tst_CostsPane::daysAheadAreExpected()
{
    Scene scene;
    QTRY_VERIFY(!scene.bars()->picture().expected.isEmpty());
    const QList<double> expected = scene.bars()->picture().expected;
    QVERIFY(std::isnan(expected.at(15)));
    QVERIFY(expected.at(16) > 0 && expected.at(16) < expected.at(17)); // today is half over
    QVERIFY(expected.at(20) < expected.at(19) * 0.6); // a Saturday after a Friday
    scene.choose(u"measure"_s, int(CostMeasure::Tokens));
    QTRY_VERIFY(scene.bars()->picture().expected.isEmpty());
}

void tst_CostsPane::datesAreOfTheGatewaysCalendar()
{
    Scene scene;
    QTRY_VERIFY(scene.ready());
    auto *controls = scene.pane.findChild<CostControls *>();
    Q_EMIT controls->datesWanted(CostControls::Dates::LastMonth);
    QVERIFY(scene.view.range().from == std::chrono::sys_days(std::chrono::October / 1 / 2026) - 2h);
    QVERIFY(scene.view.range().to == november);
    QTRY_COMPARE(scene.gateway.lastCostQuery().borders.size(), 32U);
    Q_EMIT controls->datesWanted(CostControls::Dates::ThisYear);
    QTRY_VERIFY(scene.gateway.lastCostQuery().borders.back() == std::chrono::sys_days(std::chrono::January / 1 / 2027) - 1h);
    Q_EMIT controls->datesWanted(CostControls::Dates::LastThreeMonths);
    QTRY_VERIFY(scene.gateway.lastCostQuery().borders.front() == std::chrono::sys_days(std::chrono::September / 1 / 2026) - 2h);
    scene.tile(u"month"_s)->click();
    QVERIFY(scene.view.range() == (ui::bridge::RangeChoice {0, november, november + 30 * 24h}));
}

void tst_CostsPane::chosenDaysAreAsked()
{
    Scene scene;
    QTRY_VERIFY(scene.ready());
    Q_EMIT scene.pane.findChild<CostControls *>()->datesWanted(CostControls::Dates::Chosen);
    auto *first = scene.pane.findChild<QDateEdit *>(u"costs.datesDialog.first"_s);
    auto *last = scene.pane.findChild<QDateEdit *>(u"costs.datesDialog.last"_s);
    auto *submit = scene.pane.findChild<Button *>(u"costs.datesDialog.submit"_s);
    QVERIFY(first && last && submit);
    QCOMPARE(first->date(), QDate(2026, 11, 1));
    QCOMPARE(last->date(), QDate(2026, 11, 30));
    last->setDate(QDate(2026, 10, 31));
    QVERIFY(!submit->isEnabled());
    last->setDate(QDate(2026, 11, 2));
    submit->click();
    QVERIFY(scene.view.range() == (ui::bridge::RangeChoice {0, november, november + 48h}));
}

void tst_CostsPane::choicesAreKept()
{
    QTemporaryDir folder;
    QSettings settings(folder.filePath(u"window.ini"_s), QSettings::IniFormat);
    {
        Scene scene(FakeGateway::Scene::Full, &settings);
        scene.choose(u"by"_s, int(CostField::Model));
        scene.choose(u"then"_s, 1 + int(CostField::Customer));
    }
    Scene scene(FakeGateway::Scene::Full, &settings);
    QTRY_VERIFY(scene.ready());
    QVERIFY(scene.gateway.lastCostQuery().by == CostField::Model);
    QVERIFY(scene.gateway.lastCostQuery().then == CostField::Customer);
}

void tst_CostsPane::csvIsExactAndAddsUp()
{
    Scene scene;
    QTRY_VERIFY(scene.ready());
    const QList<QByteArray> lines = scene.pane.totalsCsv().split('\n');
    QVERIFY(lines.first().startsWith("team,model,cost_usd,"));
    std::int64_t sum = 0;
    for (const QByteArray &line : lines.mid(1)) {
        if (line.trimmed().isEmpty())
            continue;
        const auto cost = Money::parse(line.split(',').at(2).toStdString());
        QVERIFY(cost.has_value());
        sum += cost->nanos();
    }
    QCOMPARE(sum, 2'513'860'000'000);
    const QByteArray bars = barsCsv(scene.bars()->picture(), {.shown = shownOf(scene.view.range(), Per::Day, FakeGateway::sceneTime(), QTimeZone("Europe/Berlin"))});
    QCOMPARE(bars.count('\n'), 31);
    QVERIFY(bars.contains("2026-10-31T23:00:00"));
}

void tst_CostsPane::nothingYetOffersTheFirstRun()
{
    Scene scene(FakeGateway::Scene::Empty);
    auto *empty = scene.pane.findChild<ui::widgets::EmptyState *>(u"costs.empty"_s);
    QTRY_VERIFY(empty->isVisible());
    QSignalSpy asked(&scene.view, &ui::bridge::ViewContext::paneRequested);
    scene.pane.findChild<Button *>(u"costs.firstRun"_s)->click();
    QCOMPARE(asked.front().front().toString(), u"firstrun"_s);
}

void tst_CostsPane::axesAreShort()
{
    QCOMPARE(axisValueText(0, CostMeasure::Cost), u"$0"_s);
    QCOMPARE(axisValueText(0.25, CostMeasure::Cost), u"$0.25"_s);
    QCOMPARE(axisValueText(1500, CostMeasure::Cost), u"$1,500"_s);
    QCOMPARE(axisValueText(25'000, CostMeasure::Cost), u"$25k"_s);
    QCOMPARE(axisValueText(1'500'000, CostMeasure::Calls), u"1.5M"_s);
    QCOMPARE(axisValueText(500'000, CostMeasure::Tokens), u"500k"_s);
    QCOMPARE(axisValueText(0, CostMeasure::Calls), u"0"_s);
}

void tst_CostsPane::aFilterThatHidesAllCanBeCleared()
{
    Scene scene;
    QTRY_VERIFY(scene.ready());
    scene.view.setFilterText(u"team:nobody"_s);
    QTRY_VERIFY(scene.banner(u"nothing"_s)->isVisible());
    QVERIFY(scene.banner(u"sentence"_s)->isHidden());
    scene.banner(u"nothing"_s)->findChild<QPushButton *>()->click();
    QVERIFY(scene.view.filter().empty());
    QTRY_VERIFY(scene.banner(u"nothing"_s)->isHidden());
}

void tst_CostsPane::errorKeepsTheStaleFigures()
{
    Scene scene;
    QTRY_VERIFY(scene.ready());
    scene.gateway.setScene(FakeGateway::Scene::Failing);
    scene.view.refresh();
    QTRY_VERIFY(scene.banner(u"banner"_s)->isVisible());
    QVERIFY(scene.pane.tellsLogTrouble());
    QCOMPARE(scene.tile(u"total"_s)->value(), u"$2,513.86"_s);
    QVERIFY(scene.ready());
    scene.gateway.setScene(FakeGateway::Scene::Full);
    scene.view.refresh();
    QTRY_VERIFY(scene.banner(u"banner"_s)->isHidden());
}

void tst_CostsPane::hiddenPaneAsksNothing()
{
    Scene scene;
    QTRY_VERIFY(scene.ready());
    scene.pane.setActive(false);
    const int before = scene.gateway.questions(u"costs"_s);
    scene.gateway.addCall(scene.gateway.madeCall(1));
    scene.view.setRange({3600, {}, {}});
    QCoreApplication::processEvents();
    QCOMPARE(scene.gateway.questions(u"costs"_s), before);
}

void tst_CostsPane::aSlowQuestionCanBeCancelled()
{
    Scene scene;
    QTRY_VERIFY(scene.ready());
    scene.gateway.setScene(FakeGateway::Scene::Waiting);
    scene.choose(u"by"_s, int(CostField::Customer));
    QTRY_VERIFY_WITH_TIMEOUT(scene.banner(u"working"_s)->isVisible(), 4000);
    QCOMPARE(scene.cell(0, TotalsModel::NameColumn), u"search"_s); // what was there stays
    scene.banner(u"working"_s)->findChild<QPushButton *>()->click();
    QVERIFY(scene.banner(u"working"_s)->isHidden());
    QVERIFY(scene.banner(u"banner"_s)->isVisible());
}

void tst_CostsPane::liveCallsAreAddedUp()
{
    Scene scene;
    scene.view.setRange({3600, {}, {}});
    QTRY_VERIFY(scene.ready());
    const int before = scene.gateway.questions(u"costs"_s);
    scene.gateway.addCall(scene.gateway.madeCall(1));
    QTRY_VERIFY_WITH_TIMEOUT(scene.gateway.questions(u"costs"_s) > before, 5000);
}

/// The scene's own days are as usual: then there is no such card.
void tst_CostsPane::unusualDaysAreTold()
{
    Scene scene;
    auto *card = scene.pane.findChild<UnusualCard *>(u"costs.unusual"_s);
    QVERIFY(card);
    QTRY_VERIFY(scene.ready());
    QTest::qWait(50);
    QVERIFY(!card->isVisible());
    QVERIFY(scene.bars()->picture().unusual.isEmpty());
    scene.gateway.setCostCells(tests::sceneWithAnOddDay());
    Q_EMIT scene.view.refreshRequested();
    QTRY_VERIFY(card->isVisible());
    auto *days = scene.pane.findChild<QListWidget *>(u"costs.unusualDays"_s);
    QCOMPARE(days->count(), 1);
    const QString text = days->item(0)->text();
    QVERIFY2(text.startsWith(u"search spent $"_s) && text.contains(u" on Thu 12 Nov, "_s) && text.contains(u"times its usual $"_s), qPrintable(text));
    QVERIFY2(causeText(card->anomalies().front()).contains(u"of the excess came from key search-eval on claude-opus-4"_s), qPrintable(causeText(card->anomalies().front())));
    QCOMPARE(scene.bars()->picture().unusual.keys(), QList<qsizetype> {11});
    scene.choose(u"by"_s, int(gateway::CostField::Customer)); // has no such history: then by team
    QTRY_COMPARE(scene.gateway.costStudies().lastAnomalyQuery().by, gateway::CostField::Team);
    scene.choose(u"by"_s, int(gateway::CostField::Key));
    QTRY_COMPARE(days->item(0)->text().section(u' ', 0, 0), u"search-eval"_s);
    QVERIFY(causeText(card->anomalies().front()).contains(u"model claude-opus-4"_s));
    scene.view.setRange({0, november + 11 * 24h, november + 12 * 24h});
    scene.choose(u"per"_s, 2); // hours have no marks
    QTRY_COMPARE(scene.bars()->picture().bars(), 24);
    QTRY_VERIFY(scene.bars()->picture().unusual.isEmpty());
    QCOMPARE(days->count(), 1);
}

void tst_CostsPane::anUnusualDayOpensItsCalls_data()
{
    QTest::addColumn<bool>("byKey");
    QTest::addRow("by mouse") << false;
    QTest::addRow("by key") << true;
}

void tst_CostsPane::anUnusualDayOpensItsCalls()
{
    QFETCH(bool, byKey);
    Scene scene;
    scene.gateway.setCostCells(tests::sceneWithAnOddDay());
    auto *days = scene.pane.findChild<QListWidget *>(u"costs.unusualDays"_s);
    QTRY_COMPARE(days->count(), 1);
    QTRY_VERIFY(days->isVisible());
    QSignalSpy opened(&scene.view, &ui::bridge::ViewContext::callsRequested);
    if (byKey) {
        days->setFocus();
        days->setCurrentRow(0);
        QTest::keyClick(days, Qt::Key_Return);
    } else {
        QTest::mouseClick(days->viewport(), Qt::LeftButton, {}, days->visualItemRect(days->item(0)).center());
    }
    QTRY_COMPARE(opened.count(), 1);
    const QString filter = opened.first().first().toString();
    QVERIFY2(filter.startsWith(u"team:\"search\" key:\"search-eval\" model:\"claude-opus-4\" cost:>0."_s), qPrintable(filter));
    QVERIFY(gateway::CallFilter::parse(filter.toStdString()));
    QVERIFY(scene.view.range().to - scene.view.range().from == 24h);
}

void tst_CostsPane::savingsHaveAViewOfTheirOwn()
{
    Scene scene;
    QTRY_VERIFY(scene.ready());
    scene.pane.setShape(CostsPane::Shape::Savings);
    auto *view = scene.pane.findChild<SavingsView *>(u"costs.savings"_s);
    QVERIFY(view && view->isVisible());
    auto *table = scene.pane.findChild<ui::widgets::TableView *>(u"costs.savingsTable"_s);
    QTRY_VERIFY(table->model()->rowCount() > 0);
    QAbstractItemModelTester tester(table->model());
    const int rows = table->model()->rowCount();
    QCOMPARE(table->model()->index(rows - 1, 0).data().toString(), u"All"_s);
    auto *total = scene.tile(u"savedTotal"_s);
    QVERIFY(total->value().startsWith(u'$'));
    QVERIFY2(total->note().contains(u"paid $2,513.86"_s), qPrintable(total->note()));
    QVERIFY(scene.tile(u"savedPrompt"_s)->note().endsWith(u"estimate"_s));
    auto *bars = scene.pane.findChild<CostBars *>(u"costs.savingsBars"_s);
    QCOMPARE(bars->picture().bars(), 30);
    QCOMPARE(bars->picture().series.size(), 3);
    QVERIFY(view->csv().startsWith("team,cache_usd"));
    auto *by = scene.pane.findChild<QComboBox *>(u"costs.savingsBy"_s);
    by->setCurrentIndex(2);
    Q_EMIT by->activated(2);
    QTRY_COMPARE(scene.gateway.costStudies().lastSavingsQuery().by, gateway::CostField::Route);
    QTRY_COMPARE(table->model()->headerData(0, Qt::Horizontal).toString(), u"Route"_s);
    QSignalSpy opened(&scene.view, &ui::bridge::ViewContext::callsRequested);
    QTest::mouseClick(scene.tile(u"savedCache"_s), Qt::LeftButton);
    QTRY_COMPARE(opened.count(), 1);
    QCOMPARE(opened.takeFirst().first().toString(), u"(cache:hit OR cache:semantic)"_s);
    scene.pane.setShape(CostsPane::Shape::Savings);
    table->setFocus();
    table->selectRow(0);
    QTest::keyClick(table, Qt::Key_Return);
    QTRY_COMPARE(opened.count(), 1);
    QVERIFY(opened.first().first().toString().startsWith(u"route:"_s));
}

/// Targets that cost more than the first choice are no saving: their part hangs below zero.
void tst_CostsPane::whatIsBelowZeroHangsFromTheAxis()
{
    CostBars bars;
    bars.resize(640, 240);
    bars.setValueText([](double value) { return ui::costs::axisValueText(value, ui::costs::CostMeasure::Cost); }, [](double value) { return ui::costs::valueText(value, ui::costs::CostMeasure::Cost); });
    CostBars::Picture picture;
    picture.names = {u"Mon"_s, u"Tue"_s};
    picture.axis = picture.names;
    picture.series = {{u"cache"_s, u"Cache"_s, 0, {4, 3}}, {u"route"_s, u"Other targets"_s, 1, {2, -2}}};
    bars.setPicture(picture);
    const QRect up = bars.partRect(0, u"route"_s), down = bars.partRect(1, u"route"_s), cache = bars.partRect(1, u"cache"_s);
    QCOMPARE(down.height(), up.height());
    QVERIFY(qAbs(down.top() - cache.bottom()) <= 1);
    QVERIFY(up.bottom() < cache.bottom());
    bars.show();
    bars.setFocus();
    QTest::keyClick(&bars, Qt::Key_End);
    QVERIFY2(bars.tooltipText().contains(u"Other targets: \u2212$2"_s), qPrintable(bars.tooltipText()));
    QVERIFY2(bars.tooltipText().contains(u"Total: $1"_s), qPrintable(bars.tooltipText()));
    QCOMPARE(ui::costs::axisValueText(-0.5, ui::costs::CostMeasure::Cost), u'\u2212' + ui::costs::axisValueText(0.5, ui::costs::CostMeasure::Cost));
}

void tst_CostsPane::savingsTellWhatFailed()
{
    Scene scene;
    QTRY_VERIFY(scene.ready());
    scene.gateway.costStudies().setFailing(true);
    scene.pane.setShape(CostsPane::Shape::Savings);
    auto *banner = scene.banner(u"savingsBanner"_s);
    QTRY_VERIFY(banner->isVisible());
    const int asked = scene.gateway.costStudies().savingsAsked();
    scene.gateway.costStudies().setFailing(false);
    Q_EMIT banner->retried();
    QTRY_VERIFY(scene.gateway.costStudies().savingsAsked() > asked);
    QTRY_VERIFY(!banner->isVisible());
    scene.gateway.setCostCells({});
    Q_EMIT scene.view.refreshRequested();
    QTRY_VERIFY(scene.pane.findChild<QWidget *>(u"costs.savingsEmpty"_s)->isVisible());
}

int main(int argc, char **argv)
{
    FakeGateway::fixZoneAndLocale();
    QApplication app(argc, argv);
    tst_CostsPane test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_costs_pane.moc"
