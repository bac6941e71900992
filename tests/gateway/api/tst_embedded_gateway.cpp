// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/embedded_gateway.h"
#include "gateway/api/simulation.h"
#include "gateway/storage/restore.h"
#include "tests/gateway/api/gateway_parts.h"
#include "tests/support/fake_provider.h"

#include <QDir>
#include <QElapsedTimer>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

using namespace std::chrono_literals;
using namespace gateway;
using support::FakeProvider;
using support::Received;
using support::Script;

namespace {

/// Calls that came, without questions for the model list.
qsizetype chats(const FakeProvider &fake)
{
    return std::ranges::count_if(fake.requests(), [](const Received &request) { return request.target.ends_with("/chat/completions"); });
}

struct HttpAnswer
{
    int status = 0;
    nlohmann::json body;
    QByteArray callId;
};

} // namespace

class tst_EmbeddedGateway : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void aCallGoesOverTheChainIntoTheLog();
    void aRevokedKeyIsRefusedAtOnce();
    void anInvalidEditChangesNothing();
    void aStaleRevisionIsAConflict();
    void editsUnderLoadFailNoCall();
    void secretsNeverLeaveTheFacade();
    void configurationAndKeysOutliveARestart();
    void keysOfAFileFollowItAndAreRevokedAndRotated();
    void bothSecretsWorkInARotationsGrace();
    void manyKeysAreRotatedTogetherOrNotAtAll();
    void aBackupIsMadeWhileCallsGoOn();
    void aBackupEndsWithItsContext();
    void keysOfAFileAreRevokedWhileNothingRuns();
    void aWrongFileIsRefusedWithAllThatIsWrong();
    void aUsedPortIsSaidWithAnother();
    void theWindowsTestCallIsMarked();
    void theWindowsTestCallIsBounded();
    void theListenerMovesWithoutARestart();
    void anEndLetsGoOfProvidersThatAreBeingAsked();
    void aCallIsExplainedAndNotMade();
    void aCallIsSimulatedThroughAnEdit();
    void anEditIsExplainedAndReplayedWithoutBeingMade();
    void aReplayEndsWithItsContext();
    void budgetsAreShownAndOutliveARestart();
    void plansAreExplainedWithBudgetsAsTheyStand();

private:
    api::ApplyOutcome apply(const std::function<void(config::Config &)> &edit);
    std::string newKey(const std::string &name, std::string *id = nullptr);
    HttpAnswer chat(const std::string &secret, const std::string &model = "fast");
    void open(api::EmbeddedGateway::Options options = {});
    void openWithFile(const config::Config &file);
    config::Config fileWithAKey(const FakeProvider &fake, const std::string &secret);
    std::string rotated(const std::string &id, config::Millis grace = {});
    CallPage waitForCalls(std::size_t count);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<api::EmbeddedGateway> m_gateway;
    QNetworkAccessManager m_network;
};

void tst_EmbeddedGateway::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    open();
}

void tst_EmbeddedGateway::cleanup()
{
    m_gateway.reset();
    m_folder.reset();
}

void tst_EmbeddedGateway::open(api::EmbeddedGateway::Options options)
{
    options.dataFolder = m_folder->path().toStdString();
    if (options.listen.empty())
        options.listen = "127.0.0.1:0";
    options.workers = 2;
    auto opened = api::EmbeddedGateway::open(std::move(options));
    QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
    m_gateway = std::move(*opened);
}

api::ApplyOutcome tst_EmbeddedGateway::apply(const std::function<void(config::Config &)> &edit)
{
    config::Config next = *m_gateway->config();
    edit(next);
    std::optional<api::ApplyOutcome> outcome;
    m_gateway->apply(next, m_gateway->revision().number, "", this, [&](const api::ApplyOutcome &came) { outcome = came; });
    if (!QTest::qWaitFor([&] { return outcome.has_value(); }, 10'000))
        return {};
    return *outcome;
}

std::string tst_EmbeddedGateway::newKey(const std::string &name, std::string *id)
{
    Waiting<api::CreatedKey> waiting;
    m_gateway->createKey({.name = name, .team = "search"}, this, waiting.taker());
    const auto created = waiting.take();
    if (!created)
        return {};
    if (id)
        *id = created->key.id;
    return created->secret;
}

HttpAnswer tst_EmbeddedGateway::chat(const std::string &secret, const std::string &model)
{
    QNetworkRequest request(QUrl(QString::fromStdString("http://" + m_gateway->listener().address + "/v1/chat/completions")));
    request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArrayLiteral("application/json"));
    request.setRawHeader("Authorization", "Bearer " + QByteArray::fromStdString(secret));
    const nlohmann::json body {{"model", model}, {"messages", {{{"role", "user"}, {"content", "ping"}}}}};
    QNetworkReply *reply = m_network.post(request, QByteArray::fromStdString(body.dump()));
    if (!QTest::qWaitFor([&] { return reply->isFinished(); }, 10'000))
        return {};
    const QByteArray bytes = reply->readAll();
    reply->deleteLater();
    return {.status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(),
            .body = nlohmann::json::parse(bytes.begin(), bytes.end(), nullptr, false),
            .callId = reply->rawHeader("x-signalbox-call-id")};
}

CallPage tst_EmbeddedGateway::waitForCalls(std::size_t count)
{
    CallPage page;
    QElapsedTimer patience;
    patience.start();
    while (page.rows.size() < count && patience.elapsed() < 10'000) {
        Waiting<CallPage> waiting;
        m_gateway->calls({}, this, waiting.taker());
        if (auto came = waiting.take())
            page = std::move(*came);
    }
    return page;
}

void tst_EmbeddedGateway::aCallGoesOverTheChainIntoTheLog()
{
    FakeProvider broken(Script::error(503));
    FakeProvider right(Script::answer("pong").usage(9, 3));
    const auto outcome = apply([&](config::Config &config) {
        config.providers = {provider("broken", broken), provider("right", right)};
        config.providers[1].models = {{.id = "fake-model", .inputPerMtok = *Money::parse("2"), .outputPerMtok = *Money::parse("10")}};
        config.routes = {chain("fast", {"broken", "right"})};
    });
    QVERIFY2(outcome.applied, outcome.problems.empty() ? "" : outcome.problems.front().message.c_str());
    const std::string secret = newKey("search-backend");
    QVERIFY(secret.starts_with("sb-"));

    const HttpAnswer answer = chat(secret);

    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.body["choices"][0]["message"]["content"].get<std::string>(), std::string("pong"));
    const CallPage page = waitForCalls(1);
    QCOMPARE(page.rows.size(), 1u);
    const CallRecord &record = page.rows[0].record;
    QCOMPARE(QByteArray::fromStdString(record.id), answer.callId);
    QCOMPARE(record.team, std::string("search"));
    QCOMPARE(record.key, std::string("search-backend"));
    QCOMPARE(record.provider, std::string("right"));
    QCOMPARE(record.usage.input, 9);
    QVERIFY(record.cost);
    QCOMPARE(record.cost->nanos(), 9 * 2000 + 3 * 10000);

    Waiting<CallDetail> waiting;
    m_gateway->call(record.id, this, waiting.taker());
    const auto detail = waiting.take();
    QVERIFY(detail);
    QVERIFY(detail->record.attempts.size() >= 2);
    QVERIFY(!detail->record.attempts.front().ok);
    QCOMPARE(detail->record.attempts.front().httpStatus, 503);
    QVERIFY(detail->record.attempts.back().ok);
    QVERIFY(detail->record.bodies.answer.find("pong") != std::string::npos);
}

void tst_EmbeddedGateway::aRevokedKeyIsRefusedAtOnce()
{
    FakeProvider right(Script::answer("pong"));
    QVERIFY(apply([&](config::Config &config) {
                config.providers = {provider("right", right)};
                config.routes = {chain("fast", {"right"})};
            }).applied);
    std::string id;
    const std::string secret = newKey("short-lived", &id);
    QCOMPARE(chat(secret).status, 200);

    Waiting<bool> waiting;
    m_gateway->revokeKey(id, this, waiting.taker());
    QVERIFY(waiting.take());

    const HttpAnswer answer = chat(secret);
    QCOMPARE(answer.status, 401);
    QCOMPARE(answer.body["error"]["code"].get<std::string>(), std::string("revoked_api_key"));
    const auto requests = right.requests(); // its model list is asked for too
    QCOMPARE(std::ranges::count(requests, "POST", &Received::method), 1);
}

void tst_EmbeddedGateway::anInvalidEditChangesNothing()
{
    const std::uint64_t before = m_gateway->revision().number;
    const auto outcome = apply([](config::Config &config) { config.routes = {chain("fast", {"nobody"})}; });
    QVERIFY(!outcome.applied);
    QVERIFY(!outcome.problems.empty());
    QVERIFY2(outcome.problems.front().message.find("nobody") != std::string::npos, outcome.problems.front().message.c_str());
    QVERIFY(outcome.problems.front().field.starts_with("routes[0].plan"));
    QCOMPARE(m_gateway->revision().number, before);
    QVERIFY(m_gateway->config()->routes.empty());
}

void tst_EmbeddedGateway::aStaleRevisionIsAConflict()
{
    FakeProvider right(Script::answer("pong"));
    const std::uint64_t old = m_gateway->revision().number;
    QVERIFY(apply([&](config::Config &config) { config.providers = {provider("right", right)}; }).applied);
    std::optional<api::ApplyOutcome> outcome;
    m_gateway->apply({}, old, "", this, [&](const api::ApplyOutcome &came) { outcome = came; });
    QVERIFY(QTest::qWaitFor([&] { return outcome.has_value(); }));
    QVERIFY(!outcome->applied);
    QCOMPARE(m_gateway->config()->providers.size(), 1u);
}

void tst_EmbeddedGateway::editsUnderLoadFailNoCall()
{
    FakeProvider right(Script::answer("pong"));
    QVERIFY(apply([&](config::Config &config) {
                config.providers = {provider("right", right)};
                config.routes = {chain("fast", {"right"})};
            }).applied);
    const std::string secret = newKey("busy");
    for (int i = 0; i < 20; ++i) {
        std::optional<api::ApplyOutcome> outcome;
        config::Config next = *m_gateway->config();
        next.providers[0].maxConnections = 100 + i;
        m_gateway->apply(next, m_gateway->revision().number, "", this, [&](const api::ApplyOutcome &came) { outcome = came; });
        QCOMPARE(chat(secret).status, 200); // while the edit is on its way
        QVERIFY(QTest::qWaitFor([&] { return outcome.has_value(); }));
        QVERIFY(outcome->applied);
    }
}

void tst_EmbeddedGateway::secretsNeverLeaveTheFacade()
{
    FakeProvider right(Script::answer("pong"));
    QVERIFY(apply([&](config::Config &config) { config.providers = {provider("right", right)}; }).applied);
    QCOMPARE(m_gateway->config()->providers[0].credentials[0].apiKey.value, api::Gateway::maskedSecret("0001"));

    QVERIFY(apply([](config::Config &config) { config.providers[0].maxConnections = 7; }).applied); // with the mask in it
    Waiting<config::Config> waiting;
    m_gateway->exportSecrets(this, waiting.taker());
    const auto clear = waiting.take();
    QVERIFY(clear);
    QCOMPARE(clear->providers[0].credentials[0].apiKey.value, std::string("sk-fake-secret-0001"));

    m_gateway.reset();
    for (const char *name : {"signalbox.db", "signalbox.db-wal", "calls.db", "calls.db-wal"}) {
        QFile file(m_folder->filePath(QString::fromLatin1(name)));
        if (file.open(QIODevice::ReadOnly))
            QVERIFY2(!file.readAll().contains("sk-fake-secret-0001"), name);
    }
}

void tst_EmbeddedGateway::configurationAndKeysOutliveARestart()
{
    FakeProvider right(Script::answer("pong"));
    QVERIFY(apply([&](config::Config &config) {
                config.providers = {provider("right", right)};
                config.routes = {chain("fast", {"right"})};
            }).applied);
    const std::string secret = newKey("lasting");
    const std::uint64_t revision = m_gateway->revision().number;
    m_gateway.reset();
    open();
    QCOMPARE(m_gateway->revision().number, revision);
    QCOMPARE(chat(secret).status, 200);
    QCOMPARE(right.lastRequest().header("authorization").value_or(""), std::string("Bearer sk-fake-secret-0001"));
}

void tst_EmbeddedGateway::openWithFile(const config::Config &file)
{
    m_gateway.reset();
    open({.dataFolder = {}, .fileConfig = file, .filePath = "gateway.yaml"});
}

/// Its provider cannot be used without a key, as OpenAI's.
config::Config tst_EmbeddedGateway::fileWithAKey(const FakeProvider &fake, const std::string &secret)
{
    config::Config file;
    file.providers = {provider("right", fake)};
    file.providers[0].kind = "openai";
    file.routes = {chain("fast", {"right"})};
    file.teams = {{.id = {}, .name = "search"}};
    file.keys = {{.id = {}, .name = "backend", .team = "search", .secret = {secret}}};
    return file;
}

std::string tst_EmbeddedGateway::rotated(const std::string &id, config::Millis grace)
{
    Waiting<api::CreatedKey> waiting;
    m_gateway->rotateKey(id, grace, this, waiting.taker());
    const auto created = waiting.take();
    return created ? created->secret : created.error().message;
}

void tst_EmbeddedGateway::keysOfAFileFollowItAndAreRevokedAndRotated()
{
    FakeProvider right(Script::answer("pong"));
    config::Config file = fileWithAKey(right, "sb-of-the-file-0001");
    openWithFile(file);
    QCOMPARE(chat("sb-of-the-file-0001").status, 200);

    std::string id;
    const std::string other = newKey("other", &id); // an edit of something else leaves the file's key as it is
    QCOMPARE(chat("sb-of-the-file-0001").status, 200);
    Waiting<bool> waiting;
    m_gateway->revokeKey(id, this, waiting.taker());
    QVERIFY(waiting.take());
    QCOMPARE(chat(other).status, 401);

    const std::string fresh = rotated(m_gateway->config()->keys[0].id);
    QCOMPARE(chat("sb-of-the-file-0001").status, 401);
    QCOMPARE(chat(fresh).status, 200);
    QCOMPARE(right.lastRequest().header("authorization").value_or(""), std::string("Bearer sk-fake-secret-0001")); // the file's own, still

    openWithFile(file); // the same file again
    QCOMPARE(chat("sb-of-the-file-0001").status, 401);
    QCOMPARE(chat(fresh).status, 200);

    file.keys[0].secret = {"sb-of-the-file-0002"};
    openWithFile(file);
    QCOMPARE(chat("sb-of-the-file-0002").status, 200);
    QVERIFY(!newKey("third").empty());
    QCOMPARE(chat("sb-of-the-file-0002").status, 200);
    QCOMPARE(chat(fresh).status, 401);

    file.keys[0].secret = {};
    openWithFile(file); // it sleeps
    QCOMPARE(chat("sb-of-the-file-0002").status, 401);
    QCOMPARE(chat(rotated(m_gateway->config()->keys[0].id)).status, 200);
}

void tst_EmbeddedGateway::bothSecretsWorkInARotationsGrace()
{
    FakeProvider right(Script::answer("pong"));
    const config::Config file = fileWithAKey(right, "sb-of-the-file-0001");
    openWithFile(file);
    const std::string id = m_gateway->config()->keys[0].id;
    const std::string second = rotated(id, 1h);
    QCOMPARE(chat("sb-of-the-file-0001").status, 200);
    QCOMPARE(chat(second).status, 200);
    openWithFile(file); // a restart with the same file
    QCOMPARE(chat("sb-of-the-file-0001").status, 200);
    QCOMPARE(chat(second).status, 200);

    const std::string third = rotated(id, 1h); // the newest and the one before it
    QCOMPARE(chat("sb-of-the-file-0001").status, 401);
    QCOMPARE(chat(second).status, 200);
    QCOMPARE(chat(third).status, 200);
    const std::string fourth = rotated(id);
    const HttpAnswer refused = chat(third);
    QCOMPARE(refused.status, 401);
    QCOMPARE(refused.body["error"]["code"].get<std::string>(), std::string("revoked_api_key"));
    QVERIFY(refused.body["error"]["message"].get<std::string>().find("was rotated") != std::string::npos);

    const std::string fifth = rotated(id, 1h);
    QCOMPARE(chat(fourth).status, 200);
    Waiting<bool> waiting;
    m_gateway->revokeKey(id, this, waiting.taker());
    QVERIFY(waiting.take());
    QCOMPARE(chat(fourth).status, 401);
    QCOMPARE(chat(fifth).status, 401);
    Waiting<api::CreatedKey> tooLong;
    m_gateway->rotateKey(id, std::chrono::days {366}, this, tooLong.taker());
    QVERIFY(!tooLong.take());
}

void tst_EmbeddedGateway::manyKeysAreRotatedTogetherOrNotAtAll()
{
    FakeProvider right(Script::answer("pong"));
    QVERIFY(apply([&](config::Config &config) {
                config.providers = {provider("right", right)};
                config.routes = {chain("fast", {"right"})};
            }).applied);
    std::vector<std::string> ids(3), secrets;
    for (std::size_t i = 0; i < ids.size(); ++i)
        secrets.push_back(newKey(("key-" + std::to_string(i)).c_str(), &ids[i]));

    Waiting<std::vector<api::CreatedKey>> unknown;
    m_gateway->rotateKeys({ids[0], "key_of_nobody"}, {}, this, unknown.taker());
    QCOMPARE(unknown.take().error().code, ErrorCode::NotFound);
    QCOMPARE(chat(secrets[0]).status, 200);

    const auto before = m_gateway->config();
    Waiting<std::vector<api::CreatedKey>> waiting;
    m_gateway->rotateKeys({ids[2], ids[0], ids[2]}, 1h, this, waiting.taker());
    const auto rotated = waiting.take();
    QVERIFY(rotated);
    QCOMPARE(rotated->size(), std::size_t {2}); // each once, as they stand in the configuration
    QCOMPARE((*rotated)[0].key.id, ids[0]);
    QCOMPARE((*rotated)[1].key.id, ids[2]);
    for (const api::CreatedKey &key : *rotated) {
        QCOMPARE(chat(key.secret).status, 200);
        QVERIFY(key.key.formerUntil > SystemClock().wallNow());
    }
    for (const std::string &former : secrets)
        QCOMPARE(chat(former).status, 200); // in its grace, and one that was not rotated
    QCOMPARE(m_gateway->config()->keys[1], before->keys[1]);
    QVERIFY(m_gateway->config()->keys[0].hash != before->keys[0].hash);
}

void tst_EmbeddedGateway::aBackupIsMadeWhileCallsGoOn()
{
    FakeProvider right(Script::answer("pong"));
    QVERIFY(apply([&](config::Config &next) {
        next.providers = {provider("right", right)};
        next.routes = {chain("fast", {"right"})};
    }).applied);
    const std::string secret = newKey("program");
    QCOMPARE(chat(secret).status, 200);
    const QTemporaryDir elsewhere;
    const std::string file = elsewhere.filePath(QStringLiteral("b.sbk")).toStdString();
    Waiting<api::BackupSummary> making;
    m_gateway->backup({.path = file, .passphrase = "a passphrase"}, this, {}, making.taker());
    QCOMPARE(chat(secret).status, 200);
    const auto made = making.take();
    QVERIFY2(made, made ? "" : made.error().message.c_str());
    QVERIFY(made->secrets && made->calls && made->bytes > 0);

    // In another folder it is the same gateway: programs' keys, the provider's key, and the calls.
    m_gateway.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    const std::string folder = m_folder->path().toStdString();
    storage::FileKeySource keys(folder + "/vault.key");
    const auto restored = storage::restoreBackup({.file = file, .dataFolder = folder, .passphrase = "a passphrase"}, keys, {});
    QVERIFY2(restored, restored ? "" : restored.error().message.c_str());
    open();
    QVERIFY(waitForCalls(1).rows.size() >= 1);
    QCOMPARE(chat(secret).status, 200);
    QCOMPARE(right.lastRequest().header("authorization").value_or(""), std::string("Bearer sk-fake-secret-0001"));
}

void tst_EmbeddedGateway::aBackupEndsWithItsContext()
{
    const QTemporaryDir elsewhere;
    const std::string file = elsewhere.filePath(QStringLiteral("b.sbk")).toStdString();
    auto asker = std::make_unique<QObject>();
    m_gateway->backup({.path = file, .passphrase = "a passphrase"}, asker.get(), {}, [](const Result<api::BackupSummary> &) { QFAIL("nobody is to be told"); });
    asker.reset();
    for (bool made = false; !made;) { // the next one is made once that has ended
        Waiting<api::BackupSummary> again;
        m_gateway->backup({.path = file + "2"}, this, {}, again.taker());
        const auto came = again.take();
        made = came.has_value();
        QVERIFY2(made || came.error().code == ErrorCode::Busy, came ? "" : came.error().message.c_str());
    }
    QCOMPARE(QDir(elsewhere.path()).entryList(QDir::Files | QDir::Hidden), QStringList {QStringLiteral("b.sbk2")});
}

void tst_EmbeddedGateway::keysOfAFileAreRevokedWhileNothingRuns()
{
    FakeProvider right(Script::answer("pong"));
    const config::Config file = fileWithAKey(right, "sb-of-the-file-0001");
    openWithFile(file);
    m_gateway.reset();

    open({.dataFolder = {}, .serve = false, .besideFile = true});
    QCOMPARE(m_gateway->config()->keys.size(), 1u);
    const std::string made = newKey("made"); // in the file's team
    QVERIFY(!made.empty());
    Waiting<bool> waiting;
    m_gateway->revokeKey(m_gateway->config()->keys[0].id, this, waiting.taker());
    QVERIFY(waiting.take());

    openWithFile(file);
    QCOMPARE(chat("sb-of-the-file-0001").body["error"]["code"].get<std::string>(), std::string("revoked_api_key"));
    QCOMPARE(chat(made).status, 200);
}

void tst_EmbeddedGateway::aWrongFileIsRefusedWithAllThatIsWrong()
{
    FakeProvider right(Script::answer("pong"));
    config::Config file = fileWithAKey(right, "sb-of-the-file-0001");
    file.providers.push_back({.id = {}, .name = "keyless", .kind = "openai"}); // only a warning, and the first that is found
    std::swap(file.providers[0], file.providers[1]);
    file.routes.push_back(chain("lost", {"nobody"}));
    file.routes.push_back(chain("gone", {"nowhere"}));
    m_gateway.reset();
    std::vector<api::FieldError> problems;
    const auto opened = api::EmbeddedGateway::open(
        {.dataFolder = m_folder->path().toStdString(), .listen = "127.0.0.1:0", .workers = 1, .fileConfig = file, .filePath = "gateway.yaml"}, &problems);
    QVERIFY(!opened);
    const std::string &words = opened.error().message;
    QVERIFY2(words.starts_with("gateway.yaml: routes[1]"), words.c_str());
    QVERIFY2(words.find("nobody") != std::string::npos && words.find("nowhere") != std::string::npos, words.c_str());
    QCOMPARE(std::ranges::count(problems, false, &api::FieldError::warning), 2);
    QVERIFY(std::ranges::count(problems, true, &api::FieldError::warning) > 0);
}

void tst_EmbeddedGateway::aUsedPortIsSaidWithAnother()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    m_gateway.reset();
    open({.listen = "127.0.0.1:" + std::to_string(other.serverPort())});
    const api::ListenerState state = m_gateway->listener();
    QVERIFY(!state.up);
    QVERIFY2(state.problem.find(std::to_string(other.serverPort())) != std::string::npos, state.problem.c_str());
    QVERIFY(state.suggestedPort > 0);

    QSignalSpy changed(m_gateway.get(), &api::Gateway::listenerChanged);
    m_gateway->retryListen("127.0.0.1:" + std::to_string(state.suggestedPort));
    QTRY_VERIFY(m_gateway->listener().up);
    QTRY_VERIFY(!changed.isEmpty());
}

void tst_EmbeddedGateway::theWindowsTestCallIsMarked()
{
    FakeProvider right(Script::answer("pong"));
    QVERIFY(apply([&](config::Config &config) {
                config.providers = {provider("right", right)};
                config.routes = {chain("fast", {"right"})};
            }).applied);
    const std::string secret = newKey("mine");
    Waiting<std::string> waiting;
    m_gateway->sendTestCall(secret, "fast", this, waiting.taker());
    const auto answer = waiting.take();
    QVERIFY2(answer, answer ? "" : answer.error().message.c_str());
    QCOMPARE(*answer, std::string("pong"));
    const CallPage page = waitForCalls(1);
    QVERIFY(page.rows.at(0).record.test);
}

void tst_EmbeddedGateway::theWindowsTestCallIsBounded()
{
    FakeProvider right(Script::answer(std::string(2 * 1024 * 1024, 'x')));
    QVERIFY(apply([&](config::Config &config) {
                config.providers = {provider("right", right)};
                config.routes = {chain("fast", {"right"})};
            }).applied);
    const std::string secret = newKey("mine");
    Waiting<std::string> waiting;
    m_gateway->sendTestCall(secret, "fast", this, waiting.taker());
    const auto answer = waiting.take();
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, ErrorCode::AnswerTooLarge);
}

void tst_EmbeddedGateway::theListenerMovesWithoutARestart()
{
    m_gateway.reset();
    QTcpServer free;
    QVERIFY(free.listen(QHostAddress::LocalHost));
    const std::string first = "127.0.0.1:" + std::to_string(free.serverPort());
    free.close();
    open({.listen = first});
    QCOMPARE(m_gateway->listener().address, first);
    QVERIFY(free.listen(QHostAddress::LocalHost));
    const std::string second = "127.0.0.1:" + std::to_string(free.serverPort());
    free.close();
    m_gateway->retryListen(second);
    QTRY_COMPARE(m_gateway->listener().address, second);
}

void tst_EmbeddedGateway::anEndLetsGoOfProvidersThatAreBeingAsked()
{
    QTcpServer silent; // is asked for its models, and says nothing
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    const auto outcome = apply([&](config::Config &next) {
        config::Provider provider {.name = "silent", .kind = "vllm"};
        provider.baseUrl = "http://127.0.0.1:" + std::to_string(silent.serverPort()) + "/v1";
        next.providers.push_back(provider);
    });
    QVERIFY(outcome.applied);
    QTRY_VERIFY_WITH_TIMEOUT(silent.hasPendingConnections(), 10'000);
    const std::unique_ptr<QTcpSocket> asked(silent.nextPendingConnection());
    QTRY_VERIFY_WITH_TIMEOUT(asked->bytesAvailable() > 0, 10'000);
    m_gateway.reset();
    QTRY_COMPARE_WITH_TIMEOUT(asked->state(), QAbstractSocket::UnconnectedState, 10'000);
}

void tst_EmbeddedGateway::budgetsAreShownAndOutliveARestart()
{
    FakeProvider fake(Script::answer("pong").usage(9, 3));
    QVERIFY(apply([&](config::Config &config) {
                config.providers = {provider("one", fake)};
                config.providers[0].models = {{.id = "fake-model", .inputPerMtok = Money::fromNanos(1'000'000'000), .outputPerMtok = Money::fromNanos(2'000'000'000)}};
                config.routes = {chain("fast", {"one"})};
                config.organisation.quota.limits = {{.rpm = 100}};
                config.customers.defaultBudget = config::Budget {.amount = Money::fromNanos(1'000'000'000)};
            }).applied);
    const std::string secret = newKey("backend");
    QVERIFY(apply([](config::Config &config) {
                config::Budget budget {.amount = Money::fromNanos(60'000)};
                budget.warnAt = {0.2};
                config.keys[0].quota.budgets = {budget};
            }).applied);
    QCOMPARE(chat(secret).status, 200);
    const auto keyState = [&] {
        const std::vector<ScopeState> scopes = m_gateway->scopes();
        const auto key = std::ranges::find(scopes, ScopeKind::Key, &ScopeState::kind);
        return key == scopes.end() ? ScopeState() : *key;
    };
    ScopeState state = keyState();
    QCOMPARE(state.name, std::string("backend"));
    QCOMPARE(state.budgets.at(0).spent, Money::fromNanos(15'000));
    QCOMPARE(state.budgets.at(0).mark, std::optional(0.2));
    QCOMPARE(state.binding->rule, std::string("0.00006 USD per month"));
    const std::vector<ScopeState> scopes = m_gateway->scopes();
    QCOMPARE(scopes.front().kind, ScopeKind::Organisation);
    QCOMPARE(scopes.front().limits.at(0).count, 1);
    QCOMPARE(scopes.size(), std::size_t {2}); // nobody called for a customer

    m_gateway.reset();
    open();
    QCOMPARE(keyState().budgets.at(0).spent, Money::fromNanos(15'000));
    QCOMPARE(chat(secret).status, 200);
    QCOMPARE(keyState().budgets.at(0).spent, Money::fromNanos(30'000));
    QVERIFY(apply([](config::Config &config) { config.keys[0].quota.budgets[0].amount = Money::fromNanos(30'000); }).applied);
    QCOMPARE(chat(secret).status, 402);
}

void tst_EmbeddedGateway::plansAreExplainedWithBudgetsAsTheyStand()
{
    FakeProvider fake(Script::answer("pong").usage(9, 3));
    QVERIFY(apply([&](config::Config &config) {
                config.providers = {provider("one", fake), provider("two", fake)};
                config.providers[0].models = {{.id = "fake-model", .inputPerMtok = Money::fromNanos(1'000'000'000), .outputPerMtok = Money::fromNanos(2'000'000'000)}};
                config::WhenNode when;
                when.branches.push_back({.condition = {.test = config::FieldTest {.field = "budget.organisation.used", .comparison = config::Operator::GreaterEqual,
                                                                                  .values = {{.kind = config::ConditionValue::Kind::Number, .text = "0.8"}}}},
                                         .then = {config::TargetNode {.provider = "two", .model = "fake-model"}}});
                when.otherwise = config::Boxed<config::PlanNode>({config::TargetNode {.provider = "one", .model = "fake-model"}});
                config.routes = {chain("fast", {"one"})};
                config.routes[0].plan = {when};
                config.organisation.quota.budgets = {{.amount = Money::fromNanos(18'000)}};
            }).applied);
    const auto first = [&] {
        Waiting<Explanation> waiting;
        m_gateway->explain({.body = R"({"model":"fast","messages":[{"role":"user","content":"ping"}]})"}, this, waiting.taker());
        const auto explanation = waiting.take();
        return explanation && explanation->first ? explanation->candidates[*explanation->first].provider : std::string();
    };
    QCOMPARE(first(), std::string("one"));
    QCOMPARE(chat(newKey("backend")).status, 200);
    QCOMPARE(first(), std::string("two")); // 15 of 18 are spent
}

void tst_EmbeddedGateway::aCallIsExplainedAndNotMade()
{
    FakeProvider first(Script::answer("pong"));
    FakeProvider second(Script::answer("pong"));
    QVERIFY(apply([&](config::Config &config) {
                config.providers = {provider("one", first), provider("two", second)};
                config.routes = {chain("fast", {"one", "two"})};
            }).applied);
    Waiting<Explanation> waiting;
    m_gateway->explain({.body = R"({"model":"fast","messages":[{"role":"user","content":"ping"}]})"}, this, waiting.taker());
    const auto explanation = waiting.take();
    QVERIFY2(explanation, explanation ? "" : explanation.error().message.c_str());
    QCOMPARE(explanation->candidates.size(), 2u);
    QCOMPARE(explanation->candidates[0].provider, std::string("one"));
    QCOMPARE(explanation->first, std::optional<std::size_t>(0));
    QCOMPARE(chats(first) + chats(second), 0);

    Waiting<Explanation> unknown;
    m_gateway->explain({.body = R"({"model":"fats","messages":[]})"}, this, unknown.taker());
    const auto refused = unknown.take();
    QVERIFY(!refused && refused.error().code == ErrorCode::UnknownModel);
    Waiting<Explanation> noKey;
    m_gateway->explain({.body = R"({"model":"fast","messages":[]})", .key = "nobody"}, this, noKey.taker());
    const auto missing = noKey.take();
    QVERIFY(!missing && missing.error().code == ErrorCode::NotFound);
}

void tst_EmbeddedGateway::aCallIsSimulatedThroughAnEdit()
{
    FakeProvider first(Script::answer("pong"));
    FakeProvider second(Script::answer("pong"));
    QVERIFY(apply([&](config::Config &config) {
                config.providers = {provider("one", first), provider("two", second)};
                config.routes = {chain("fast", {"one"})};
            }).applied);
    api::SimulationQuery query {.config = *m_gateway->config(), .route = "fast", .faults = {{"one", ProviderFault::Down}}};
    query.config.routes[0] = chain("fast", {"one", "two"});
    Waiting<Simulation> waiting;
    m_gateway->simulate(query, this, waiting.taker());
    const auto simulation = waiting.take();
    QVERIFY2(simulation, simulation ? "" : simulation.error().message.c_str());
    QVERIFY(simulation->answered);
    QCOMPARE(simulation->steps.back().provider, std::string("two"));
    QCOMPARE(simulation->steps.back().node, std::string("fallback[1]"));
    QCOMPARE(chats(first) + chats(second), 0);

    query.metadata = "[1]";
    Waiting<Simulation> wrong;
    m_gateway->simulate(query, this, wrong.taker());
    const auto refused = wrong.take();
    QVERIFY(!refused && refused.error().where == "x-signalbox-metadata");
}

void tst_EmbeddedGateway::anEditIsExplainedAndReplayedWithoutBeingMade()
{
    FakeProvider first(Script::answer("pong").usage(9, 3));
    FakeProvider second(Script::answer("pong").usage(9, 3));
    QVERIFY(apply([&](config::Config &config) {
                config.providers = {provider("one", first), provider("two", second)};
                config.routes = {chain("fast", {"one"}), chain("other", {"two"})};
            }).applied);
    const std::string secret = newKey("search-backend");
    for (int i = 0; i < 3; ++i)
        QCOMPARE(chat(secret).status, 200);
    QCOMPARE(chat(secret, "other").status, 200);
    QCOMPARE(waitForCalls(4).rows.size(), 4u);
    const std::uint64_t before = m_gateway->revision().number;

    config::Config edited = *m_gateway->config(); // with masks in the places of the secrets
    edited.routes[0] = chain("fast", {"two"});
    Waiting<Explanation> explaining;
    m_gateway->explain({.body = R"({"model":"fast","messages":[{"role":"user","content":"ping"}]})", .key = "search-backend", .edited = edited}, this, explaining.taker());
    const auto explanation = explaining.take();
    QVERIFY2(explanation, explanation ? "" : explanation.error().message.c_str());
    QCOMPARE(explanation->candidates[0].provider, std::string("two"));

    Waiting<ReplayReport> replaying;
    double done = 0;
    ReplayQuery query;
    query.routes = {"fast"};
    m_gateway->replay(edited, query, this, [&](const ReplayProgress &progress) { done = progress.done; }, replaying.taker());
    const auto report = replaying.take();
    QVERIFY2(report, report ? "" : report.error().message.c_str());
    QCOMPARE(report->calls, std::uint64_t(3));
    QCOMPARE(report->rerouted, std::uint64_t(3));
    QCOMPARE(report->compared, std::uint64_t(3)); // the log knows `two` by the other route
    QCOMPARE(report->changed[0].to, std::string("two fake-model"));
    QTRY_COMPARE(done, 1.0);

    QCOMPARE(m_gateway->revision().number, before);
    const auto *chained = std::get_if<config::FallbackNode>(&m_gateway->config()->routes[0].plan.node);
    QVERIFY(chained && std::get<config::TargetNode>(chained->children[0].node).provider == "one");
    QCOMPARE(chats(second), 1); // the other route's own call

    edited.routes[0] = chain("fast", {"nobody"});
    Waiting<ReplayReport> wrong;
    m_gateway->replay(edited, query, this, {}, wrong.taker());
    const auto refused = wrong.take();
    QVERIFY(!refused && refused.error().code == ErrorCode::Invalid && !refused.error().where.empty());
}

void tst_EmbeddedGateway::aReplayEndsWithItsContext()
{
    FakeProvider fake(Script::answer("pong"));
    QVERIFY(apply([&](config::Config &config) {
                config.providers = {provider("one", fake)};
                config.routes = {chain("fast", {"one"})};
            }).applied);
    bool answered = false;
    auto context = std::make_unique<QObject>();
    m_gateway->replay(*m_gateway->config(), {}, context.get(), {}, [&](const Result<ReplayReport> &) { answered = true; });
    context.reset();
    Waiting<ReplayReport> next; // on the same thread of questions, behind the first
    m_gateway->replay(*m_gateway->config(), {}, this, {}, next.taker());
    QVERIFY(next.take());
    QVERIFY(!answered);
}

QTEST_GUILESS_MAIN(tst_EmbeddedGateway)
#include "tst_embedded_gateway.moc"
