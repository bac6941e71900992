// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/core/calendar.h"
#include "gateway/core/clock.h"
#include "gateway/core/key_hash.h"
#include "gateway/core/price_book.h"
#include "gateway/pipeline/cidr.h"
#include "gateway/pipeline/http.h"
#include "gateway/providers/call_proof.h"
#include "gateway/providers/provider_site.h"
#include "gateway/providers/request_head.h"
#include "gateway/routing/plan.h"
#include "gateway/state/quota/rules.h"
#include "gateway/telemetry/worker_stats.h"
#include "gateway/wire/json_members.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

/// The configuration as calls need it: names looked up, references resolved, headers written out. Made by compile.h,
/// immutable, shared by all workers. What outlives an edit (health, counters, connections) is found by stable keys.
namespace gateway::privacy {
class Policy;
}

namespace gateway::pipeline {

class PromptLibrary;

/// How long an attempt may take, merged: target over provider over gateway.
struct TimeLimits
{
    Duration connect {};
    std::optional<Duration> firstByte; ///< nullopt: 60 s for streams, the total for whole answers (config.md, Timeouts)
    Duration idle {};
    Duration total {};
};

/// One way to authenticate at a provider.
struct CompiledCredential
{
    std::string name;
    providers::RequestHead head;          ///< holds the secret, where it is sent as it is
    providers::CallProof proof {};        ///< what every call shows beside its head
    UpstreamAddress tokenAddress {};      ///< where tokens are asked for, where those are the proof
    std::uint64_t fingerprint = 0;        ///< of all its values: another one is another credential
};

struct CompiledProvider;

/// Who will believe what that provider has sealed in this format: itself, by its id, or all who serve Claude on Anthropic's
/// behalf (Anthropic, Bedrock and Vertex take one another's).
[[nodiscard]] std::string_view issuerOf(const CompiledProvider &provider, wire::WireFormat format);

struct CompiledProvider
{
    std::string id;
    std::string name;
    std::optional<providers::ProviderSite> site; ///< nullopt only where the configuration has errors
    UpstreamAddress address;
    std::vector<CompiledCredential> credentials; ///< never empty: a nameless one where no key is needed
    std::vector<config::ModelSettings> models;   ///< what differs from the catalogue
    std::vector<std::string> secrets;            ///< what is masked in its words, longest first; never shown
    std::shared_ptr<const routing::Plan> passthrough; ///< to its own API, with one target for all models; null: it is off or has no credential
    state::ScopeRules quota {};                  ///< of the attempts at it
    telemetry::Slot slot = 0;

    [[nodiscard]] const providers::ProviderKind &kind() const { return site->kind(); }
    [[nodiscard]] ModelFacts facts(const PriceBook &prices, std::string_view model) const;
};

/// What an attempt at one target of a plan needs beside routing's view of it.
struct CompiledTarget
{
    std::shared_ptr<const routing::Target> routing;
    TimeLimits limits;
    std::vector<wire::JsonMember> overrides; ///< always set
    std::vector<wire::JsonMember> defaults;  ///< set where absent
    std::vector<std::string> drops;
    bool wildcard = false;                   ///< the model has a star: its prices are looked up by call
    bool passthrough = false;                ///< of a provider's whole API: what comes of its calls says nothing of any model's health
    std::optional<Prices> prices;            ///< nullopt: unknown
    std::optional<std::int64_t> maxOutput {}; ///< tokens; nullopt: unknown, or of a wildcard
};

/// Who gets a copy of some calls.
struct CompiledShadow
{
    std::shared_ptr<const routing::Target> target;
    double sample = 1; ///< share of calls, above 0 to 1
};

struct CompiledRoute
{
    std::string id;
    std::string name;
    bool wildcard = false;       ///< the name ended in "*": `prefix` is what stands before it
    std::string prefix;
    routing::Plan plan;
    config::Unsupported unsupported = config::Unsupported::Drop;
    config::Rescue rescue = config::Rescue::Error;
    std::optional<Duration> hedgeAfter; ///< nullopt: one attempt at a time
    std::optional<CompiledShadow> shadow;
    config::Queue queue;         ///< `max` of 0: no call waits
    std::uint64_t line = 0;      ///< in the queue: stable over edits
    state::ScopeRules quota {};  ///< of the calls that ask for it
    std::optional<config::RouteCache> cache {}; ///< nullopt: its answers are not kept
    config::PromptCache promptCache {};  ///< marks for providers' caches
    std::shared_ptr<const privacy::Policy> privacy {}; ///< the one that it names; null: none
    telemetry::Slot slot = 0;
};

/// What a key puts into its calls.
struct KeyAdditions
{
    std::string metadata;                     ///< JSON object; empty: none
    std::string route;                        ///< asked where the caller names no model; empty: none
    std::vector<wire::JsonMember> parameters; ///< set where the caller does not (wire/request_defaults.h)
};

/// A virtual key as calls meet it.
struct CompiledKey
{
    std::string id;
    std::string name;
    std::string team;
    KeyHasher::Digest digest {};
    bool everyModel = true;
    std::vector<std::string> models; ///< names of routes; a trailing "*" stands for any rest; aliases are resolved
    std::optional<WallTime> expires;
    std::vector<Network> allowFrom;  ///< empty: from anywhere
    bool revoked = false;
    std::optional<WallTime> formerUntil {}; ///< this is its secret before the newest one: refused from then on
    bool mayCall = true;
    bool mayPassthrough = false;     ///< providers' own APIs
    bool mayReadLog = false;         ///< the records of its own calls
    telemetry::Slot teamSlot = 0;
    std::shared_ptr<const KeyAdditions> adds {}; ///< null: nothing, as most
    std::shared_ptr<const privacy::Policy> privacy {}; ///< the one that it names, or its team does; null: neither
    state::ScopeRules quota {};

    /// Whether the key may use this route under the name that the caller wrote.
    [[nodiscard]] bool allows(std::string_view asked, std::string_view route) const;
};

/// Lets maps of std::string be asked with string_views.
struct TextHash
{
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view> {}(text); }
};

struct DigestHash
{
    std::size_t operator()(const KeyHasher::Digest &digest) const
    {
        std::size_t hash = 0; // a digest is evenly spread already
        std::memcpy(&hash, digest.data(), sizeof hash);
        return hash;
    }
};

/// Budgets and limits that belong to no provider, route or key. What has none is not in it.
struct CompiledQuotas
{
    using Named = std::unordered_map<std::string, state::ScopeRules, TextHash, std::equal_to<>>;
    state::ScopeRules organisation {};
    Named teams {}, tags {};
    state::ScopeRules customers {};          ///< each has the same
    std::string customerHeader {};           ///< names the customer, where x-signalbox-customer does not; empty: none
    bool any = false;                        ///< some scope has a rule, providers too
    bool exact = false;                      ///< some budget reserves what calls can cost at most
    bool ofProviders = false;                ///< some provider has one

    /// null: it has none
    [[nodiscard]] const state::ScopeRules *team(std::string_view name) const { return find(teams, name); }
    [[nodiscard]] const state::ScopeRules *tag(std::string_view name) const { return find(tags, name); }

private:
    static const state::ScopeRules *find(const Named &named, std::string_view name)
    {
        const auto found = named.find(name);
        return found == named.end() ? nullptr : &found->second;
    }
};

struct CompiledConfig
{
    config::GatewaySettings gateway;
    std::int64_t compiledAt = 0;             ///< seconds since 1970: `created` of its models
    bool listensOnLoopback = true;
    bool metrics = true;                     ///< /metrics answers
    bool countsPlaces = false;               ///< some route has a queue: its calls want to know how many are under way at a provider
    std::vector<Network> trustedProxies;
    std::vector<Network> mediaNetworks;      ///< private ones from which what callers name may be fetched
    std::shared_ptr<const PriceBook> prices; ///< the catalogue
    std::shared_ptr<const Calendar> calendar; ///< of gateway.time_zone
    CompiledQuotas quotas;
    telemetry::Slot defaultTeamSlot = 0;     ///< of team "default", for calls without a key
    std::uint64_t policiesMark = 0;          ///< another one, where any privacy policy is another
    std::shared_ptr<const privacy::Policy> usualPolicy; ///< of calls for which nobody names one; null: they are not looked at
    config::CacheSettings cache;
    std::shared_ptr<const CompiledRoute> embedder; ///< whom the semantic cache asks for vectors of questions; null: it needs nobody
    std::shared_ptr<const PromptLibrary> prompts; ///< null: there are none

    std::vector<CompiledProvider> providers;
    std::vector<CompiledTarget> targets;     ///< routing::Target::index counts here
    std::vector<CompiledRoute> routes;       ///< enabled ones, in the configuration's order
    std::unordered_map<std::string, std::uint32_t, TextHash, std::equal_to<>> routeByName; ///< names and aliases
    std::vector<std::uint32_t> wildcards;    ///< longest prefix first
    std::unordered_map<KeyHasher::Digest, CompiledKey, DigestHash> keys; ///< a key with a former secret is there under both

    /// By wire::WireFormat: whether providers in it would not believe one another's seals (conversation repair).
    std::array<bool, wire::formatCount> severalIssuers {};

    /// What a model name leads to.
    struct Match
    {
        const CompiledRoute *route = nullptr;
        std::string_view star {};            ///< what a wildcard's star stands for; part of `model`
    };
    /// The route of that name or alias, else the wildcard with the longest prefix; nullopt: none.
    [[nodiscard]] std::optional<Match> findRoute(std::string_view model) const;
    /// The key of that digest, compared in constant time; null: none.
    [[nodiscard]] const CompiledKey *findKey(const KeyHasher::Digest &digest) const;
    /// Lets what `key` was rotated from lead to it too, as `formerHash` and `formerUntil` say; nothing where they name none. A secret
    /// that another key has now stays that one's.
    void addFormerSecret(const CompiledKey &key, std::string_view formerHash, WallTime formerUntil);
    /// The route's name or alias that is nearest to a misspelt one, of those that the key may use; empty: none is near.
    [[nodiscard]] std::string_view nearestRoute(std::string_view model, const CompiledKey *key) const;
};

} // namespace gateway::pipeline
