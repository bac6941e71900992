// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/litellm/durations.h"
#include "gateway/config/duration.h"
#include "tests/gateway/admin/admin_site.h"
#include "tests/support/fake_provider.h"

#include <QDateTime>
#include <QTest>

#include <algorithm>

using namespace gateway;
using nlohmann::json;
using support::FakeProvider;

/// LiteLLM's management calls, as scripts that are written for it make them.
class tst_LiteLlmCalls : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_site = std::make_unique<AdminSite>(); }
    void cleanup() { m_site.reset(); }

    void durationsEnd_data();
    void durationsEnd();
    void aGeneratedKeyWorksAndIsToldOnce();
    void fieldsMeanWhatTheyMeanThere();
    void aKeyIsFoundBySecretTokenAndAlias();
    void anUpdateChangesWhatItSays();
    void deletedKeysAreDeadAllOrNone();
    void whatIsNotTakenIsToldOrRefused();
    void wrongFieldsAreToldByTheirNames_data();
    void wrongFieldsAreToldByTheirNames();
    void teamsAreMadeAndShownWithTheirKeys();
    void spendIsWhatTheLogKnows();
    void modelsAreTheRoutesTargets();
    void virtualKeysAndRolesStayOutside();
    void eachEditIsOneRevisionWithItsAuthor();

private:
    Answer ask(const char *method, const QByteArray &path, const json &body = {}, const std::string &token = {}) { return m_site->ask(method, path, body, {}, token); }
    json generate(const json &body)
    {
        const Answer made = ask("POST", "/key/generate", body);
        if (made.status != 200)
            qWarning("%d %s", made.status, made.raw.constData());
        return made.body;
    }
    int call(const std::string &secret)
    {
        return m_site->send("POST", "/v1/chat/completions", R"({"model":"fast","messages":[{"role":"user","content":"ping"}]})", {{"Authorization", "Bearer " + QByteArray::fromStdString(secret)}, {"x-signalbox-tags", "nightly,batch"}}).status;
    }
    void makeRoute(const FakeProvider &fake)
    {
        QCOMPARE(ask("POST", "/admin/v1/providers", {{"name", "fake"}, {"kind", "openai-compatible"}, {"base_url", fake.baseUrl()}, {"models", {{{"id", "m"}, {"input_per_mtok", 1}, {"output_per_mtok", 2}, {"context", 8000}}}}}).status, 201);
        QCOMPARE(ask("POST", "/admin/v1/routes", {{"name", "fast"}, {"plan", {{"fallback", {{{"provider", "fake"}, {"model", "m"}}, {{"provider", "fake"}, {"model", "n"}}, {{"provider", "fake"}, {"model", "m"}}}}}}}).status, 201);
    }

    std::unique_ptr<AdminSite> m_site;
};

void tst_LiteLlmCalls::durationsEnd_data()
{
    QTest::addColumn<QByteArray>("duration");
    QTest::addColumn<QByteArray>("end"); // of what begins on 31 January 2026, noon
    QTest::newRow("seconds") << QByteArray("30s") << QByteArray("2026-01-31T12:00:30Z");
    QTest::newRow("minutes") << QByteArray("90m") << QByteArray("2026-01-31T13:30:00Z");
    QTest::newRow("hours") << QByteArray("24h") << QByteArray("2026-02-01T12:00:00Z");
    QTest::newRow("days") << QByteArray("30d") << QByteArray("2026-03-02T12:00:00Z");
    QTest::newRow("weeks") << QByteArray("2w") << QByteArray("2026-02-14T12:00:00Z");
    QTest::newRow("a shorter month") << QByteArray("1mo") << QByteArray("2026-02-28T12:00:00Z");
    QTest::newRow("months") << QByteArray("12mo") << QByteArray("2027-01-31T12:00:00Z");
    for (const char *none : {"", "0d", "-1d", "d", "1", "1y", "1 d", "1dd", "99999999999999999999d", "9999999999d", "1.5h", "99999mo"})
        QTest::addRow("\"%s\"", none) << QByteArray(none) << QByteArray();
}

void tst_LiteLlmCalls::durationsEnd()
{
    QFETCH(const QByteArray, duration);
    QFETCH(const QByteArray, end);
    const auto got = admin::litellm::endOf(duration.toStdString(), *config::parseDate("2026-01-31T12:00:00Z"));
    QCOMPARE(got ? config::dateText(*got) : std::string(), end.toStdString());
}

void tst_LiteLlmCalls::aGeneratedKeyWorksAndIsToldOnce()
{
    const FakeProvider fake(support::Script::answer("pong"));
    makeRoute(fake);
    const json bare = generate(json::object());
    QVERIFY(bare["key"].get<std::string>().starts_with("sb-") && bare["key_alias"].get<std::string>().starts_with("key-"));
    QVERIFY(bare["expires"].is_null() && bare["max_budget"].is_null() && bare["models"].empty() && bare["signalbox_not_taken"].empty());
    QVERIFY(bare["token"] == bare["token_id"]);
    QCOMPARE(call(bare["key"]), 200);
    const Answer own = ask("POST", "/key/generate", {{"key", "sk-chosen-by-the-caller-0001"}, {"key_alias", "chosen"}});
    QCOMPARE(own.body["key"].get<std::string>(), "sk-chosen-by-the-caller-0001");
    QCOMPARE(call("sk-chosen-by-the-caller-0001"), 200);
    QCOMPARE(ask("POST", "/key/generate", {{"key", "sk-chosen-by-the-caller-0001"}, {"key_alias", "the-same"}}).status, 400); // it names one key
    for (const QByteArray &path : {QByteArray("/key/info?key=chosen"), QByteArray("/key/info?key=sk-chosen-by-the-caller-0001"), QByteArray("/admin/v1/keys"), QByteArray("/admin/v1/audit"), QByteArray("/admin/v1/config/export")})
        QVERIFY(!ask("GET", path).raw.contains("chosen-by-the-caller"));
    QCOMPARE(m_site->send("POST", "/key/generate", {}, {{"Authorization", "Bearer " + QByteArray::fromStdString(m_site->owner)}}).status, 200); // no body, as curl sends it
}

void tst_LiteLlmCalls::fieldsMeanWhatTheyMeanThere()
{
    const json team = ask("POST", "/team/new", {{"team_alias", "search"}}).body;
    const json made = generate({{"key_alias", "program"}, {"team_id", team["team_id"]}, {"models", {"gpt-4o", "smart"}}, {"max_budget", 12.5}, {"budget_duration", "30d"}, {"tpm_limit", 1000}, {"rpm_limit", 60}, {"max_parallel_requests", 4},
                                {"duration", "1h"}, {"user_id", nullptr}, {"metadata", json::object()}, {"aliases", json::object()}, {"spend", 0}, {"permissions", json::object()}});
    QVERIFY(made["signalbox_not_taken"].empty());
    const json key = ask("GET", "/admin/v1/keys/program").body;
    QCOMPARE(key["team"].get<std::string>(), "search");
    QVERIFY(key["models"] == json::array({"gpt-4o", "smart"}));
    QVERIFY(key["budgets"] == json::array({{{"amount", 12.5}, {"per", "month"}}}));
    QVERIFY(key["limits"] == json::array({{{"rpm", 60}, {"tpm", 1000}, {"parallel", 4}}}));
    const auto left = *config::parseDate(key["expires"].get<std::string>()) - std::chrono::system_clock::now();
    QVERIFY(left > std::chrono::minutes(55) && left <= std::chrono::minutes(60));
    const json info = ask("GET", "/key/info?key=program").body["info"];
    QVERIFY(info["team_id"] == team["team_id"]);
    QCOMPARE(info["max_budget"].get<double>(), 12.5);
    QCOMPARE(info["budget_duration"].get<std::string>(), "1mo");
    QCOMPARE(info["rpm_limit"].get<int>(), 60);
    QCOMPARE(info["max_parallel_requests"].get<int>(), 4);
    QCOMPARE(info["spend"].get<double>(), 0.0);
    QVERIFY(info["budget_reset_at"].is_string() && !info["blocked"].get<bool>() && info["metadata"].is_object());
    QVERIFY(info["metadata"] == json::object());
    QVERIFY(generate({{"key_alias", "labelled"}, {"metadata", {{"owner", "ann"}, {"floor", 3}, {"live", true}}}})["signalbox_not_taken"].empty());
    const json labels {{"owner", "ann"}, {"floor", "3"}, {"live", "true"}};
    QVERIFY(ask("GET", "/admin/v1/keys/labelled").body["metadata"] == labels);
    QVERIFY(ask("GET", "/key/info?key=labelled").body["info"]["metadata"] == labels);
    QVERIFY(generate({{"key_alias", "total"}, {"max_budget", 3}, {"models", {"all-team-models"}}})["models"] == json::array());
    QCOMPARE(ask("GET", "/admin/v1/keys/total").body["budgets"][0]["per"].get<std::string>(), "total");
    QVERIFY(!ask("GET", "/admin/v1/keys/total").body.contains("models"));
}

void tst_LiteLlmCalls::aKeyIsFoundBySecretTokenAndAlias()
{
    const json made = generate({{"key_alias", "program"}});
    for (const std::string &asked : {made["key"].get<std::string>(), made["token"].get<std::string>(), std::string("program")}) {
        const Answer info = ask("GET", "/key/info?key=" + QByteArray::fromStdString(asked));
        QVERIFY2(info.status == 200, info.raw.constData());
        QVERIFY(info.body["info"]["token"] == made["token"]);
        QVERIFY(info.body["key"] == made["token"]); // never the secret
    }
    const Answer unknown = ask("GET", "/key/info?key=sk-nobody-of-that-name");
    QCOMPARE(unknown.status, 404);
    QCOMPARE(unknown.body["error"]["code"].get<std::string>(), "404");
    QCOMPARE(unknown.body["error"]["type"].get<std::string>(), "not_found_error");
    QVERIFY(!unknown.raw.contains("nobody-of")); // it could have been a secret
    QCOMPARE(ask("GET", "/key/info").param(), "key");
    QCOMPARE(ask("GET", "/key/info?keys=x").status, 400);
}

void tst_LiteLlmCalls::anUpdateChangesWhatItSays()
{
    const json made = generate({{"key_alias", "program"}, {"max_budget", 5}, {"budget_duration", "1d"}, {"rpm_limit", 60}, {"tpm_limit", 1000}, {"models", {"smart"}}, {"duration", "1h"}});
    const auto update = [&](json body) {
        body["key"] = made["token"];
        const Answer answer = ask("POST", "/key/update", body);
        if (answer.status != 200)
            qWarning("%d %s", answer.status, answer.raw.constData());
        return answer.body;
    };
    const json more = update({{"max_budget", 7}});
    QCOMPARE(more["max_budget"].get<int>(), 7);
    QCOMPARE(more["budget_duration"].get<std::string>(), "1d"); // stays, as does all else
    QCOMPARE(more["rpm_limit"].get<int>(), 60);
    QVERIFY(more["models"] == json::array({"smart"}));
    QVERIFY(more["expires"].is_string());
    const json less = update({{"tpm_limit", nullptr}, {"duration", "-1"}, {"models", json::array()}});
    QVERIFY(less["tpm_limit"].is_null() && less["expires"].is_null() && less["models"].empty());
    QCOMPARE(less["rpm_limit"].get<int>(), 60);
    QVERIFY(update({{"max_budget", nullptr}, {"rpm_limit", nullptr}})["max_budget"].is_null());
    const json bare = ask("GET", "/admin/v1/keys/program").body;
    QVERIFY(!bare.contains("budgets") && !bare.contains("limits"));
    QCOMPARE(update({{"key_alias", "renamed"}})["key_alias"].get<std::string>(), "renamed");
    QCOMPARE(ask("POST", "/key/update", {{"key", made["key"]}, {"rpm_limit", 9}}).body["rpm_limit"].get<int>(), 9); // by its secret, which went on
    QCOMPARE(ask("POST", "/key/update", {{"key", "nobody"}, {"rpm_limit", 9}}).status, 404);
    QCOMPARE(ask("POST", "/key/update", {{"rpm_limit", 9}}).param(), "key");
    QCOMPARE(ask("POST", "/key/update", {{"key", made["token"]}, {"budget_duration", "1d"}}).param(), "budget_duration"); // there is no budget any more
    QCOMPARE(ask("POST", "/key/update", {{"key", made["token"]}, {"spend", 5}}).param(), "spend");
    generate({{"key_alias", "other"}});
    QCOMPARE(ask("POST", "/key/update", {{"key", made["token"]}, {"key_alias", "other"}}).status, 409);
}

void tst_LiteLlmCalls::deletedKeysAreDeadAllOrNone()
{
    const FakeProvider fake(support::Script::answer("pong"));
    makeRoute(fake);
    const json first = generate({{"key_alias", "first"}});
    const json second = generate({{"key_alias", "second"}});
    generate({{"key_alias", "third"}});
    const std::uint64_t before = m_site->gateway->revision().number;
    QCOMPARE(ask("POST", "/key/delete", {{"keys", {first["key"], "nobody"}}}).status, 404);
    QCOMPARE(ask("POST", "/key/delete", {{"keys", json::array()}}).param(), "keys");
    QCOMPARE(ask("POST", "/key/delete", {{"keys", "first"}}).param(), "keys");
    QCOMPARE(m_site->gateway->revision().number, before);
    QCOMPARE(call(first["key"]), 200);
    const Answer deleted = ask("POST", "/key/delete", {{"keys", {first["key"], second["token"]}}, {"key_aliases", {"third"}}});
    QVERIFY2(deleted.status == 200, deleted.raw.constData());
    QCOMPARE(deleted.body["deleted_keys"].size(), 3U);
    QVERIFY(!deleted.raw.contains(first["key"].get<std::string>().c_str()));
    QCOMPARE(m_site->gateway->revision().number, before + 1);
    QCOMPARE(call(first["key"]), 401);
    QCOMPARE(call(second["key"]), 401);
    QCOMPARE(ask("GET", "/admin/v1/audit?kind=key&limit=3").body["data"][2]["action"].get<std::string>(), "deleted");
    QCOMPARE(ask("POST", "/key/delete", {{"keys", {first["token"]}}}).status, 404); // a second time
}

void tst_LiteLlmCalls::whatIsNotTakenIsToldOrRefused()
{
    const json made = generate({{"key_alias", "program"}, {"metadata", {{"owner", {{"name", "ann"}}}}}, {"user_id", "ann"}, {"tags", {"a"}}, {"budget_duration", "30d"}, {"soft_budget", 3}, {"send_invite_email", false}, {"key_type", "llm_api"}});
    json told = made["signalbox_not_taken"];
    std::sort(told.begin(), told.end());
    QVERIFY(told == json::array({"budget_duration", "key_type", "metadata", "soft_budget", "tags", "user_id"}));
    const std::uint64_t before = m_site->gateway->revision().number;
    for (const auto &[field, value] : std::vector<std::pair<std::string, json>> {{"guardrails", {"pii"}}, {"model_max_budget", {{"gpt-4o", 5}}}, {"model_rpm_limit", {{"gpt-4o", 5}}}, {"aliases", {{"a", "b"}}}, {"allowed_routes", {"/chat/completions"}},
                                                                                 {"blocked", true}, {"permissions", {{"x", true}}}, {"budget_id", "b"}, {"organization_id", "o"}, {"enforced_params", {"user"}}, {"rmp_limit", 5}, {"nonsense", nullptr}}) {
        const Answer refused = ask("POST", "/key/generate", {{field, value}});
        QCOMPARE(refused.status, 400);
        QCOMPARE(refused.param(), field);
        QCOMPARE(refused.body["error"]["type"].get<std::string>(), "bad_request_error");
        QVERIFY2(refused.raw.contains("Nothing was changed"), refused.raw.constData());
    }
    QVERIFY(ask("POST", "/key/generate", {{"rmp_limit", 5}}).raw.contains("rpm_limit")); // did you mean
    QCOMPARE(ask("POST", "/team/new", {{"models", {"gpt-4o"}}}).param(), "models");
    QCOMPARE(ask("POST", "/team/new", {{"team_member_budget", 5}}).param(), "team_member_budget");
    QCOMPARE(m_site->gateway->revision().number, before);
    const json team = ask("POST", "/team/new", {{"team_alias", "a"}, {"team_id", "b"}, {"members_with_roles", {{{"role", "admin"}, {"user_id", "u"}}}}, {"models", {"all-proxy-models"}}}).body;
    told = team["signalbox_not_taken"];
    QVERIFY(told == json::array({"team_id", "members_with_roles"}));
}

void tst_LiteLlmCalls::wrongFieldsAreToldByTheirNames_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("param");
    const auto row = [](const char *body, const char *param) { QTest::newRow(body) << QByteArray(body) << QByteArray(param); };
    row(R"({"rpm_limit": 0})", "rpm_limit");
    row(R"({"rpm_limit": -5})", "rpm_limit");
    row(R"({"rpm_limit": 1.5})", "rpm_limit");
    row(R"({"tpm_limit": "many"})", "tpm_limit");
    row(R"({"tpm_limit": 18446744073709551615})", "tpm_limit");
    row(R"({"max_budget": -1})", "max_budget");
    row(R"({"max_budget": 1e300})", "max_budget");
    row(R"({"max_budget": []})", "max_budget");
    row(R"({"max_budget": 5, "budget_duration": "15d"})", "budget_duration");
    row(R"({"duration": "soon"})", "duration");
    row(R"({"models": "gpt-4o"})", "models");
    row(R"({"models": [5]})", "models");
    row(R"({"models": ["no-default-models"]})", "models");
    row(R"({"team_id": "nobody"})", "team_id");
    row(R"({"key_alias": 5})", "key_alias");
    row(R"({"key_alias": "a,b"})", "key_alias");
    row(R"({"key": "x"})", "key");
    row(R"([])", "None");
    row(R"({"key_alias)", "None");
}

void tst_LiteLlmCalls::wrongFieldsAreToldByTheirNames()
{
    QFETCH(const QByteArray, body);
    QFETCH(const QByteArray, param);
    const Answer refused = m_site->askRaw("POST", "/key/generate", body);
    QVERIFY2(refused.status == 400 || (refused.status == 404 && param == "team_id"), refused.raw.constData());
    QCOMPARE(refused.param(), param.toStdString());
    QVERIFY(refused.body["error"]["code"].is_string());
    QVERIFY(m_site->gateway->config()->keys.empty());
}

void tst_LiteLlmCalls::teamsAreMadeAndShownWithTheirKeys()
{
    const Answer made = ask("POST", "/team/new", {{"team_alias", "search"}, {"max_budget", 500}, {"budget_duration", "1mo"}, {"rpm_limit", 600}});
    QVERIFY2(made.status == 200, made.raw.constData());
    QVERIFY(ask("GET", "/admin/v1/teams/search").body["budgets"] == json::array({{{"amount", 500}, {"per", "month"}}}));
    QCOMPARE(ask("POST", "/team/new", {{"team_alias", "search"}}).status, 409);
    QCOMPARE(ask("POST", "/team/new", {{"team_id", "by-id"}}).body["team_alias"].get<std::string>(), "by-id");
    generate({{"key_alias", "one"}, {"team_id", "search"}}); // by name too
    generate({{"key_alias", "two"}, {"team_id", made.body["team_id"]}});
    generate({{"key_alias", "elsewhere"}});
    for (const std::string &asked : {made.body["team_id"].get<std::string>(), std::string("search")}) {
        const Answer info = ask("GET", "/team/info?team_id=" + QByteArray::fromStdString(asked));
        QVERIFY2(info.status == 200, info.raw.constData());
        QVERIFY(info.body["team_id"] == made.body["team_id"]);
        QCOMPARE(info.body["team_info"]["team_alias"].get<std::string>(), "search");
        QCOMPARE(info.body["team_info"]["max_budget"].get<int>(), 500);
        QCOMPARE(info.body["team_info"]["rpm_limit"].get<int>(), 600);
        QCOMPARE(info.body["keys"].size(), 2U);
        QVERIFY(info.body["keys"][0]["team_id"] == made.body["team_id"]);
    }
    QCOMPARE(ask("GET", "/team/info?team_id=nobody").param(), "team_id");
    QCOMPARE(ask("GET", "/team/info").status, 400);
}

void tst_LiteLlmCalls::spendIsWhatTheLogKnows()
{
    const FakeProvider fake(support::Script::answer("pong")); // 9 tokens in, 3 out: 15 millionths of a dollar
    makeRoute(fake);
    ask("POST", "/team/new", {{"team_alias", "search"}, {"max_budget", 1}});
    const json key = generate({{"key_alias", "program"}, {"team_id", "search"}});
    const json other = generate({{"key_alias", "other"}, {"team_id", "search"}});
    QCOMPARE(call(key["key"]), 200);
    QCOMPARE(call(key["key"]), 200);
    QCOMPARE(call(other["key"]), 200);
    Answer logs;
    QVERIFY(QTest::qWaitFor([&] { logs = ask("GET", "/spend/logs"); return logs.body.is_array() && logs.body.size() == 3; }, 10'000));
    const json row = logs.body[1];
    QVERIFY(row["api_key"] == key["token"]);
    QCOMPARE(row["spend"].get<double>(), 0.000015);
    QCOMPARE(row["prompt_tokens"].get<int>(), 9);
    QCOMPARE(row["total_tokens"].get<int>(), 12);
    QCOMPARE(row["call_type"].get<std::string>(), "acompletion");
    QCOMPARE(row["model"].get<std::string>(), "m");
    QCOMPARE(row["model_group"].get<std::string>(), "fast");
    QCOMPARE(row["status"].get<std::string>(), "success");
    QVERIFY(row["request_tags"] == json::array({"nightly", "batch"}));
    QCOMPARE(row["metadata"]["user_api_key_alias"].get<std::string>(), "program");
    const auto momentOf = [&](const char *field) { return QDateTime::fromString(QString::fromStdString(row[field].get<std::string>()), Qt::ISODateWithMs); };
    QVERIFY(momentOf("startTime").isValid() && momentOf("startTime") <= momentOf("endTime")); // as times: their texts leave out zeros at the end
    QCOMPARE(ask("GET", "/spend/logs?api_key=" + QByteArray::fromStdString(key["key"])).body.size(), 2U);
    QVERIFY(ask("GET", "/spend/logs?request_id=" + QByteArray::fromStdString(row["request_id"])).body[0]["request_id"] == row["request_id"]);
    QVERIFY(ask("GET", "/spend/logs?request_id=call_nothing").body == json::array());
    const QByteArray today = QByteArray::fromStdString(row["startTime"].get<std::string>().substr(0, 10));
    const Answer days = ask("GET", "/spend/logs?start_date=" + today + "&end_date=" + today);
    QVERIFY2(days.status == 200 && !days.body.empty(), days.raw.constData());
    double spent = 0;
    for (const json &day : days.body)
        spent += day["models"]["m"].get<double>();
    QCOMPARE(spent, 0.000045);
    QVERIFY(ask("GET", "/spend/logs?start_date=" + today + "&end_date=" + today + "&summarize=false").body[0].contains("request_id"));
    QVERIFY(ask("GET", "/spend/logs?start_date=2020-01-01&end_date=2020-01-02").body == json::array());
    QCOMPARE(ask("GET", "/spend/logs?start_date=yesterday").param(), "start_date");
    QCOMPARE(ask("GET", "/spend/logs?user_id=ann").param(), "user_id"); // there are no users here
    QCOMPARE(ask("GET", "/key/info?key=program").body["info"]["spend"].get<double>(), 0.00003);
    const json team = ask("GET", "/team/info?team_id=search").body;
    QCOMPARE(team["team_info"]["spend"].get<double>(), 0.000045); // of its budget
    for (const json &one : team["keys"])
        QCOMPARE(one["spend"].get<double>(), one["key_alias"] == "program" ? 0.00003 : 0.000015);
}

void tst_LiteLlmCalls::modelsAreTheRoutesTargets()
{
    const FakeProvider fake(support::Script::answer("pong"));
    makeRoute(fake);
    ask("POST", "/admin/v1/routes", {{"name", "off"}, {"enabled", false}, {"plan", {{"provider", "fake"}, {"model", "m"}}}});
    const Answer list = ask("GET", "/model/info");
    QVERIFY2(list.status == 200, list.raw.constData());
    QCOMPARE(list.body["data"].size(), 2U); // each target once
    const json model = list.body["data"][0];
    QCOMPARE(model["model_name"].get<std::string>(), "fast");
    QCOMPARE(model["litellm_params"]["model"].get<std::string>(), "openai/m");
    QCOMPARE(model["model_info"]["input_cost_per_token"].get<double>(), 0.000001);
    QCOMPARE(model["model_info"]["max_input_tokens"].get<int>(), 8000);
    QVERIFY(list.body["data"][1]["model_info"]["input_cost_per_token"].is_null()); // unknown is not nothing
    QVERIFY(ask("GET", "/v1/model/info").body == list.body);
    const QByteArray id = QByteArray::fromStdString(model["model_info"]["id"]);
    QCOMPARE(ask("GET", "/model/info?litellm_model_id=" + id.toPercentEncoding()).body["data"].size(), 1U);
    QCOMPARE(ask("GET", "/model/info?litellm_model_id=nothing").status, 404);
    QVERIFY(!list.raw.contains("api_key"));
}

void tst_LiteLlmCalls::virtualKeysAndRolesStayOutside()
{
    const json key = generate({{"key_alias", "program"}});
    const Answer analyst = ask("POST", "/admin/v1/tokens", {{"name", "reports"}, {"role", "analyst"}});
    for (const char *path : {"/key/info?key=program", "/spend/logs", "/model/info", "/v1/model/info", "/team/info?team_id=x"}) {
        const Answer refused = ask("GET", path, {}, key["key"].get<std::string>());
        QCOMPARE(refused.status, 401);
        QCOMPARE(refused.body["error"]["code"].get<std::string>(), "401");
        QCOMPARE(refused.body["error"]["type"].get<std::string>(), "auth_error");
        QCOMPARE(ask("GET", path, {}, "none").status, 401);
        const int seen = ask("GET", path, {}, analyst.body["secret"].get<std::string>()).status;
        QVERIFY2(seen == 200 || seen == 404, path);
    }
    for (const char *path : {"/key/generate", "/key/update", "/key/delete", "/team/new"}) {
        QCOMPARE(ask("POST", path, json::object(), analyst.body["secret"].get<std::string>()).status, 403);
        QCOMPARE(ask("GET", path).status, 405);
    }
    QCOMPARE(m_site->gateway->config()->keys.size(), 1U);
}

void tst_LiteLlmCalls::eachEditIsOneRevisionWithItsAuthor()
{
    const Answer token = ask("POST", "/admin/v1/tokens", {{"name", "ci"}, {"role", "admin"}});
    const std::uint64_t before = m_site->gateway->revision().number;
    QCOMPARE(ask("POST", "/key/generate", {{"key_alias", "program"}, {"max_budget", 5}}, token.body["secret"].get<std::string>()).status, 200);
    QCOMPARE(m_site->gateway->revision().number, before + 1);
    const json row = ask("GET", "/admin/v1/audit?limit=1").body["data"][0];
    QCOMPARE(row["who"].get<std::string>(), "admin:ci");
    QCOMPARE(row["kind"].get<std::string>(), "key");
    QCOMPARE(row["action"].get<std::string>(), "created");
    QVERIFY(ask("POST", "/key/update", {{"key", "program"}, {"max_budget", 6}}, token.body["secret"].get<std::string>()).status == 200);
    const json changed = ask("GET", "/admin/v1/audit?limit=1").body["data"][0];
    QVERIFY(changed["diff"].get<std::string>().find('6') != std::string::npos);
    ask("POST", "/key/update", {{"key", "program"}, {"max_budget", 6}}); // the same again
    QCOMPARE(m_site->gateway->revision().number, before + 2);
}

QTEST_GUILESS_MAIN(tst_LiteLlmCalls)
#include "tst_litellm_calls.moc"
