// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/fake_gateway.h"

#include "gateway/api/simulation.h"
#include "gateway/billing/reconcile.h"
#include "gateway/config/diff.h"
#include "tests/ui/support/fake_repricing.h"
#include "tests/ui/support/fake_telemetry.h"
#include "tests/ui/support/scene_alerts.h"
#include "tests/ui/support/scene_audit.h"
#include "tests/ui/support/scene_budgets.h"
#include "tests/ui/support/scene_config.h"
#include "tests/ui/support/scene_log.h"
#include "tests/ui/support/scene_trials.h"

#include <QElapsedTimer>
#include <QLocale>
#include <QPointer>
#include <QTimer>

#include <algorithm>
#include <utility>

using namespace gateway;
using namespace gateway::api;
using namespace std::chrono_literals;

namespace tests {
namespace {

constexpr const char *diskFull = "The disk has no space left (calls.db, 41.2 GB). Calls go on; 312 records wait in memory and are stored when space is back.";

/// Runs on the context's thread, from its event loop, and not once the context is gone.
void later(QObject *context, std::function<void()> work) { QTimer::singleShot(0, context, std::move(work)); }

bool within(const TimeRange &range, const CallRecord &record) { return record.startedAt >= range.from && record.startedAt < range.to; }

std::int64_t startedUs(const CallRecord &record) { return record.startedAt.time_since_epoch().count(); }

std::string madeSecret(std::size_t number)
{
    std::string text = "sb-";
    std::uint64_t state = 88172645463325252ULL + number * 7919;
    for (int i = 0; i < 32; ++i) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        text += "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789"[state % 59];
    }
    return text;
}

config::VirtualKey *keyById(config::Config &config, const std::string &id)
{
    const auto found = std::ranges::find(config.keys, id, &config::VirtualKey::id);
    return found == config.keys.end() ? nullptr : &*found;
}

/// As the store does: of a token's secret only a hash is kept.
void hashTokens(config::Config &config)
{
    for (config::AdminToken &token : config.adminTokens) {
        if (token.id.empty())
            token.id = "adm_" + token.name;
        if (!std::exchange(token.secret, {}).empty())
            token.hash = "hash of another secret " + std::to_string(token.hash.size());
    }
}

class FakeCosts final : public CostTools
{
public:
    explicit FakeCosts(FakeGateway *gateway) : CostTools(gateway), m_gateway(*gateway) {}
    void costs(CostQuery query, QObject *context, Answer<Costs> done) override { m_gateway.costs(std::move(query), context, std::move(done)); }
    void reconcile(BillQuery query, QObject *context, Answer<gateway::billing::Reconciliation> done) override;
    void cancel(QObject *) override {}

private:
    FakeGateway &m_gateway;
};

/// The bill is read for real; of the log there is what it says, but for the last day.
void FakeCosts::reconcile(BillQuery query, QObject *context, Answer<gateway::billing::Reconciliation> done)
{
    auto bill = gateway::billing::readBill(query.exports.empty() ? std::string_view() : std::string_view(query.exports.front()));
    Result<gateway::billing::Reconciliation> answer = bill ? Result<gateway::billing::Reconciliation>() : fail(ErrorCode::BadRequest, bill.error().message);
    if (bill) {
        std::vector<gateway::billing::LoggedLine> logged;
        for (const gateway::billing::BillLine &line : bill->lines) {
            if (line.day != bill->lines.back().day)
                logged.push_back({.day = line.day, .model = line.model, .calls = line.figures.calls.value_or(1), .input = line.figures.input.value_or(0), .output = line.figures.output.value_or(0), .cost = line.figures.cost.value_or(Money {})});
        }
        answer = gateway::billing::reconcile(*bill, logged, query.tolerance);
    }
    QMetaObject::invokeMethod(context, [answer = std::move(answer), done = std::move(done)] { done(answer); }, Qt::QueuedConnection);
}

} // namespace

WallTime FakeGateway::sceneTime()
{
    return std::chrono::sys_days {std::chrono::year {2026} / std::chrono::November / 17} + 13h + 32min + 7s;
}

void FakeGateway::fixZoneAndLocale()
{
    qputenv("TZ", "Europe/Berlin");
    tzset();
    QLocale::setDefault(QLocale::c());
}

FakeGateway::FakeGateway(Scene scene, QObject *parent) : Gateway(parent), m_scene(scene), m_sql(new FakeSql(this)), m_callTools(new FakeCallTools(this, [this]() -> const std::deque<CallRecord> & { return log(); })), m_costStudies(new FakeCostStudies(this, [this] { return m_scene == Scene::Empty ? std::vector<CostCell>() : costCells(); })), m_marks(new FakeMarks(this)), m_replays(new FakeReplay(this, [this](CallRecord record) { addCall(std::move(record)); })), m_reports(new FakeReports(this)), m_alerts(new FakeAlerts(this)), m_kinds(sceneKinds()), m_probe(sceneProbe()), m_local(sceneLocal())
{
    new FakeCosts(this);
    new FakeRepricing(this);
    new FakeTelemetry(this);
    setScene(scene);
}

void FakeGateway::setScene(Scene scene)
{
    m_scene = scene;
    const bool empty = scene == Scene::Empty;
    m_prompts.setFailing(scene == Scene::Failing);
    m_prompts.setWaiting(scene == Scene::Waiting);
    m_sql->setFailing(scene == Scene::Failing);
    m_sql->setWaiting(scene == Scene::Waiting);
    m_callTools->setFailing(scene == Scene::Failing);
    m_callTools->setWaiting(scene == Scene::Waiting);
    m_costStudies->setFailing(scene == Scene::Failing);
    m_costStudies->setWaiting(scene == Scene::Waiting);
    m_reports->setFailing(scene == Scene::Failing);
    m_reports->setWaiting(scene == Scene::Waiting);
    m_config = std::make_shared<const config::Config>(empty ? config::Config {} : sceneConfig());
    m_revision = {empty ? 1U : 214U, sceneTime() - 11min, "window", ""};
    startHistory();
    m_audit = empty ? beginningAudit() : sceneAudit();
    m_stats = empty ? StatsView {} : sceneStats();
    m_scopes = empty ? std::vector<ScopeState> {} : sceneScopes();
    m_health = empty ? std::vector<TargetHealth> {} : sceneHealth();
    m_listener = {true, "127.0.0.1:8787", "", 0};
    m_store = {};
    m_store.committed = empty ? 0 : 4'218'306;
    m_store.lastGood = sceneTime();
    if (scene == Scene::Failing) {
        m_store.healthy = false;
        m_store.problem = diskFull;
        m_store.waiting = 312;
        m_store.lastGood = sceneTime() - 147s;
    }
    m_cache.setMood(empty ? FakeCacheTools::Mood::Empty : scene == Scene::Failing ? FakeCacheTools::Mood::Failing : scene == Scene::Waiting ? FakeCacheTools::Mood::Waiting : FakeCacheTools::Mood::Well);
    if (scene == Scene::Full)
        m_privacy.setSummary(sceneFindings());
    m_privacy.setLog(scene == Scene::Failing ? FakePrivacyTools::Log::Failing : scene == Scene::Waiting ? FakePrivacyTools::Log::Silent : FakePrivacyTools::Log::Well);
    m_alerts->setMood(scene == Scene::Failing ? FakeAlerts::Mood::Failing : scene == Scene::Waiting ? FakeAlerts::Mood::Silent : FakeAlerts::Mood::Well);
    m_alerts->setFirings(empty ? std::vector<AlertFiring> {} : sceneFirings());
    m_alerts->setDeliveries(empty ? std::vector<AlertDelivery> {} : sceneDeliveries());
    AlertBoard board = empty ? AlertBoard {} : sceneBoard();
    if (scene == Scene::Failing)
        board.problem = diskFull;
    m_alerts->setBoard(std::move(board));
    m_log.clear();
    m_logMade = empty;
    Q_EMIT configApplied(m_revision.number);
    Q_EMIT storeChanged();
}

void FakeGateway::setListener(const ListenerState &state)
{
    m_listener = state;
    Q_EMIT listenerChanged();
}

void FakeGateway::setStore(const StoreState &state)
{
    m_store = state;
    Q_EMIT storeChanged();
}

void FakeGateway::setConfig(config::Config config)
{
    addRevision(std::move(config), {});
    Q_EMIT configApplied(m_revision.number);
}

void FakeGateway::addRevision(config::Config config, std::string note)
{
    const std::string changes = config::diffText(*m_config, config);
    for (const config::Change &change : config::diff(*m_config, config))
        writeDown(auditEntry(change, m_revision.number + 1));
    m_config = std::make_shared<const config::Config>(std::move(config));
    m_revision = {m_revision.number + 1, sceneTime(), "window", note.empty() ? changes : std::move(note), changes};
    m_revisions.push_front(m_revision);
    m_history[m_revision.number] = m_config;
}

void FakeGateway::writeDown(AuditEntry entry)
{
    entry.row = m_audit.empty() ? 1 : m_audit.front().row + 1;
    entry.at = sceneTime();
    m_audit.push_front(std::move(entry));
}

void FakeGateway::addAudit(AuditEntry entry)
{
    writeDown(std::move(entry));
    Q_EMIT keysChanged();
}

/// Two versions before the present one: a chain was shorter, and before that a file brought the rest.
void FakeGateway::startHistory()
{
    m_revisions = {m_revision};
    m_history = {{m_revision.number, m_config}};
    if (m_config->routes.empty())
        return;
    config::Config before = *m_config;
    std::get<config::FallbackNode>(before.routes[0].plan.node).children.pop_back();
    m_revisions.push_back({213, sceneTime() - 33min - 30s, "window", "smart v7 published", "route gpt-4o: plan changed"});
    m_revisions.push_back({212, sceneTime() - 26h, "file gateway.yaml", "", "provider together added"});
    m_history[213] = std::make_shared<const config::Config>(before);
    before.routes[0].aliases.clear();
    m_history[212] = std::make_shared<const config::Config>(before);
}

void FakeGateway::setLog(std::deque<CallRecord> newestFirst)
{
    m_log = std::move(newestFirst);
    m_logMade = true;
}

void FakeGateway::addCall(CallRecord record)
{
    log();
    m_log.push_front(std::move(record));
    ++m_store.committed;
    Q_EMIT callsCommitted(m_store.committed);
}

CallRecord FakeGateway::madeCall(int number) const { return sceneCall(number); }

const std::deque<CallRecord> &FakeGateway::log() const
{
    if (!m_logMade) {
        m_log = sceneLog();
        m_logMade = true;
    }
    return m_log;
}

template <typename T>
void FakeGateway::answer(const char *question, QObject *context, Answer<T> done, std::function<T()> value, bool ofTheLog)
{
    ++m_questions[QString::fromLatin1(question)];
    if (ofTheLog && m_scene == Scene::Waiting)
        return;
    if (ofTheLog && m_scene == Scene::Failing) {
        later(context, [done] { done(fail(ErrorCode::Io, std::string("Cannot read the call log. ") + diskFull)); });
        return;
    }
    later(context, [this, done, value] {
        QElapsedTimer clock;
        clock.start();
        Result<T> made = value();
        m_spent += clock.nsecsElapsed();
        done(std::move(made));
    });
}

void FakeGateway::apply(config::Config next, std::uint64_t baseRevision, EditNote note, QObject *context, std::function<void(ApplyOutcome)> done)
{
    ++m_questions[QStringLiteral("apply")];
    const QPointer<QObject> guard(context);
    later(this, [this, next = std::move(next), baseRevision, note, guard, done]() mutable {
        ApplyOutcome outcome {false, m_revision.number, {}};
        if (!m_refusals.empty()) {
            outcome.problems = m_refusals.front();
            m_refusals.pop_front();
        } else if (baseRevision != m_revision.number) {
            outcome.problems = {{"", "The configuration changed meanwhile (revision " + std::to_string(m_revision.number) + "). Look at the change and save again."}};
        } else {
            hashTokens(next);
            for (config::Prompt &prompt : next.prompts)
                if (prompt.id.empty())
                    prompt.id = "prm_" + prompt.name;
            for (config::Alert &alert : next.alerts)
                if (alert.id.empty())
                    alert.id = "alr_" + alert.name;
            m_applied.push_back(next);
            addRevision(next, note.text);
            outcome = {true, m_revision.number, {}};
            Q_EMIT configApplied(m_revision.number);
        }
        if (guard)
            done(outcome);
    });
}

void FakeGateway::applyFile(config::Config fromFile, std::string path, QObject *context, std::function<void(ApplyOutcome)> done)
{
    apply(std::move(fromFile), m_revision.number, "file " + path, context, std::move(done));
}

void FakeGateway::exportSecrets(QObject *context, Answer<config::Config> done)
{
    answer<config::Config>("exportSecrets", context, done, [this] { return *m_config; }, false);
}

void FakeGateway::check(config::Config, QObject *context, std::function<void(std::vector<FieldError>)> done)
{
    later(context, [this, done] { done(m_refusals.empty() ? std::vector<FieldError> {} : m_refusals.front()); });
}

void FakeGateway::heldSince(std::string, std::vector<std::string> ids, QObject *context, Answer<std::vector<std::uint64_t>> done)
{
    answer<std::vector<std::uint64_t>>("heldSince", context, done, [this, count = ids.size()] { return std::vector<std::uint64_t>(count, m_revision.number); }, false);
}

void FakeGateway::revisions(QObject *context, Answer<std::vector<Revision>> done)
{
    answer<std::vector<Revision>>("revisions", context, done, [this] { return std::vector<Revision>(m_revisions.begin(), m_revisions.end()); }, false);
}

void FakeGateway::configAt(std::uint64_t revision, QObject *context, Answer<config::Config> done)
{
    later(context, [this, revision, done] {
        const auto found = m_history.find(revision);
        done(found != m_history.end() ? Result<config::Config>(*found->second) : fail(ErrorCode::NotFound, "There is no such revision."));
    });
}

/// Asks the targets of the plan's chains in their order, and of other nodes the first way: enough for a window to show.
void FakeGateway::simulate(SimulationQuery query, QObject *context, Answer<Simulation> done)
{
    answer<Simulation>("simulate", context, done, [query] { return sceneSimulation(query); }, false);
}

void FakeGateway::explain(ExplainQuery query, QObject *context, Answer<Explanation> done)
{
    ++m_questions[QStringLiteral("explain")];
    later(context, [this, query = std::move(query), done] { done(sceneExplanation(query, *m_config)); });
}

/// In the waiting scene it gets to a third of the way.
void FakeGateway::replay(config::Config edited, ReplayQuery query, QObject *context, std::function<void(ReplayProgress)> onProgress, Answer<ReplayReport> done)
{
    if (onProgress)
        later(context, [onProgress] { onProgress({.calls = 41'216, .done = 0.34}); });
    answer<ReplayReport>("replay", context, done, [this, edited = std::move(edited), query = std::move(query)] { return sceneReplay(edited, query, log()); }, true);
}

void FakeGateway::rollback(std::uint64_t toRevision, std::uint64_t baseRevision, EditNote note, QObject *context, std::function<void(ApplyOutcome)> done)
{
    const auto found = m_history.find(toRevision);
    if (found == m_history.end())
        return later(context, [done] { done({.problems = {{"revision", "There is no such revision.", false}}}); });
    const std::string words = "Back to revision " + std::to_string(toRevision);
    apply(*found->second, baseRevision, std::move(note), context, [this, done, words](ApplyOutcome outcome) {
        if (outcome.applied) {
            writeDown({.author = "window", .from = "window", .kind = "configuration", .action = audit_action::rolledBack, .revision = outcome.revision, .diff = words});
            std::ranges::move(std::exchange(m_lost, {}), std::back_inserter(outcome.problems));
        }
        done(std::move(outcome));
    });
}

std::optional<Error> FakeGateway::auditTrouble() const
{
    if (m_scene != Scene::Failing)
        return std::nullopt;
    return Error {.code = ErrorCode::Io, .message = "signalbox.db cannot be read: disk I/O error."};
}

void FakeGateway::rolledBack(std::uint64_t toRevision, QObject *context, Answer<config::Config> done)
{
    configAt(toRevision, context, std::move(done)); // its secrets are masks already
}

void FakeGateway::audit(AuditQuery query, QObject *context, Answer<AuditPage> done)
{
    ++m_questions[QStringLiteral("audit")];
    if (m_scene == Scene::Waiting)
        return;
    later(context, [this, query, done] {
        if (const auto trouble = auditTrouble())
            return done(std::unexpected(*trouble));
        AuditPage page;
        for (const AuditEntry &entry : m_audit) {
            if (!isFound(query, entry))
                continue;
            page.more = static_cast<int>(page.entries.size()) == query.limit;
            if (page.more)
                break;
            page.entries.push_back(entry);
        }
        done(std::move(page));
    });
}

void FakeGateway::checkAudit(QObject *context, Answer<AuditCheck> done)
{
    ++m_questions[QStringLiteral("checkAudit")];
    if (m_scene == Scene::Waiting)
        return;
    later(context, [this, done] {
        if (const auto trouble = auditTrouble())
            return done(std::unexpected(*trouble));
        done(m_auditCheck.value_or(AuditCheck {.intact = true, .rows = m_audit.size(), .words = std::to_string(m_audit.size()) + " entries since 2026-10-27, unbroken."}));
    });
}

KeyHasher::Digest FakeGateway::secretHash(std::string_view) const
{
    return {};
}

void FakeGateway::createKey(NewKey key, QObject *context, Answer<CreatedKey> done, EditNote)
{
    if (m_keyRefusal) {
        later(context, [done, error = *std::exchange(m_keyRefusal, std::nullopt)] { done(std::unexpected(error)); });
        return;
    }
    answer<CreatedKey>("createKey", context, done, [this, key] {
        CreatedKey created;
        created.secret = madeSecret(m_created.size());
        created.key.id = "key_made" + std::to_string(m_created.size());
        created.key.name = key.name;
        created.key.team = key.team;
        created.key.models = key.models;
        created.key.expires = key.expires;
        created.key.allowFrom = key.allowFrom;
        created.key.permissions = key.permissions;
        created.key.metadata = key.metadata;
        created.key.defaults = key.defaults;
        created.key.quota = key.quota;
        created.key.prefix = created.secret.substr(0, 7);
        created.key.hash = "00";
        created.key.createdAt = sceneTime();
        m_created.push_back(created.key.id);
        config::Config next = *m_config;
        next.keys.insert(next.keys.begin(), created.key);
        setConfig(std::move(next));
        Q_EMIT keysChanged();
        return created;
    }, false);
}

void FakeGateway::revokeKey(std::string keyId, QObject *context, Answer<bool> done, EditNote)
{
    answer<bool>("revokeKey", context, done, [this, keyId] {
        config::Config next = *m_config;
        config::VirtualKey *key = keyById(next, keyId);
        if (key)
            key->revoked = true;
        const bool known = key != nullptr;
        m_revoked.push_back(keyId);
        setConfig(std::move(next));
        Q_EMIT keysChanged();
        return known;
    }, false);
}

void FakeGateway::rotateKey(std::string keyId, config::Millis grace, QObject *context, Answer<CreatedKey> done, EditNote)
{
    m_grace = grace;
    answer<CreatedKey>("rotateKey", context, done, [this, keyId] { return rotated({keyId}).front(); }, false);
}

void FakeGateway::rotateKeys(std::vector<std::string> keyIds, config::Millis grace, QObject *context, Answer<std::vector<CreatedKey>> done, EditNote)
{
    m_grace = grace;
    answer<std::vector<CreatedKey>>("rotateKeys", context, done, [this, keyIds] { return rotated(keyIds); }, false);
}

std::vector<CreatedKey> FakeGateway::rotated(const std::vector<std::string> &keyIds)
{
    std::vector<CreatedKey> all;
    config::Config next = *m_config;
    for (const std::string &id : keyIds) {
        CreatedKey &created = all.emplace_back();
        created.secret = madeSecret(100 + m_created.size() + all.size() - 1);
        if (config::VirtualKey *key = keyById(next, id)) {
            key->prefix = created.secret.substr(0, 7);
            key->revoked = false;
            created.key = *key;
        }
    }
    setConfig(std::move(next));
    Q_EMIT keysChanged();
    return all;
}

std::vector<gateway::ScopeState> FakeGateway::scopesOf(const std::vector<gateway::ScopeName> &names) const
{
    std::vector<gateway::ScopeState> found;
    for (const gateway::ScopeState &state : m_scopes) {
        if (std::ranges::any_of(names, [&](const gateway::ScopeName &name) { return name.kind == state.kind && name.name == state.name; }))
            found.push_back(state);
    }
    return found;
}

void FakeGateway::backup(BackupOrder order, QObject *context, std::function<void(BackupProgress)>, Answer<BackupSummary> done)
{
    answer<BackupSummary>("backup", context, done, [order] { return BackupSummary {.path = order.path, .bytes = 1 << 20, .secrets = !order.passphrase.empty(), .calls = order.calls}; }, false);
}

void FakeGateway::keyUse(QObject *context, Answer<UseSummary> done)
{
    answer<UseSummary>("keyUse", context, done, [this] { return m_scene == Scene::Empty ? UseSummary {} : sceneUse(); }, true);
}

void FakeGateway::testProvider(config::Provider, std::string, std::string, QObject *context, std::function<void(ProbeStep)> onStep, Answer<ProbeReport> done)
{
    answer<ProbeReport>("testProvider", context, done, [this, onStep] {
        ProbeReport report {sceneTime() - 27s, 214ms, true, m_probe};
        for (const ProbeStep &step : m_probe) {
            if (step.state != ProbeStep::State::NotTried)
                onStep(step);
            report.ok = report.ok && step.state == ProbeStep::State::Ok;
        }
        return report;
    }, false);
}

void FakeGateway::findLocalProviders(QObject *context, Answer<std::vector<LocalProvider>> done)
{
    answer<std::vector<LocalProvider>>("findLocalProviders", context, done, [this] { return m_local; }, false);
}

void FakeGateway::listModels(config::Provider provider, QObject *context, Answer<std::vector<std::string>> done)
{
    answer<std::vector<std::string>>("listModels", context, done, [provider] {
        if (provider.kind == "ollama")
            return std::vector<std::string> {"llama3.2:3b", "nomic-embed-text", "qwen2.5-coder:7b"};
        return std::vector<std::string> {"gpt-4o", "gpt-4o-mini", "gpt-5", "text-embedding-3-small"};
    }, false);
}

void FakeGateway::sendTestCall(std::string secret, std::string model, QObject *context, Answer<std::string> done)
{
    answer<std::string>("sendTestCall", context, done, [this, secret, model] {
        CallRecord record = sceneCall(0);
        record.id = "call_01JD3K8V2QTEST00000000000" + std::to_string(m_log.size() % 10);
        record.startedAt = sceneTime();
        record.test = true;
        record.route = record.askedModel = model;
        addCall(record);
        return std::string("Hello! How can I help you today?");
    }, false);
}

void FakeGateway::calls(CallQuery query, QObject *context, Answer<CallPage> done)
{
    answer<CallPage>("calls", context, done, [this, query] {
        CallPage page;
        auto row = static_cast<std::int64_t>(m_store.committed); // the newest is the one stored last
        for (const CallRecord &record : log()) {
            const CallCursor cursor {startedUs(record), row--};
            if (query.committedAfter && cursor.row <= *query.committedAfter)
                break;
            const auto older = [](const CallCursor &a, const CallCursor &b) { return std::pair(a.startedUs, a.row) < std::pair(b.startedUs, b.row); };
            if (query.before && !older(cursor, *query.before))
                continue;
            if (query.after && !older(*query.after, cursor))
                break;
            if (!within(query.range, record) || !matches(query.filter.root(), record))
                continue;
            if (static_cast<int>(page.rows.size()) == query.limit) {
                page.more = true;
                break;
            }
            page.rows.push_back({cursor, record, m_marks->markOf(record.id)});
            page.rows.back().record.bodies = {};
        }
        return page;
    }, true);
}

void FakeGateway::countCalls(CallQuery query, QObject *context, Answer<CallCounts> done)
{
    answer<CallCounts>("countCalls", context, done, [this, query] {
        CallCounts counts;
        for (const CallRecord &record : log())
            if (within(query.range, record)) {
                ++counts.all;
                counts.found += matches(query.filter.root(), record);
            }
        return counts;
    }, true);
}

void FakeGateway::call(std::string id, QObject *context, Answer<CallDetail> done)
{
    ++m_questions[QStringLiteral("call")];
    if (m_scene == Scene::Waiting)
        return;
    static constexpr auto asked = "callsAsked";
    const int question = context->property(asked).toInt() + 1;
    context->setProperty(asked, question);
    later(context, [this, context, question, id, done] {
        if (context->property(asked).toInt() != question) // as the gateway: of one asker's questions only the newest is answered
            return;
        const auto found = std::ranges::find(log(), id, &CallRecord::id);
        if (found == log().end())
            done(fail(ErrorCode::NotFound, "No call " + id + " in the log. It may be older than the log is kept."));
        else
            done(CallDetail {.record = *found, .bodiesExpired = false, .mark = m_marks->markOf(id)});
    });
}

namespace {

/// What the cache did, where some route keeps answers: of two in three calls that looked, three in ten were hits, fewer before the log began.
void addSceneCache(Series &series)
{
    std::uint64_t number = 0;
    for (gateway::api::SeriesBucket &bucket : series.buckets) {
        bucket.cacheLooked = bucket.calls > 0 ? bucket.calls * 2 / 3 : 150;
        bucket.cacheHits = bucket.cacheLooked * (bucket.calls > 0 ? 28 + number++ % 7 : 22) / 100;
    }
}

} // namespace

void FakeGateway::series(SeriesQuery query, QObject *context, Answer<Series> done)
{
    answer<Series>("series", context, done, [this, query] {
        Series series = asksForSpend(query) && m_scene != Scene::Empty ? sceneSpend(query, sceneTime()) : sceneSeries(log(), query, sceneTime());
        if (std::ranges::any_of(m_config->routes, [](const auto &route) { return route.cache.has_value(); }))
            addSceneCache(series);
        return series;
    }, true);
}

void FakeGateway::costs(CostQuery query, QObject *context, Answer<Costs> done)
{
    if (query.customers)
        m_costQuery = query;
    answer<Costs>("costs", context, done, [this, query = std::move(query)] {
        if (m_scene == Scene::Empty)
            return sceneCosts({}, query);
        return sceneCosts(costCells(), query);
    }, true);
}

const std::vector<CostCell> &FakeGateway::costCells()
{
    if (!m_costCells)
        m_costCells = sceneCostCells();
    return *m_costCells;
}

void FakeGateway::usage(UsageQuery query, QObject *context, Answer<Usage> done)
{
    answer<Usage>("usage", context, done, [this, query] { return m_scene == Scene::Empty ? Usage {} : sceneUsage(log(), query); }, true);
}

void FakeGateway::providerStrips(StripQuery query, QObject *context, Answer<std::vector<ProviderStrip>> done)
{
    answer<std::vector<ProviderStrip>>("providerStrips", context, done, [this, query] { return m_scene == Scene::Empty ? std::vector<ProviderStrip> {} : sceneStrips(query.bins); }, true);
}

void FakeGateway::histogram(CallQuery query, std::int64_t bucketSeconds, QObject *context, Answer<std::vector<HistogramBin>> done)
{
    answer<std::vector<HistogramBin>>("histogram", context, done, [this, query, bucketSeconds] {
        const auto step = std::chrono::seconds {bucketSeconds};
        const WallTime first {std::chrono::microseconds {query.range.from.time_since_epoch() / step * step}};
        std::vector<HistogramBin> bins;
        for (WallTime at = first; at < std::min(query.range.to, sceneTime() + step); at += step)
            bins.push_back({.at = at});
        for (const CallRecord &record : log()) {
            if (!within(query.range, record) || !matches(query.filter.root(), record))
                continue;
            const auto index = static_cast<std::size_t>((record.startedAt - first) / step);
            if (index >= bins.size())
                continue;
            HistogramBin &bin = bins[index];
            ++(record.status == CallStatus::Refused ? bin.refused : record.status != CallStatus::Ok ? bin.failed : rescued(record) ? bin.rescued : bin.ok);
        }
        return bins;
    }, true);
}

void FakeGateway::fieldValues(std::string field, std::string prefix, QObject *context, Answer<std::vector<FieldValue>> done)
{
    answer<std::vector<FieldValue>>("fieldValues", context, done, [this, field, prefix] {
        std::map<std::string, std::uint64_t> seen;
        for (const CallRecord &record : log()) {
            const std::string &value = field == "team" ? record.team : field == "key" ? record.key : field == "route" ? record.route : field == "model" ? record.model : record.provider;
            if (!value.empty() && value.starts_with(prefix))
                ++seen[value];
        }
        std::vector<FieldValue> values;
        for (const auto &[value, times] : seen)
            values.push_back({value, times});
        std::ranges::sort(values, std::greater {}, &FieldValue::calls);
        return values;
    }, true);
}

} // namespace tests
