// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo/demo_callers.h"
#include "app/demo/demo_history.h"
#include "app/demo/demo_world.h"
#include "app/demo/simulated_providers.h"
#include "gateway/core/price_book.h"
#include "gateway/pipeline/compile.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QTest>

#include <nlohmann/json.hpp>
#include <set>

using namespace app::demo;
using namespace std::chrono_literals;
using nlohmann::json;

class tst_Demo : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void configurationIsRight();
    void sharesAddUp();
    void historyIsTheSameForASeed();
    void historyFillsItsDayAndIsMarked();
    void conversationsGoOnTurnByTurn();
    void providersAnswerAsOpenAiDoes();
    void providersStreamWithUsageAndEnd();

private:
    struct Answer
    {
        int status = 0;
        QByteArray body;
    };
    Answer post(const std::string &url, const QByteArray &body);
    QNetworkAccessManager m_network;
};

namespace {

constexpr int patienceMs = 60'000;
const gateway::WallTime start {std::chrono::sys_days(std::chrono::year(2026) / 11 / 16)};

gateway::config::Config demo()
{
    return demoConfig([](std::string_view name) { return "http://127.0.0.1:1/" + std::string(name) + "/v1"; });
}

} // namespace

void tst_Demo::configurationIsRight()
{
    const auto compiled = gateway::pipeline::compile(demo(), std::make_shared<const gateway::PriceBook>(), nullptr);
    for (const auto &problem : compiled.problems)
        QVERIFY2(problem.warning, problem.text().c_str());
    QVERIFY(compiled.config);
    QCOMPARE(demo().providers.size(), personalities().size());
}

void tst_Demo::sharesAddUp()
{
    double teams = 0;
    for (const DemoTeam &team : demoTeams())
        teams += team.share;
    double routes = 0;
    for (const DemoRoute &route : demoRoutes())
        routes += route.share;
    QVERIFY(qAbs(teams - 1) < 1e-9);
    QVERIFY(qAbs(routes - 1) < 1e-9);
    QVERIFY(callsPerSecond(start + 14h) > 2 * callsPerSecond(start + 2h));
}

void tst_Demo::historyIsTheSameForASeed()
{
    DemoHistory one(demo(), start, start + 10min, 7);
    DemoHistory two(demo(), start, start + 10min, 7);
    int count = 0;
    while (true) {
        const auto a = one.next();
        const auto b = two.next();
        QCOMPARE(a.has_value(), b.has_value());
        if (!a)
            break;
        ++count;
        QCOMPARE(a->id, b->id);
        QCOMPARE(a->latencyUs, b->latencyUs);
        QCOMPARE(a->cost, b->cost);
    }
    QVERIFY(count > 100);
}

void tst_Demo::historyFillsItsDayAndIsMarked()
{
    DemoHistory history(demo(), start, start + 24h, 7);
    std::set<std::string> teams, routes;
    std::size_t calls = 0, failed = 0, rescued = 0, translated = 0, withBothSides = 0, kept = 0, named = 0, found = 0;
    gateway::WallTime last = start;
    while (const auto record = history.next()) {
        ++calls;
        QVERIFY(record->startedAt >= last && record->startedAt < start + 24h);
        last = record->startedAt;
        QCOMPARE(record->tags, std::string("demo-history"));
        const bool again = !record->cachedFrom.empty();
        QVERIFY(record->latencyUs > 0 && record->attempts.empty() == again && record->cost);
        QCOMPARE(again, record->cache == gateway::CacheOutcome::Hit || record->cache == gateway::CacheOutcome::Semantic);
        QVERIFY(!again || (record->saved && record->savedUs > 0));
        kept += again ? 1 : 0;
        named += record->prompt.empty() ? 0 : 1;
        found += record->findings.empty() ? 0 : 1;
        failed += record->status == gateway::CallStatus::Failed ? 1 : 0;
        rescued += record->status == gateway::CallStatus::Ok && record->attempts.size() > 1 ? 1 : 0;
        teams.insert(record->team);
        routes.insert(record->route);
        translated += record->providerFormat.empty() ? 0 : 1;
        withBothSides += record->bodies.sent.empty() || record->bodies.received.empty() ? 0 : 1;
        QCOMPARE(record->providerFormat.empty(), record->losses.empty());
        QCOMPARE(record->bodies.request.empty(), record->bodies.sent.empty());
        for (const std::string *body : {&record->bodies.request, &record->bodies.sent})
            QVERIFY(body->empty() || json::accept(*body));
        if (!record->stream && !record->bodies.answer.empty())
            QVERIFY(json::accept(record->bodies.answer) && json::accept(record->bodies.received));
    }
    QVERIFY(translated > calls / 20 && translated < calls / 5);
    QVERIFY(withBothSides > 100 && withBothSides < 3000);
    QVERIFY(calls > 100'000 && calls < 160'000);
    QVERIFY(failed > 0 && failed < calls / 100);
    QVERIFY(rescued > failed);
    QVERIFY(kept > calls / 20 && kept < calls / 5);
    QVERIFY(named > calls / 100 && found > calls / 50);
    QCOMPARE(teams.size(), demoTeams().size());
    QCOMPARE(routes.size(), demoRoutes().size());
}

tst_Demo::Answer tst_Demo::post(const std::string &url, const QByteArray &body)
{
    QNetworkRequest request(QUrl(QString::fromStdString(url)));
    request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
    const std::unique_ptr<QNetworkReply> reply(m_network.post(request, body));
    if (!QTest::qWaitFor([&] { return reply->isFinished(); }, patienceMs))
        return {};
    return {reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), reply->readAll()};
}

void tst_Demo::conversationsGoOnTurnByTurn()
{
    DemoCallers callers(3);
    std::map<std::string, DemoCallers::Caller> last;
    std::set<std::string> customers, traces;
    for (int i = 0; i < 2000; ++i) {
        const std::string_view team = demoTeams()[static_cast<std::size_t>(i) % demoTeams().size()].team;
        const DemoCallers::Caller caller = callers.next(team, start + 2s * i, i % 7 != 0);
        customers.insert(caller.customer);
        traces.insert(caller.trace);
        QVERIFY(i % 7 != 0 || caller.session.empty());
        if (caller.session.empty())
            continue;
        const auto known = last.find(caller.session);
        QCOMPARE(caller.turn, known == last.end() ? 0 : known->second.turn + 1);
        QVERIFY(known == last.end() || (known->second.customer == caller.customer && known->second.trace == caller.trace));
        last[caller.session] = caller;
    }
    QVERIFY(last.size() > 50);
    QVERIFY(customers.size() > 5);
    QVERIFY(traces.size() > 10);
    QVERIFY(std::ranges::any_of(last, [](const auto &talk) { return talk.second.turn >= 4; }));
}

void tst_Demo::providersAnswerAsOpenAiDoes()
{
    const auto providers = SimulatedProviders::start(0);
    QVERIFY2(providers, providers ? "" : providers.error().message.c_str());
    // They fail now and then, as they should: a few tries are enough for anybody.
    Answer chat, embedding;
    for (int i = 0; i < 20 && chat.status != 200; ++i)
        chat = post((*providers)->baseUrl("local-vllm") + "/chat/completions", R"({"model":"m","max_tokens":4,"messages":[{"role":"user","content":"hello"}]})");
    const json answer = json::parse(chat.body.toStdString());
    QCOMPARE(answer["choices"][0]["finish_reason"].get<std::string>(), std::string("stop"));
    QCOMPARE(answer["usage"]["prompt_tokens"].get<int>() + answer["usage"]["completion_tokens"].get<int>(), answer["usage"]["total_tokens"].get<int>());
    QVERIFY(answer["usage"]["completion_tokens"].get<int>() <= 4);

    for (int i = 0; i < 20 && embedding.status != 200; ++i)
        embedding = post((*providers)->baseUrl("local-vllm") + "/embeddings", R"({"model":"m","input":["a","b"]})");
    QCOMPARE(json::parse(embedding.body.toStdString())["data"].size(), std::size_t(2));
    QCOMPARE(post((*providers)->baseUrl("local-vllm") + "/nothing", "{}").status, 404);
    QCOMPARE(post((*providers)->baseUrl("nobody") + "/chat/completions", "{}").status, 404);
}

void tst_Demo::providersStreamWithUsageAndEnd()
{
    const auto providers = SimulatedProviders::start(0);
    QVERIFY(providers);
    Answer answer;
    for (int i = 0; i < 20 && !answer.body.endsWith("data: [DONE]\n\n"); ++i)
        answer = post((*providers)->baseUrl("local-vllm") + "/chat/completions",
                      R"({"model":"m","stream":true,"stream_options":{"include_usage":true},"max_tokens":6,"messages":[{"role":"user","content":"hello"}]})");
    QVERIFY2(answer.body.endsWith("data: [DONE]\n\n"), answer.body);
    QVERIFY(answer.body.contains("\"usage\":{"));
    QVERIFY(answer.body.contains("\"finish_reason\":\"stop\""));
}

QTEST_GUILESS_MAIN(tst_Demo)
#include "tst_demo.moc"
