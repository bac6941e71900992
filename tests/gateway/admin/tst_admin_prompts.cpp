// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/prompt_tools.h"
#include "tests/gateway/admin/admin_site.h"
#include "tests/support/fake_provider.h"

#include <QTest>

#include <functional>

using namespace gateway;
using nlohmann::json;
using support::FakeProvider;
using support::Received;
using support::Script;

/// Prompts over the admin API, feedback, results and test sets, with real calls.
class tst_AdminPrompts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void promptsAreEntriesLikeOthers();
    void versionsDoNotChangeWhoeverEdits();
    void whatWasReadCanBeSentBack();
    void versionsAreAddedAndLabelsMove();
    void wrongVersionsAreToldByTheirFields();
    void diffsAreShown();
    void rendersWithoutSending();
    void callsBecomePrompts();
    void callsThatAreMoreThanTextDoNot();
    void feedbackIsForTheKeyAndItsTeam();
    void feedbackOfACallThatIsNotStoredYet();
    void wrongFeedbackIsTold_data();
    void wrongFeedbackIsTold();
    void aLaterWordTakesTheFormersPlace();
    void resultsAreByVersion();
    void testSetsRunOverVersions();
    void aVersionRunsAtSeveralRoutesAtOnce();
    void whatARunCannotAskIsTold();
    void rolesAreHeldTo();
    void theLogShowsThePrompt();

private:
    Answer call(const json &body, const std::string &secret, const QByteArray &path = "/v1/chat/completions") { return m_site->send("POST", path, QByteArray::fromStdString(body.dump()), {{"Authorization", "Bearer " + QByteArray::fromStdString(secret)}}); }
    Answer feedback(const json &body, const std::string &secret) { return call(body, secret, "/v1/feedback"); }
    /// The id of a call that was answered.
    std::string called(const json &body, const std::string &secret);
    std::string keyWith(const char *name, const char *team);
    json logged(const std::string &id);

    std::unique_ptr<FakeProvider> m_fake;
    std::unique_ptr<AdminSite> m_site;
    std::string m_key;
};

namespace {

json version(const std::string &system)
{
    return {{"model", "fast"}, {"messages", {{{"role", "system"}, {"content", system}}, {{"role", "user"}, {"content", "{{text}}"}}}}};
}

json numbered(json made, int number)
{
    made["version"] = number;
    return made;
}

const json summarise {{"name", "summarise"}, {"folder", "support"}, {"versions", {numbered(version("One."), 1), numbered(version("Two {{language}}."), 2)}}};

const json prompted {{"prompt_id", "summarise@1"}, {"prompt_variables", {{"text", "ping"}}}};

} // namespace

void tst_AdminPrompts::init()
{
    m_fake = std::make_unique<FakeProvider>([](const Received &asked) { return Script::answer(asked.body.find("Two") != std::string::npos ? R"({"words": 2})" : "one"); });
    m_site = std::make_unique<AdminSite>();
    Answer made = m_site->ask("POST", "/admin/v1/providers", {{"name", "fake"}, {"kind", "openai-compatible"}, {"base_url", m_fake->baseUrl()}, {"credentials", {{{"name", "main"}, {"api_key", "sk-fake-secret-0001"}}}},
                                                              {"models", {{{"id", "fake-model"}, {"input_per_mtok", 1}, {"output_per_mtok", 2}}}}});
    QVERIFY2(made.status == 201, made.raw.constData());
    made = m_site->ask("POST", "/admin/v1/routes", {{"name", "fast"}, {"plan", {{"provider", "fake"}, {"model", "fake-model"}}}});
    QVERIFY2(made.status == 201, made.raw.constData());
    made = m_site->ask("POST", "/admin/v1/prompts", summarise);
    QVERIFY2(made.status == 201, made.raw.constData());
    QCOMPARE(m_site->ask("POST", "/admin/v1/teams", {{"name", "red"}}).status, 201);
    m_key = keyWith("reader", "red");
}

void tst_AdminPrompts::cleanup()
{
    m_site.reset();
    m_fake.reset();
}

std::string tst_AdminPrompts::keyWith(const char *name, const char *team)
{
    json key {{"name", name}};
    if (team != nullptr)
        key["team"] = team;
    const Answer made = m_site->ask("POST", "/admin/v1/keys", key);
    return made.status == 201 ? made.body["secret"].get<std::string>() : std::string();
}

json tst_AdminPrompts::logged(const std::string &id)
{
    for (int tries = 0; tries < 200; ++tries) { // the log follows in a moment
        const Answer shown = m_site->ask("GET", "/admin/v1/calls/" + QByteArray::fromStdString(id));
        if (shown.status == 200)
            return shown.body;
        QTest::qWait(20);
    }
    return {};
}

std::string tst_AdminPrompts::called(const json &body, const std::string &secret)
{
    QNetworkAccessManager network;
    QNetworkRequest request(QUrl::fromEncoded("http://" + QByteArray::fromStdString(m_site->gateway->listener().address) + "/v1/chat/completions"));
    request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArrayLiteral("application/json"));
    request.setRawHeader("Authorization", "Bearer " + QByteArray::fromStdString(secret));
    QNetworkReply *reply = network.post(request, QByteArray::fromStdString(body.dump()));
    if (!QTest::qWaitFor([&] { return reply->isFinished(); }, 20'000))
        return {};
    return reply->rawHeader("x-signalbox-call-id").toStdString();
}

void tst_AdminPrompts::promptsAreEntriesLikeOthers()
{
    const Answer one = m_site->ask("GET", "/admin/v1/prompts/summarise");
    QVERIFY2(one.status == 200, one.raw.constData());
    QCOMPARE(one.body["folder"].get<std::string>(), "support");
    QCOMPARE(one.body["versions"].size(), 2u);
    QCOMPARE(m_site->ask("GET", "/admin/v1/prompts").body["data"].size(), 1u);
    QCOMPARE(m_site->ask("POST", "/admin/v1/prompts", summarise).status, 409);
    json other = summarise;
    other["folder"] = "mail";
    const Answer put = m_site->ask("PUT", "/admin/v1/prompts/summarise", other, one.etag);
    QVERIFY2(put.status == 200, put.raw.constData());
    QCOMPARE(put.body["folder"].get<std::string>(), "mail");
    QCOMPARE(m_site->ask("PUT", "/admin/v1/prompts/summarise", other, one.etag).status, 412);
    QCOMPARE(m_site->ask("DELETE", "/admin/v1/prompts/summarise").status, 204);
    QCOMPARE(m_site->ask("GET", "/admin/v1/prompts/summarise").status, 404);
    const Answer audit = m_site->ask("GET", "/admin/v1/audit");
    QVERIFY(audit.raw.contains("\"prompt\""));
}

void tst_AdminPrompts::versionsDoNotChangeWhoeverEdits()
{
    const Answer one = m_site->ask("GET", "/admin/v1/prompts/summarise");
    json other = summarise;
    other["versions"][0]["messages"][0]["content"] = "Changed.";
    const Answer put = m_site->ask("PUT", "/admin/v1/prompts/summarise", other, one.etag);
    QCOMPARE(put.status, 400);
    QVERIFY2(put.message().find("save the change as a new version") != std::string::npos, put.raw.constData());
    QCOMPARE(put.param(), std::string("versions[0]"));
    // By the text of the whole configuration too.
    const Answer applied = m_site->askRaw("POST", "/admin/v1/config/apply", "prompts:\n  - name: summarise\n    versions:\n      - { version: 1, model: fast, messages: [{ role: user, content: Changed }] }\n");
    QVERIFY2(applied.status == 400, applied.raw.constData());
    QVERIFY2(applied.raw.contains("does not change"), applied.raw.constData());
    QCOMPARE(m_site->ask("GET", "/admin/v1/prompts/summarise").etag, one.etag);
    // One without a label may go, one with a label may not.
    QCOMPARE(m_site->ask("POST", "/admin/v1/prompts/summarise/labels", {{"label", "production"}, {"version", 1}}).status, 200);
    json fewer = summarise;
    fewer["versions"].erase(0);
    const Answer gone = m_site->ask("PUT", "/admin/v1/prompts/summarise", fewer, m_site->ask("GET", "/admin/v1/prompts/summarise").etag);
    QCOMPARE(gone.status, 400);
    QVERIFY2(gone.message().find("move the label first") != std::string::npos, gone.raw.constData());
}

void tst_AdminPrompts::whatWasReadCanBeSentBack()
{
    QCOMPARE(m_site->ask("POST", "/admin/v1/prompts/summarise/versions", version("Three.")).status, 201); // with an author and a time
    const Answer one = m_site->ask("GET", "/admin/v1/prompts/summarise");
    const Answer same = m_site->ask("PUT", "/admin/v1/prompts/summarise", one.body, one.etag);
    QVERIFY2(same.status == 200, same.raw.constData());
    json bare = one.body;
    bare["versions"][2].erase("author");
    bare["versions"][2].erase("created_at");
    const Answer kept = m_site->ask("PUT", "/admin/v1/prompts/summarise", bare, same.etag);
    QVERIFY2(kept.status == 200, kept.raw.constData());
    QVERIFY(kept.body["versions"] == one.body["versions"]);
}

void tst_AdminPrompts::versionsAreAddedAndLabelsMove()
{
    json third = version("Three.");
    third["labels"] = {"production"};
    third["note"] = "shorter";
    const Answer added = m_site->ask("POST", "/admin/v1/prompts/summarise/versions", third);
    QVERIFY2(added.status == 201, added.raw.constData());
    QCOMPARE(added.body["versions"].size(), 3u);
    QCOMPARE(added.body["versions"][2]["version"].get<int>(), 3);
    QVERIFY(added.body["versions"][2]["author"].get<std::string>().starts_with("admin:"));
    QVERIFY(added.body["versions"][2]["labels"] == json::array({"production"}));
    const json asked {{"prompt_id", "summarise"}, {"prompt_variables", {{"text", "ping"}}}};
    QCOMPARE(call(asked, m_key).status, 200);
    QVERIFY(m_fake->lastRequest().body.find("Three.") != std::string::npos);
    const Answer moved = m_site->ask("POST", "/admin/v1/prompts/summarise/labels", {{"label", "production"}, {"version", 1}}); // rolled back
    QVERIFY2(moved.status == 200, moved.raw.constData());
    QCOMPARE(call(asked, m_key).status, 200);
    QVERIFY(m_fake->lastRequest().body.find("One.") != std::string::npos);
    QCOMPARE(m_site->ask("POST", "/admin/v1/prompts/summarise/labels", {{"label", "production"}, {"version", 9}}).status, 404);
    QCOMPARE(m_site->ask("POST", "/admin/v1/prompts/summarise/labels", {{"label", "production"}, {"version", "x"}}).param(), std::string("version"));
    QCOMPARE(m_site->ask("POST", "/admin/v1/prompts/summarise/labels", {{"label", "production"}, {"version", nullptr}}).status, 200);
    QCOMPARE(m_site->ask("POST", "/admin/v1/prompts/summarise/labels", {{"label", "production"}, {"version", nullptr}}).status, 404);
    QCOMPARE(m_site->ask("POST", "/admin/v1/prompts/sumarise/labels", {{"label", "x"}, {"version", 1}}).status, 404);
}

void tst_AdminPrompts::wrongVersionsAreToldByTheirFields()
{
    const auto added = [&](const json &body) { return m_site->ask("POST", "/admin/v1/prompts/summarise/versions", body); };
    const Answer template_ = added(version("{{#open}}"));
    QCOMPARE(template_.status, 400);
    QCOMPARE(template_.param(), std::string("messages[0].content"));
    QCOMPARE(added({{"version", 3}, {"messages", json::array()}}).param(), std::string("version"));
    QCOMPARE(added({{"messages", json::array()}}).param(), std::string("messages"));
    QCOMPARE(m_site->ask("GET", "/admin/v1/prompts/summarise").body["versions"].size(), 2u);
}

void tst_AdminPrompts::diffsAreShown()
{
    const Answer diff = m_site->ask("GET", "/admin/v1/prompts/summarise/diff?from=1&to=2");
    QVERIFY2(diff.status == 200, diff.raw.constData());
    QCOMPARE(diff.body["parts"].size(), 1u);
    QCOMPARE(diff.body["parts"][0]["what"].get<std::string>(), "message 1");
    const json expected {{{"kind", "equal"}, {"text", "system:"}}, {{"kind", "removed"}, {"text", "One."}}, {{"kind", "added"}, {"text", "Two {{language}}."}}};
    QVERIFY2(diff.body["parts"][0]["lines"] == expected, diff.raw.constData());
    QCOMPARE(m_site->ask("GET", "/admin/v1/prompts/summarise/diff?from=1&to=1").body["parts"].size(), 0u);
    QCOMPARE(m_site->ask("GET", "/admin/v1/prompts/summarise/diff?from=1&to=staging").status, 404);
    QCOMPARE(m_site->ask("GET", "/admin/v1/prompts/summarise/diff?form=1").status, 400);
}

void tst_AdminPrompts::rendersWithoutSending()
{
    const auto render = [&](const json &body) { return m_site->ask("POST", "/admin/v1/prompts/summarise/render", body); };
    const Answer two = render({{"version", 2}, {"variables", {{"language", "German"}, {"text", "x"}}}});
    QVERIFY2(two.status == 200, two.raw.constData());
    QVERIFY(two.body["request"]["messages"][0]["content"] == "Two German.");
    QCOMPARE(two.body["request"]["model"].get<std::string>(), "fast");
    const Answer missing = render({{"version", 2}, {"variables", {{"text", "x"}}}});
    QCOMPARE(missing.status, 400);
    QCOMPARE(missing.param(), std::string("prompt_variables.language"));
    const Answer draft = render({{"draft", version("Draft {{a}}.")}, {"variables", {{"a", "b"}, {"text", "x"}}}});
    QVERIFY2(draft.status == 200, draft.raw.constData());
    QVERIFY(draft.body["request"]["messages"][0]["content"] == "Draft b.");
    QCOMPARE(render({{"version", "none"}}).status, 404);
    QVERIFY(m_fake->lastRequest().method != "POST"); // asked for its models it may be
}

void tst_AdminPrompts::callsBecomePrompts()
{
    const json asked {{"model", "fast"}, {"temperature", 0.5}, {"stream", false}, {"user", "u"}, {"messages", {{{"role", "system"}, {"content", "\nSay {{what}} it is."}}, {{"role", "user"}, {"content", json::array({{{"type", "text"}, {"text", "ping"}}})}}}}};
    const std::string id = called(asked, m_key);
    QVERIFY(!logged(id).is_null());
    const Answer made = m_site->ask("POST", "/admin/v1/prompts/import", {{"call_id", id}, {"name", "from-log"}, {"folder", "new"}});
    QVERIFY2(made.status == 201, made.raw.constData());
    QCOMPARE(made.body["versions"].size(), 1u);
    QVERIFY(made.body["versions"][0]["parameters"] == json({{"temperature", 0.5}}));
    QCOMPARE(made.body["versions"][0]["model"].get<std::string>(), "fast");
    // It asks just what was asked, braces and all.
    const Answer rendered = m_site->ask("POST", "/admin/v1/prompts/from-log/render", json::object());
    QVERIFY2(rendered.status == 200, rendered.raw.constData());
    QCOMPARE(rendered.body["request"]["messages"][0]["content"].get<std::string>(), "\nSay {{what}} it is.");
    QCOMPARE(rendered.body["request"]["messages"][1]["content"].get<std::string>(), "ping");
    const Answer more = m_site->ask("POST", "/admin/v1/prompts/import", {{"call_id", id}, {"name", "from-log"}});
    QCOMPARE(more.body["versions"].size(), 2u);
    QCOMPARE(m_site->ask("POST", "/admin/v1/prompts/import", {{"call_id", "call_0"}, {"name", "x"}}).status, 404);
    QCOMPARE(m_site->ask("POST", "/admin/v1/prompts/import", {{"call_id", id}}).param(), std::string("name"));
    // Of another caller's format.
    QCOMPARE(call({{"model", "fast"}, {"max_tokens", 5}, {"system", "Be kind."}, {"messages", {{{"role", "user"}, {"content", "ping"}}}}}, m_key, "/v1/messages").status, 200);
    const Answer newest = [&] {
        for (;;) {
            Answer all = m_site->ask("GET", "/admin/v1/calls?limit=1");
            if (all.body["data"][0]["id"].get<std::string>() != id)
                return all;
            QTest::qWait(20);
        }
    }();
    const Answer messages = m_site->ask("POST", "/admin/v1/prompts/import", {{"call_id", newest.body["data"][0]["id"]}, {"name", "messages"}});
    QVERIFY2(messages.status == 201, messages.raw.constData());
    QVERIFY(messages.body["versions"][0]["messages"][0] == json({{"role", "system"}, {"content", "Be kind."}}));
}

void tst_AdminPrompts::callsThatAreMoreThanTextDoNot()
{
    const json picture {{"type", "image_url"}, {"image_url", {{"url", "data:image/png;base64,iVBORw0KGgo="}}}};
    const std::string id = called({{"model", "fast"}, {"messages", {{{"role", "user"}, {"content", json::array({picture})}}}}}, m_key);
    QVERIFY(!logged(id).is_null());
    const Answer made = m_site->ask("POST", "/admin/v1/prompts/import", {{"call_id", id}, {"name", "picture"}});
    QCOMPARE(made.status, 400);
    QVERIFY2(made.message().find("more than text") != std::string::npos, made.raw.constData());
}

void tst_AdminPrompts::feedbackIsForTheKeyAndItsTeam()
{
    const std::string mate = keyWith("mate", "red");
    QCOMPARE(m_site->ask("POST", "/admin/v1/teams", {{"name", "blue"}}).status, 201);
    const std::string stranger = keyWith("stranger", "blue"), alone = keyWith("alone", nullptr), alone2 = keyWith("alone2", nullptr);
    const std::string id = called(prompted, m_key);
    const Answer own = feedback({{"call_id", id}, {"value", 1}, {"weight", 0.5}, {"comment", "good"}, {"metadata", {{"screen", "chat"}}}}, m_key);
    QVERIFY2(own.status == 200, own.raw.constData());
    QVERIFY(own.body == json({{"call_id", id}, {"value", 1.0}, {"weight", 0.5}}));
    QCOMPARE(feedback({{"call_id", id}, {"value", -0.5}}, mate).status, 200);
    const Answer others = feedback({{"call_id", id}, {"value", 1}}, stranger);
    QCOMPARE(others.status, 404);
    const Answer none = feedback({{"call_id", "call_01ARZ3NDEKTSV4RRFFQ69G5FAV"}, {"value", 1}}, m_key);
    QCOMPARE(none.status, 404); // told alike
    QCOMPARE(feedback({{"call_id", id}, {"value", 1}}, "sb-unknown").status, 401);
    QCOMPARE(m_site->send("POST", "/v1/feedback", "{}").status, 401);
    const std::string lonely = called(prompted, alone);
    QCOMPARE(feedback({{"call_id", lonely}, {"value", 1}}, alone).status, 200);
    QCOMPARE(feedback({{"call_id", lonely}, {"value", 1}}, alone2).status, 404); // no team is no common one
    const Answer admin = m_site->ask("POST", "/admin/v1/calls/" + QByteArray::fromStdString(id) + "/feedback", {{"value", 0}});
    QVERIFY2(admin.status == 200, admin.raw.constData());
    const json shown = logged(id)["feedback"];
    QCOMPARE(shown.size(), 3u);
    QCOMPARE(shown[0]["by"].get<std::string>(), "reader");
    QCOMPARE(shown[0]["comment"].get<std::string>(), "good");
    QVERIFY(shown[0]["metadata"] == json({{"screen", "chat"}}));
    QVERIFY(shown[0]["weight"] == 0.5);
    QCOMPARE(shown[1]["by"].get<std::string>(), "mate");
    QVERIFY(shown[2]["by"].get<std::string>().starts_with("admin:"));
}

void tst_AdminPrompts::feedbackOfACallThatIsNotStoredYet()
{
    Answer settings = m_site->askRaw("POST", "/admin/v1/config/apply", "gateway: { flush: 10s }\n");
    QVERIFY2(settings.status == 200, settings.raw.constData());
    const std::string id = called(prompted, m_key);
    QElapsedTimer timer;
    timer.start();
    const Answer at = feedback({{"call_id", id}, {"value", 1}}, m_key);
    QVERIFY2(at.status == 200, at.raw.constData());
    QVERIFY(timer.elapsed() < 5'000); // not after the flush
}

void tst_AdminPrompts::wrongFeedbackIsTold_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("param");
    QTest::newRow("no call") << QByteArray(R"({"value":1})") << QByteArray("call_id");
    QTest::newRow("no value") << QByteArray(R"({"call_id":"x"})") << QByteArray("value");
    QTest::newRow("value of another scale") << QByteArray(R"({"call_id":"x","value":5})") << QByteArray("value");
    QTest::newRow("value that is a text") << QByteArray(R"({"call_id":"x","value":"1"})") << QByteArray("value");
    QTest::newRow("weight of nothing") << QByteArray(R"({"call_id":"x","value":1,"weight":0})") << QByteArray("weight");
    QTest::newRow("comment that is no text") << QByteArray(R"({"call_id":"x","value":1,"comment":1})") << QByteArray("comment");
    QTest::newRow("metadata that is no object") << QByteArray(R"({"call_id":"x","value":1,"metadata":[]})") << QByteArray("metadata");
    QTest::newRow("misspelt") << QByteArray(R"({"call_id":"x","value":1,"coment":"x"})") << QByteArray("coment");
    QTest::newRow("comment too long") << QByteArray(R"({"call_id":"x","value":1,"comment":")") + QByteArray(5000, 'x') + "\"}" << QByteArray("comment");
}

void tst_AdminPrompts::wrongFeedbackIsTold()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, param);
    const Answer told = m_site->send("POST", "/v1/feedback", body, {{"Authorization", "Bearer " + QByteArray::fromStdString(m_key)}});
    QVERIFY2(told.status == 400, told.raw.constData());
    QCOMPARE(QByteArray::fromStdString(told.param()), param);
    QCOMPARE(m_site->send("GET", "/v1/feedback", {}, {{"Authorization", "Bearer " + QByteArray::fromStdString(m_key)}}).status, 405);
}

void tst_AdminPrompts::aLaterWordTakesTheFormersPlace()
{
    const std::string id = called(prompted, m_key);
    QCOMPARE(feedback({{"call_id", id}, {"value", 1}}, m_key).status, 200);
    QCOMPARE(feedback({{"call_id", id}, {"value", -1}, {"comment", "on second thoughts"}}, m_key).status, 200);
    const json shown = logged(id)["feedback"];
    QCOMPARE(shown.size(), 1u);
    QVERIFY(shown[0]["value"] == -1.0);
}

void tst_AdminPrompts::resultsAreByVersion()
{
    QCOMPARE(m_site->ask("POST", "/admin/v1/prompts", {{"name", "summarise.more"}, {"versions", {numbered(version("Other."), 1)}}}).status, 201);
    std::vector<std::string> ids;
    for (int i = 0; i < 3; ++i)
        ids.push_back(called(prompted, m_key));
    const std::string second = called({{"prompt_id", "summarise@2"}, {"prompt_variables", {{"text", "x"}, {"language", "y"}}}}, m_key);
    called({{"prompt_id", "summarise.more"}, {"prompt_variables", {{"text", "x"}}}}, m_key); // another prompt
    QCOMPARE(feedback({{"call_id", ids[0]}, {"value", 1}, {"weight", 1}}, m_key).status, 200);
    QCOMPARE(feedback({{"call_id", ids[1]}, {"value", -1}, {"weight", 0.5}}, m_key).status, 200);
    QVERIFY(!logged(second).is_null());
    const Answer results = m_site->ask("GET", "/admin/v1/prompts/summarise/results");
    QVERIFY2(results.status == 200, results.raw.constData());
    QCOMPARE(results.body["data"].size(), 2u);
    const json &one = results.body["data"][0];
    QCOMPARE(one["version"].get<int>(), 1);
    QCOMPARE(one["calls"].get<int>(), 3);
    QCOMPARE(one["failed"].get<int>(), 0);
    QVERIFY(one["p50_ms"].get<double>() > 0 && one["p95_ms"].get<double>() >= one["p50_ms"].get<double>());
    QVERIFY(one["output_tokens"].get<int>() > 0);
    QVERIFY(one["cost"].get<std::string>() != "0");
    QCOMPARE(one["feedback"]["count"].get<int>(), 2);
    QVERIFY(std::abs(one["feedback"]["mean"].get<double>() - 1.0 / 3) < 1e-6);
    QVERIFY(results.body["data"][1]["feedback"]["mean"].is_null());
    QCOMPARE(m_site->ask("GET", "/admin/v1/prompts/summarise/results?to=2020-01-01").body["data"].size(), 0u);
    QCOMPARE(m_site->ask("GET", "/admin/v1/prompts/summarise/results?from=yesterday").status, 400);
}

void tst_AdminPrompts::testSetsRunOverVersions()
{
    const json set = json::parse(R"({"name":"basics","cases":[
        {"name":"plain","variables":{"text":"x"},"matches":["^one$"],"not_matches":["two"]},
        {"name":"schema","variables":{"text":"x","language":"y"},"schema":{"type":"object","required":["words"],"properties":{"words":{"type":"integer","minimum":1}}}}]})");
    const Answer put = m_site->ask("POST", "/admin/v1/prompts/summarise/test-sets", set);
    QVERIFY2(put.status == 200, put.raw.constData());
    QVERIFY(put.body["test_sets"] == json::array({set}));
    const Answer run = m_site->ask("POST", "/admin/v1/prompts/summarise/test-sets/basics/run", {{"versions", {1, "2"}}});
    QVERIFY2(run.status == 200, run.raw.constData());
    const json &cells = run.body["data"];
    QCOMPARE(cells.size(), 4u);
    const auto cell = [&](std::size_t i) { return cells[i]["case"].get<std::string>() + " " + std::to_string(cells[i]["version"].get<int>()) + " " + cells[i]["result"].get<std::string>(); };
    QCOMPARE(cell(0), std::string("plain 1 passed"));
    QCOMPARE(cell(1), std::string("schema 1 failed")); // version 1 has no variable "language"
    QVERIFY(cells[1]["failures"][0].get<std::string>().find("language") != std::string::npos);
    QCOMPARE(cell(2), std::string("plain 2 failed")); // and version 2 wants it
    QCOMPARE(cell(3), std::string("schema 2 passed"));
    QCOMPARE(cells[3]["text"].get<std::string>(), R"({"words": 2})");
    QVERIFY(cells[3]["cost"].is_string() && cells[3]["latency_ms"].get<double>() > 0);
    QCOMPARE(run.body["totals"][0]["passed"].get<int>(), 1);
    QCOMPARE(run.body["totals"][1]["failed"].get<int>(), 1);
    // Tests are no results: they are marked in the log.
    QVERIFY(!logged(cells[3]["call_id"].get<std::string>()).is_null());
    QCOMPARE(m_site->ask("GET", "/admin/v1/calls?filter=test:false").body["data"].size(), 0u);
    QCOMPARE(m_site->ask("GET", "/admin/v1/prompts/summarise/results").body["data"].size(), 0u);
    QCOMPARE(m_site->ask("POST", "/admin/v1/prompts/summarise/test-sets/none/run").status, 404);
    QCOMPARE(m_site->ask("POST", "/admin/v1/prompts/summarise/test-sets/basics/run", {{"versions", {7}}}).status, 404);
    const Answer pattern = m_site->ask("POST", "/admin/v1/prompts/summarise/test-sets", json::parse(R"({"name":"broken","cases":[{"name":"x","matches":["("]}]})"));
    QVERIFY2(pattern.status == 400, pattern.raw.constData());
    QCOMPARE(pattern.param(), std::string("test_sets[1].cases[0].matches[0]"));
    QCOMPARE(m_site->ask("DELETE", "/admin/v1/prompts/summarise/test-sets/basics").status, 200);
    QCOMPARE(m_site->ask("DELETE", "/admin/v1/prompts/summarise/test-sets/basics").status, 404);
}

void tst_AdminPrompts::aVersionRunsAtSeveralRoutesAtOnce()
{
    QCOMPARE(m_site->ask("POST", "/admin/v1/routes", {{"name", "other"}, {"plan", {{"provider", "fake"}, {"model", "fake-model"}}}}).status, 201);
    api::PromptRun run {.name = "draft", .version = {}, .variables = R"({"a":"b"})", .routes = {"fast", "other", "none"}};
    run.version.messages = {{.role = "user", .content = "Two {{a}}"}};
    std::vector<std::string> pieces(3);
    std::optional<Result<std::vector<api::PromptAnswer>>> answers;
    m_site->gateway->promptTools()->run(
        run, m_site->gateway.get(), [&](const api::PromptPiece &piece) { pieces.at(piece.call) += piece.text; }, [&](Result<std::vector<api::PromptAnswer>> given) { answers = std::move(given); });
    QTRY_VERIFY(answers.has_value());
    QVERIFY2(answers->has_value(), answers->has_value() ? "" : answers->error().message.c_str());
    const auto &all = **answers;
    QCOMPARE(all.size(), std::size_t(3));
    QCOMPARE(all[0].text, std::string(R"({"words": 2})"));
    QCOMPARE(pieces[0], all[0].text); // streamed
    QCOMPARE(all[1].route, std::string("other"));
    QVERIFY(all[0].firstTextUs >= 0 && all[0].latencyUs >= all[0].firstTextUs);
    QVERIFY(all[0].cost && all[0].outputTokens > 0);
    QVERIFY(!all[0].callId.empty());
    QVERIFY(all[2].error && all[2].error->message.find("none") != std::string::npos);
    QVERIFY(pieces[2].empty());
}

void tst_AdminPrompts::whatARunCannotAskIsTold()
{
    api::PromptRun run {.name = "draft", .version = {}, .variables = "{}", .routes = {"fast"}};
    run.version.messages = {{.role = "user", .content = "{{a}}"}};
    std::optional<Result<std::vector<api::PromptAnswer>>> answers;
    const auto ask = [&] {
        answers.reset();
        m_site->gateway->promptTools()->run(run, m_site->gateway.get(), {}, [&](Result<std::vector<api::PromptAnswer>> given) { answers = std::move(given); });
    };
    ask();
    QTRY_VERIFY(answers.has_value());
    QCOMPARE(answers->error().where, std::string("prompt_variables.a"));
    run.routes.clear();
    ask();
    QTRY_VERIFY(answers.has_value());
    QCOMPARE(answers->error().where, std::string("routes"));
    // Whoever asks goes: nothing is called back.
    run = {.name = "draft", .version = run.version, .variables = R"({"a":"b"})", .routes = {"fast"}};
    auto context = std::make_unique<QObject>();
    bool told = false;
    m_site->gateway->promptTools()->run(run, context.get(), {}, [&](const Result<std::vector<api::PromptAnswer>> &) { told = true; });
    context.reset();
    QCOMPARE(call(prompted, m_key).status, 200);
    QVERIFY(!told);
}

void tst_AdminPrompts::rolesAreHeldTo()
{
    const Answer analyst = m_site->ask("POST", "/admin/v1/tokens", {{"name", "ann"}, {"role", "analyst"}});
    QVERIFY2(analyst.status == 201, analyst.raw.constData());
    const std::string token = analyst.body["secret"].get<std::string>();
    QCOMPARE(m_site->ask("GET", "/admin/v1/prompts/summarise/diff?from=1&to=2", {}, {}, token).status, 200);
    QCOMPARE(m_site->ask("GET", "/admin/v1/prompts/summarise/results", {}, {}, token).status, 200);
    QCOMPARE(m_site->ask("POST", "/admin/v1/prompts/summarise/render", {{"version", 1}, {"variables", {{"text", "x"}}}}, {}, token).status, 200);
    for (const char *path : {"/admin/v1/prompts/summarise/versions", "/admin/v1/prompts/summarise/labels", "/admin/v1/prompts/import", "/admin/v1/prompts/summarise/test-sets", "/admin/v1/prompts/summarise/test-sets/x/run", "/admin/v1/calls/x/feedback"})
        QCOMPARE(m_site->ask("POST", path, json::object(), {}, token).status, 403);
    QCOMPARE(m_site->ask("POST", "/admin/v1/prompts/summarise/labels", json::object(), {}, "none").status, 401);
    // A virtual key opens none of it.
    QCOMPARE(m_site->ask("GET", "/admin/v1/prompts/summarise/results", {}, {}, m_key).status, 401);
}

void tst_AdminPrompts::theLogShowsThePrompt()
{
    const json shown = logged(called(prompted, m_key));
    QCOMPARE(shown["prompt"].get<std::string>(), "summarise@1");
    QVERIFY(shown["feedback"] == json::array());
}

QTEST_GUILESS_MAIN(tst_AdminPrompts)
#include "tst_admin_prompts.moc"
