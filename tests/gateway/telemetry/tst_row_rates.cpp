// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/telemetry/row_rates.h"

#include <QTest>

#include <cmath>

using namespace gateway;
using namespace gateway::telemetry;
using namespace std::chrono_literals;

namespace {

RowCounts counts(std::uint64_t ok, std::uint64_t failed = 0, std::uint64_t refused = 0)
{
    RowCounts row;
    row.name = "smart";
    row.byStatus[static_cast<std::size_t>(CallStatus::Ok)] = ok;
    row.byStatus[static_cast<std::size_t>(CallStatus::Failed)] = failed;
    row.byStatus[static_cast<std::size_t>(CallStatus::Refused)] = refused;
    return row;
}

} // namespace

class tst_RowRates : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aSteadyRateIsToldFromTheFirstSecondOn()
    {
        RowRates rates;
        const SteadyTime start {};
        rates.update(std::vector {counts(1000)}, start); // what was before is no rate
        for (std::uint64_t second = 1; second <= 90; ++second) {
            rates.update(std::vector {counts(1000 + 4 * second)}, start + std::chrono::seconds(second));
            QCOMPARE(rates.rates().size(), std::size_t {1});
            QVERIFY(std::abs(rates.rates().front().callsPerSecond - 4) < 1e-6);
        }
        QCOMPARE(rates.rates().front().errorShare, std::optional(0.0));
    }

    void whatEndsDecays()
    {
        RowRates rates;
        const SteadyTime start {};
        rates.update(std::vector {counts(0)}, start);
        rates.update(std::vector {counts(600, 200)}, start + 100s);
        const double before = rates.rates().front().callsPerSecond;
        rates.update(std::vector {counts(600, 200)}, start + 130s);
        QVERIFY(std::abs(rates.rates().front().callsPerSecond / before - std::exp(-1.0)) < 0.05);
        QVERIFY(std::abs(*rates.rates().front().errorShare - 0.25) < 1e-9); // the share of those that there were
        rates.update({}, start + 1000s);
        QVERIFY(rates.rates().front().callsPerSecond < 1e-6);
        QVERIFY(!rates.rates().front().errorShare);
    }

    void refusedCallsAreTrafficButNoFailures()
    {
        RowRates rates;
        const SteadyTime start {};
        rates.update(std::vector {counts(0)}, start);
        rates.update(std::vector {counts(90, 10, 100)}, start + 10s);
        QVERIFY(std::abs(rates.rates().front().callsPerSecond - 20) < 1e-6);
        QVERIFY(std::abs(*rates.rates().front().errorShare - 0.1) < 1e-9);
    }
};

QTEST_APPLESS_MAIN(tst_RowRates)
#include "tst_row_rates.moc"
