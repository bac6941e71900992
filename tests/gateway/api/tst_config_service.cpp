// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/config_service.h"
#include "gateway/pipeline/compiled_config.h"
#include "gateway/telemetry/stats_hub.h"
#include "tests/support/fake_clock.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <memory>

using namespace gateway;
using namespace Qt::StringLiterals;
using api::ConfigService;

/// Keys and settings as calls meet them: what is published after each edit, with the file and without it.
class tst_ConfigService : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void aRevokedKeyOfAFileStaysRevokedWhereTheFileWasAway();
    void aRevokedSecretUnderAnotherNameIsWarnedOf();
    void aKeyIsRevokedThoughThatCannotBeStored();
    void aKeyIsRevokedBeforeTheFileIsLaid();
    void anAddressThatIsRefusedStopsNoEdit();
    void aTeamIsOnlyMadeWhereItIsAskedFor();
    void aPromptsVersionDoesNotChangeWhoeverEdits();

private:
    void open(ConfigService::Options options = {});
    [[nodiscard]] config::Config file() const;
    [[nodiscard]] std::string idOf(const std::string &name) const;
    /// "none", "revoked" or "works".
    [[nodiscard]] std::string stateOf(const std::string &secret) const;

    std::unique_ptr<QTemporaryDir> m_folder;
    tests::FakeClock m_clock;
    telemetry::StatsHub m_stats {1};
    ConfigService::Published m_published;
    std::unique_ptr<ConfigService> m_service;
};

namespace {

constexpr const char *secret = "sb-of-the-file-0001";

std::string wordsOf(const api::ApplyOutcome &outcome)
{
    std::string words;
    for (const api::FieldError &problem : outcome.problems)
        words += problem.field + ": " + problem.message + '\n';
    return words;
}

} // namespace

void tst_ConfigService::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

void tst_ConfigService::cleanup()
{
    m_service.reset();
    m_published = {};
    m_folder.reset();
}

void tst_ConfigService::open(ConfigService::Options options)
{
    m_service.reset();
    m_published = {};
    options.dataFolder = m_folder->path().toStdString();
    auto opened = ConfigService::open(options, m_clock, m_stats, [this](const ConfigService::Published &published) { m_published = published; });
    QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
    m_service = std::move(*opened);
    if (!options.withFile)
        m_service->publishAgain(options.listen);
}

config::Config tst_ConfigService::file() const
{
    config::Config file;
    file.teams = {{.id = {}, .name = "search"}};
    file.keys = {{.id = {}, .name = "backend", .team = "search", .secret = {secret}}};
    return file;
}

std::string tst_ConfigService::idOf(const std::string &name) const
{
    const auto &keys = m_service->withSecrets().keys;
    const auto key = std::ranges::find(keys, name, &config::VirtualKey::name);
    return key == keys.end() ? std::string() : key->id;
}

std::string tst_ConfigService::stateOf(const std::string &asked) const
{
    if (!m_published.compiled)
        return "nothing is published";
    const auto *key = m_published.compiled->findKey(KeyHasher(m_service->installationKey()).hash(asked));
    return key == nullptr ? "none" : key->revoked ? "revoked" : "works";
}

void tst_ConfigService::aRevokedKeyOfAFileStaysRevokedWhereTheFileWasAway()
{
    open({.withFile = true});
    const auto laid = m_service->applyFile(file(), "gateway.yaml");
    QVERIFY2(laid.applied, wordsOf(laid).c_str());
    QCOMPARE(stateOf(secret), "works");
    const std::string id = idOf("backend");
    QVERIFY(m_service->revokeKey(id, "window"));
    QCOMPARE(stateOf(secret), "revoked");

    open(); // without the file
    QCOMPARE(stateOf(secret), "none");
    QVERIFY(m_service->createKey({.name = "made", .team = {}}, "window"));

    open({.withFile = true});
    const auto again = m_service->applyFile(file(), "gateway.yaml");
    QVERIFY2(again.applied && again.problems.empty(), wordsOf(again).c_str());
    QCOMPARE(stateOf(secret), "revoked");
    QCOMPARE(idOf("backend"), id); // and so its calls and its spend go on
}

void tst_ConfigService::aRevokedSecretUnderAnotherNameIsWarnedOf()
{
    open();
    QVERIFY(m_service->apply(file(), 0, "window", "").applied);
    QVERIFY(m_service->revokeKey(idOf("backend"), "window"));
    config::Config other = file();
    other.keys[0].name = "other";
    const auto outcome = m_service->apply(other, 1, "window", "");
    QVERIFY(outcome.applied);
    QCOMPARE(outcome.problems.size(), 1U);
    QCOMPARE(outcome.problems[0].field, "keys[0].secret");
    QVERIFY2(outcome.problems[0].warning && outcome.problems[0].message.find("key rotate other") != std::string::npos, wordsOf(outcome).c_str());
    QCOMPARE(stateOf(secret), "revoked");
}

void tst_ConfigService::aKeyIsRevokedThoughThatCannotBeStored()
{
    open();
    QVERIFY(m_service->apply(file(), 0, "window", "").applied);
    {
        QSqlDatabase other = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"holder"_s);
        other.setDatabaseName(m_folder->filePath(u"signalbox.db"_s));
        QVERIFY(other.open());
        QVERIFY(QSqlQuery(other).exec(u"BEGIN IMMEDIATE"_s)); // nobody else can write now
        const auto revoked = m_service->revokeKey(idOf("backend"), "window");
        QVERIFY(!revoked);
        QVERIFY2(revoked.error().message.find("refused from now on") != std::string::npos, revoked.error().message.c_str());
        QCOMPARE(stateOf(secret), "revoked");
        QVERIFY(QSqlQuery(other).exec(u"ROLLBACK"_s));
    }
    QSqlDatabase::removeDatabase(u"holder"_s);
    QVERIFY(m_service->createKey({.name = "next", .team = {}}, "window")); // an edit brings it back neither now
    QCOMPARE(stateOf(secret), "revoked");
    open(); // nor later
    QCOMPARE(stateOf(secret), "revoked");
}

void tst_ConfigService::aKeyIsRevokedBeforeTheFileIsLaid()
{
    config::Config keyless = file();
    keyless.gateway.requireKey = false;
    open();
    QVERIFY(m_service->apply(keyless, 0, "window", "").applied);
    open({.listen = "0.0.0.0:0", .withFile = true}); // what is stored cannot be compiled under that address
    const auto revoked = m_service->revokeKey(idOf("backend"), "window");
    QVERIFY2(revoked, revoked ? "" : revoked.error().message.c_str());
    open();
    QCOMPARE(stateOf(secret), "revoked");
}

void tst_ConfigService::anAddressThatIsRefusedStopsNoEdit()
{
    open();
    config::Config keyless = file();
    keyless.gateway.requireKey = false;
    QVERIFY(m_service->apply(keyless, 0, "window", "").applied);
    m_service->publishAgain("0.0.0.0:0"); // would let anybody call
    QVERIFY(m_published.compiled->listensOnLoopback);
    QVERIFY(m_service->revokeKey(idOf("backend"), "window"));
    QCOMPARE(stateOf(secret), "revoked");
    const auto created = m_service->createKey({.name = "next", .team = {}}, "window");
    QVERIFY2(created, created ? "" : created.error().message.c_str());
}

void tst_ConfigService::aTeamIsOnlyMadeWhereItIsAskedFor()
{
    open();
    QVERIFY(m_service->apply(file(), 0, "window", "").applied);
    const auto refused = m_service->createKey({.name = "ci", .team = "serach", .createTeam = false}, "command line");
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::NotFound);
    QCOMPARE(refused.error().message, "There is no team \"serach\"; did you mean \"search\"? The teams are: search.");
    QCOMPARE(m_service->withSecrets().teams.size(), 1U);
    QVERIFY(m_service->createKey({.name = "ci", .team = "search", .createTeam = false}, "command line"));
    QVERIFY(m_service->createKey({.name = "cd", .team = "growth"}, "window"));
    QCOMPARE(m_service->withSecrets().teams.size(), 2U);
}

void tst_ConfigService::aPromptsVersionDoesNotChangeWhoeverEdits()
{
    const auto withPrompt = [](const char *text) {
        config::Config config;
        config::Prompt prompt {.id = {}, .name = "p"};
        prompt.versions.push_back({.version = 1, .messages = {{.role = "user", .content = text}}});
        config.prompts.push_back(std::move(prompt));
        return config;
    };
    open();
    QVERIFY(m_service->apply(withPrompt("one"), 0, "window", "").applied);
    config::Config next = *m_published.masked;
    next.prompts[0].versions[0].messages[0].content = "two";
    for (const api::ApplyOutcome &outcome : {m_service->apply(next, m_published.revision.number, "window", ""), api::ApplyOutcome {.applied = false, .revision = 0, .problems = m_service->check(next)}}) {
        QVERIFY(!outcome.applied);
        QCOMPARE(outcome.problems.size(), 1U);
        QCOMPARE(outcome.problems[0].field, "prompts[0].versions[0]");
    }
    next.prompts[0].id.clear(); // nor by an entry that only has the name
    QVERIFY(!m_service->apply(next, m_published.revision.number, "window", "").applied);
    next = *m_published.masked;
    next.prompts[0].versions.push_back({.version = 2, .messages = {{.role = "user", .content = "two"}}, .labels = {"production"}});
    QVERIFY(m_service->apply(next, m_published.revision.number, "window", "").applied);
    // Going back to before a version was there is no change of one.
    const api::ApplyOutcome back = m_service->rollback(1, m_published.revision.number, "window", "");
    QVERIFY2(back.applied, back.problems.empty() ? "" : back.problems[0].message.c_str());
    QCOMPARE(m_published.masked->prompts[0].versions.size(), 1U);

    // The file's, also over a restart.
    open({.withFile = true});
    config::Config file = withPrompt("one");
    file.prompts[0].name = "f";
    file.prompts[0].origin = config::Origin::File;
    QVERIFY(m_service->applyFile(file, "gateway.yaml").applied);
    open({.withFile = true});
    file.prompts[0].versions[0].messages[0].content = "two";
    const api::ApplyOutcome refused = m_service->applyFile(file, "gateway.yaml");
    QVERIFY(!refused.applied);
    QVERIFY2(refused.problems[0].message.find("save the change as a new version") != std::string::npos, refused.problems[0].message.c_str());
    file.prompts[0].versions[0].messages[0].content = "one";
    QVERIFY(m_service->applyFile(file, "gateway.yaml").applied);
}

QTEST_GUILESS_MAIN(tst_ConfigService)
#include "tst_config_service.moc"
