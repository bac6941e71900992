// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/cache_tools.h"
#include "tests/gateway/admin/admin_site.h"
#include "tests/support/fake_provider.h"

#include <QFile>

#include <algorithm>

using namespace gateway;
using nlohmann::json;
using support::FakeProvider;
using support::Script;

/// The cache of a whole gateway: what it holds and saved, what it forgets, what outlives a restart, and what people say of
/// answers that were given for likeness.
class tst_AdminCache : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void tellsWhatItHoldsAndSaved();
    void listsAndPurges_data();
    void listsAndPurges();
    void aPurgeMustSayWhat();
    void answersOutliveARestart();
    void unlessTheyAreNotToPersist();
    void likenessOutlivesARestart();
    void hitsByLikenessAreReviewed();
    void anotherVectoriserBeginsAnew();
    void wrongQuestionsAreToldSo();
    void metricsTellOfIt();
    void callsSayWhatTheCacheDid();
    void aDamagedFileIsToldAndSetAside();
    void theSectionGoesBackWithAVersion();

private:
    void setUp(const json &cache = json::object(), const char *mode = "exact");
    void restart();
    /// x-signalbox-cache of one call.
    std::string call(const QByteArray &words, const char *route = "fast");
    json state() { return m_site->ask("GET", "/admin/v1/cache").body["now"]; }

    std::unique_ptr<FakeProvider> m_fake;
    std::unique_ptr<AdminSite> m_site;
    std::string m_secret;
};

void tst_AdminCache::init()
{
    m_fake = std::make_unique<FakeProvider>(Script::answer("pong").usage(1000, 1000));
    m_site = std::make_unique<AdminSite>();
}

void tst_AdminCache::cleanup()
{
    m_site.reset();
    m_fake.reset();
}

void tst_AdminCache::setUp(const json &cache, const char *mode)
{
    json route {{"plan", {{"provider", "fake"}, {"model", "fake-model"}}}, {"cache", {{"mode", mode}, {"ttl", "1h"}}}};
    json fast = route, slow = route;
    fast["name"] = "fast";
    slow["name"] = "slow";
    slow["cache"]["namespace"] = "drafts";
    const json config {{"providers",
                        {{{"name", "fake"}, {"kind", "openai-compatible"}, {"base_url", m_fake->baseUrl()}, {"credentials", {{{"name", "main"}, {"api_key", "sk-fake-secret-0001"}}}},
                          {"models", {{{"id", "fake-model"}, {"input_per_mtok", 1}, {"output_per_mtok", 2}}}}}}},
                       {"routes", {fast, slow}},
                       {"teams", {{{"name", "search"}}}},
                       {"cache", cache}};
    const Answer applied = m_site->ask("POST", "/admin/v1/config/apply", config);
    QVERIFY2(applied.status == 200, applied.raw.constData());
    const Answer made = m_site->ask("POST", "/admin/v1/keys", {{"name", "one"}, {"team", "search"}});
    QVERIFY2(made.status == 201, made.raw.constData());
    m_secret = made.body["secret"].get<std::string>();
}

void tst_AdminCache::restart()
{
    m_site->api.reset();
    m_site->gateway.reset();
    m_site->inbox = std::make_shared<admin::AdminInbox>();
    auto opened = api::EmbeddedGateway::open({.dataFolder = m_site->folder.path().toStdString(), .listen = "127.0.0.1:0", .workers = 2, .admin = m_site->inbox});
    QVERIFY2(opened.has_value(), opened ? "" : opened.error().message.c_str());
    m_site->gateway = std::move(*opened);
    m_site->api = std::make_unique<admin::AdminApi>(*m_site->gateway, m_site->inbox, m_site->owner);
}

std::string tst_AdminCache::call(const QByteArray &words, const char *route)
{
    QNetworkAccessManager network;
    QNetworkRequest request(QUrl::fromEncoded("http://" + QByteArray::fromStdString(m_site->gateway->listener().address) + "/v1/chat/completions"));
    request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArrayLiteral("application/json"));
    request.setRawHeader("Authorization", "Bearer " + QByteArray::fromStdString(m_secret));
    QNetworkReply *reply = network.post(request, QByteArray("{\"model\":\"") + route + "\",\"messages\":[{\"role\":\"user\",\"content\":\"" + words + "\"}]}");
    if (!QTest::qWaitFor([&] { return reply->isFinished(); }, 20'000) || reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt() != 200)
        return "failed";
    return reply->rawHeader("x-signalbox-cache").toStdString();
}

void tst_AdminCache::tellsWhatItHoldsAndSaved()
{
    setUp();
    QCOMPARE(call("a"), "miss");
    QCOMPARE(call("a"), "hit");
    QCOMPARE(call("a"), "hit");
    QCOMPARE(call("b", "slow"), "miss");
    const json now = state();
    QCOMPARE(now["entries"].get<int>(), 2);
    QVERIFY(now["bytes"].get<int>() > 0);
    QCOMPARE(now["hits"].get<int>(), 2);
    QCOMPARE(now["misses"].get<int>(), 2);
    QCOMPARE(now["saved"].get<std::string>(), "0.006");
    QVERIFY(now["persist"].get<bool>());
    QVERIFY(now["problem"].is_null());
    json savings;
    QTRY_VERIFY((savings = m_site->ask("GET", "/admin/v1/cache").body["savings"]).size() == 2 && savings[0]["hits"].get<int>() + savings[1]["hits"].get<int>() == 2); // the log follows in a moment
    const json &fast = savings[0]["route"] == "fast" ? savings[0] : savings[1];
    QCOMPARE(fast["team"].get<std::string>(), "search");
    QCOMPARE(fast["misses"].get<int>(), 1);
    QCOMPARE(fast["saved"].get<std::string>(), "0.006");
    QVERIFY(fast["saved_ms"].get<double>() > 0);
    QCOMPARE(m_site->ask("GET", "/admin/v1/cache?to=2020-01-01").body["savings"].size(), 0u);
    // What hits are is no use of a model: nothing is charged for them.
    const json usage = m_site->ask("GET", "/admin/v1/usage").body["totals"];
    QCOMPARE(usage["calls"].get<int>(), 4);
    QCOMPARE(usage["cost"].get<std::string>(), "0.006");
}

void tst_AdminCache::listsAndPurges_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<int>("count"); // of three: two of fast, one of slow
    QTest::newRow("route") << QByteArray("route=fast") << 2;
    QTest::newRow("namespace") << QByteArray("namespace=drafts") << 1;
    QTest::newRow("the common namespace") << QByteArray("namespace=") << 2;
    QTest::newRow("team") << QByteArray("team=search") << 3;
    QTest::newRow("another team") << QByteArray("team=growth") << 0;
    QTest::newRow("model") << QByteArray("model=fake-model") << 3;
    QTest::newRow("provider") << QByteArray("provider=other") << 0;
    QTest::newRow("not so old") << QByteArray("older_than=1h") << 0;
    QTest::newRow("two at once") << QByteArray("team=search&route=slow") << 1;
    QTest::newRow("key") << QByteArray("key") << 1;
    QTest::newRow("all") << QByteArray("all=true") << 3;
}

void tst_AdminCache::listsAndPurges()
{
    QFETCH(QByteArray, query);
    QFETCH(int, count);
    setUp();
    for (const char *words : {"a", "b"})
        QCOMPARE(call(words), "miss");
    QCOMPARE(call("a", "slow"), "miss");
    Answer all = m_site->ask("GET", "/admin/v1/cache/entries");
    QCOMPARE(all.body["data"].size(), 3u);
    QCOMPARE(all.body["data"][0]["route"].get<std::string>(), "slow"); // the last one first
    QCOMPARE(all.body["data"][0]["model"].get<std::string>(), "fake-model");
    QCOMPARE(m_site->ask("GET", "/admin/v1/cache/entries?limit=1").body["data"].size(), 1u);
    if (query == "key")
        query += "=" + QByteArray::fromStdString(all.body["data"][0]["key"]);
    if (!query.startsWith("all"))
        QCOMPARE(m_site->ask("GET", "/admin/v1/cache/entries?" + query).body["data"].size(), static_cast<std::size_t>(count));
    const Answer purged = m_site->ask("DELETE", "/admin/v1/cache?" + query);
    QVERIFY2(purged.status == 200, purged.raw.constData());
    QCOMPARE(purged.body["purged"].get<int>(), count);
    QCOMPARE(state()["entries"].get<int>(), 3 - count);
    const json audit = m_site->ask("GET", "/admin/v1/audit?kind=cache").body["data"];
    QCOMPARE(audit.size(), 1u);
    QCOMPARE(audit[0]["action"].get<std::string>(), "purged");
    QCOMPARE(audit[0]["who"].get<std::string>(), "admin:owner");
    QVERIFY(audit[0]["diff"].get<std::string>().starts_with(std::to_string(count) + " answers: "));
    QVERIFY(QTest::qWaitFor([&] { return m_site->gateway->store().healthy; }));
    restart();
    QCOMPARE(state()["entries"].get<int>(), 3 - count); // what was purged does not come back
}

void tst_AdminCache::aPurgeMustSayWhat()
{
    setUp();
    QCOMPARE(call("a"), "miss");
    QCOMPARE(m_site->ask("DELETE", "/admin/v1/cache").status, 400);
    QCOMPARE(m_site->ask("DELETE", "/admin/v1/cache?all=true&route=fast").status, 400);
    QCOMPARE(m_site->ask("DELETE", "/admin/v1/cache?key=zz").status, 400);
    QCOMPARE(m_site->ask("DELETE", "/admin/v1/cache?older_than=soon").status, 400);
    QCOMPARE(state()["entries"].get<int>(), 1);
}

void tst_AdminCache::answersOutliveARestart()
{
    setUp();
    QCOMPARE(call("a"), "miss");
    restart();
    QCOMPARE(state()["restored"].get<int>(), 1);
    QCOMPARE(call("a"), "hit");
    const auto asked = m_fake->requests(); // its list of models among it
    QCOMPARE(std::ranges::count_if(asked, [](const support::Received &each) { return each.target.ends_with("/chat/completions"); }), 1);
}

void tst_AdminCache::unlessTheyAreNotToPersist()
{
    setUp({{"exact", {{"persist", false}}}});
    QCOMPARE(call("a"), "miss");
    QCOMPARE(call("a"), "hit");
    restart();
    QCOMPARE(call("a"), "miss");
    // Answers that were written before go when nothing is to persist any more.
    m_site->ask("POST", "/admin/v1/config/apply", {{"cache", {{"exact", {{"persist", true}}}}}});
    QCOMPARE(call("b"), "miss");
    const Answer off = m_site->ask("POST", "/admin/v1/config/apply", {{"cache", {{"exact", {{"persist", false}}}}}});
    QVERIFY2(off.status == 200, off.raw.constData());
    restart();
    QCOMPARE(call("b"), "miss");
}

void tst_AdminCache::likenessOutlivesARestart()
{
    setUp({{"semantic", {{"embed_with", "lexical"}, {"threshold", 0.8}}}}, "semantic");
    QCOMPARE(call("How tall is the Eiffel tower in Paris?"), "miss");
    restart();
    QTRY_COMPARE(state()["questions"].get<int>(), 1);
    QCOMPARE(call("How tall is the Eiffel tower in Paris then?"), "semantic");
}

void tst_AdminCache::hitsByLikenessAreReviewed()
{
    setUp({{"semantic", {{"embed_with", "lexical"}, {"threshold", 0.8}}}}, "semantic");
    QCOMPARE(m_site->ask("GET", "/admin/v1/cache/reviews").body["data"].size(), 0u);
    QCOMPARE(call("How tall is the Eiffel tower in Paris?"), "miss");
    QCOMPARE(call("How tall is the Eiffel tower in Paris then?"), "semantic");
    Answer list;
    QTRY_COMPARE((list = m_site->ask("GET", "/admin/v1/cache/reviews")).body["data"].size(), 1u);
    const json hit = list.body["data"][0];
    QCOMPARE(hit["asked"].get<std::string>(), "How tall is the Eiffel tower in Paris then?");
    QCOMPARE(hit["kept"].get<std::string>(), "How tall is the Eiffel tower in Paris?");
    QCOMPARE(hit["verdict"].get<std::string>(), "open");
    QCOMPARE(hit["threshold"].get<double>(), 0.8);
    const Answer marked = m_site->ask("POST", "/admin/v1/cache/reviews", {{"id", hit["id"]}, {"verdict", "wrong"}});
    QVERIFY2(marked.status == 200, marked.raw.constData());
    QCOMPARE(marked.body["verdict"].get<std::string>(), "wrong");
    const json after = m_site->ask("GET", "/admin/v1/cache/reviews?verdict=wrong&route=fast").body;
    QCOMPARE(after["data"].size(), 1u);
    QCOMPARE(after["rates"][0]["threshold"].get<double>(), 0.8);
    QCOMPARE(after["rates"][0]["judged"].get<int>(), 1);
    QCOMPARE(after["rates"][0]["false_hit_rate"].get<double>(), 1.0);
    QVERIFY(after["rates"][19]["false_hit_rate"].is_null());
    QCOMPARE(m_site->ask("POST", "/admin/v1/cache/reviews", {{"id", 4711}, {"verdict", "wrong"}}).status, 404);
    QCOMPARE(m_site->ask("POST", "/admin/v1/cache/reviews", {{"id", hit["id"]}, {"verdict", "maybe"}}).status, 400);
}

void tst_AdminCache::anotherVectoriserBeginsAnew()
{
    setUp({{"semantic", {{"embed_with", "lexical"}, {"threshold", 0.8}}}}, "semantic");
    QCOMPARE(call("How tall is the Eiffel tower in Paris?"), "miss");
    QTRY_COMPARE(state()["questions"].get<int>(), 1);
    const Answer changed = m_site->ask("POST", "/admin/v1/config/apply", {{"cache", {{"semantic", {{"embed_with", {{"provider", "fake"}, {"model", "vectors"}}}}}}}});
    QVERIFY2(changed.status == 200, changed.raw.constData());
    QCOMPARE(state()["embedder"].get<std::string>(), "fake/vectors");
    QCOMPARE(state()["questions"].get<int>(), 0);
    QCOMPARE(call("How tall is the Eiffel tower in Paris?"), "hit"); // the answers are there all the same
    m_site->ask("POST", "/admin/v1/config/apply", {{"cache", {{"semantic", {{"embed_with", "lexical"}, {"threshold", 0.8}}}}}});
    QTRY_COMPARE(state()["questions"].get<int>(), 1); // filled with what it made before
    QCOMPARE(call("How tall is the Eiffel tower in Paris then?"), "semantic");
}

void tst_AdminCache::wrongQuestionsAreToldSo()
{
    setUp();
    QCOMPARE(m_site->ask("GET", "/admin/v1/cache?from=yesterday").param(), "from");
    QCOMPARE(m_site->ask("GET", "/admin/v1/cache/entries?limit=0").param(), "limit");
    QCOMPARE(m_site->ask("GET", "/admin/v1/cache/entries?color=red").status, 400);
    QCOMPARE(m_site->ask("GET", "/admin/v1/cache/reviews?verdict=maybe").param(), "verdict");
    QCOMPARE(m_site->ask("GET", "/admin/v1/cache/reviews?before=x").param(), "before");
}

void tst_AdminCache::metricsTellOfIt()
{
    setUp();
    QCOMPARE(call("a"), "miss");
    QCOMPARE(call("a"), "hit");
    const QByteArray text = m_site->send("GET", "/metrics").raw;
    for (const char *line : {"signalbox_cache_entries 1", "signalbox_cache_hits 1", "signalbox_cache_misses 1", "signalbox_cache_saved_usd 0.003"})
        QVERIFY2(text.contains(line), line);
}

void tst_AdminCache::callsSayWhatTheCacheDid()
{
    setUp();
    QCOMPARE(call("a"), "miss");
    QCOMPARE(call("a"), "hit");
    json calls;
    QTRY_COMPARE((calls = m_site->ask("GET", "/admin/v1/calls").body["data"]).size(), 2u);
    QCOMPARE(calls[0]["cache"].get<std::string>(), "hit");
    QCOMPARE(calls[1]["cache"].get<std::string>(), "miss");
    const json hit = m_site->ask("GET", "/admin/v1/calls/" + QByteArray::fromStdString(calls[0]["id"])).body;
    QCOMPARE(hit["cached"]["from"].get<std::string>(), calls[1]["id"].get<std::string>());
    QCOMPARE(hit["cached"]["saved"].get<std::string>(), "0.003");
    QVERIFY(hit["cached"]["saved_ms"].get<double>() > 0);
    QVERIFY(hit["cached"]["similarity"].is_null());
    QVERIFY(hit["findings"].is_array());
    QVERIFY(hit["prompt"].is_null() && hit["policy"].is_null());
    QCOMPARE(hit["cost"].get<std::string>(), "0");
}

void tst_AdminCache::aDamagedFileIsToldAndSetAside()
{
    setUp();
    QCOMPARE(call("a"), "miss");
    m_site->api.reset();
    m_site->gateway.reset();
    QFile file(m_site->folder.filePath(QStringLiteral("cache.db")));
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    file.write(QByteArray(8192, 'x'));
    file.close();
    restart();
    QVERIFY(QString::fromStdString(m_site->gateway->store().problem).contains(u"cache.db"));
    QVERIFY(m_site->gateway->store().healthy);
    QCOMPARE(call("a"), "miss");
    QCOMPARE(call("a"), "hit");
}

void tst_AdminCache::theSectionGoesBackWithAVersion()
{
    setUp({{"exact", {{"max_entries", 5}}}});
    const auto before = m_site->gateway->revision().number;
    QCOMPARE(m_site->ask("POST", "/admin/v1/config/apply", {{"cache", {{"exact", {{"max_entries", 7}}}}}}).status, 200);
    QCOMPARE(m_site->gateway->config()->cache.exact.maxEntries, std::int64_t(7));
    const Answer back = m_site->ask("POST", "/admin/v1/config/rollback", {{"revision", before}});
    QVERIFY2(back.status == 200, back.raw.constData());
    QCOMPARE(m_site->gateway->config()->cache.exact.maxEntries, std::int64_t(5));
    QVERIFY(m_site->gateway->config()->routes[0].cache.has_value());
}

QTEST_GUILESS_MAIN(tst_AdminCache)
#include "tst_admin_cache.moc"
