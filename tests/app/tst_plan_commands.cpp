// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/command_handler.h"
#include "app/common/bill_commands.h"
#include "app/common/cost_commands.h"
#include "app/common/plan_commands.h"
#include "gateway/config/config_json.h"
#include "tests/app/fake_gateway.h"

#include <QTest>

#include <nlohmann/json.hpp>
#include <sstream>

using namespace gateway;
using nlohmann::json;

/// `explain` and `replay`, from the request at control.sock to what is printed.
class tst_PlanCommands : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void aCallIsAskedFor();
    void aWrongQuestionIsRefused_data();
    void aWrongQuestionIsRefused();
    void theEditIsLaidOverWhatRuns();
    void timesAreDatesOrHowLongAgo();
    void anExplanationIsPrinted();
    void aReportIsPrinted();
    void anEmptyReportIsPrinted();
    void aReconciliationIsPrinted();
    void aRepricingIsPrinted();

private:
    json ask(const json &request);

    std::unique_ptr<FakeGateway> m_gateway;
};

namespace {

config::Config named(std::initializer_list<const char *> routes)
{
    config::Config made;
    config::Provider provider;
    provider.name = "p";
    provider.kind = "vllm";
    made.providers.push_back(provider);
    for (const char *name : routes) {
        config::Route route;
        route.name = name;
        route.plan = {config::TargetNode {.provider = "p", .model = "m"}};
        made.routes.push_back(std::move(route));
    }
    return made;
}

std::string sent(const config::Config &config)
{
    return config::toJson(config, config::Secrets::Include);
}

bool holds(const std::string &text, const char *part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

void tst_PlanCommands::init()
{
    m_gateway = std::make_unique<FakeGateway>();
    m_gateway->now = named({"fast", "other"});
}

json tst_PlanCommands::ask(const json &request)
{
    app::CommandHandler handler(*m_gateway, {});
    std::optional<json> answer;
    handler.handle(request, [&](const json &came) { answer = came; });
    return QTest::qWaitFor([&] { return answer.has_value(); }, 5000) ? *answer : json();
}

void tst_PlanCommands::aCallIsAskedFor()
{
    const json answer = ask({{"do", "explain"}, {"model", "fast"}, {"key", "k"}, {"endpoint", "messages"}, {"seed", 9}, {"headers", json::array({json::array({"x-signalbox-tags", "a"})})}});
    QVERIFY(answer["ok"].get<bool>());
    const api::ExplainQuery &asked = m_gateway->explained;
    QCOMPARE(json::parse(asked.body)["model"].get<std::string>(), std::string("fast"));
    QVERIFY(asked.endpoint == Endpoint::Messages);
    QCOMPARE(asked.key, std::string("k"));
    QCOMPARE(asked.seed, std::uint64_t(9));
    QCOMPARE(asked.headers.size(), std::size_t(1));
    QVERIFY(!asked.edited);
    ask({{"do", "explain"}, {"model", "other"}, {"body", R"({"model":"fast","messages":[]})"}});
    QCOMPARE(m_gateway->explained.route, std::string("other")); // over what the body names
}

void tst_PlanCommands::aWrongQuestionIsRefused_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("where");
    const std::string edit = sent(named({"fast"}));
    const auto row = [](const char *name, const json &request, const char *where) { QTest::newRow(name) << QByteArray::fromStdString(request.dump()) << QByteArray(where); };
    row("nothing is asked", {{"do", "explain"}}, "body");
    row("no such endpoint", {{"do", "explain"}, {"model", "m"}, {"endpoint", "chats"}}, "endpoint");
    row("no edit", {{"do", "replay"}}, "config");
    row("an edit of no route", {{"do", "replay"}, {"config", sent(config::Config())}}, "config");
    row("no time", {{"do", "replay"}, {"config", edit}, {"from", "yesterday"}}, "from");
    row("no bill", {{"do", "reconcile"}}, "exports");
    row("a bill that is no text", {{"do", "reconcile"}, {"exports", {7}}}, "exports");
    row("no tolerance", {{"do", "reconcile"}, {"exports", {"x"}}, {"tolerance", 2}}, "tolerance");
    row("an unknown field", {{"do", "reconcile"}, {"exports", {"x"}}, {"provider", "openai"}}, "provider");
    row("nothing that a re-pricing knows", {{"do", "reprice"}, {"provider", "openai"}}, "provider");
    row("no filter of a re-pricing", {{"do", "reprice"}, {"filter", "team:("}}, "filter");
    row("no filter", {{"do", "replay"}, {"config", edit}, {"filter", "team:("}}, "filter");
}

void tst_PlanCommands::aWrongQuestionIsRefused()
{
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, where);
    const json answer = ask(json::parse(request.toStdString()));
    QVERIFY(!answer["ok"].get<bool>());
    QCOMPARE(QByteArray::fromStdString(answer["error"].value("where", std::string())), where);
    QVERIFY(answer["error"]["message"].get<std::string>().size() > 10);
}

void tst_PlanCommands::theEditIsLaidOverWhatRuns()
{
    config::Config edit = named({"fast"});
    edit.providers.clear();
    std::get<config::TargetNode>(edit.routes[0].plan.node).model = "larger";
    const json answer = ask({{"do", "replay"}, {"config", sent(edit)}, {"sample", 0.5}, {"seed", 4}, {"listed", 3}, {"filter", "team:search"}});
    QVERIFY(answer["ok"].get<bool>());
    QCOMPARE(m_gateway->replayed.routes, std::vector<std::string> {"fast"});
    QCOMPARE(m_gateway->replayed.sample, 0.5);
    QCOMPARE(m_gateway->replayed.seed, std::uint64_t(4));
    QCOMPARE(m_gateway->replayed.listed, std::size_t(3));
    QCOMPARE(m_gateway->replayed.filter.text(), std::string("team:search"));
    QCOMPARE(m_gateway->replayedConfig.routes.size(), std::size_t(2));
    QCOMPARE(m_gateway->replayedConfig.providers.size(), std::size_t(1));
    const auto fast = std::ranges::find(m_gateway->replayedConfig.routes, std::string("fast"), &config::Route::name);
    QCOMPARE(std::get<config::TargetNode>(fast->plan.node).model, std::string("larger"));
}

void tst_PlanCommands::timesAreDatesOrHowLongAgo()
{
    ask({{"do", "replay"}, {"config", sent(named({"fast"}))}, {"from", "2026-11-01"}, {"to", "2026-11-02T06:00:00Z"}});
    const TimeRange &range = m_gateway->replayed.range;
    QCOMPARE((range.to - range.from).count(), std::chrono::microseconds(std::chrono::hours(30)).count());
    ask({{"do", "replay"}, {"config", sent(named({"fast"}))}, {"from", "24h"}});
    const auto ago = std::chrono::system_clock::now() - m_gateway->replayed.range.from;
    QVERIFY(ago >= std::chrono::hours(24) && ago < std::chrono::hours(25));
    QVERIFY(m_gateway->replayed.range.to == WallTime::max());
}

void tst_PlanCommands::anExplanationIsPrinted()
{
    Explanation &made = m_gateway->explanation;
    made.steps.push_back({.route = "", .place = "plan", .form = "when", .decided = "takes when[0]: claude opus", .why = "complexity is 0.71: >= 0.6",
                          .tests = {{.field = "complexity", .saw = "0.71", .asked = ">= 0.6", .held = true}}, .options = {{.name = "when[0]", .figure = "claude opus", .chosen = true}, {.name = "else"}}});
    made.candidates.push_back({.provider = "claude", .model = "opus", .place = "plan.when[0].then", .expectedCost = Money::fromNanos(2'100'000), .expectedTotal = std::chrono::milliseconds(1500)});
    made.candidates.push_back({.provider = "local", .model = "llama", .place = "plan.else", .skipped = {"circuit open, for 12 s more"}, .asked = false});
    made.first = 0;
    std::ostringstream out;
    app::printExplanation(ask({{"do", "explain"}, {"model", "fast"}}), out);
    const std::string text = out.str();
    for (const char *part : {"plan: takes when[0]: claude opus", "complexity >= 0.6 (it is 0.71): holds", "* when[0]: claude opus", "1. claude opus: 0.0021 USD, first token ? s, whole 1.50 s",
                             "2. local llama: not asked; circuit open, for 12 s more"})
        QVERIFY2(holds(text, part), (std::string(part) + "\nis not in\n" + text).c_str());
}

void tst_PlanCommands::aReportIsPrinted()
{
    ReplayReport &report = m_gateway->replayAnswer;
    report.calls = 100;
    report.unchanged = 60;
    report.rerouted = 40;
    report.compared = 100;
    report.unpriced = 2;
    report.was = {.cost = 12.5, .failed = 7, .seconds = 1.25, .p95 = 3.75};
    report.expected = {.cost = {9, 8.5, 9.5}, .failed = {3, 1, 6}, .seconds = {1, 1, 1}, .p95 = {2.5, 2.25, 2.75}};
    report.targets.push_back({.provider = "a", .model = "m", .before = 100, .after = 60, .visits = 5000, .failedVisits = 12, .seconds = 1.5});
    report.notLogged = {"headers.x-tier"};
    report.changed.push_back({.id = "call_1", .from = "a m", .to = "b m", .failure = 0.02, .cost = Money::fromNanos(1'000'000), .seconds = 1, .expectedSeconds = 0.5});
    report.changed.push_back({.id = "call_2", .from = "a m", .refusal = "there is no model x"});
    report.changedInAll = 40;
    std::ostringstream out;
    app::printReplay(ask({{"do", "replay"}, {"config", sent(named({"fast"}))}}), out);
    const std::string text = out.str();
    for (const char *part : {"100 calls: 60 unchanged, 40 sent elsewhere first", "2 have no known price", "headers.x-tier, which no log keeps", "12.5000", "9.0000 (8.5000 to 9.5000)", "3.0 (1.0 to 6.0)", "3.750", "2.500 (2.250 to 2.750)",
                             "2 of 40 calls", "call_1  a m -> b m  ok, fails 2.0 %  0.001 -> ? USD  1.00 -> 0.50 s", "a m -> not sent: there is no model x"})
        QVERIFY2(holds(text, part), (std::string(part) + "\nis not in\n" + text).c_str());
}

void tst_PlanCommands::anEmptyReportIsPrinted()
{
    std::ostringstream out;
    app::printReplay(ask({{"do", "replay"}, {"config", sent(named({"fast"}))}}), out);
    QCOMPARE(out.str(), std::string("0 calls: 0 unchanged, 0 sent elsewhere first, 0 fall elsewhere, 0 not sent any more\n"));
}

void tst_PlanCommands::aReconciliationIsPrinted()
{
    const auto row = [](const char *cause, const char *why, const json &cost) {
        return json {{"day", "2026-11-29"}, {"model", "gpt-4o"}, {"billed", {{"input_tokens", 10}, {"output_tokens", 2}, {"cost", "1.5"}}}, {"logged", {{"input_tokens", nullptr}, {"output_tokens", nullptr}, {"cost", cost}}},
                     {"drift", "0.5"}, {"cause", cause}, {"why", why}};
    };
    json answer = row("", "", "1");
    answer["rows"] = {row("not_logged", "It did not go through Signalbox.", nullptr), row("same", "", "1")};
    answer["notes"] = {"Euros were left out."};
    std::ostringstream out;
    app::printReconciliation(answer, out);
    const std::string text = out.str();
    for (const char *part : {"DAY         MODEL ", "2026-11-29  gpt-4o               1.5                 -               0.5                  10+2                     -  not_logged\n",
                             "2026-11-29 gpt-4o: It did not go through Signalbox.", "Note: Euros were left out.", "\nall "})
        QVERIFY2(holds(text, part), text.c_str());
    QCOMPARE(text.find("gpt-4o: \n"), std::string::npos); // what is the same needs no words
}

void tst_PlanCommands::aRepricingIsPrinted()
{
    const auto row = [](const char *provider, const char *model) {
        return json {{"provider", provider}, {"model", model}, {"looked_at", 3}, {"changed", 2}, {"first_priced", 1}, {"unknown", 0}, {"before", "0.1"}, {"after", "0.4"}};
    };
    std::ostringstream out;
    app::printRepricing({{"dry_run", true}, {"data", {row("openai", "gpt-4o"), row("", "")}}, {"totals", row("", "")}}, out);
    const std::string text = out.str();
    for (const char *part : {"openai:gpt-4o           3           2             1           0", "\nnone                    3 ", "\nall                     3 ", "Nothing was changed."})
        QVERIFY2(holds(text, part), text.c_str());
    QVERIFY2(!holds(text, "\n:"), text.c_str());
}

QTEST_GUILESS_MAIN(tst_PlanCommands)
#include "tst_plan_commands.moc"
