// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/retention.h"

#include "gateway/storage/database.h"
#include "gateway/storage/schemas.h"
#include "tests/support/temp_store.h"

using namespace gateway;
using namespace gateway::storage;

/// Retention by single steps, between which calls go on.
class tst_Retention : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void callsGoTooWhileBodiesCome();
};

/// Bodies go first, but there is a new one at every step.
void tst_Retention::callsGoTooWhileBodiesCome()
{
    tests::TempStore store;
    std::vector<CallRecord> calls;
    for (int i = 0; i < 5'000; ++i)
        calls.push_back(tests::sampleCall(store.clock().wallNow()));
    store.store(calls);
    store.closeWriter();
    auto database = Database::open({.path = store.callsPath()}, callLogSchema());
    QVERIFY2(database, database ? "" : database.error().message.c_str());
    Retention retention(**database, [] { return Result<>(); });
    config::LogSettings settings;
    settings.maxSize = *retention.usedBytes() / 2;
    const std::string newBody = "INSERT OR REPLACE INTO bodies (row, at_us, flags, request) SELECT max(row), " + std::to_string(store.clock().wallNow().time_since_epoch().count()) + ", 0, zeroblob(500) FROM calls";
    int steps = 0;
    do {
        QVERIFY((*database)->run(newBody));
        const auto more = retention.step(settings, store.clock().wallNow());
        QVERIFY2(more, more ? "" : more.error().message.c_str());
    } while (*retention.usedBytes() > settings.maxSize && ++steps < 1'000);
    QVERIFY(*retention.usedBytes() <= settings.maxSize);
    QCOMPARE((*database)->number("SELECT count(*) FROM bodies").value(), std::int64_t {1});
    QVERIFY((*database)->number("SELECT count(*) FROM calls").value() > 500); // no more than had to
}

QTEST_GUILESS_MAIN(tst_Retention)
#include "tst_retention.moc"
