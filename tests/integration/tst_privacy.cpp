// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/answer_text.h"
#include "tests/support/test_gateway.h"
#include "tests/support/test_key.h"

#include <QtTest>

#include <array>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <random>

using namespace gateway;
using namespace support;
using namespace std::string_literals;
using namespace std::chrono_literals;
using Json = nlohmann::ordered_json;

Q_DECLARE_METATYPE(gateway::Endpoint)

namespace {

constexpr const char *mail = "ann.smith@example.com";
constexpr const char *card = "4111 1111 1111 1111";

config::PrivacyPolicy policy(std::string name, std::vector<config::PrivacyRule> rules, bool answers = true)
{
    return {.id = name, .name = name, .rules = std::move(rules), .answers = answers};
}

config::PrivacyRule rule(std::string detect, config::PrivacyAction action)
{
    return {.detect = std::move(detect), .action = action};
}

const std::vector<config::PrivacyRule> usual {rule("email", config::PrivacyAction::Tokenize), rule("phone", config::PrivacyAction::Tokenize), rule("credit_card", config::PrivacyAction::Block)};

config::Config underPolicy(const FakeProvider &provider, std::vector<config::PrivacyPolicy> policies = {policy("default", usual)})
{
    return chainWith({&provider}, [&](config::Config &config) { config.privacyPolicies = std::move(policies); });
}

/// The last text of a chat that a provider got.
std::string lastText(const Received &call)
{
    const Json body = Json::parse(call.body, nullptr, false);
    if (!body.is_object() || !body.contains("messages"))
        return "?";
    const Json &content = body["messages"].back()["content"];
    return content.is_string() ? content.get<std::string>() : content.back()["text"].get<std::string>();
}

/// A provider that says what it hears, letter by letter where it is asked to stream.
FakeProvider echo()
{
    return FakeProvider([](const Received &call) {
        const std::string text = lastText(call);
        if (call.field("stream") != "true")
            return Script::answer(text);
        Script script = Script::stream().role();
        for (const char c : text)
            script = script.text(std::string(1, c));
        return script.finish();
    });
}

bool holds(const CallRecord &record, std::string_view text)
{
    for (const std::string &body : {record.bodies.request, record.bodies.answer, record.bodies.sent, record.bodies.received, record.errorMessage, record.metadata})
        if (body.find(text) != std::string::npos)
            return true;
    return false;
}

const PrivacyFinding *findingOf(const CallRecord &record, std::string_view rule)
{
    const auto found = std::ranges::find(record.findings, rule, &PrivacyFinding::rule);
    return found == record.findings.end() ? nullptr : &*found;
}

} // namespace

/// Calls under privacy policies, over real sockets.
class tst_Privacy : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void callersFormats_data();
    void callersFormats();
    void roundTrips_data();
    void roundTrips();
    void blockedRequestsAreNotSent();
    void refusedRequestsAreNotLogged_data();
    void refusedRequestsAreNotLogged();
    void metadataIsScrubbedInTheLog();
    void whichPolicy_data();
    void whichPolicy();
    void withoutPolicyNothingChanges();
    void answersAreLookedAt_data();
    void answersAreLookedAt();
    void blockedAnswers();
    void blockedStreamsAreBrokenOff();
    void cutStreamsGiveWhatIsHeld();
    void passthroughIsScrubbed();
    void passthroughStreamsAreRestored();
    void formsAreScrubbed();
    void realtimeIsRefused();
    void externalDetectorFinds();
    void externalDetectorIsDown_data();
    void externalDetectorIsDown();
    void failingDetectorRests();
    void shadowsAreLookedAt();
    void embeddingsAreScrubbed();
};

void tst_Privacy::callersFormats_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("body");
    for (const bool stream : {false, true}) {
        const auto row = [&](const char *name, const char *path, const char *body) {
            QByteArray json(body);
            json.replace("TEXT", QByteArray("Write to ") + mail + ", or +49 30 901820 \\\"now\\\"");
            json.replace("STREAM", stream ? "true" : "false");
            QTest::newRow((std::string(name) + (stream ? ", stream" : "")).c_str()) << QByteArray(path) << json;
        };
        row("chat", "/v1/chat/completions", R"({"model":"test","stream":STREAM,"messages":[{"role":"user","content":"TEXT"}]})");
        row("messages", "/v1/messages", R"({"model":"test","max_tokens":99,"stream":STREAM,"messages":[{"role":"user","content":[{"type":"text","text":"TEXT"}]}]})");
        row("responses", "/v1/responses", R"({"model":"test","stream":STREAM,"store":false,"input":"TEXT"})");
        row("gemini", stream ? "/v1beta/models/test:streamGenerateContent?alt=sse" : "/v1beta/models/test:generateContent", R"({"contents":[{"role":"user","parts":[{"text":"TEXT"}]}]})");
        if (stream)
            row("gemini, an array", "/v1beta/models/test:streamGenerateContent", R"({"contents":[{"role":"user","parts":[{"text":"TEXT"}]}]})");
    }
}

void tst_Privacy::callersFormats()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, body);
    const FakeProvider provider = echo();
    TestGateway gateway(underPolicy(provider));
    QCOMPARE(gateway.problem(), std::string());
    const Answer answer = gateway.post(path.toStdString(), body.toStdString());
    QCOMPARE(answer.status, 200);
    const std::string got = provider.lastRequest().body;
    QVERIFY2(got.find(mail) == std::string::npos && got.find("901820") == std::string::npos, got.c_str());
    QVERIFY2(got.find("Write to <EMAIL_1>, or <PHONE_1> \\\"now\\\"") != std::string::npos, got.c_str());
    // Letters come one by one: the values stand in one event each, and nothing of a placeholder is left.
    QVERIFY2(answer.body.find(mail) != std::string::npos, answer.body.c_str());
    QVERIFY2(answer.body.find("+49 30 901820") != std::string::npos, answer.body.c_str());
    QVERIFY2(answer.body.find("EMAIL") == std::string::npos && answer.body.find("<") == std::string::npos, answer.body.c_str());
    const CallRecord record = gateway.lastRecord();
    QVERIFY(!holds(record, mail));
    QVERIFY(!holds(record, "901820"));
    QVERIFY(record.bodies.request.find("<EMAIL_1>") != std::string::npos);
    QVERIFY(record.bodies.answer.find("\"") != std::string::npos);
    QCOMPARE(record.policy, "default"s);
    QVERIFY(findingOf(record, "email") != nullptr);
    QCOMPARE(findingOf(record, "email")->asked, 1U);
    QCOMPARE(findingOf(record, "email")->action, "tokenize"s);
    QCOMPARE(record.status, CallStatus::Ok);
    QVERIFY(record.usage.input > 0);
}

namespace {

/// Words, up to ten values that may not leave, and texts that are written like placeholders.
struct RandomText
{
    std::string text {};
    std::vector<std::string> values {};
};

RandomText randomText(std::mt19937 &random)
{
    static constexpr std::array<std::string_view, 9> words {"the ", "Bericht ", "und\n", "\"quoted\" ", "\\ ", "<b> ", "100% ", "&amp; ", "{} "};
    static constexpr std::array<std::string_view, 4> literals {"<EMAIL_1> ", "<email_2> ", "%3CPHONE_1%3E ", "&lt;TEXT_1&gt; "};
    RandomText made;
    for (unsigned left = random() % 11; left > 0; --left) {
        for (unsigned i = random() % 4; i > 0; --i)
            made.text += words[random() % words.size()];
        if (random() % 8 == 0) {
            made.text += literals[random() % literals.size()];
            continue;
        }
        made.values.push_back(fmt::format("user{}.{}@example{}.org", random() % 10'000, static_cast<char>('a' + random() % 26), random() % 100));
        made.text += made.values.back() + " ";
    }
    made.text += "end";
    return made;
}

/// Says what it hears, in pieces cut anywhere.
FakeProvider brokenEcho()
{
    return FakeProvider([](const Received &call) {
        const std::string text = lastText(call);
        if (call.field("stream") != "true")
            return Script::answer(text);
        Script script = Script::stream().role();
        for (std::size_t at = 0, size = 1; at < text.size(); at += size, size = size % 7 + 1)
            script = script.text(text.substr(at, size));
        return script.finish();
    });
}

} // namespace

void tst_Privacy::roundTrips_data()
{
    QTest::addColumn<Endpoint>("endpoint");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("body"); ///< with TEXT for a JSON string
    QTest::addColumn<bool>("stream");
    for (const bool stream : {false, true}) {
        const auto row = [&](const char *name, Endpoint endpoint, const char *path, const char *body) { QTest::newRow(fmt::format("{}{}", name, stream ? ", stream" : "").c_str()) << endpoint << QByteArray(path) << QByteArray(body).replace("STREAM", stream ? "true" : "false") << stream; };
        row("chat", Endpoint::ChatCompletions, "/v1/chat/completions", R"({"model":"test","stream":STREAM,"messages":[{"role":"user","content":TEXT}]})");
        row("messages", Endpoint::Messages, "/v1/messages", R"({"model":"test","max_tokens":99,"stream":STREAM,"messages":[{"role":"user","content":TEXT}]})");
        row("responses", Endpoint::Responses, "/v1/responses", R"({"model":"test","stream":STREAM,"store":false,"input":[{"role":"user","content":[{"type":"input_text","text":TEXT}]}]})");
        row("gemini", Endpoint::GenerateContent, stream ? "/v1beta/models/test:streamGenerateContent?alt=sse" : "/v1beta/models/test:generateContent", R"({"contents":[{"role":"user","parts":[{"text":TEXT}]}]})");
        if (stream)
            row("gemini, an array", Endpoint::GenerateContent, "/v1beta/models/test:streamGenerateContent", R"({"contents":[{"role":"user","parts":[{"text":TEXT}]}]})");
    }
}

/// Whatever is asked, no value leaves, and what the model wrote comes back with the values in it.
void tst_Privacy::roundTrips()
{
    QFETCH(Endpoint, endpoint);
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, body);
    QFETCH(bool, stream);
    constexpr int texts = 40;
    const FakeProvider provider = brokenEcho();
    TestGateway gateway(underPolicy(provider, {policy("default", {rule("email", config::PrivacyAction::Tokenize)}, false)}));
    std::mt19937 random(20'240'607);
    for (int i = 0; i < texts; ++i) {
        const RandomText made = randomText(random);
        QByteArray asked = body;
        asked.replace("TEXT", QByteArray::fromStdString(Json(made.text).dump()));
        const Answer answer = gateway.post(path.toStdString(), asked.toStdString());
        QCOMPARE(answer.status, 200);
        const std::string sent = provider.lastRequest().body;
        for (const std::string &value : made.values)
            QVERIFY2(sent.find(value) == std::string::npos, sent.c_str());
        wire::AnswerText text(endpoint);
        if (stream) {
            text.piece(answer.body, !path.endsWith("alt=sse") && endpoint == Endpoint::GenerateContent);
            text.finish();
        } else {
            text.whole(answer.body);
        }
        QVERIFY2(text.isWhole(), answer.body.c_str());
        QCOMPARE(text.choices().at(0).text(), made.text);
    }
}

void tst_Privacy::blockedRequestsAreNotSent()
{
    const FakeProvider provider = echo();
    TestGateway gateway(underPolicy(provider));
    const Answer answer = gateway.chat().send("Pay with "s + card + ", " + mail);
    QCOMPARE(answer.status, 400);
    QCOMPARE(answer.error(), "blocked_by_policy"s);
    QCOMPARE(answer.error("type"), "invalid_request_error"s);
    QVERIFY(answer.error("message").find("credit_card") != std::string::npos);
    QVERIFY(answer.body.find("4111") == std::string::npos);
    QCOMPARE(provider.requestCount(), std::size_t(0));
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(record.status, CallStatus::Refused);
    QVERIFY(!holds(record, "4111"));
    QVERIFY(!holds(record, mail));
    QVERIFY(findingOf(record, "credit_card") != nullptr);
    QCOMPARE(gateway.chat().send("hello").status, 200);
}

void tst_Privacy::refusedRequestsAreNotLogged_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("ofRoute");
    for (const bool ofRoute : {false, true}) {
        const char *where = ofRoute ? ", the route's policy" : "";
        QTest::newRow((std::string("unknown model") + where).c_str()) << QByteArray(R"({"model":"nobody","messages":[{"role":"user","content":"ann.smith@example.com"}]})") << ofRoute;
        QTest::newRow((std::string("no JSON") + where).c_str()) << QByteArray(R"({"model":"test","messages":[{"role":"user","content":"ann.smith@example.com")") << ofRoute;
        QTest::newRow((std::string("no messages") + where).c_str()) << QByteArray(R"({"model":"test","text":"ann.smith@example.com"})") << ofRoute;
    }
}

void tst_Privacy::refusedRequestsAreNotLogged()
{
    QFETCH(QByteArray, body);
    QFETCH(bool, ofRoute);
    const FakeProvider provider = echo();
    config::Config config = underPolicy(provider, {policy(ofRoute ? "own" : "default", usual)});
    if (ofRoute)
        config.routes[0].privacy = "own";
    TestGateway gateway(std::move(config));
    QVERIFY(gateway.chat().body(body.toStdString()).send().status >= 400);
    QVERIFY(!holds(gateway.lastRecord(), mail));
}

void tst_Privacy::metadataIsScrubbedInTheLog()
{
    const FakeProvider provider = echo();
    TestGateway gateway(underPolicy(provider));
    QCOMPARE(gateway.chat().header("x-signalbox-metadata", R"({"who":"ann.smith@example.com"})").field(R"("metadata":{"who":"ann.smith@example.com"})").send().status, 200);
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(record.metadata, R"({"who":"<EMAIL_1>"})"s);
    QVERIFY(!holds(record, mail));
}

void tst_Privacy::whichPolicy_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("team");
    QTest::addColumn<QByteArray>("route");
    QTest::addColumn<bool>("usual");
    QTest::addColumn<QByteArray>("wanted");
    QTest::newRow("the key's") << QByteArray("k") << QByteArray("t") << QByteArray("r") << true << QByteArray("k");
    QTest::newRow("the team's") << QByteArray() << QByteArray("t") << QByteArray("r") << true << QByteArray("t");
    QTest::newRow("the route's") << QByteArray() << QByteArray() << QByteArray("r") << true << QByteArray("r");
    QTest::newRow("the usual one") << QByteArray() << QByteArray() << QByteArray() << true << QByteArray("default");
    QTest::newRow("none") << QByteArray() << QByteArray() << QByteArray() << false << QByteArray();
}

void tst_Privacy::whichPolicy()
{
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, team);
    QFETCH(QByteArray, route);
    QFETCH(bool, usual);
    QFETCH(QByteArray, wanted);
    const FakeProvider provider = echo();
    std::vector<config::PrivacyPolicy> policies;
    for (const char *name : {"k", "t", "r"})
        policies.push_back(policy(name, {rule("email", config::PrivacyAction::Mask)}));
    if (usual)
        policies.push_back(policy("default", {rule("email", config::PrivacyAction::Mask)}));
    config::Config config = underPolicy(provider, std::move(policies));
    config.teams.push_back({.id = "team", .name = "team"});
    config.teams[0].privacy = team.toStdString();
    config.routes[0].privacy = route.toStdString();
    config.keys.push_back({.id = "key-own", .name = "own", .team = "team", .hash = hashOf("sb-own-0123456789")});
    config.keys[0].privacy = key.toStdString();
    TestGateway gateway(std::move(config));
    QCOMPARE(gateway.problem(), std::string());
    QCOMPARE(gateway.chat().key("sb-own-0123456789").send(mail).status, 200);
    QCOMPARE(gateway.lastRecord().policy, wanted.toStdString());
    QCOMPARE(provider.lastRequest().body.find(mail) == std::string::npos, !wanted.isEmpty());
}

void tst_Privacy::withoutPolicyNothingChanges()
{
    const FakeProvider provider = echo();
    TestGateway gateway(underPolicy(provider, {policy("other", usual)}));
    QCOMPARE(gateway.chat().send(mail).text(), std::string(mail));
    const CallRecord record = gateway.lastRecord();
    QVERIFY(holds(record, mail));
    QVERIFY(record.policy.empty());
    QVERIFY(record.findings.empty());
}

void tst_Privacy::answersAreLookedAt_data()
{
    QTest::addColumn<bool>("stream");
    QTest::newRow("whole") << false;
    QTest::newRow("stream") << true;
}

void tst_Privacy::answersAreLookedAt()
{
    QFETCH(bool, stream);
    const FakeProvider provider([](const Received &call) {
        return call.field("stream") == "true" ? Script::stream().role().text("Ask bob.jo").text("nes@example.org and <EMAIL").text("_1>!").finish() : Script::answer("Ask bob.jones@example.org and <EMAIL_1>!");
    });
    TestGateway gateway(underPolicy(provider, {policy("default", {rule("email", config::PrivacyAction::Tokenize)})}));
    const Answer answer = stream ? gateway.chat().stream().send("I am "s + mail) : gateway.chat().send("I am "s + mail);
    QCOMPARE(answer.text(), "Ask <EMAIL> and "s + mail + "!");
    QVERIFY(answer.endedWhole());
    const CallRecord record = gateway.lastRecord();
    QVERIFY(!holds(record, "bob.jones"));
    QVERIFY(!holds(record, mail));
    QCOMPARE(findingOf(record, "email")->asked, 1U);
    QCOMPARE(findingOf(record, "email")->answered, 1U);
}

void tst_Privacy::blockedAnswers()
{
    const FakeProvider provider(Script::answer("Pay with "s + card));
    TestGateway gateway(underPolicy(provider));
    const Answer answer = gateway.chat().send();
    QCOMPARE(answer.status, 400);
    QCOMPARE(answer.error(), "blocked_by_policy"s);
    QVERIFY(answer.body.find("4111") == std::string::npos);
    const CallRecord record = gateway.lastRecord();
    QVERIFY(!holds(record, "4111"));
    QCOMPARE(record.error, std::optional(ErrorCode::BlockedByPolicy));
    QCOMPARE(record.attempts.size(), std::size_t(1));
    QVERIFY(record.cost && *record.cost > Money()); // it was billed
    QVERIFY(gateway.oneRecordEach());
}

void tst_Privacy::blockedStreamsAreBrokenOff()
{
    for (const Caller caller : {Caller::OpenAi, Caller::Anthropic}) {
        const FakeProvider provider(Script::stream().role().text("One moment, please. ").pause(50ms).text("Pay with 4111 11").text("11 1111 1111").text(" now").finish());
        TestGateway gateway(underPolicy(provider));
        const Answer answer = gateway.ask(caller).stream().send();
        QCOMPARE(answer.status, 200);
        QVERIFY(answer.body.find("One moment") != std::string::npos);
        QVERIFY2(answer.body.find("11 1111 1111") == std::string::npos, answer.body.c_str());
        QVERIFY(answer.isOpenEnded());
        QVERIFY(answer.error("message").find("credit_card") != std::string::npos);
        const CallRecord record = gateway.lastRecord();
        QVERIFY(!holds(record, "11 1111 1111"));
        QCOMPARE(record.error, std::optional(ErrorCode::BlockedByPolicy));
        QCOMPARE(record.status, CallStatus::Cut);
        QVERIFY(record.usage.output > 0);
        QVERIFY(gateway.oneRecordEach());
        QCOMPARE(gateway.health("p1"), std::string()); // it is not the provider's fault
    }
}

void tst_Privacy::cutStreamsGiveWhatIsHeld()
{
    const FakeProvider provider(Script::stream().role().text("Hello <EMAIL").cut());
    TestGateway gateway(underPolicy(provider));
    const Answer answer = gateway.chat().stream().send(mail);
    QCOMPARE(answer.text(), "Hello <EMAIL"s);
    QVERIFY(answer.isOpenEnded());
    QVERIFY(!answer.error("message").empty());
}

void tst_Privacy::passthroughIsScrubbed()
{
    const FakeProvider provider([](const Received &call) { return Script::json(200, call.body); });
    config::Config config = underPolicy(provider);
    config.keys.push_back({.id = "key-raw", .name = "raw", .team = {}, .hash = hashOf("sb-raw-0123456789"), .permissions = {config::Permission::Passthrough}});
    TestGateway gateway(std::move(config));
    const std::string body = fmt::format("{{\"any\": [\"{}\"]}}", mail);
    const Answer answer = gateway.request(fmt::format("POST /passthrough/p1/v1/any HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sb-raw-0123456789\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}", body.size(), body));
    QCOMPARE(provider.lastRequest().body, "{\"any\": [\"<EMAIL_1>\"]}"s);
    QCOMPARE(answer.body, body);
    QVERIFY(answer.whole);
    const CallRecord record = gateway.lastRecord();
    QVERIFY(!holds(record, mail));
    QCOMPARE(record.bodies.request, "{\"any\": [\"<EMAIL_1>\"]}"s);
}

void tst_Privacy::passthroughStreamsAreRestored()
{
    const FakeProvider provider(Script::stream().role().text("To <EMA").text("IL_1>.").finish());
    config::Config config = underPolicy(provider);
    config.keys.push_back({.id = "key-raw", .name = "raw", .team = {}, .hash = hashOf("sb-raw-0123456789"), .permissions = {config::Permission::Passthrough}});
    TestGateway gateway(std::move(config));
    const std::string body = fmt::format(R"({{"stream":true,"messages":[{{"role":"user","content":"{}"}}]}})", mail);
    const Answer answer = gateway.request(fmt::format("POST /passthrough/p1/v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sb-raw-0123456789\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}", body.size(), body));
    QCOMPARE(answer.text(), "To "s + mail + ".");
    QVERIFY(answer.endedWhole());
}

void tst_Privacy::formsAreScrubbed()
{
    const FakeProvider provider(Script::json(200, R"({"text":"I am <EMAIL_1>"})"));
    TestGateway gateway(underPolicy(provider));
    const std::string form = fmt::format("--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\ntest\r\n--b\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\nThis is {}\r\n"
                                         "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\nRIFF\r\n--b--\r\n", mail);
    const Answer answer = gateway.request(fmt::format("POST /v1/audio/transcriptions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: {}\r\n\r\n{}", gateway.secret(), form.size(), form));
    QCOMPARE(answer.status, 200);
    const std::string got = provider.lastRequest().body;
    QVERIFY(got.find(mail) == std::string::npos);
    QVERIFY(got.find("This is <EMAIL_1>\r\n") != std::string::npos);
    QVERIFY(got.find("\r\n\r\nm1\r\n") != std::string::npos);
    QVERIFY(answer.body.find(mail) != std::string::npos);
}

void tst_Privacy::realtimeIsRefused()
{
    const FakeProvider provider = echo();
    TestGateway gateway(underPolicy(provider));
    const Answer answer = gateway.get("/v1/realtime?model=test", "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
    QCOMPARE(answer.status, 400);
    QCOMPARE(answer.error(), "not_supported"s);
    QVERIFY(answer.error("message").find("realtime") != std::string::npos);
    QCOMPARE(provider.requestCount(), std::size_t(0));
}

namespace {

config::PrivacyRule presidio(std::string url, config::OnFailure onFailure = config::OnFailure::Block)
{
    return {.detect = "external", .action = config::PrivacyAction::Tokenize, .name = "presidio", .url = std::move(url), .entities = {"PERSON"}, .onFailure = onFailure};
}

std::string analyzeAt(const FakeProvider &analyzer)
{
    return fmt::format("http://127.0.0.1:{}/analyze", analyzer.port());
}

} // namespace

void tst_Privacy::externalDetectorFinds()
{
    const FakeProvider provider = echo();
    const FakeProvider analyzer([](const Received &call) {
        const std::string text = *call.field("text");
        Json found = Json::array();
        for (std::size_t at = text.find("Anna"); at != std::string::npos; at = text.find("Anna", at + 1))
            found.push_back({{"entity_type", "PERSON"}, {"start", at}, {"end", at + 4}, {"score", 0.9}});
        return Script::json(200, found.dump());
    });
    TestGateway gateway(underPolicy(provider, {policy("default", {presidio(analyzeAt(analyzer)), rule("email", config::PrivacyAction::Tokenize)})}));
    const Answer answer = gateway.chat().body(fmt::format(R"({{"model":"test","messages":[{{"role":"system","content":"Anna"}},{{"role":"user","content":"Anna, not Bob: {}"}}]}})", mail)).send();
    QCOMPARE(answer.text(), "Anna, not Bob: "s + mail);
    const std::string got = provider.lastRequest().body;
    QVERIFY2(got.find("<PERSON_1>, not Bob: <EMAIL_1>") != std::string::npos, got.c_str());
    QVERIFY(got.find("Anna") == std::string::npos);
    QCOMPARE(analyzer.requestCount(), std::size_t(1)); // one question for all texts
    QCOMPARE(analyzer.lastRequest().target, "/analyze"s);
    QCOMPARE(findingOf(gateway.lastRecord(), "PERSON")->asked, 2U);
}

void tst_Privacy::externalDetectorIsDown_data()
{
    QTest::addColumn<int>("how");
    QTest::addColumn<bool>("allow");
    for (const bool allow : {false, true}) {
        const char *what = allow ? ", allow" : ", block";
        QTest::newRow((std::string("refuses connections") + what).c_str()) << 0 << allow;
        QTest::newRow((std::string("answers 500") + what).c_str()) << 1 << allow;
        QTest::newRow((std::string("answers nonsense") + what).c_str()) << 2 << allow;
        QTest::newRow((std::string("hangs up") + what).c_str()) << 3 << allow;
    }
}

void tst_Privacy::externalDetectorIsDown()
{
    QFETCH(int, how);
    QFETCH(bool, allow);
    const FakeProvider provider = echo();
    const FakeProvider analyzer = how == 0 ? FakeProvider::refusing() : FakeProvider(how == 1 ? Script::error(500) : how == 2 ? Script::json(200, "{}") : Script::hangUp());
    TestGateway gateway(underPolicy(provider, {policy("default", {presidio(analyzeAt(analyzer), allow ? config::OnFailure::Allow : config::OnFailure::Block), rule("email", config::PrivacyAction::Mask)})}));
    const Answer answer = gateway.chat().send("Anna, "s + mail);
    QCOMPARE(answer.status, allow ? 200 : 503);
    if (!allow) {
        QCOMPARE(answer.error(), "policy_unavailable"s);
        QVERIFY(answer.error("message").find("presidio") != std::string::npos);
    }
    QCOMPARE(provider.requestCount(), std::size_t(allow ? 1 : 0));
    QVERIFY(!holds(gateway.lastRecord(), mail)); // what others found is out all the same
}

void tst_Privacy::failingDetectorRests()
{
    const FakeProvider provider = echo();
    const FakeProvider analyzer(Script::error(500));
    TestGateway gateway(underPolicy(provider, {policy("default", {presidio(analyzeAt(analyzer))})}));
    for (int i = 0; i < 5; ++i)
        QCOMPARE(gateway.chat().send("Anna").status, 503);
    QCOMPARE(analyzer.requestCount(), std::size_t(3));
}

void tst_Privacy::shadowsAreLookedAt()
{
    const FakeProvider provider = echo();
    const FakeProvider other(Script::answer("Ask bob.jones@example.org"));
    config::Config config = chainWith({&provider, &other}, [](config::Config &made) { made.privacyPolicies = {policy("default", {rule("email", config::PrivacyAction::Mask)})}; });
    config.routes[0].plan = routeTo("x", "p1", "m1").plan;
    config.routes[0].shadow = config::Shadow {.provider = "p2", .model = "m2"};
    TestGateway gateway(std::move(config));
    QCOMPARE(gateway.chat().send(mail).status, 200);
    QVERIFY(gateway.records().awaitCount(2));
    QVERIFY(other.lastRequest().body.find(mail) == std::string::npos);
    for (const CallRecord &record : gateway.records().all()) {
        QVERIFY(!holds(record, mail));
        QVERIFY(!holds(record, "bob.jones"));
        QCOMPARE(record.policy, "default"s);
    }
}

void tst_Privacy::embeddingsAreScrubbed()
{
    const FakeProvider provider(Script::embeddings({{0.5F, 0.25F}}));
    TestGateway gateway(underPolicy(provider));
    QCOMPARE(gateway.embeddings().send("I am "s + mail).status, 200);
    QVERIFY(provider.lastRequest().body.find("I am <EMAIL_1>") != std::string::npos);
}

QTEST_GUILESS_MAIN(tst_Privacy)
#include "tst_privacy.moc"
