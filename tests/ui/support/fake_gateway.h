// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/cost_tools.h"
#include "gateway/api/gateway.h"
#include "tests/ui/support/fake_alerts.h"
#include "tests/ui/support/fake_cache_tools.h"
#include "tests/ui/support/fake_call_tools.h"
#include "tests/ui/support/fake_cost_studies.h"
#include "tests/ui/support/fake_marks.h"
#include "tests/ui/support/fake_privacy_tools.h"
#include "tests/ui/support/fake_prompts.h"
#include "tests/ui/support/fake_replay.h"
#include "tests/ui/support/fake_reports.h"
#include "tests/ui/support/fake_sql.h"
#include "tests/ui/support/scene_costs.h"

#include <QHash>
#include <QTimer>

#include <deque>
#include <map>

/// A made-up gateway for the window's tests and pictures: the figures of the pictures ("One truth" of the mock-ups'
/// notes: Tue 17 Nov 2026 14:32:07 in Berlin), always the same. Every answer comes from the event loop, never at once.
namespace tests {

class FakeGateway final : public gateway::api::Gateway
{
    Q_OBJECT
public:
    enum class Scene {
        Full,     ///< an hour with 15,120 calls, five providers, four routes, five teams, thirteen keys
        Empty,    ///< just installed: nothing configured, no call
        Failing,  ///< as Full, but every question to the log of calls or changes is answered with an error, and the store is not well
        Waiting,  ///< as Full, but no question to a log is ever answered
    };
    explicit FakeGateway(Scene scene = Scene::Full, QObject *parent = nullptr);

    /// The moment of the pictures; pass it to ui::bridge::ViewContext as its clock.
    static gateway::WallTime sceneTime();
    /// Makes TZ Europe/Berlin and the C locale hold for this process: call before QApplication is made.
    static void fixZoneAndLocale();

    // What tests turn.
    void setScene(Scene scene);
    void setStats(const gateway::api::StatsView &stats) { m_stats = stats; }
    gateway::api::StatsView &editableStats() { return m_stats; }
    void setProbes(std::vector<gateway::api::ProviderHealth> probes) { m_probes = std::move(probes); }
    void setHealth(std::vector<gateway::api::TargetHealth> health) { m_health = std::move(health); }
    void setListener(const gateway::api::ListenerState &state);
    void setStore(const gateway::api::StoreState &state);
    void setArrivals(const gateway::api::ArrivalCounts &arrivals) { m_arrivals = arrivals; }
    void setScopes(std::vector<gateway::ScopeState> scopes) { m_scopes = std::move(scopes); }
    void setDemo(bool demo) { m_demo = demo; }
    void setConfig(gateway::config::Config config);
    /// What testProvider() reports next; by default all five steps are well.
    void setProbe(std::vector<gateway::api::ProbeStep> steps) { m_probe = std::move(steps); }
    void setLocalProviders(std::vector<gateway::api::LocalProvider> found) { m_local = std::move(found); }
    /// The next apply() is refused with these.
    void refuseNextApply(std::vector<gateway::api::FieldError> problems) { m_refusals.push_back(std::move(problems)); }
    /// The next createKey() fails with this.
    void refuseNextKey(gateway::Error error) { m_keyRefusal = std::move(error); }
    /// What checkAudit() finds; by default the log is whole.
    void setAuditCheck(gateway::AuditCheck found) { m_auditCheck = std::move(found); }
    /// Somebody else's change, at the end of the audit log; its number and time are given here. keysChanged() follows.
    void addAudit(gateway::AuditEntry entry);
    /// The next rollback() says this of what it could not bring back.
    void setLost(std::vector<gateway::api::FieldError> lost) { m_lost = std::move(lost); }
    void setLog(std::deque<gateway::CallRecord> newestFirst);
    void setCostCells(std::vector<CostCell> cells) { m_costCells = std::move(cells); }
    /// A new call at the end of the log: callsCommitted() follows.
    void addCall(gateway::CallRecord record);
    /// A record like one of the log's, with this id and age; for addCall().
    [[nodiscard]] gateway::CallRecord madeCall(int number) const;
    FakeCacheTools &cache() { return m_cache; }
    FakePrivacyTools &privacy() { return m_privacy; }
    FakePrompts &prompts() { return m_prompts; }
    FakeSql &sql() { return *m_sql; }
    FakeCallTools &callTools() { return *m_callTools; }
    FakeCostStudies &costStudies() { return *m_costStudies; }
    FakeMarks &marks() { return *m_marks; }
    FakeReplay &replays() { return *m_replays; }
    FakeReports &reports() { return *m_reports; }
    FakeAlerts &alerts() { return *m_alerts; }

    // What tests look at.
    [[nodiscard]] int questions(const QString &name) const { return m_questions.value(name); }
    [[nodiscard]] const std::vector<gateway::config::Config> &applied() const { return m_applied; }
    [[nodiscard]] gateway::config::Millis grace() const { return m_grace; } ///< of the last rotation
    [[nodiscard]] const std::deque<gateway::AuditEntry> &auditLog() const { return m_audit; } ///< newest first
    [[nodiscard]] const std::vector<std::string> &revoked() const { return m_revoked; }

    /// What making up answers has cost so far: not the window's time.
    [[nodiscard]] qint64 spentNanoseconds() const { return m_spent; }

    // gateway::api::Gateway
    gateway::api::ConfigPtr config() const override { return m_config; }
    gateway::api::Revision revision() const override { return m_revision; }
    void apply(gateway::config::Config next, std::uint64_t baseRevision, gateway::api::EditNote note, QObject *context, std::function<void(gateway::api::ApplyOutcome)> done) override;
    void applyFile(gateway::config::Config fromFile, std::string path, QObject *context, std::function<void(gateway::api::ApplyOutcome)> done) override;
    void exportSecrets(QObject *context, gateway::api::Answer<gateway::config::Config> done) override;
    void check(gateway::config::Config next, QObject *context, std::function<void(std::vector<gateway::api::FieldError>)> done) override;
    void heldSince(std::string kind, std::vector<std::string> ids, QObject *context, gateway::api::Answer<std::vector<std::uint64_t>> done) override;
    void revisions(QObject *context, gateway::api::Answer<std::vector<gateway::api::Revision>> done) override;
    void configAt(std::uint64_t revision, QObject *context, gateway::api::Answer<gateway::config::Config> done) override;
    void simulate(gateway::api::SimulationQuery query, QObject *context, gateway::api::Answer<gateway::Simulation> done) override;
    void rollback(std::uint64_t toRevision, std::uint64_t baseRevision, gateway::api::EditNote note, QObject *context,
                  std::function<void(gateway::api::ApplyOutcome)> done) override;
    void rolledBack(std::uint64_t toRevision, QObject *context, gateway::api::Answer<gateway::config::Config> done) override;
    void audit(gateway::AuditQuery query, QObject *context, gateway::api::Answer<gateway::AuditPage> done) override;
    void checkAudit(QObject *context, gateway::api::Answer<gateway::AuditCheck> done) override;
    [[nodiscard]] gateway::KeyHasher::Digest secretHash(std::string_view secret) const override;
    void createKey(gateway::api::NewKey key, QObject *context, gateway::api::Answer<gateway::api::CreatedKey> done, gateway::api::EditNote by) override;
    void revokeKey(std::string keyId, QObject *context, gateway::api::Answer<bool> done, gateway::api::EditNote by) override;
    void rotateKey(std::string keyId, gateway::config::Millis grace, QObject *context, gateway::api::Answer<gateway::api::CreatedKey> done, gateway::api::EditNote by) override;
    void rotateKeys(std::vector<std::string> keyIds, gateway::config::Millis grace, QObject *context, gateway::api::Answer<std::vector<gateway::api::CreatedKey>> done, gateway::api::EditNote by) override;
    void backup(gateway::api::BackupOrder order, QObject *context, std::function<void(gateway::api::BackupProgress)> onProgress, gateway::api::Answer<gateway::api::BackupSummary> done) override;
    void keyUse(QObject *context, gateway::api::Answer<gateway::api::UseSummary> done) override;
    const std::vector<gateway::api::ProviderKindInfo> &providerKinds() const override { return m_kinds; }
    void testProvider(gateway::config::Provider provider, std::string credential, std::string model, QObject *context,
        std::function<void(gateway::api::ProbeStep)> onStep, gateway::api::Answer<gateway::api::ProbeReport> done) override;
    void findLocalProviders(QObject *context, gateway::api::Answer<std::vector<gateway::api::LocalProvider>> done) override;
    void listModels(gateway::config::Provider provider, QObject *context, gateway::api::Answer<std::vector<std::string>> done) override;
    void sendTestCall(std::string secret, std::string model, QObject *context, gateway::api::Answer<std::string> done) override;
    std::vector<gateway::api::TargetHealth> health() const override { return m_health; }
    std::vector<gateway::api::ProviderHealth> probes() const override { return m_probes; }
    void calls(gateway::api::CallQuery query, QObject *context, gateway::api::Answer<gateway::api::CallPage> done) override;
    void countCalls(gateway::api::CallQuery query, QObject *context, gateway::api::Answer<gateway::api::CallCounts> done) override;
    void call(std::string id, QObject *context, gateway::api::Answer<gateway::api::CallDetail> done) override;
    void series(gateway::api::SeriesQuery query, QObject *context, gateway::api::Answer<gateway::api::Series> done) override;
    void usage(gateway::api::UsageQuery query, QObject *context, gateway::api::Answer<gateway::api::Usage> done) override;
    void providerStrips(gateway::api::StripQuery query, QObject *context, gateway::api::Answer<std::vector<gateway::api::ProviderStrip>> done) override;
    void histogram(gateway::api::CallQuery query, std::int64_t bucketSeconds, QObject *context, gateway::api::Answer<std::vector<gateway::api::HistogramBin>> done) override;
    void fieldValues(std::string field, std::string prefix, QObject *context, gateway::api::Answer<std::vector<gateway::api::FieldValue>> done) override;
    void explain(gateway::api::ExplainQuery query, QObject *context, gateway::api::Answer<gateway::Explanation> done) override;
    void replay(gateway::config::Config edited, gateway::ReplayQuery query, QObject *context, std::function<void(gateway::ReplayProgress)> onProgress,
        gateway::api::Answer<gateway::ReplayReport> done) override;

    gateway::api::CacheTools *cacheTools() override { return &m_cache; }
    gateway::api::PrivacyTools *privacyTools() override { return &m_privacy; }
    gateway::api::PromptTools *promptTools() override { return &m_prompts; }
    gateway::api::StatsView stats() const override { return m_stats; }
    gateway::api::ListenerState listener() const override { return m_listener; }
    std::vector<gateway::ScopeState> scopes() const override { return m_scopes; }
    std::vector<gateway::ScopeState> scopesOf(const std::vector<gateway::ScopeName> &names) const override;
    gateway::api::StoreState store() const override { return m_store; }
    gateway::api::ArrivalCounts arrivals() const override { return m_arrivals; }
    bool demo() const override { return m_demo; }
    std::string dataFolder() const override { return "/home/ana/.local/share/signalbox"; }

    /// What its cost tools answer.
    void costs(gateway::api::CostQuery query, QObject *context, gateway::api::Answer<gateway::api::Costs> done);
    [[nodiscard]] const gateway::api::CostQuery &lastCostQuery() const { return m_costQuery; } ///< but for those by day alone

private:
    std::vector<gateway::api::CreatedKey> rotated(const std::vector<std::string> &keyIds);
    void startHistory();
    const std::vector<CostCell> &costCells();
    void addRevision(gateway::config::Config config, std::string note);
    void writeDown(gateway::AuditEntry entry);
    [[nodiscard]] std::optional<gateway::Error> auditTrouble() const;
    template <typename T>
    void answer(const char *question, QObject *context, gateway::api::Answer<T> done, std::function<T()> value, bool ofTheLog);
    const std::deque<gateway::CallRecord> &log() const;

    Scene m_scene;
    gateway::api::ConfigPtr m_config;
    gateway::api::Revision m_revision;
    gateway::api::StatsView m_stats;
    gateway::api::ListenerState m_listener;
    std::vector<gateway::ScopeState> m_scopes;
    FakeCacheTools m_cache;
    FakePrivacyTools m_privacy;
    FakePrompts m_prompts;
    FakeSql *m_sql;
    FakeCallTools *m_callTools;
    FakeCostStudies *m_costStudies;
    FakeMarks *m_marks;
    FakeReplay *m_replays;
    FakeReports *m_reports;
    FakeAlerts *m_alerts;
    gateway::api::StoreState m_store;
    gateway::api::ArrivalCounts m_arrivals;
    std::vector<gateway::api::TargetHealth> m_health;
    std::vector<gateway::api::ProviderHealth> m_probes;
    std::vector<gateway::api::ProviderKindInfo> m_kinds;
    std::vector<gateway::api::ProbeStep> m_probe;
    std::vector<gateway::api::LocalProvider> m_local;
    std::deque<std::vector<gateway::api::FieldError>> m_refusals;
    std::vector<gateway::config::Config> m_applied;
    std::deque<gateway::api::Revision> m_revisions; ///< newest first
    std::map<std::uint64_t, gateway::api::ConfigPtr> m_history;
    std::deque<gateway::AuditEntry> m_audit; ///< newest first
    std::optional<gateway::AuditCheck> m_auditCheck;
    std::vector<gateway::api::FieldError> m_lost;
    std::vector<std::string> m_revoked;
    std::vector<std::string> m_created;
    std::optional<gateway::Error> m_keyRefusal;
    gateway::config::Millis m_grace {};
    QHash<QString, int> m_questions;
    bool m_demo = false;
    qint64 m_spent = 0;
    gateway::api::CostQuery m_costQuery;
    std::optional<std::vector<CostCell>> m_costCells; ///< made at the first question
    mutable std::deque<gateway::CallRecord> m_log; ///< newest first; made at the first question
    mutable bool m_logMade = false;
};

} // namespace tests
