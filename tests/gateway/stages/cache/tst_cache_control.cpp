// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/cache/cache_control.h"

#include <QTest>

using namespace gateway;
using namespace gateway::stages;
using namespace std::chrono_literals;

class tst_CacheControl : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsWhatIsAsked();
    void refusesWhatIsNot_data();
    void refusesWhatIsNot();
};

void tst_CacheControl::readsWhatIsAsked()
{
    QCOMPARE(parseCacheControl("").value(), CacheControl {});
    QCOMPARE(parseCacheControl("no-cache").value(), CacheControl {.read = false});
    QCOMPARE(parseCacheControl("No-Store").value(), CacheControl {.store = false});
    QCOMPARE(parseCacheControl("only-if-cached").value(), CacheControl {.onlyIfCached = true});
    QCOMPARE(parseCacheControl("ttl=30").value(), CacheControl {.ttl = 30s});
    QCOMPARE(parseCacheControl(" no-cache , TTL=31536000,").value(), (CacheControl {.read = false, .ttl = 31536000s}));
}

void tst_CacheControl::refusesWhatIsNot_data()
{
    QTest::addColumn<QByteArray>("value");
    for (const char *value : {"nocache", "ttl", "ttl=", "ttl=0", "ttl=-1", "ttl=1.5", "ttl=31536001", "ttl=99999999999999999999", "ttl=1 2", "no-cache, only-if-cached", "no-cache;no-store"})
        QTest::newRow(value) << QByteArray(value);
}

void tst_CacheControl::refusesWhatIsNot()
{
    QFETCH(QByteArray, value);
    const auto control = parseCacheControl(value.toStdString());
    QVERIFY(!control.has_value());
    QCOMPARE(control.error().code, ErrorCode::BadRequest);
    QCOMPARE(control.error().where, std::string("x-signalbox-cache"));
}

QTEST_APPLESS_MAIN(tst_CacheControl)
#include "tst_cache_control.moc"
