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
    void readsMarksForProvidersCaches();
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

void tst_CacheSettings::readsMarksForProvidersCaches()
{
    QCOMPARE(readPromptCache(R"({"marks":"auto","ttl":"1h"})").value(), (PromptCache {.marks = CacheMarks::Auto, .life = PromptLife::OneHour}));
    QCOMPARE(readPromptCache(R"({"marks":"off","ttl":"5m"})").value(), PromptCache {});
    QCOMPARE(readPromptCache("{}").value(), PromptCache {});
    QCOMPARE(lifeOf(PromptLife::OneHour), Millis(1h));
    QCOMPARE(lifeOf(PromptLife::FiveMinutes), Millis(5min));
}

void tst_CacheSettings::tellsWhatIsWrong_data()
{
    QTest::addColumn<QString>("of");
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("words");
    const auto row = [](const char *of, const char *json, const char *field, const char *words) { QTest::newRow(json) << QString::fromLatin1(of) << QByteArray(json) << QByteArray(field) << QByteArray(words); };
    row("section", R"({"exact":{"max_entry":1}})", "cache.exact.max_entry", "did you mean `max_entries`?");
    row("section", R"({"exact":{"max_entries":-1}})", "cache.exact.max_entries", "");
    row("section", R"({"exact":{"max_bytes":"many"}})", "cache.exact.max_bytes", "");
    row("section", R"({"semantic":{"threshold":0.9}})", "cache.semantic.embed_with", "is missing");
    row("section", R"({"semantic":{"embed_with":"magic"}})", "cache.semantic.embed_with", "no vectoriser");
    row("section", R"({"semantic":{"embed_with":{"provider":"local"}}})", "cache.semantic.embed_with", "embeddings model");
    row("section", R"({"semantic":{"embed_with":"lexical","threshold":1.5}})", "cache.semantic.threshold", "no likeness");
    row("section", R"({"semantic":[]})", "cache.semantic", "must be a map");
    row("section", R"([])", "cache", "must be a map");
    row("section", R"({)", "", "");
    row("route", R"({"mode":"fuzzy"})", "cache.mode", "off, exact, semantic");
    row("route", R"({"ttl":"10"})", "cache.ttl", "");
    row("route", R"({"ttl":"0"})", "cache.ttl", "");
    row("route", R"({"share":"all"})", "cache.share", "team, key, everyone");
    row("route", R"({"namespace":"a b"})", "cache.namespace", "without blanks");
    row("route", R"({"threshold":0})", "cache.threshold", "no likeness");
    row("route", R"({"threshold":"x"})", "cache.threshold", "not a number");
    row("prompts", R"({"marks":"always"})", "prompt_cache.marks", "off, auto");
    row("prompts", R"({"ttl":"10m"})", "prompt_cache.ttl", "5m, 1h");
    row("prompts", R"({"mark":"auto"})", "prompt_cache.mark", "did you mean `marks`?");
    row("prompts", R"("auto")", "prompt_cache", "must be a map");
}

void tst_CacheSettings::tellsWhatIsWrong()
{
    QFETCH(QString, of);
    QFETCH(QByteArray, json);
    QFETCH(QByteArray, field);
    QFETCH(QByteArray, words);
    const auto problemsOf = [](const auto &read) { return read.has_value() ? Problems {} : read.error(); };
    const std::string text = json.toStdString();
    const Problems problems = of == QLatin1String("route") ? problemsOf(readRouteCache(text)) : of == QLatin1String("prompts") ? problemsOf(readPromptCache(text)) : problemsOf(readCacheSettings(text));
    QCOMPARE(problems.size(), std::size_t {1});
    QCOMPARE(QByteArray::fromStdString(problems[0].field), field);
    QVERIFY2(problems[0].message.find(words.toStdString()) != std::string::npos, problems[0].message.c_str());
}

QTEST_APPLESS_MAIN(tst_CacheSettings)
#include "tst_cache_settings.moc"
