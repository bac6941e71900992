// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/embedded_gateway.h"
#include "gateway/core/call_id.h"
#include "ui/bridge/text.h"
#include "ui/panes/costs/costs_pane.h"
#include "ui/panes/costs/sql_edit.h"
#include "ui/panes/costs/sql_results.h"
#include "ui/panes/costs/sql_samples.h"
#include "ui/panes/costs/sql_view.h"
#include "ui/panes/costs/totals_model.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QComboBox>
#include <QTemporaryDir>
#include <QtTest>

#include <random>

using namespace Qt::StringLiterals;
using namespace gateway;
using namespace std::chrono_literals;
using ui::costs::CostsPane;

/// The costs over the real gateway: the builder's question in SQL gives the builder's sums.
class tst_CostsEmbedded : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void sqlGivesTheBuildersSums_data();
    void sqlGivesTheBuildersSums();
    void samplesWork_data();
    void samplesWork();
    void cancelTakesLessThanAFifthOfASecond();

private:
    void choose(const QString &name, int index)
    {
        auto *box = m_pane->findChild<QComboBox *>(u"costs."_s + name);
        box->setCurrentIndex(index);
        Q_EMIT box->activated(index);
    }
    [[nodiscard]] const ui::costs::SqlResultModel &result() const { return m_pane->findChild<ui::costs::SqlResults *>()->model(); }
    [[nodiscard]] QString state() const { return m_pane->findChild<ui::widgets::StateLabel *>(u"costs.sqlState"_s)->text(); }
    [[nodiscard]] bool ended() const { return !m_pane->findChild<ui::costs::SqlView *>()->running(); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<api::EmbeddedGateway> m_gateway;
    std::unique_ptr<ui::bridge::ViewContext> m_view;
    std::unique_ptr<CostsPane> m_pane;
    Money m_sum;
    std::uint64_t m_calls = 0;
    std::int64_t m_tokens = 0;
    ui::widgets::Theme m_theme;
};

void tst_CostsEmbedded::initTestCase()
{
    m_folder = std::make_unique<QTemporaryDir>();
    auto opened = api::EmbeddedGateway::open({.dataFolder = m_folder->path().toStdString(), .listen = "127.0.0.1:0", .workers = 1});
    if (!opened)
        qFatal("%s", opened.error().message.c_str());
    m_gateway = std::move(*opened);
    const WallTime now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    m_view = std::make_unique<ui::bridge::ViewContext>([now] { return now; });
    std::mt19937 random(7);
    CallIdMaker ids(11);
    constexpr int calls = 6000;
    std::atomic<std::uint64_t> stored = 0;
    connect(m_gateway.get(), &api::Gateway::callsCommitted, this, [&] { stored = m_gateway->store().committed; });
    for (int i = 0; i < calls; ++i) {
        CallRecord record;
        record.startedAt = now - std::chrono::microseconds(static_cast<std::int64_t>(random()) * 400 % (5LL * 86'400'000'000));
        record.id = ids.next(record.startedAt);
        record.endpoint = i % 5 == 0 ? Endpoint::Embeddings : Endpoint::ChatCompletions;
        record.team = i % 7 == 0 ? "" : i % 2 == 0 ? "search" : "it's";
        record.key = record.team + "-key";
        record.customer = i % 3 == 0 ? "acme" : "";
        record.tags = i % 4 == 0 ? "beta,eu" : "";
        record.route = i % 2 == 0 ? "smart" : "gpt-4o";
        record.askedModel = record.route;
        record.provider = "openai";
        record.model = i % 3 == 0 ? "gpt-4o" : "gpt-4o-mini";
        record.httpStatus = 200;
        record.latencyUs = 900'000;
        record.stream = true;
        record.usage.input = i % 900;
        record.usage.output = i % 90;
        if (i % 11 != 0)
            record.cost = Money::fromNanos(static_cast<std::int64_t>(random() % 20'000'000));
        m_sum += record.cost.value_or(Money {});
        m_tokens += record.usage.total();
        ++m_calls;
        m_gateway->pushRecord(std::move(record));
    }
    QTRY_COMPARE_WITH_TIMEOUT(stored.load(), std::uint64_t {calls}, 20'000);
    m_pane = std::make_unique<CostsPane>(ui::panes::PaneContext {.gateway = m_gateway.get(), .view = m_view.get()});
    m_pane->resize(1200, 800);
    m_pane->show();
    m_view->setRange({7 * 86'400, {}, {}});
    m_pane->setActive(true);
}

void tst_CostsEmbedded::cleanupTestCase()
{
    m_pane.reset();
    m_view.reset();
    m_gateway.reset();
    m_folder.reset();
}

void tst_CostsEmbedded::sqlGivesTheBuildersSums_data()
{
    QTest::addColumn<int>("by");
    QTest::addColumn<int>("measure");
    QTest::addColumn<int>("per");
    QTest::addColumn<QString>("filter");
    for (int by = 0; by < int(costFieldCount); ++by) {
        for (int per = 0; per < ui::costs::perCount; ++per) {
            for (const auto *filter : {u"", u"team:search", u"latency:>1ms NOT customer:acme"})
                QTest::addRow("%d, %d, %s", by, per, qPrintable(QString::fromUtf16(filter))) << by << (by + per) % 3 << per << QString::fromUtf16(filter);
        }
    }
}

void tst_CostsEmbedded::sqlGivesTheBuildersSums()
{
    QFETCH(int, by);
    QFETCH(int, measure);
    QFETCH(int, per);
    QFETCH(QString, filter);
    if (per == int(ui::costs::Per::FiveMinutes))
        m_view->setRange({86'400, {}, {}}); // of a week they would be more than are drawn
    else
        m_view->setRange({7 * 86'400, {}, {}});
    m_pane->setShape(CostsPane::Shape::Chart);
    m_view->setFilterText(filter);
    choose(u"by"_s, by);
    choose(u"measure"_s, measure);
    choose(u"per"_s, per);
    m_pane->setShape(CostsPane::Shape::Chart);
    std::optional<Costs> costs;
    const auto shown = ui::costs::shownOf(m_view->range(), ui::costs::Per(per), m_view->now(), QTimeZone(QByteArray::fromStdString(m_gateway->config()->gateway.timeZone)));
    api::CostTools::of(*m_gateway)->costs({.borders = shown.borders, .filter = m_view->filter(), .by = CostField(by)}, this, [&](const Result<Costs> &answer) { costs = answer.value(); });
    QTRY_VERIFY(costs);
    m_pane->showAsSql();
    QTRY_VERIFY(ended());
    QVERIFY2(state().contains(u"row"_s), qPrintable(m_pane->findChild<ui::costs::SqlEdit *>()->toPlainText()));
    std::map<std::string, double> sums, wanted;
    const SqlResult &rows = result().answer()->result;
    for (std::size_t row = 0; row < rows.rows(); ++row)
        sums[rows.asText(row, 1)] += rows.real(row, 2);
    for (const CostBranch &group : costs->groups) {
        if (measured(group.now, CostMeasure(measure)) != 0)
            wanted[group.name] = double(measured(group.now, CostMeasure(measure))) / (measure == 0 ? 1e9 : 1);
    }
    std::erase_if(sums, [](const auto &sum) { return sum.second == 0; });
    QCOMPARE(sums.size(), wanted.size());
    for (const auto &[name, sum] : wanted)
        QVERIFY2(std::abs(sums[name] - sum) < 1e-7, qPrintable(u"%1: %2 is not %3"_s.arg(ui::bridge::qt(name)).arg(sums[name], 0, 'f', 9).arg(sum, 0, 'f', 9)));
    if (filter.isEmpty() && per != int(ui::costs::Per::FiveMinutes) && measure == 0) {
        double whole = 0;
        for (const auto &[name, sum] : sums)
            whole += sum;
        QVERIFY(std::abs(whole - double(m_sum.nanos()) / 1e9) < 1e-6);
    }
}

void tst_CostsEmbedded::samplesWork_data()
{
    QTest::addColumn<QString>("text");
    for (const ui::costs::SqlSample &sample : ui::costs::sqlSamples())
        QTest::newRow(qPrintable(sample.name)) << sample.text;
}

void tst_CostsEmbedded::samplesWork()
{
    QFETCH(QString, text);
    m_pane->setShape(CostsPane::Shape::Sql);
    m_pane->findChild<ui::costs::SqlView *>()->ask(text);
    QTRY_VERIFY(ended());
    QVERIFY2(state().contains(u"row"_s), qPrintable(m_pane->findChild<ui::widgets::Label *>(u"costs.sqlProblem"_s)->text()));
    if (!text.contains(u"NOT ok"_s))
        QVERIFY(result().rowCount() > 0);
}

void tst_CostsEmbedded::cancelTakesLessThanAFifthOfASecond()
{
    auto *tools = api::SqlTools::of(*m_gateway);
    std::optional<SqlOutcome> outcome;
    bool running = false;
    tools->ask(*sqlQuestion("SELECT count(*) FROM calls a, calls b, calls c WHERE a.team > b.model"), this, [&](const SqlProgress &) { running = true; }, [&](const SqlOutcome &given) { outcome = given; });
    QTRY_VERIFY(running);
    QElapsedTimer clock;
    clock.start();
    tools->cancel();
    QTRY_VERIFY(outcome);
    qInfo("answered %lld ms after Cancel", static_cast<long long>(clock.elapsed()));
    QVERIFY(clock.elapsed() <= 200);
    QVERIFY(!*outcome && outcome->error().code == ErrorCode::Cancelled);
}

QTEST_MAIN(tst_CostsEmbedded)
#include "tst_costs_embedded.moc"
