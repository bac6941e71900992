// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/call_query.h"
#include "gateway/api/provider_probe.h"
#include "gateway/api/stats_view.h"
#include "gateway/config/config.h"
#include "gateway/core/audit.h"
#include "gateway/core/explanation.h"
#include "gateway/core/key_hash.h"
#include "gateway/core/replay.h"
#include "gateway/core/scope_name.h"
#include "gateway/core/simulation.h"

#include <QObject>

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

/// The facade of the gateway: all that the window, the admin API and the command line see of it. Abstract, so that the
/// window's tests can run over a made-up one; EmbeddedGateway is the real one.
namespace gateway::api {

struct SimulationQuery; // simulation.h
class CacheTools;       // cache_tools.h
class PromptTools;      // prompt_tools.h
class PrivacyTools;     // privacy_tools.h

/// The answer to a question. Called on the gateway's own thread (the window's, or the daemon's main thread), never within
/// the asking call, and not at all once the context object that was given with the question is gone. Context objects
/// live on that thread too.
template <typename T>
using Answer = std::function<void(Result<T>)>;

using ConfigPtr = std::shared_ptr<const config::Config>;

struct Revision
{
    std::uint64_t number = 0;
    WallTime at {};
    std::string author; ///< "window", "file gateway.yaml", "admin:ci"
    std::string note;
    std::string changes {}; ///< against the one before it, a line an entry: "route smart: aliases"; in the list alone
};

/// What is wrong with a configuration, field by field.
struct FieldError
{
    std::string field; ///< "routes[2].plan.fallback[0].provider"
    std::string message;
    bool warning = false; ///< stored and applied all the same
};

/// Why an edit was refused: either the fields, or a conflict (the revision moved on, an entry is owned by the file).
struct ApplyOutcome
{
    bool applied = false;
    std::uint64_t revision = 0;
    std::vector<FieldError> problems;
};

/// What an edit is about, and whose it is, for the list of revisions.
struct EditNote
{
    EditNote(std::string words = {}, std::string by = {}, std::string where = {}) : text(std::move(words)), author(std::move(by)), from(std::move(where)) {}
    EditNote(const char *words) : text(words) {}
    std::string text;
    std::string author;   ///< "admin:ci"; empty: this program's own
    std::string from;     ///< the address of who asked; empty: as the author
    bool applied = false; ///< a text was laid over the configuration: the audit log says so before the entries that it changed
};

struct NewKey
{
    std::string name;
    std::string team;
    std::optional<std::vector<std::string>> models;
    std::optional<WallTime> expires;
    std::vector<std::string> allowFrom;
    std::set<config::Permission> permissions {config::Permission::Call};
    std::map<std::string, std::string> metadata {};
    config::KeyDefaults defaults {};
    config::Quota quota {};
    bool createTeam = true; ///< a team of a new name is made; false: it is refused (NotFound, where "team")
};

/// The only moment at which a key's secret can be read.
struct CreatedKey
{
    config::VirtualKey key;
    std::string secret;
};

struct ListenerState
{
    bool up = false;
    std::string address;      ///< "127.0.0.1:8787" as bound
    std::string problem;      ///< why it is not up, in words: "Port 8787 is in use by nginx (1234)."
    int suggestedPort = 0;    ///< a free one, where the asked one is taken
    bool tls = false;
};

/// Arrivals that did not become calls yet, for the first-run checklist: what came in, and how it was refused.
struct ArrivalCounts
{
    std::uint64_t connections = 0;
    std::uint64_t requests = 0;
    std::uint64_t wrongKeys = 0;
};

/// What a backup is to hold, and where.
struct BackupOrder
{
    std::string path;          ///< of the file; one of that name is replaced only if it is a backup
    std::string passphrase {}; ///< empty: secrets are left out
    bool calls = true;         ///< false: spend without the call log
};

struct BackupProgress
{
    std::uint64_t done = 0, all = 1; ///< bytes that were copied, and written
};

struct BackupSummary
{
    std::string path;          ///< absolute
    std::uint64_t bytes = 0;
    bool secrets = false;      ///< with them, under the passphrase
    bool calls = true;
};

/// A call that is not made, and the configuration that it would meet.
struct ExplainQuery
{
    std::string body {};                    ///< as a program would send it
    Endpoint endpoint = Endpoint::ChatCompletions;
    std::string pathModel {};               ///< where the path names the model
    std::vector<std::pair<std::string, std::string>> headers {};
    std::string key {};                     ///< the virtual key's name; empty: none
    std::string route {};                   ///< asked in place of what the body names; empty: what it names
    std::uint64_t seed = 1;                 ///< of what is drawn
    std::optional<config::Config> edited {}; ///< in place of what runs; its masked secrets are the stored ones
};

class Gateway : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    // Configuration. apply() checks, stores with the revision check and publishes; nothing changes where it fails.
    [[nodiscard]] virtual ConfigPtr config() const = 0; ///< secrets are empty in it; "has one" is Credential::apiKey "•" (see maskedSecret)
    [[nodiscard]] virtual Revision revision() const = 0;
    virtual void apply(config::Config next, std::uint64_t baseRevision, EditNote note, QObject *context, std::function<void(ApplyOutcome)> done) = 0;
    /// Replaces all entries that come from the file given by --config: they are read-only to apply(). `path` is shown
    /// with them. A name that the database has too is a problem of the outcome, and nothing changes.
    virtual void applyFile(config::Config fromFile, std::string path, QObject *context, std::function<void(ApplyOutcome)> done) = 0;
    virtual void check(config::Config next, QObject *context, std::function<void(std::vector<FieldError>)> done) = 0;
    /// The configuration with its secrets in clear, for `config export --with-secrets` alone.
    virtual void exportSecrets(QObject *context, Answer<config::Config> done) = 0;
    virtual void revisions(QObject *context, Answer<std::vector<Revision>> done) = 0; ///< newest first
    /// The configuration as it was at a revision, with ids and without any secret; NotFound. To go back to a part of it is an
    /// edit like any other: apply() makes a new revision of it.
    virtual void configAt(std::uint64_t revision, QObject *context, Answer<config::Config> done) = 0;
    /// Goes back to a revision, as an edit that makes a new one. Entries of the --config file stay, secrets and the states of
    /// keys are those that hold now; what has none any more is a warning of the outcome. A revision that is not there is a
    /// problem of the field "revision".
    virtual void rollback(std::uint64_t toRevision, std::uint64_t baseRevision, EditNote note, QObject *context, std::function<void(ApplyOutcome)> done) = 0;
    /// What a rollback would leave, with masks for the secrets that it keeps; NotFound. Nothing changes.
    virtual void rolledBack(std::uint64_t toRevision, QObject *context, Answer<config::Config> done) = 0;
    /// Who changed what, newest first.
    virtual void audit(AuditQuery query, QObject *context, Answer<AuditPage> done) = 0;
    /// Whether the audit log is as it was written. Reads all of it.
    virtual void checkAudit(QObject *context, Answer<AuditCheck> done) = 0;
    /// Where a made-up call would go by a route as it is edited, with what rests now and what the query breaks. NotFound
    /// where there is no such route; Invalid where the configuration could not be published.
    virtual void simulate(SimulationQuery query, QObject *context, Answer<Simulation> done) = 0;

    /// Since which revision entries of a kind ("provider") are as they are, by id; 0 for one that is not there.
    virtual void heldSince(std::string kind, std::vector<std::string> ids, QObject *context, Answer<std::vector<std::uint64_t>> done) = 0;

    // Keys. `by` says whose it is; its text is not looked at.
    /// The hash under which a secret is known: what VirtualKey::hash and AdminToken::hash say in hexadecimal digits.
    [[nodiscard]] virtual KeyHasher::Digest secretHash(std::string_view secret) const = 0;
    virtual void createKey(NewKey key, QObject *context, Answer<CreatedKey> done, EditNote by = {}) = 0;
    virtual void revokeKey(std::string keyId, QObject *context, Answer<bool> done, EditNote by = {}) = 0;
    /// A new secret for a key, also one that is revoked or asleep. The secret until now works on for `grace`, to a year at most;
    /// one that was rotated away before that ends at once. A revoked one has no grace, and revoking ends both.
    virtual void rotateKey(std::string keyId, config::Millis grace, QObject *context, Answer<CreatedKey> done, EditNote by = {}) = 0;
    /// The same for many at once: all of them or none. They come in the configuration's order, each once. NotFound.
    virtual void rotateKeys(std::vector<std::string> keyIds, config::Millis grace, QObject *context, Answer<std::vector<CreatedKey>> done, EditNote by = {}) = 0;
    virtual void keyUse(QObject *context, Answer<UseSummary> done) = 0;

    // Providers.
    [[nodiscard]] virtual const std::vector<ProviderKindInfo> &providerKinds() const = 0;
    /// Real calls to the provider, step by step; `onStep` as each ends. Cancel by destroying the context.
    virtual void testProvider(config::Provider provider, std::string credential, std::string model, QObject *context,
                              std::function<void(ProbeStep)> onStep, Answer<ProbeReport> done) = 0;
    /// Asks 127.0.0.1 for Ollama, vLLM and LM Studio, 300 ms each, in parallel.
    virtual void findLocalProviders(QObject *context, Answer<std::vector<LocalProvider>> done) = 0;
    /// The provider's own model list.
    virtual void listModels(config::Provider provider, QObject *context, Answer<std::vector<std::string>> done) = 0;
    /// Sends one marked test call through the gateway's own listener with this secret; the answer's text.
    virtual void sendTestCall(std::string secret, std::string model, QObject *context, Answer<std::string> done) = 0;
    [[nodiscard]] virtual std::vector<TargetHealth> health() const = 0; ///< cheap: from memory
    [[nodiscard]] virtual std::vector<ProviderHealth> probes() const = 0; ///< of providers that have a health probe; likewise

    // Calls.
    virtual void calls(CallQuery query, QObject *context, Answer<CallPage> done) = 0;
    virtual void countCalls(CallQuery query, QObject *context, Answer<CallCounts> done) = 0;
    virtual void call(std::string id, QObject *context, Answer<CallDetail> done) = 0;
    virtual void series(SeriesQuery query, QObject *context, Answer<Series> done) = 0;
    /// Calls added up by what they have in common, bucket by bucket of gateway.time_zone.
    virtual void usage(UsageQuery query, QObject *context, Answer<Usage> done) = 0;
    virtual void providerStrips(StripQuery query, QObject *context, Answer<std::vector<ProviderStrip>> done) = 0;
    virtual void histogram(CallQuery query, std::int64_t bucketSeconds, QObject *context, Answer<std::vector<HistogramBin>> done) = 0;
    /// Values seen in the log for a field of the filter, most frequent first: completion.
    virtual void fieldValues(std::string field, std::string prefix, QObject *context, Answer<std::vector<FieldValue>> done) = 0;

    // Plans. Nothing is sent, and nothing changes.
    /// What a call would meet: each node, what it saw and decided and why, and whom it would ask. Errors: those that the call
    /// would get (400, 403, 404); Invalid for an edit that cannot be used; NotFound for a key that is not there.
    virtual void explain(ExplainQuery query, QObject *context, Answer<Explanation> done) = 0;
    /// Takes calls of the log through an edited configuration (core/replay.h). Of one context only the newest is answered;
    /// the others end with Cancelled, or without a word. Destroying the context ends it. Errors: Invalid for an edit that cannot be
    /// used; BadRequest for a sample that is none; those of the log.
    /// @param onProgress  now and then; may be empty
    virtual void replay(config::Config edited, ReplayQuery query, QObject *context, std::function<void(ReplayProgress)> onProgress, Answer<ReplayReport> done) = 0;

    /// Writes configuration, call log, audit and spend into one file, while all goes on. One at a time: Busy. Other errors:
    /// Conflict where something else than a backup has that name; Io. Destroying the context ends it, and leaves no file.
    /// @param onProgress  now and then; may be empty
    virtual void backup(BackupOrder order, QObject *context, std::function<void(BackupProgress)> onProgress, Answer<BackupSummary> done) = 0;

    // Parts with a face of their own. null: this gateway has none.
    [[nodiscard]] virtual CacheTools *cacheTools() { return nullptr; }
    [[nodiscard]] virtual PromptTools *promptTools() { return nullptr; }
    [[nodiscard]] virtual PrivacyTools *privacyTools() { return nullptr; }

    // Now. All cheap: from memory.
    [[nodiscard]] virtual StatsView stats() const = 0;
    /// How every scope with budgets or limits stands: what is used, what is left, when it begins anew, and which rule binds.
    /// Not for many times a second where there are many keys.
    [[nodiscard]] virtual std::vector<ScopeState> scopes() const = 0;
    /// Of these alone, in their order and without what binds them; what has no rules, or is not there, is left out. A customer
    /// stands for all customers, the fullest of them.
    [[nodiscard]] virtual std::vector<ScopeState> scopesOf(const std::vector<ScopeName> &names) const = 0;
    [[nodiscard]] virtual ListenerState listener() const = 0;
    [[nodiscard]] virtual StoreState store() const = 0;
    [[nodiscard]] virtual ArrivalCounts arrivals() const = 0;
    [[nodiscard]] virtual bool demo() const = 0; ///< simulated providers and traffic: the window says so
    [[nodiscard]] virtual std::string dataFolder() const = 0;

    /// Text that stands in a Credential::apiKey for a stored secret that cannot be read back: "••••1a2b". Sent back
    /// unchanged it keeps the stored one.
    static std::string maskedSecret(std::string_view lastFour);
    static bool isMasked(std::string_view text);

Q_SIGNALS:
    void configApplied(quint64 revision);
    void callsCommitted(quint64 upTo);     ///< coalesced: at most 10 a second
    void listenerChanged();
    void storeChanged();
    void keysChanged();                    ///< created, revoked, rotated
};

} // namespace gateway::api
