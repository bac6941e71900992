// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/cache_settings.h"

#include <QTest>

#include <string>

using namespace gateway::config;
using namespace std::chrono_literals;

class tst_CacheSettings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsTheSection();
    void readsARoutesOwn();
    void tellsWhatIsWrong_data();
    void tellsWhatIsWrong();
};

void tst_CacheSettings::readsTheSection()
{
    const auto named = readCacheSettings(R"({"exact":{"max_entries":5000,"max_bytes":"64MB","persist":false},"semantic":{"embed_with":{"provider":"local","model":"nomic-embed-text"},"threshold":0.95,"max_entries":10}})");
    QVERIFY(named.has_value());
    QCOMPARE(named->exact.maxEntries, std::int64_t {5000});
    QCOMPARE(named->exact.maxBytes, std::int64_t {64} * 1024 * 1024);
    QVERIFY(!named->exact.persist);
    QCOMPARE(named->semantic->embedWith.provider, std::string("local"));
    QCOMPARE(named->semantic->embedWith.model, std::string("nomic-embed-text"));
    QCOMPARE(named->semantic->threshold, 0.95);
    const auto lexical = readCacheSettings(R"({"semantic":{"embed_with":"lexical"}})");
    QVERIFY(lexical.has_value());
    QVERIFY(lexical->semantic->embedWith.lexical);
    QCOMPARE(lexical->semantic->threshold, 0.92);
    QCOMPARE(lexical->exact, ExactCache {});
    QCOMPARE(readCacheSettings("{}").value(), CacheSettings {});
}

void tst_CacheSettings::readsARoutesOwn()
{
    const auto cache = readRouteCache(R"({"mode":"semantic","ttl":"1h","share":"key","namespace":"drafts","threshold":0.9})");
    QVERIFY(cache.has_value());
    QCOMPARE(*cache, (RouteCache {.mode = CacheMode::Semantic, .ttl = 1h, .share = CacheShare::Key, .nameSpace = "drafts", .threshold = 0.9}));
    QCOMPARE(readRouteCache(R"({"mode":"exact","ttl":"10m"})").value(), RouteCache {});
    QCOMPARE(readRouteCache(R"({"mode":"off"})")->mode, CacheMode::Off);
}

void tst_CacheSettings::tellsWhatIsWrong_data()
{
    QTest::addColumn<bool>("route");
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("words");
    const auto row = [](bool route, const char *json, const char *field, const char *words) { QTest::newRow(json) << route << QByteArray(json) << QByteArray(field) << QByteArray(words); };
    row(false, R"({"exact":{"max_entry":1}})", "cache.exact.max_entry", "did you mean `max_entries`?");
    row(false, R"({"exact":{"max_entries":-1}})", "cache.exact.max_entries", "");
    row(false, R"({"exact":{"max_bytes":"many"}})", "cache.exact.max_bytes", "");
    row(false, R"({"semantic":{"threshold":0.9}})", "cache.semantic.embed_with", "is missing");
    row(false, R"({"semantic":{"embed_with":"magic"}})", "cache.semantic.embed_with", "no vectoriser");
    row(false, R"({"semantic":{"embed_with":{"provider":"local"}}})", "cache.semantic.embed_with", "embeddings model");
    row(false, R"({"semantic":{"embed_with":"lexical","threshold":1.5}})", "cache.semantic.threshold", "no likeness");
    row(false, R"({"semantic":[]})", "cache.semantic", "must be a map");
    row(false, R"([])", "cache", "must be a map");
    row(false, R"({)", "", "");
    row(true, R"({"mode":"fuzzy"})", "cache.mode", "off, exact, semantic");
    row(true, R"({"ttl":"10"})", "cache.ttl", "");
    row(true, R"({"ttl":"0"})", "cache.ttl", "");
    row(true, R"({"share":"all"})", "cache.share", "team, key, everyone");
    row(true, R"({"namespace":"a b"})", "cache.namespace", "without blanks");
    row(true, R"({"threshold":0})", "cache.threshold", "no likeness");
    row(true, R"({"threshold":"x"})", "cache.threshold", "not a number");
}

void tst_CacheSettings::tellsWhatIsWrong()
{
    QFETCH(bool, route);
    QFETCH(QByteArray, json);
    QFETCH(QByteArray, field);
    QFETCH(QByteArray, words);
    Problems problems;
    if (route) {
        const auto read = readRouteCache(json.toStdString());
        QVERIFY(!read.has_value());
        problems = read.error();
    } else {
        const auto read = readCacheSettings(json.toStdString());
        QVERIFY(!read.has_value());
        problems = read.error();
    }
    QCOMPARE(problems.size(), std::size_t {1});
    QCOMPARE(QByteArray::fromStdString(problems[0].field), field);
    QVERIFY2(problems[0].message.find(words.toStdString()) != std::string::npos, problems[0].message.c_str());
}

QTEST_APPLESS_MAIN(tst_CacheSettings)
#include "tst_cache_settings.moc"
