// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"

#include <memory>

/// The gateway itself, in this process: opens the data folder, runs the listener and its workers, and answers the facade.
namespace gateway::pipeline {
class AdminDoor;
}

namespace gateway::api {

class EmbeddedGateway final : public Gateway
{
    Q_OBJECT
public:
    struct Options
    {
        std::string dataFolder;        ///< exists, is ours (0700) and locked by the caller (app/common/data_folder.h)
        std::string listen {};         ///< "ADDR:PORT": rules over the configuration while this process runs; empty: the configuration's
        int workers = 0;               ///< 0: as many as cores
        bool demo = false;
        bool serve = true;             ///< false: opens the stores for a command, no listener, no workers
        bool useKeyring = false;       ///< the vault's key from the desktop keyring; else vault.key in the data folder
        std::optional<config::Config> fileConfig {}; ///< --config, already read; applied before the listener opens
        std::string filePath {};       ///< where it came from
        bool besideFile = false;       ///< for a command on keys: entries that a --config file gave on the last run are there, without their secrets
        std::shared_ptr<pipeline::AdminDoor> admin {}; ///< answers below /admin/v1; null: nobody does
        std::string author = "window"; ///< whose edits these are, in the list of revisions
    };

    /// Opens everything; what is wrong comes back in words, and nothing was changed then. A listener that cannot bind is
    /// not an error here: see listener(), so that a window can offer another port; the daemon asks and exits.
    /// @param fileProblems  filled with all that was found in fileConfig: the errors that refused it, or the warnings
    static Result<std::unique_ptr<EmbeddedGateway>> open(Options options, std::vector<FieldError> *fileProblems = nullptr);
    ~EmbeddedGateway() override;

    /// Takes no new calls, lets running ones end (gateway.drain_timeout), flushes the log. `done` once all is down.
    void drain(std::function<void()> done);

    /// Stores records that were made elsewhere: the demo's history. Any thread; never blocks.
    void pushRecord(CallRecord record);
    /// Reads today's figures from the log again, once all records pushed before are stored; for use before the first call.
    void recountToday(QObject *context, std::function<void()> done);

    /// Binds again, to another address if one is given (the window's "use port 8788").
    void retryListen(std::string listen);

    // Gateway
    [[nodiscard]] PromptTools *promptTools() override;
    [[nodiscard]] ConfigPtr config() const override;
    [[nodiscard]] Revision revision() const override;
    void apply(config::Config next, std::uint64_t baseRevision, EditNote note, QObject *context, std::function<void(ApplyOutcome)> done) override;
    void applyFile(config::Config fromFile, std::string path, QObject *context, std::function<void(ApplyOutcome)> done) override;
    void check(config::Config next, QObject *context, std::function<void(std::vector<FieldError>)> done) override;
    void exportSecrets(QObject *context, Answer<config::Config> done) override;
    void revisions(QObject *context, Answer<std::vector<Revision>> done) override;
    void configAt(std::uint64_t revision, QObject *context, Answer<config::Config> done) override;
    void rollback(std::uint64_t toRevision, std::uint64_t baseRevision, EditNote note, QObject *context, std::function<void(ApplyOutcome)> done) override;
    void rolledBack(std::uint64_t toRevision, QObject *context, Answer<config::Config> done) override;
    void audit(AuditQuery query, QObject *context, Answer<AuditPage> done) override;
    void checkAudit(QObject *context, Answer<AuditCheck> done) override;
    void simulate(SimulationQuery query, QObject *context, Answer<Simulation> done) override;
    void heldSince(std::string kind, std::vector<std::string> ids, QObject *context, Answer<std::vector<std::uint64_t>> done) override;
    [[nodiscard]] KeyHasher::Digest secretHash(std::string_view secret) const override;
    void createKey(NewKey key, QObject *context, Answer<CreatedKey> done, EditNote by = {}) override;
    void revokeKey(std::string keyId, QObject *context, Answer<bool> done, EditNote by = {}) override;
    void rotateKey(std::string keyId, config::Millis grace, QObject *context, Answer<CreatedKey> done, EditNote by = {}) override;
    void rotateKeys(std::vector<std::string> keyIds, config::Millis grace, QObject *context, Answer<std::vector<CreatedKey>> done, EditNote by = {}) override;
    void keyUse(QObject *context, Answer<UseSummary> done) override;
    void backup(BackupOrder order, QObject *context, std::function<void(BackupProgress)> onProgress, Answer<BackupSummary> done) override;
    [[nodiscard]] const std::vector<ProviderKindInfo> &providerKinds() const override;
    void testProvider(config::Provider provider, std::string credential, std::string model, QObject *context,
                      std::function<void(ProbeStep)> onStep, Answer<ProbeReport> done) override;
    void findLocalProviders(QObject *context, Answer<std::vector<LocalProvider>> done) override;
    void listModels(config::Provider provider, QObject *context, Answer<std::vector<std::string>> done) override;
    void sendTestCall(std::string secret, std::string model, QObject *context, Answer<std::string> done) override;
    [[nodiscard]] std::vector<TargetHealth> health() const override;
    [[nodiscard]] std::vector<ProviderHealth> probes() const override;
    void calls(CallQuery query, QObject *context, Answer<CallPage> done) override;
    void countCalls(CallQuery query, QObject *context, Answer<CallCounts> done) override;
    void call(std::string id, QObject *context, Answer<CallDetail> done) override;
    void usage(UsageQuery query, QObject *context, Answer<Usage> done) override;
    void series(SeriesQuery query, QObject *context, Answer<Series> done) override;
    void providerStrips(StripQuery query, QObject *context, Answer<std::vector<ProviderStrip>> done) override;
    void histogram(CallQuery query, std::int64_t bucketSeconds, QObject *context, Answer<std::vector<HistogramBin>> done) override;
    void fieldValues(std::string field, std::string prefix, QObject *context, Answer<std::vector<FieldValue>> done) override;
    void explain(ExplainQuery query, QObject *context, Answer<Explanation> done) override;
    [[nodiscard]] PrivacyTools *privacyTools() override;
    void replay(config::Config edited, ReplayQuery query, QObject *context, std::function<void(ReplayProgress)> onProgress, Answer<ReplayReport> done) override;
    [[nodiscard]] CacheTools *cacheTools() override;
    [[nodiscard]] StatsView stats() const override;
    [[nodiscard]] std::vector<ScopeState> scopes() const override;
    [[nodiscard]] std::vector<ScopeState> scopesOf(const std::vector<ScopeName> &names) const override;
    [[nodiscard]] ListenerState listener() const override;
    [[nodiscard]] StoreState store() const override;
    [[nodiscard]] ArrivalCounts arrivals() const override;
    [[nodiscard]] bool demo() const override;
    [[nodiscard]] std::string dataFolder() const override;

private:
    class Impl;
    explicit EmbeddedGateway(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace gateway::api
