// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/billing/reconcile.h"

#include <QTest>

using namespace gateway;
using namespace gateway::billing;

namespace {

constexpr std::chrono::sys_days day1 = std::chrono::sys_days(std::chrono::year(2026) / 11 / 28);
constexpr std::chrono::sys_days day2 = day1 + std::chrono::days(1);
constexpr std::chrono::sys_days day3 = day2 + std::chrono::days(1);

Money usd(const char *text)
{
    return *Money::parse(text);
}

/// A bill of tokens and costs.
Bill billOf(std::vector<BillLine> lines)
{
    return Bill {.vendor = Vendor::OpenAi, .lines = std::move(lines), .tokens = true, .costs = true};
}

BillLine billed(std::chrono::sys_days day, const char *model, std::int64_t input, std::int64_t output, const char *cost)
{
    return {.day = day, .model = model, .figures = {.input = input, .output = output, .cost = usd(cost)}};
}

LoggedLine logged(std::chrono::sys_days day, const char *model, std::int64_t input, std::int64_t output, const char *cost)
{
    return {.day = day, .model = model, .calls = 3, .input = input, .output = output, .cost = usd(cost)};
}

QByteArrayList causes(const Reconciliation &all)
{
    QByteArrayList list;
    for (const ReconciledRow &row : all.rows)
        list << QByteArray::fromStdString(row.model + ' ' + std::string(toText(row.cause)));
    return list;
}

} // namespace

class tst_Reconcile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesOfOneModelAreOne_data()
    {
        QTest::addColumn<QString>("a");
        QTest::addColumn<QString>("b");
        QTest::addColumn<bool>("same");
        const auto row = [](const char *a, const char *b, bool same) { QTest::addRow("%s, %s", a, b) << QString::fromLatin1(a) << QString::fromLatin1(b) << same; };
        row("gpt-4o-2024-08-06", "gpt-4o", true);
        row("gpt-4-0613", "gpt-4", true);
        row("claude-haiku-4-5-20251001", "Claude Haiku 4.5", true);
        row("claude-3-5-sonnet-latest", "Claude Sonnet 3.5", true);
        row("models/gemini-2.0-flash-001", "Gemini 2.0 Flash", true);
        row("gpt-4o-mini", "gpt-4o", false);
        row("claude-opus-4-1", "claude-opus-4", false);
        row("gpt-4.1", "gpt-4", false);
    }
    void namesOfOneModelAreOne()
    {
        QFETCH(QString, a);
        QFETCH(QString, b);
        QFETCH(bool, same);
        QCOMPARE(modelKey(a.toStdString()) == modelKey(b.toStdString()), same);
    }

    void whatIsTheSameIsTheSame()
    {
        const auto all = reconcile(billOf({billed(day1, "gpt-4o-2024-08-06", 1000, 500, "1.0049")}), {logged(day1, "gpt-4o", 1000, 500, "1")});
        QCOMPARE(causes(all), QByteArrayList {"gpt-4o same"}); // within half a per cent or a cent
        QCOMPARE(all.drift()->toDecimal(), std::string("0.0049"));
        QVERIFY(all.rows.front().why.empty());
    }

    void causesAreTold()
    {
        auto unpriced = logged(day1, "gpt-9", 1000, 500, "0");
        unpriced.unpriced = 3;
        const auto all = reconcile(billOf({billed(day1, "gpt-4o", 2000, 500, "2"), billed(day1, "gpt-4o-mini", 1000, 500, "0.5"), billed(day1, "gpt-5", 1000, 500, "3"), billed(day1, "gpt-9", 1000, 500, "3"), billed(day1, "o3", 10, 5, "1")}),
                                   {logged(day1, "gpt-4o", 1000, 500, "1"), logged(day1, "gpt-4o-mini", 1000, 500, "1"), logged(day1, "o1", 5, 5, "4"), logged(day1, "o3", 100, 5, "9"), unpriced,
                                    logged(day3, "gpt-4o", 1, 1, "5")}); // after the bill's last day
        QCOMPARE(causes(all), (QByteArrayList {"gpt-4o more_billed", "gpt-4o-mini other_price", "gpt-5 not_logged", "gpt-9 unpriced", "o1 not_billed", "o3 more_logged"}));
        QVERIFY2(QString::fromStdString(all.rows[0].why).startsWith(QStringLiteral("The bill has 1,000 tokens more than the log (3 calls there)")), all.rows[0].why.c_str());
        QVERIFY2(all.rows[1].why.contains("$333.3 a million tokens on the bill, $666.7 in the log"), all.rows[1].why.c_str());
        QVERIFY(all.rows[3].why.starts_with("3 of the log's calls have no known price."));
        QCOMPARE(all.billed.cost->toDecimal(), std::string("9.5"));
        QCOMPARE(all.logged.cost->toDecimal(), std::string("15"));
        QCOMPARE(all.drift()->toDecimal(), std::string("-5.5"));
        Money sum;
        for (const auto &[cause, amount] : all.byCause)
            sum += amount;
        QCOMPARE(sum.toDecimal(), std::string("-5.5")); // what the causes are off by is all that is off
    }

    void callsOnAnotherDayAreNoLoss()
    {
        const auto all = reconcile(billOf({billed(day1, "gpt-4o", 900, 500, "9"), billed(day2, "gpt-4o", 1100, 500, "11")}), {logged(day1, "gpt-4o", 1000, 500, "10"), logged(day2, "gpt-4o", 1000, 500, "10")});
        QCOMPARE(causes(all), (QByteArrayList {"gpt-4o day_border", "gpt-4o day_border"}));
        QCOMPARE(all.drift()->nanos(), std::int64_t {0});
    }

    void costsAloneAreCompared()
    {
        Bill bill = billOf({{.day = day1, .model = "gpt-4o", .figures = {.cost = usd("2")}}});
        bill.tokens = false;
        const auto all = reconcile(bill, {logged(day1, "gpt-4o", 1000, 500, "1")});
        QCOMPARE(causes(all), QByteArrayList {"gpt-4o unclear"});
        QVERIFY(all.rows[0].why.contains("The bill says $2, the log $1."));
    }

    void tokensAloneAreCompared()
    {
        Bill bill = billOf({{.day = day1, .model = "gpt-4o", .figures = {.calls = 3, .input = 1000, .output = 500}}, {.day = day1, .model = "o3", .figures = {.calls = 9, .input = 5000, .output = 0}}});
        bill.costs = false;
        const auto all = reconcile(bill, {logged(day1, "gpt-4o", 1000, 500, "1"), logged(day1, "o3", 1000, 0, "1")});
        QCOMPARE(causes(all), (QByteArrayList {"gpt-4o same", "o3 more_billed"}));
        QVERIFY(!all.drift());
        QVERIFY(all.rows[1].why.contains("(3 calls there, 9 on the bill)"));
    }

    void anItemIsOfTheModelThatItNames()
    {
        Bill bill = billOf({{.day = day1, .model = "Gemini 2.5 Flash Lite Text Input - Predictions", .figures = {.input = 10, .cost = usd("1")}},
                            {.day = day1, .model = "Gemini 2.5 Flash Text Input - Predictions", .figures = {.input = 20, .cost = usd("2")}},
                            {.day = day1, .model = "Gemini 2.5 Flash Text Output - Predictions", .figures = {.output = 30, .cost = usd("3")}},
                            {.day = day1, .model = "Grounding with Search", .figures = {.cost = usd("4")}}});
        const auto all = reconcile(bill, {logged(day1, "gemini-2.5-flash", 20, 30, "5"), logged(day1, "gemini-2.5-flash-lite", 10, 0, "1")});
        QCOMPARE(causes(all), (QByteArrayList {"gemini-2.5-flash same", "gemini-2.5-flash-lite same", "Grounding with Search not_logged"}));
    }
};

QTEST_APPLESS_MAIN(tst_Reconcile)
#include "tst_reconcile.moc"
