// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "gateway/api/simulation.h"
#include "gateway/config/check.h"

#include <QTimer>

#include <algorithm>

/// A Gateway in memory: takes every edit that config::check() takes, answers later as the real one does, and knows nothing
/// of calls.
class FakeGateway final : public gateway::api::Gateway
{
public:
    gateway::config::Config now;
    std::uint64_t number = 1;
    std::string lastNote;
    std::string lastFile;
    gateway::api::ListenerState listening {.up = true, .address = "127.0.0.1:1"};
    gateway::StoreState storing;
    bool providersWork = true;
    gateway::api::ExplainQuery explained;  ///< asked last
    gateway::Explanation explanation;
    gateway::config::Config replayedConfig;
    gateway::ReplayQuery replayed;         ///< asked last
    gateway::ReplayReport replayAnswer;
    gateway::AuditCheck audited {.intact = true, .rows = 1, .words = "1 entries since 2026-11-01, unbroken."};
    std::string fileRefusal; ///< why no file is taken; empty: it is

    template <typename Done>
    static void later(QObject *context, Done done)
    {
        QTimer::singleShot(0, context, std::move(done));
    }

    gateway::api::ConfigPtr config() const override { return std::make_shared<const gateway::config::Config>(now); }
    gateway::api::Revision revision() const override { return {.number = number, .at = {}, .author = {}, .note = {}}; }

    void apply(gateway::config::Config next, std::uint64_t base, gateway::api::EditNote note, QObject *context, std::function<void(gateway::api::ApplyOutcome)> done) override
    {
        lastNote = std::move(note.text);
        later(context, [this, next = std::move(next), base, done] { done(take(next, base)); });
    }
    void applyFile(gateway::config::Config file, std::string path, QObject *context, std::function<void(gateway::api::ApplyOutcome)> done) override
    {
        lastFile = std::move(path);
        later(context, [this, file = std::move(file), done] {
            done(fileRefusal.empty() ? take(file, number) : gateway::api::ApplyOutcome {.revision = number, .problems = {{"teams[0].name", fileRefusal, false}}});
        });
    }
    void check(gateway::config::Config, QObject *context, std::function<void(std::vector<gateway::api::FieldError>)> done) override
    {
        later(context, [done] { done({}); });
    }
    void exportSecrets(QObject *context, gateway::api::Answer<gateway::config::Config> done) override
    {
        gateway::config::Config whole = now;
        for (auto &provider : whole.providers) {
            for (auto &credential : provider.credentials)
                credential.apiKey.value = "sk-in-clear";
        }
        later(context, [whole, done] { done(whole); });
    }
    void rollback(std::uint64_t, std::uint64_t, gateway::api::EditNote, QObject *context, std::function<void(gateway::api::ApplyOutcome)> done) override
    {
        later(context, [this, done] { done({.revision = number}); });
    }
    void rolledBack(std::uint64_t, QObject *context, gateway::api::Answer<gateway::config::Config> done) override { refuse(context, done); }
    void audit(gateway::AuditQuery, QObject *context, gateway::api::Answer<gateway::AuditPage> done) override { refuse(context, done); }
    void checkAudit(QObject *context, gateway::api::Answer<gateway::AuditCheck> done) override
    {
        later(context, [this, done] { done(audited); });
    }
    gateway::KeyHasher::Digest secretHash(std::string_view) const override { return {}; }
    void heldSince(std::string, std::vector<std::string>, QObject *context, gateway::api::Answer<std::vector<std::uint64_t>> done) override { refuse(context, done); }
    void revisions(QObject *context, gateway::api::Answer<std::vector<gateway::api::Revision>> done) override { refuse(context, done); }
    void simulate(gateway::api::SimulationQuery, QObject *context, gateway::api::Answer<gateway::Simulation> done) override { refuse(context, done); }
    void configAt(std::uint64_t, QObject *context, gateway::api::Answer<gateway::config::Config> done) override { refuse(context, done); }

    void createKey(gateway::api::NewKey key, QObject *context, gateway::api::Answer<gateway::api::CreatedKey> done, gateway::api::EditNote) override
    {
        if (!key.createTeam && !key.team.empty() && std::ranges::find(now.teams, key.team, &gateway::config::Team::name) == now.teams.end()) {
            later(context, [done] { done(gateway::fail(gateway::ErrorCode::NotFound, "There is no such team.", "team")); });
            return;
        }
        gateway::config::VirtualKey made {.id = "key-" + key.name, .name = key.name, .team = key.team, .hash = "ff", .prefix = "sb-abcd", .models = key.models, .expires = key.expires};
        made.quota = key.quota;
        now.keys.push_back(made);
        later(context, [made, done] { done(gateway::api::CreatedKey {made, "sb-abcdsecret"}); });
    }
    void revokeKey(std::string id, QObject *context, gateway::api::Answer<bool> done, gateway::api::EditNote) override
    {
        const auto key = std::ranges::find(now.keys, id, &gateway::config::VirtualKey::id);
        const bool fresh = !std::exchange(key->revoked, true);
        later(context, [fresh, done] { done(fresh); });
    }
    void rotateKey(std::string id, gateway::config::Millis grace, QObject *context, gateway::api::Answer<gateway::api::CreatedKey> done, gateway::api::EditNote) override
    {
        auto key = *std::ranges::find(now.keys, id, &gateway::config::VirtualKey::id);
        if (grace.count() > 0)
            key.formerUntil = gateway::SystemClock().wallNow() + grace;
        later(context, [key, done] { done(gateway::api::CreatedKey {key, "sb-rotated"}); });
    }
    void rotateKeys(std::vector<std::string>, gateway::config::Millis, QObject *context, gateway::api::Answer<std::vector<gateway::api::CreatedKey>> done, gateway::api::EditNote) override
    {
        later(context, [done] { done(std::vector<gateway::api::CreatedKey> {}); }); // no command does this
    }
    void keyUse(QObject *context, gateway::api::Answer<gateway::api::UseSummary> done) override
    {
        later(context, [done] { done(gateway::api::UseSummary {}); });
    }

    void backup(gateway::api::BackupOrder order, QObject *context, std::function<void(gateway::api::BackupProgress)> onProgress, gateway::api::Answer<gateway::api::BackupSummary> done) override
    {
        later(context, [order, onProgress, done] {
            onProgress({.done = 1, .all = 2});
            done(gateway::api::BackupSummary {.path = order.path, .bytes = 5, .secrets = !order.passphrase.empty(), .calls = order.calls});
        });
    }

    const std::vector<gateway::api::ProviderKindInfo> &providerKinds() const override { return m_kinds; }
    void testProvider(gateway::config::Provider, std::string, std::string, QObject *context, std::function<void(gateway::api::ProbeStep)>,
                      gateway::api::Answer<gateway::api::ProbeReport> done) override
    {
        using Step = gateway::api::ProbeStep;
        gateway::api::ProbeReport report {.ok = providersWork};
        report.steps.push_back({.kind = Step::Kind::Key, .state = providersWork ? Step::State::Ok : Step::State::Failed, .headline = "Key rejected", .detail = "HTTP 401"});
        later(context, [report, done] { done(report); });
    }
    void findLocalProviders(QObject *context, gateway::api::Answer<std::vector<gateway::api::LocalProvider>> done) override { refuse(context, done); }
    void listModels(gateway::config::Provider, QObject *context, gateway::api::Answer<std::vector<std::string>> done) override { refuse(context, done); }
    void sendTestCall(std::string, std::string, QObject *context, gateway::api::Answer<std::string> done) override { refuse(context, done); }
    std::vector<gateway::api::TargetHealth> health() const override { return {}; }
    std::vector<gateway::api::ProviderHealth> probes() const override { return {}; }

    void calls(gateway::api::CallQuery, QObject *context, gateway::api::Answer<gateway::api::CallPage> done) override { refuse(context, done); }
    void countCalls(gateway::api::CallQuery, QObject *context, gateway::api::Answer<gateway::api::CallCounts> done) override { refuse(context, done); }
    void call(std::string, QObject *context, gateway::api::Answer<gateway::api::CallDetail> done) override { refuse(context, done); }
    void usage(gateway::api::UsageQuery, QObject *context, gateway::api::Answer<gateway::api::Usage> done) override { refuse(context, done); }
    void series(gateway::api::SeriesQuery, QObject *context, gateway::api::Answer<gateway::api::Series> done) override { refuse(context, done); }
    void providerStrips(gateway::api::StripQuery, QObject *context, gateway::api::Answer<std::vector<gateway::api::ProviderStrip>> done) override { refuse(context, done); }
    void histogram(gateway::api::CallQuery, std::int64_t, QObject *context, gateway::api::Answer<std::vector<gateway::api::HistogramBin>> done) override { refuse(context, done); }
    void fieldValues(std::string, std::string, QObject *context, gateway::api::Answer<std::vector<gateway::api::FieldValue>> done) override { refuse(context, done); }

    void explain(gateway::api::ExplainQuery query, QObject *context, gateway::api::Answer<gateway::Explanation> done) override
    {
        explained = std::move(query);
        later(context, [this, done] { done(explanation); });
    }
    void replay(gateway::config::Config edited, gateway::ReplayQuery query, QObject *context, std::function<void(gateway::ReplayProgress)>,
                gateway::api::Answer<gateway::ReplayReport> done) override
    {
        replayedConfig = std::move(edited);
        replayed = std::move(query);
        later(context, [this, done] { done(replayAnswer); });
    }

    gateway::api::StatsView stats() const override { return {}; }
    gateway::api::ListenerState listener() const override { return listening; }
    std::vector<gateway::ScopeState> scopes() const override { return {}; }
    std::vector<gateway::ScopeState> scopesOf(const std::vector<gateway::ScopeName> &) const override { return {}; }
    gateway::StoreState store() const override { return storing; }
    gateway::api::ArrivalCounts arrivals() const override { return {}; }
    bool demo() const override { return false; }
    std::string dataFolder() const override { return {}; }

private:
    gateway::api::ApplyOutcome take(const gateway::config::Config &next, std::uint64_t base)
    {
        gateway::api::ApplyOutcome outcome {.applied = base == number};
        for (const gateway::config::Problem &problem : gateway::config::check(next)) {
            outcome.problems.push_back({problem.field, problem.message, problem.warning});
            outcome.applied = outcome.applied && problem.warning;
        }
        if (outcome.applied) {
            now = next;
            outcome.revision = ++number;
        }
        return outcome;
    }

    template <typename T>
    static void refuse(QObject *context, gateway::api::Answer<T> done)
    {
        later(context, [done] { done(gateway::fail(gateway::ErrorCode::NotSupported, "not in this test")); });
    }

    std::vector<gateway::api::ProviderKindInfo> m_kinds;
};
