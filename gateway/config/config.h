// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/alert.h"
#include "gateway/config/boxed.h"
#include "gateway/config/cache_settings.h"
#include "gateway/config/condition.h"
#include "gateway/config/log_sink.h"
#include "gateway/config/privacy.h"
#include "gateway/config/prompt.h"
#include "gateway/config/quota.h"
#include "gateway/config/report.h"
#include "gateway/config/values.h"
#include "gateway/core/calendar.h"
#include "gateway/core/clock.h"
#include "gateway/core/money.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

/// The configuration as plain values, as config.md names them. Text form: yaml_reader.h and yaml_writer.h.
/// The window edits a copy, the store keeps versions of it, pipeline/compile turns it into a CompiledConfig.
namespace gateway::config {

struct Timeouts
{
    std::optional<Millis> connect, firstByte, idle, total;
    bool operator==(const Timeouts &) const = default;
};

struct TlsSettings
{
    std::string cert, key, clientCa; ///< file paths; all empty: plain HTTP
    bool operator==(const TlsSettings &) const = default;
};

struct LogSettings
{
    bool bodies = true;
    Millis keep = std::chrono::days {30};
    Millis keepBodies = std::chrono::days {7};
    std::int64_t maxBody = 256 * 1024;
    std::int64_t maxSize = std::int64_t {20} * 1024 * 1024 * 1024;
    bool fullText = false; ///< words of bodies are found by an index, which takes room
    bool operator==(const LogSettings &) const = default;
};

/// What is fetched for providers that take no addresses of images and files.
struct MediaSettings
{
    std::int64_t maxSize = 20 * 1024 * 1024;       ///< bytes, of one
    Millis timeout = std::chrono::seconds {10};    ///< for all that a call names, redirects and all
    std::vector<std::string> privateNetworks;      ///< CIDR blocks: the private ones from which it may be fetched; else none is
    bool operator==(const MediaSettings &) const = default;
};

enum class Durability : std::uint8_t { Relaxed, Strict };

struct GatewaySettings
{
    std::string listen = "127.0.0.1:8787";
    bool requireKey = true;
    Durability durability = Durability::Relaxed;
    std::int64_t maxBody = 32 * 1024 * 1024;
    std::int64_t maxHeader = 64 * 1024;
    std::int64_t maxAnswer = 64 * 1024 * 1024;
    int maxConnections = 20000;
    Timeouts timeouts {std::chrono::seconds {5}, std::nullopt, std::chrono::seconds {120}, std::chrono::seconds {600}};
    Millis keepalive = std::chrono::seconds {15};
    Millis drainTimeout = std::chrono::seconds {30};
    Millis flush = Millis {100};
    TlsSettings tls;
    std::vector<std::string> cors;
    std::vector<std::string> trustedProxies;
    std::string proxy;
    Secret metricsToken;
    std::string timeZone = "UTC";
    bool allowPrivateUpstreams = true;
    MediaSettings media;
    LogSettings log;
    bool operator==(const GatewaySettings &) const = default;
};

/// Where a credential's values come from.
enum class CredentialSource : std::uint8_t {
    Given,       ///< they stand in it
    Environment, ///< bedrock: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN of the gateway's own environment
    Metadata     ///< vertex: the metadata server of the Google machine that the gateway runs on
};

/// One way to authenticate at a provider. Which of the values a kind takes, kind_fields.h says.
struct Credential
{
    std::string name;
    Secret apiKey;
    int weight = 1;
    std::optional<std::int64_t> rpm, tpm; ///< what the provider lets it have, over all models: kept before it is asked
    Secret serviceAccount;       ///< vertex: the JSON text of a Google service account's key (service_account.h)
    Secret accessKeyId, secretAccessKey, sessionToken; ///< bedrock: AWS access key; the token of a temporary one alone
    std::string tenantId, clientId; ///< azure: client credentials of Entra ID (the tenant with the address of its cloud, where that is not the public one), with
    Secret clientSecret;
    CredentialSource source = CredentialSource::Given;
    bool operator==(const Credential &) const = default;
};

struct BreakerSettings
{
    int failures = 5;
    double failureRate = 0.5;
    int minCalls = 10;
    Millis window = std::chrono::seconds {30};
    Millis cooldown = std::chrono::seconds {15};
    bool operator==(const BreakerSettings &) const = default;
};

/// How a provider is asked whether it works while nobody calls it.
enum class HealthProbe : std::uint8_t {
    Off,
    Models,  ///< for its list of models
    TinyCall ///< for an answer of one token, which costs
};

/// What differs from the catalogue for one model; absent fields come from the catalogue.
struct ModelSettings
{
    std::string id;
    std::optional<Money> inputPerMtok, outputPerMtok, cachedInputPerMtok, cacheWritePerMtok, cacheWrite1hPerMtok, audioInputPerMtok, cachedAudioPerMtok, audioOutputPerMtok;
    std::optional<std::int64_t> context, maxOutput;
    std::optional<bool> tools, vision, jsonSchema, audio; ///< whether it takes them; a call that needs what it does not take passes it over
    bool operator==(const ModelSettings &) const = default;
};

struct Provider
{
    std::string id;   ///< stable, made by the store; kept when renamed
    std::string name;
    std::string kind; ///< a row of providers/provider_table.cpp
    std::string baseUrl; ///< empty: the kind's own
    std::string apiVersion; ///< azure: "2024-10-21"; empty: the surface without versions
    std::map<std::string, std::string> deployments; ///< azure: model name -> deployment
    std::string project, location; ///< vertex: part of the address and path
    std::string region;  ///< bedrock: part of the host name
    bool enabled = true;
    std::vector<Credential> credentials;
    std::map<std::string, std::string> headers;
    BreakerSettings breaker;
    int maxConnections = 512;
    HealthProbe healthProbe = HealthProbe::Off;
    Millis probeEvery = std::chrono::seconds {30}; ///< `every`
    Timeouts timeouts;
    std::vector<ModelSettings> models;
    Quota quota;
    Origin origin = Origin::Database;
    bool operator==(const Provider &) const = default;
};

/// What retry and fallback react to: status codes, a class of codes (5xx), or a word of config.md.
struct FailureSet
{
    std::vector<std::string> items;
    bool operator==(const FailureSet &) const = default;
};

struct Backoff
{
    Millis base {250};
    Millis max {8000};
    bool operator==(const Backoff &) const = default;
};

struct Retry
{
    int attempts = 2; ///< all tries on one target
    FailureSet on {{"408", "409", "425", "5xx", "connect", "timeout", "malformed"}};
    Backoff backoff;
    bool operator==(const Retry &) const = default;
};

struct TargetNode
{
    std::string provider;
    std::string model; ///< "*": what the wildcard route's star matched
    std::string credential; ///< empty: balanced over the provider's
    Timeouts timeouts;
    std::optional<Retry> retry;
    JsonText override_;
    JsonText defaults;
    std::vector<std::string> drop;
    std::optional<std::int64_t> rpm, tpm; ///< of the model, over all credentials and routes that say so: kept before it is asked
    std::string region; ///< where it answers, for calls that must stay in one; empty: the provider's region or location
    bool operator==(const TargetNode &) const = default;
};

struct PlanNode;

struct FallbackNode
{
    std::vector<PlanNode> children;
    bool operator==(const FallbackNode &) const;
};

struct SplitBranch;
struct SplitNode
{
    std::vector<SplitBranch> branches;
    bool operator==(const SplitNode &) const;
};

struct RouteNode
{
    std::string route;
    bool operator==(const RouteNode &) const = default;
};

/// What a balance node looks at when it chooses.
enum class BalanceBy : std::uint8_t {
    Latency,    ///< the fastest: time to first token and tokens a second, of late
    Cost,       ///< the cheapest for this call
    LeastBusy,  ///< the fewest calls in flight
    Usage,      ///< the most room under its declared rpm and tpm
    Weight,     ///< drawn by weight
    RoundRobin, ///< one after another, by weight
    Hash        ///< what `hash_on` says: equal values go to the same one
};

struct BalanceBranch;
/// Chooses the first of `among` for each call; the rest follow in their order of merit where it fails.
struct BalanceNode
{
    BalanceBy by = BalanceBy::Latency;
    std::string hashOn; ///< a condition's field, "metadata.session"; for Hash alone
    std::vector<BalanceBranch> among;
    bool operator==(const BalanceNode &) const;
};

struct WhenBranch;
/// The first branch whose condition holds is taken, else `otherwise`. A branch that fails is not followed by another.
struct WhenNode
{
    std::vector<WhenBranch> branches;
    Boxed<PlanNode> otherwise; ///< `else`; absent: the node leads nowhere, and what stands behind it is asked
    bool operator==(const WhenNode &) const;
};

/// Who has a limit node's counts of their own.
enum class LimitEach : std::uint8_t { Route, Key, Team, Customer };

/// `then` is taken while nothing of what is said is used up, `otherwise` after. The counts are the node's own: of the
/// calls that it sent into `then`, since the gateway started.
struct LimitNode
{
    std::optional<std::int64_t> rpm, tpm, tpd, parallel; ///< requests and tokens a minute, tokens a day, calls at once
    std::optional<Money> amount;                         ///< spent in `per`, by the calendar of gateway.time_zone
    Period per = Period::Day;
    LimitEach each = LimitEach::Route;                   ///< Route: one count for all calls
    Boxed<PlanNode> then;                                ///< always there, but for a fresh one
    Boxed<PlanNode> otherwise;                           ///< `else`; absent: as WhenNode's
    bool operator==(const LimitNode &) const;
};

/// One node of a route's plan tree (config.md, "Plan nodes"). plan_children.h goes over what is below one.
struct PlanNode
{
    std::variant<TargetNode, FallbackNode, SplitNode, RouteNode, BalanceNode, WhenNode, LimitNode> node;
    bool operator==(const PlanNode &) const = default;
};

struct SplitBranch
{
    int weight = 1;
    PlanNode to;
    bool operator==(const SplitBranch &) const = default;
};

/// Written as a bare node where its weight is 1, else as { weight, to }.
struct BalanceBranch
{
    int weight = 1; ///< for Weight, RoundRobin and Hash
    PlanNode to;
    bool operator==(const BalanceBranch &) const = default;
};

struct WhenBranch
{
    Condition condition; ///< `if`
    PlanNode then;
    bool operator==(const WhenBranch &) const = default;
};

inline bool FallbackNode::operator==(const FallbackNode &other) const { return children == other.children; }
inline bool SplitNode::operator==(const SplitNode &other) const { return branches == other.branches; }
inline bool BalanceNode::operator==(const BalanceNode &) const = default;
inline bool WhenNode::operator==(const WhenNode &) const = default;
inline bool LimitNode::operator==(const LimitNode &) const = default;

/// What becomes of a stream that ends too soon once content has gone to the caller.
enum class Rescue : std::uint8_t {
    Error,   ///< the caller is told, in the stream
    Continue ///< another target is asked to go on with the text, where one can; else as Error
};
/// A second attempt for a call whose first has no content yet.
struct Hedge
{
    Millis after {2000};
    bool operator==(const Hedge &) const = default;
};

/// A target that gets a copy of some calls; its answers are only logged.
struct Shadow
{
    std::string provider;
    std::string model;
    double sample = 1; ///< share of the route's calls, above 0 to 1
    bool operator==(const Shadow &) const = default;
};

/// Calls that wait while every target is at its limits.
struct Queue
{
    int max = 0; ///< at a time, of this route; 0: none waits
    Millis timeout = std::chrono::seconds {10};
    bool operator==(const Queue &) const = default;
};

enum class Unsupported : std::uint8_t { Drop, Reject };
enum class OnContentPolicy : std::uint8_t { Return, Fallback };

struct Route
{
    std::string id;
    std::string name; ///< what callers send as "model"; a trailing "*" makes it a wildcard
    std::vector<std::string> aliases;
    bool enabled = true;
    PlanNode plan;
    Retry retry;
    FailureSet fallbackOn {{"408", "409", "425", "5xx", "connect", "timeout", "malformed", "429", "auth", "quota", "not_found", "context_window", "cut"}};
    Rescue rescue = Rescue::Error;
    std::optional<Hedge> hedge;
    std::optional<Shadow> shadow;
    Queue queue;
    Unsupported unsupported = Unsupported::Drop;
    OnContentPolicy onContentPolicy = OnContentPolicy::Return;
    std::optional<RouteCache> cache; ///< absent: its answers are not kept
    PromptCache promptCache;         ///< marks for the provider's own cache of prompts
    std::string privacy;             ///< a policy's name, for calls whose key and team name none; empty: the one called default
    Quota quota;
    Origin origin = Origin::Database;
    bool operator==(const Route &) const = default;
};

struct Team
{
    std::string id;
    std::string name;
    std::string privacy; ///< a policy's name, for keys that name none; empty: the route's
    Quota quota;
    Origin origin = Origin::Database;
    bool operator==(const Team &) const = default;
};

/// What a virtual key may do.
enum class Permission : std::uint8_t {
    Call,        ///< the routes, as calls of any API
    Passthrough, ///< a provider's own API with its credential put in
    ReadLog      ///< the records of its own calls
};

/// What a key's calls get where their caller does not say it.
struct KeyDefaults
{
    std::string route;   ///< asked where the caller names no model; empty: none
    JsonText parameters; ///< by the names of OpenAI's chat API; wire/request_defaults.h says what they are in others
    [[nodiscard]] bool empty() const { return route.empty() && parameters.empty(); }
    bool operator==(const KeyDefaults &) const = default;
};

/// A virtual key. The secret itself is never here after it was made: only its keyed hash (storage/key_hash.h).
struct VirtualKey
{
    std::string id;
    std::string name;
    std::string team;
    Secret secret;        ///< only while an edit brings a new one; the store hashes it and empties this
    std::string hash;     ///< hex of the keyed hash; empty: the key sleeps until it is rotated
    std::string prefix;   ///< first characters, for people to recognise it: "sb-rW2k"
    std::optional<std::vector<std::string>> models; ///< absent: all
    std::optional<WallTime> expires;
    std::vector<std::string> allowFrom; ///< CIDR blocks; empty: from anywhere
    std::set<Permission> permissions {Permission::Call};
    std::map<std::string, std::string> metadata {}; ///< of all its calls: goes over what their callers say of the same name
    KeyDefaults defaults {};
    std::string privacy {};     ///< a policy's name; empty: the team's
    Quota quota;
    bool revoked = false; ///< state: set by revocation, never by the file
    std::string formerHash {};  ///< state: of the secret before this one, for the words of its refusal; empty: there was none
    WallTime formerUntil {};    ///< state: until when that secret works too
    WallTime createdAt {};
    Origin origin = Origin::Database;
    bool operator==(const VirtualKey &) const = default;
};

/// What the bearer of an admin token may do; each may all that the one before may.
enum class AdminRole : std::uint8_t {
    Analyst, ///< read calls, costs and the configuration, which has no secrets
    Admin,   ///< and change it, but for admin tokens
    Owner    ///< and all else
};

/// Opens the admin API, beside the owner's token in the data folder. Its secret is known by its hash alone.
struct AdminToken
{
    std::string id;
    std::string name;
    AdminRole role = AdminRole::Analyst;
    Secret secret;    ///< only while an edit brings a new one; the store hashes it and empties this
    std::string hash; ///< hex of the keyed hash; empty: it opens nothing until it is given a secret
    Origin origin = Origin::Database;
    bool operator==(const AdminToken &) const = default;
};

/// Calls that carry a word in x-signalbox-tags.
struct Tag
{
    std::string id;
    std::string name;
    Quota quota;
    Origin origin = Origin::Database;
    bool operator==(const Tag &) const = default;
};

/// All calls together.
struct Organisation
{
    Quota quota;
    bool operator==(const Organisation &) const = default;
};

/// Whom callers call for. Named by callers, so that nobody lists them: each has the same.
struct Customers
{
    std::string header;                   ///< beside x-signalbox-customer and the body's `user`; empty: none
    std::optional<Budget> defaultBudget;
    std::optional<Limit> defaultLimits;
    bool operator==(const Customers &) const = default;
};

/// Where figures and traces of calls go, beside the window.
struct TelemetrySettings
{
    bool prometheus = true;                         ///< GET /metrics answers
    std::string otlp;                               ///< an OpenTelemetry collector's address, "http://127.0.0.1:4318", below which /v1/traces and its like are; empty: none
    std::map<std::string, std::string> otlpHeaders; ///< sent along; values are secrets, whatever their names say
    bool content = false;                           ///< what was asked and answered goes to the collector too
    std::vector<LogSink> sinks;
    bool operator==(const TelemetrySettings &) const = default;
};

struct Config
{
    GatewaySettings gateway;
    Organisation organisation;
    std::vector<Tag> tags;
    std::vector<Provider> providers;
    std::vector<Route> routes;
    std::vector<Team> teams;
    std::vector<VirtualKey> keys;
    std::vector<AdminToken> adminTokens;
    Customers customers;
    TelemetrySettings telemetry;
    std::vector<PrivacyPolicy> privacyPolicies;
    CacheSettings cache;
    std::vector<Prompt> prompts;
    std::vector<Alert> alerts;
    SmtpSettings smtp;
    std::vector<Report> reports;
    std::set<std::string> fileSections; ///< those of entry_lists.h that the --config file names: read-only elsewhere
    std::set<std::string> fileSettings; ///< of `gateway`, those that the --config file names ("listen", "log.keep"): read-only elsewhere
    bool operator==(const Config &) const = default;
};

} // namespace gateway::config
