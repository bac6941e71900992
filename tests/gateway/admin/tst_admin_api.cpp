// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gateway/admin/admin_site.h"
#include "tests/gateway/api/gateway_parts.h"
#include "tests/support/fake_provider.h"

#include <QFile>
#include <QFileInfo>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <nlohmann/json.hpp>

using namespace gateway;
using nlohmann::json;
using support::FakeProvider;

/// The admin API over real sockets, before a real gateway.
class tst_AdminApi : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void onlyAnAdminTokenOpensTheDoor();
    void wrongTokensAreSlowedDown();
    void theOwnersTokenLiesInTheDataFolder();
    void entriesAreMadeReadChangedAndRemoved();
    void aStaleEditIsRefused();
    void ofEditsAtOnceOneWins();
    void aSecretThatCanBeGuessedAtOnceIsRefused();
    void aWrongEntryIsToldByItsField();
    void aProvidersSecretNeverComesOutAndStays();
    void aKeysSecretComesOnce();
    void pagesGoByName();
    void aRouteIsExplained();
    void aReplayOfNothingIsAnswered();
    void theConfigurationIsAppliedAndExported();
    void callsAreListedAndShown();
    void unknownPathsMethodsAndFieldsAreTold();
    void theTextDescribesEveryEndpoint();
    void readyMeansThatThisAnswersToo();
    void aDoorWithoutAnApiSaysSo();

private:
    Answer ask(const char *method, const QByteArray &path, const json &body = {}, const QByteArray &ifMatch = {}, const std::string &token = {}) { return m_site->ask(method, path, body, ifMatch, token); }
    Answer askRaw(const char *method, const QByteArray &path, const QByteArray &body) { return m_site->askRaw(method, path, body); }
    void makeRoute(const FakeProvider &fake);

    std::unique_ptr<AdminSite> m_site;
    api::EmbeddedGateway *m_gateway = nullptr; ///< the site's
    QNetworkAccessManager m_network;
};

void tst_AdminApi::init()
{
    m_site = std::make_unique<AdminSite>();
    m_gateway = m_site->gateway.get();
}

void tst_AdminApi::cleanup()
{
    m_site.reset();
}

void tst_AdminApi::makeRoute(const FakeProvider &fake)
{
    Answer made = ask("POST", "/admin/v1/providers",
                      {{"name", "fake"}, {"kind", "openai-compatible"}, {"base_url", fake.baseUrl()}, {"credentials", {{{"name", "main"}, {"api_key", "sk-fake-secret-0001"}}}}});
    QVERIFY2(made.status == 201, made.raw.constData());
    made = ask("POST", "/admin/v1/routes", {{"name", "fast"}, {"plan", {{"provider", "fake"}, {"model", "fake-model"}}}});
    QVERIFY2(made.status == 201, made.raw.constData());
}

void tst_AdminApi::onlyAnAdminTokenOpensTheDoor()
{
    const Answer without = ask("GET", "/admin/v1/routes", {}, {}, "none");
    QCOMPARE(without.status, 401);
    QCOMPARE(without.code(), "missing_api_key");
    QCOMPARE(ask("GET", "/admin/v1/routes", {}, {}, "sb-admin-wrong").status, 401);
    const Answer key = ask("POST", "/admin/v1/keys", {{"name", "program"}});
    QCOMPARE(key.status, 201);
    QCOMPARE(ask("GET", "/admin/v1/routes", {}, {}, key.body["secret"].get<std::string>()).status, 401); // a virtual key is none
    QCOMPARE(ask("GET", "/admin/v1/routes").status, 200);
}

void tst_AdminApi::wrongTokensAreSlowedDown()
{
    for (int i = 0; i < admin::AdminTokens::wrongOnes; ++i)
        QCOMPARE(ask("GET", "/admin/v1/routes", {}, {}, "sb-admin-wrong").status, 401);
    QCOMPARE(ask("GET", "/admin/v1/routes", {}, {}, "sb-admin-wrong").status, 429);
    QCOMPARE(ask("GET", "/admin/v1/routes").status, 429); // the right one too: else trying would go on unseen
}

void tst_AdminApi::theOwnersTokenLiesInTheDataFolder()
{
    const QString path = m_site->folder.filePath(QStringLiteral("admin-token"));
    QCOMPARE(QFileInfo(path).permissions() & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther), QFile::Permissions());
    QCOMPARE(*admin::ownerToken(m_site->folder.path().toStdString()), m_site->owner); // the same at the next start
    QVERIFY(QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | QFile::ReadOther));
    const auto open = admin::ownerToken(m_site->folder.path().toStdString());
    QVERIFY(!open);
    QVERIFY(open.error().message.find("chmod 600") != std::string::npos);
    QFile file(path);
    QVERIFY(file.open(QFile::WriteOnly | QFile::Truncate));
    file.write("short\n");
    file.close();
    QVERIFY(QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner));
    QVERIFY(!admin::ownerToken(m_site->folder.path().toStdString()));
}

void tst_AdminApi::entriesAreMadeReadChangedAndRemoved()
{
    const Answer made = ask("POST", "/admin/v1/teams", {{"name", "search"}});
    QVERIFY2(made.status == 201, made.raw.constData());
    const std::string id = made.body["id"];
    QCOMPARE(made.location, QByteArray::fromStdString("/admin/v1/teams/" + id));
    QCOMPARE(made.etag, QByteArray::fromStdString("\"" + std::to_string(made.body["revision"].get<int>()) + "\""));
    QCOMPARE(ask("POST", "/admin/v1/teams", {{"name", "search"}}).status, 409);

    const Answer byName = ask("GET", "/admin/v1/teams/search");
    QCOMPARE(byName.status, 200);
    QVERIFY(byName.body == made.body);
    const Answer list = ask("GET", "/admin/v1/teams");
    QCOMPARE(list.body["data"].size(), 1u);

    json changed = byName.body; // what was read can be sent back
    changed["name"] = "find";
    const Answer put = ask("PUT", QByteArray::fromStdString("/admin/v1/teams/" + id), changed, byName.etag);
    QVERIFY2(put.status == 200, put.raw.constData());
    QCOMPARE(put.body["name"].get<std::string>(), "find");
    QCOMPARE(put.body["id"].get<std::string>(), id);
    QVERIFY(put.body["revision"] > byName.body["revision"]);
    QCOMPARE(m_gateway->revision().author, "admin:owner");

    QCOMPARE(ask("DELETE", "/admin/v1/teams/find").status, 204);
    const Answer gone = ask("GET", "/admin/v1/teams/find");
    QCOMPARE(gone.status, 404);
    QCOMPARE(gone.code(), "not_found");
}

void tst_AdminApi::aStaleEditIsRefused()
{
    const Answer made = ask("POST", "/admin/v1/teams", {{"name", "search"}});
    QCOMPARE(ask("PUT", "/admin/v1/teams/search", {{"name", "search"}}).status, 428);
    QCOMPARE(ask("PUT", "/admin/v1/teams/search", {{"name", "search"}}, "x").status, 400);
    QCOMPARE(ask("PUT", "/admin/v1/teams/search", {{"name", "find"}}, made.etag).status, 200);
    QCOMPARE(ask("PUT", "/admin/v1/teams/find", {{"name", "look"}}, made.etag).status, 412);
    QCOMPARE(ask("DELETE", "/admin/v1/teams/find", {}, made.etag).status, 412);
    // An edit of something else makes nothing stale.
    const Answer now = ask("GET", "/admin/v1/teams/find");
    QCOMPARE(ask("POST", "/admin/v1/teams", {{"name", "other"}}).status, 201);
    QCOMPARE(ask("PUT", "/admin/v1/teams/find", {{"name", "look"}}, now.etag).status, 200);
    QCOMPARE(ask("PUT", "/admin/v1/teams/look", {{"name", "find"}}, "*").status, 200);
}

/// All have read the same revision: whoever comes second would take the first one's edit back.
void tst_AdminApi::ofEditsAtOnceOneWins()
{
    const Answer made = ask("POST", "/admin/v1/teams", {{"name", "search"}});
    QNetworkRequest request(QUrl(QString::fromStdString("http://" + m_gateway->listener().address + "/admin/v1/teams/search")));
    request.setRawHeader("Authorization", "Bearer " + QByteArray::fromStdString(m_site->owner));
    request.setRawHeader("If-Match", made.etag);
    request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArrayLiteral("application/json"));
    std::vector<QNetworkReply *> replies;
    for (int i = 1; i <= 6; ++i) // as many as go out at once
        replies.push_back(m_network.put(request, QByteArray::fromStdString(json {{"name", "search"}, {"limits", {{{"rpm", i}}}}}.dump())));
    int won = 0;
    for (QNetworkReply *reply : replies) {
        QVERIFY(QTest::qWaitFor([&] { return reply->isFinished(); }, 20'000));
        const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        QVERIFY2(status == 200 || status == 412, QByteArray::number(status).constData());
        won += status == 200 ? 1 : 0;
        reply->deleteLater();
    }
    QCOMPARE(won, 1);
    QCOMPARE(m_gateway->revision().number, made.body["revision"].get<std::uint64_t>() + 1);
}

void tst_AdminApi::aSecretThatCanBeGuessedAtOnceIsRefused()
{
    const Answer refused = ask("POST", "/admin/v1/keys", {{"name", "program"}, {"secret", "abc"}});
    QCOMPARE(refused.status, 400);
    QCOMPARE(refused.param(), "secret");
    QCOMPARE(ask("POST", "/admin/v1/keys", {{"name", "program"}, {"secret", "abcd"}}).status, 201);
    QCOMPARE(ask("PUT", "/admin/v1/keys/program", {{"name", "program"}, {"secret", "x"}}, "*").param(), "secret");
}

void tst_AdminApi::aWrongEntryIsToldByItsField()
{
    QCOMPARE(askRaw("POST", "/admin/v1/routes", "{").status, 400);
    QCOMPARE(askRaw("POST", "/admin/v1/routes", "[]").status, 400);
    QCOMPARE(askRaw("POST", "/admin/v1/routes", QByteArray(100'000, '[')).status, 400);
    const Answer unknown = ask("POST", "/admin/v1/teams", {{"name", "search"}, {"colour", "red"}});
    QCOMPARE(unknown.status, 400);
    QVERIFY(unknown.raw.contains("colour"));
    const Answer nowhere = ask("POST", "/admin/v1/routes", {{"name", "fast"}, {"plan", {{"provider", "nobody"}, {"model", "m"}}}});
    QCOMPARE(nowhere.status, 400);
    QVERIFY2(nowhere.param().starts_with("plan"), nowhere.raw.constData());
    QVERIFY(nowhere.body["error"]["problems"].size() >= 1);
    QVERIFY(m_gateway->config()->routes.empty());
}

void tst_AdminApi::aProvidersSecretNeverComesOutAndStays()
{
    const FakeProvider fake(support::Script::answer("pong"));
    makeRoute(fake);
    const Answer read = ask("GET", "/admin/v1/providers/fake");
    QVERIFY(!read.raw.contains("sk-fake-secret-0001"));
    QVERIFY(!ask("GET", "/admin/v1/config/export").raw.contains("sk-fake-secret-0001"));

    json masked = read.body; // the mask that was read, sent back
    masked["max_connections"] = 7;
    Answer put = ask("PUT", "/admin/v1/providers/fake", masked, read.etag);
    QVERIFY2(put.status == 200, put.raw.constData());
    json left = put.body; // and one that is left out
    left["credentials"][0].erase("api_key");
    put = ask("PUT", "/admin/v1/providers/fake", left, put.etag);
    QVERIFY2(put.status == 200, put.raw.constData());

    Waiting<config::Config> whole;
    m_gateway->exportSecrets(this, whole.taker());
    const auto clear = whole.take();
    QVERIFY(clear);
    QCOMPARE(clear->providers.front().credentials.front().apiKey.value, "sk-fake-secret-0001");
    QCOMPARE(clear->providers.front().maxConnections, 7);
}

void tst_AdminApi::aKeysSecretComesOnce()
{
    const Answer made = ask("POST", "/admin/v1/keys", {{"name", "program"}, {"expires", "2099-12-31"}});
    QVERIFY2(made.status == 201, made.raw.constData());
    const std::string secret = made.body["secret"];
    QVERIFY(secret.starts_with("sb-"));
    const Answer read = ask("GET", "/admin/v1/keys/program");
    QVERIFY(!read.raw.contains(secret.c_str()));
    QVERIFY(!read.body.contains("hash"));
    QVERIFY(!read.body.contains("secret"));

    const Answer rotated = ask("POST", "/admin/v1/keys/program/rotate");
    QCOMPARE(rotated.status, 200);
    QVERIFY(rotated.body["secret"] != secret);
    QVERIFY(!rotated.body.contains("grace_ends"));
    for (const json &grace : {json("soon"), json(5), json("400d")})
        QCOMPARE(ask("POST", "/admin/v1/keys/program/rotate", {{"grace", grace}}).status, 400);
    json changed = ask("GET", "/admin/v1/keys/program").body;
    QVERIFY(!changed.contains("former_hash"));
    changed["name"] = "renamed";
    QCOMPARE(ask("PUT", "/admin/v1/keys/program", changed, "*").status, 200);

    QNetworkRequest request(QUrl(QString::fromStdString("http://" + m_gateway->listener().address + "/v1/models")));
    request.setRawHeader("Authorization", "Bearer " + QByteArray::fromStdString(rotated.body["secret"].get<std::string>()));
    const auto status = [&] {
        QNetworkReply *reply = m_network.get(request);
        const bool ended = QTest::qWaitFor([&] { return reply->isFinished(); }, 10'000);
        reply->deleteLater();
        return ended ? reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt() : 0;
    };
    QCOMPARE(status(), 200); // its secret outlives an edit
    const Answer graced = ask("POST", "/admin/v1/keys/renamed/rotate", {{"grace", "1h"}});
    QVERIFY2(graced.status == 200 && graced.body.contains("grace_ends"), graced.raw.constData());
    QCOMPARE(status(), 200); // and works on
    QCOMPARE(ask("POST", "/admin/v1/keys/renamed/revoke").status, 204);
    QCOMPARE(status(), 401);
    QCOMPARE(ask("POST", "/admin/v1/keys/nobody/revoke").status, 404);
}

void tst_AdminApi::pagesGoByName()
{
    for (const char *name : {"d", "b", "a", "c", "e"})
        QCOMPARE(ask("POST", "/admin/v1/teams", {{"name", name}}).status, 201);
    std::string names;
    QByteArray after;
    for (int page = 0; page < 3; ++page) {
        const Answer list = ask("GET", "/admin/v1/teams?limit=2&after=" + after);
        for (const json &team : list.body["data"])
            names += team["name"].get<std::string>();
        QCOMPARE(list.body["has_more"].get<bool>(), page < 2);
        after = page < 2 ? QByteArray::fromStdString(list.body["next"]) : QByteArray();
    }
    QCOMPARE(names, "abcde");
    for (const char *limit : {"0", "-1", "x", "1001"})
        QCOMPARE(ask("GET", QByteArray("/admin/v1/teams?limit=") + limit).status, 400);
}

void tst_AdminApi::aRouteIsExplained()
{
    const FakeProvider fake(support::Script::answer("pong"));
    makeRoute(fake);
    const Answer explained = ask("POST", "/admin/v1/routes/fast/explain", {{"body", {{"model", "fast"}, {"messages", {{{"role", "user"}, {"content", "hello"}}}}}}});
    QVERIFY2(explained.status == 200, explained.raw.constData());
    QCOMPARE(explained.body["candidates"][0]["provider"].get<std::string>(), "fake");
    QCOMPARE(explained.body["first"].get<int>(), 0);
    QCOMPARE(ask("POST", "/admin/v1/routes/fast/explain").status, 200); // a short message
    QCOMPARE(ask("POST", "/admin/v1/routes/slow/explain").status, 404);
    QCOMPARE(ask("POST", "/admin/v1/routes/fast/explain", {{"key", "nobody"}}).status, 404);
    QCOMPARE(ask("POST", "/admin/v1/routes/fast/explain", {{"headers", {{"x-tier", 3}}}}).status, 400); // not read, it would be another call
    QCOMPARE(ask("POST", "/admin/v1/routes/fast/explain", {{"headers", {{"x-tier", "free"}}}}).status, 200);
    QCOMPARE(ask("POST", "/admin/v1/routes/fast/explain", {{"headers", json::array({json::array({"x-tier", "free"})})}}).status, 200);
    // What is asked is what a prompt's version makes of the call.
    const json version {{"version", 1}, {"model", "fast"}, {"messages", {{{"role", "user"}, {"content", "Summarise {{text}}"}}}}};
    QCOMPARE(ask("POST", "/admin/v1/prompts", {{"name", "summarise"}, {"versions", {version}}}).status, 201);
    const auto named = [&](const std::string &prompt, const json &values) {
        return ask("POST", "/admin/v1/routes/fast/explain", {{"body", {{"prompt_variables", values}}}, {"headers", {{"x-signalbox-prompt", prompt}}}});
    };
    const Answer prompted = named("summarise", {{"text", "this"}});
    QVERIFY2(prompted.status == 200, prompted.raw.constData());
    QCOMPARE(named("sumarise", {{"text", "this"}}).status, 404);
    QCOMPARE(named("summarise", json::object()).status, 400); // a variable is missing
    QCOMPARE(ask("POST", "/admin/v1/routes/fast/explain", {{"body", {{"prompt_id", "summarise@1"}, {"prompt_variables", {{"text", "this"}}}}}}).status, 200);
    // An edit is explained, not made.
    const json edit {{"routes", {{{"name", "fast"}, {"plan", {{"provider", "fake"}, {"model", "other-model"}}}}}}};
    const Answer edited = ask("POST", "/admin/v1/routes/fast/explain", {{"config", edit}});
    QVERIFY2(edited.status == 200, edited.raw.constData());
    QCOMPARE(edited.body["candidates"][0]["model"].get<std::string>(), "other-model");
    for (const support::Received &request : fake.requests())
        QVERIFY(!request.target.ends_with("/chat/completions"));
}

void tst_AdminApi::aReplayOfNothingIsAnswered()
{
    const FakeProvider fake(support::Script::answer("pong"));
    makeRoute(fake);
    const json edit {{"routes", {{{"name", "fast"}, {"plan", {{"provider", "fake"}, {"model", "other-model"}}}}}}};
    const Answer replayed = ask("POST", "/admin/v1/replay", {{"config", edit}, {"from", "24h"}});
    QVERIFY2(replayed.status == 200, replayed.raw.constData());
    QCOMPARE(replayed.body["calls"].get<int>(), 0);
    QCOMPARE(ask("POST", "/admin/v1/replay", json::object()).status, 400);
    const Answer sample = ask("POST", "/admin/v1/replay", {{"config", edit}, {"sample", "0.1"}}); // not read, it would take all calls
    QCOMPARE(sample.status, 400);
    QCOMPARE(sample.param(), "sample");
}

void tst_AdminApi::theConfigurationIsAppliedAndExported()
{
    const QByteArray yaml = "version: 1\nteams:\n  - name: search\n";
    const Answer dry = askRaw("POST", "/admin/v1/config/apply?dry_run=true", yaml);
    QVERIFY2(dry.status == 200, dry.raw.constData());
    QVERIFY(dry.body["changes"].get<std::string>().find("team search added") != std::string::npos);
    QVERIFY(m_gateway->config()->teams.empty());
    const Answer applied = askRaw("POST", "/admin/v1/config/apply?note=first", yaml);
    QVERIFY2(applied.status == 200, applied.raw.constData());
    QCOMPARE(m_gateway->config()->teams.size(), 1u);
    const Answer wrong = askRaw("POST", "/admin/v1/config/apply", "version: 1\nteamz:\n  - name: search\n");
    QCOMPARE(wrong.status, 400);
    QVERIFY2(wrong.raw.contains("line 2"), wrong.raw.constData());
    QVERIFY(ask("GET", "/admin/v1/config/export").raw.contains("search"));
    const Answer versions = ask("GET", "/admin/v1/config/versions");
    QCOMPARE(versions.body["data"][0]["note"].get<std::string>(), "first");
    // What comes over the network reads no environment and no files.
    const Answer literal = askRaw("POST", "/admin/v1/config/apply", "version: 1\nproviders:\n  - {name: x, kind: openai-compatible, base_url: \"https://${HOME}\"}\n");
    QVERIFY(!literal.raw.contains(qgetenv("HOME")));
}

void tst_AdminApi::callsAreListedAndShown()
{
    const FakeProvider fake(support::Script::answer("pong"));
    makeRoute(fake);
    const Answer key = ask("POST", "/admin/v1/keys", {{"name", "program"}});
    QNetworkRequest request(QUrl(QString::fromStdString("http://" + m_gateway->listener().address + "/v1/chat/completions")));
    request.setRawHeader("Authorization", "Bearer " + QByteArray::fromStdString(key.body["secret"].get<std::string>()));
    request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArrayLiteral("application/json"));
    QByteArray id;
    for (int i = 0; i < 3; ++i) {
        QNetworkReply *reply = m_network.post(request, R"({"model":"fast","messages":[{"role":"user","content":"ping"}]})");
        QVERIFY(QTest::qWaitFor([&] { return reply->isFinished(); }, 10'000));
        id = reply->rawHeader("x-signalbox-call-id");
        reply->deleteLater();
    }
    QVERIFY(!id.isEmpty());
    Answer list;
    QTRY_COMPARE_WITH_TIMEOUT((list = ask("GET", "/admin/v1/calls?filter=key:program&limit=2")).body["data"].size(), 2u, 10'000);
    QTRY_VERIFY_WITH_TIMEOUT((list = ask("GET", "/admin/v1/calls?filter=key:program&limit=2")).body["has_more"].get<bool>(), 10'000);
    const Answer second = ask("GET", "/admin/v1/calls?filter=key:program&limit=2&before=" + QByteArray::fromStdString(list.body["next"]));
    QCOMPARE(second.body["data"].size(), 1u);
    QVERIFY(!second.body["has_more"].get<bool>());
    const Answer call = ask("GET", "/admin/v1/calls/" + id);
    QVERIFY2(call.status == 200, call.raw.constData());
    QCOMPARE(call.body["attempts"].size(), 1u);
    QVERIFY(call.body["bodies"]["request"]["text"].get<std::string>().find("ping") != std::string::npos);
    QCOMPARE(ask("GET", "/admin/v1/calls/call_none").status, 404);
    QCOMPARE(ask("GET", "/admin/v1/calls?filter=key:(").status, 400);
    QCOMPARE(ask("GET", "/admin/v1/calls?before=x").status, 400);
    QCOMPARE(ask("GET", "/admin/v1/calls?from=x").status, 400);

    const Answer usage = ask("GET", "/admin/v1/usage?group_by=key,provider&bucket=day&filter=key:program");
    QVERIFY2(usage.status == 200, usage.raw.constData());
    const json &row = usage.body["data"][0];
    QCOMPARE(row["key"].get<std::string>(), "program");
    QCOMPARE(row["provider"].get<std::string>(), "fake");
    QCOMPARE(row["calls"].get<int>(), 3);
    QCOMPARE(usage.body["totals"]["calls"].get<int>(), 3);
    QVERIFY(row["at"].get<std::string>().ends_with("T00:00:00Z"));
    QCOMPARE(ask("GET", "/admin/v1/usage").body["data"].size(), 1u);
    QCOMPARE(ask("GET", "/admin/v1/usage?group_by=teams").status, 400);
    QCOMPARE(ask("GET", "/admin/v1/usage?bucket=minute").status, 400);
}

void tst_AdminApi::unknownPathsMethodsAndFieldsAreTold()
{
    QCOMPARE(ask("GET", "/admin/v1/nothing").status, 404);
    const Answer method = ask("PATCH", "/admin/v1/routes");
    QCOMPARE(method.status, 405);
    QCOMPARE(method.allow, "GET, POST");
    const Answer field = ask("GET", "/admin/v1/calls?filtre=x");
    QCOMPARE(field.status, 400);
    QVERIFY(field.raw.contains("filter"));
    QCOMPARE(ask("GET", "/admin/v1/nothing", {}, {}, "none").status, 401); // what is there is nobody's business without a token
}

void tst_AdminApi::theTextDescribesEveryEndpoint()
{
    const Answer text = ask("GET", "/admin/v1/openapi.json");
    QCOMPARE(text.status, 200);
    QCOMPARE(text.body["openapi"].get<std::string>(), "3.1.0");
    std::size_t operations = 0;
    for (const auto &[path, methods] : text.body["paths"].items())
        operations += methods.size();
    QCOMPARE(operations, admin::endpoints().size());
    // Every reference leads somewhere.
    const std::string all = text.body.dump();
    const std::string mark = "\"#/components/schemas/";
    for (std::size_t at = all.find(mark); at != std::string::npos; at = all.find(mark, at + 1)) {
        const std::string name = all.substr(at + mark.size(), all.find('"', at + mark.size()) - at - mark.size());
        QVERIFY2(text.body["components"]["schemas"].contains(name), name.c_str());
    }
}

/// Who waits for the gateway to be ready asks it for changes then.
void tst_AdminApi::readyMeansThatThisAnswersToo()
{
    QCOMPARE(m_site->send("GET", "/readyz").status, 200);
    m_site->api.reset();
    const Answer without = m_site->send("GET", "/readyz");
    QCOMPARE(without.status, 503);
    QVERIFY2(without.body == json({{"ready", false}, {"configuration", true}, {"store", true}, {"admin", false}, {"draining", false}}), without.raw.constData());
    m_site->api = std::make_unique<admin::AdminApi>(*m_site->gateway, m_site->inbox, m_site->owner);
    QCOMPARE(m_site->send("GET", "/readyz").status, 200);
    QCOMPARE(ask("GET", "/admin/v1/keys").status, 200);
}

void tst_AdminApi::aDoorWithoutAnApiSaysSo()
{
    m_site->api.reset();
    const Answer answer = ask("GET", "/admin/v1/routes");
    QCOMPARE(answer.status, 503);
    QCOMPARE(answer.code(), "shutting_down");
}

QTEST_GUILESS_MAIN(tst_AdminApi)
#include "tst_admin_api.moc"
