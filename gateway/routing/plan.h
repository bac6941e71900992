// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/core/clock.h"
#include "gateway/core/error.h"
#include "gateway/core/price_book.h"

#include <bitset>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// A route's plan tree, ready for decisions: references are checked and resolved, policies are merged from route and
/// target. Made once per configuration by pipeline/compile, immutable, shared by all workers.
namespace gateway::routing {

class Condition;
struct Field;

/// What a provider or its contract lets a target be asked in a minute.
struct RateLimits
{
    std::optional<std::int64_t> rpm, tpm;
    [[nodiscard]] bool empty() const { return !rpm && !tpm; }
};

/// One key that a target can be called with.
struct CredentialRef
{
    std::string name;
    std::uint32_t index = 0;  ///< into the provider's credentials
    int weight = 1;
    std::uint64_t healthId = 0;    ///< stable over edits: stableId(provider id, credential name)
    std::uint64_t fingerprint = 0; ///< of all its values: another one ends the rest of a rejected key
    RateLimits limits {};          ///< over all models that are asked with it
};

/// Which failures a policy reacts to, made from the words of config.md:
///   408 (any status, also seen inside a 200), 5xx (a class of statuses), 429 (rate limits, however they are said),
///   connect (no free connection, DNS, connection, TLS, connect limit), timeout (any time limit), malformed (also too large, redirects),
///   auth, quota, not_found, context_window, content_policy, cut.
class FailureFilter
{
public:
    /// @param httpStatus  0 where no status line came
    [[nodiscard]] bool matches(ErrorCode code, int httpStatus) const;
    /// Invalid for a word that is none of the above; the message names the nearest one.
    static Result<FailureFilter> fromConfig(const config::FailureSet &set);

private:
    std::bitset<600> m_statuses;
    std::bitset<64> m_codes;
};

struct RetryPolicy
{
    int attempts = 2; ///< all tries on one target, with one credential or several
    FailureFilter on;
    Duration backoffBase {};
    Duration backoffMax {};
};

/// What a target's model can take; nullopt: not known, which keeps nothing from it.
struct Capabilities
{
    std::optional<bool> vision, audio, tools, jsonSchema;
};

/// A target with all that an attempt needs, as far as routing is concerned.
struct Target
{
    std::uint32_t index = 0;      ///< into CompiledConfig's targets: what encodes and sends it
    std::uint32_t provider = 0;   ///< into CompiledConfig's providers
    std::string providerName;
    std::uint64_t providerHealthId = 0; ///< stable over edits: stableId(provider id)
    std::string model;            ///< "*" where the wildcard's match is put in
    std::uint64_t modelId = 0;    ///< stableId(model)
    std::vector<CredentialRef> credentials; ///< never empty: a provider without keys has one nameless credential
    RetryPolicy retry;
    config::BreakerSettings breaker; ///< the provider's
    std::optional<std::int64_t> contextWindow; ///< tokens, where known
    Capabilities can {};
    RateLimits limits {};         ///< of the model, over all its credentials
    std::string region {};        ///< where it answers: "eu-central-1"; empty: not known
    std::optional<Prices> prices {}; ///< nullopt: unknown, or of a wildcard, whose models have their own
    bool takesPrefix = false;     ///< the model goes on with an answer that another began; of a wildcard: one of its models may
};

/// The model as it is sent upstream: with what a wildcard's star stands for, put together in `room` where there is one.
[[nodiscard]] std::string_view modelOf(const Target &target, std::string_view star, std::string &room);
/// Its id for health: the same that a target naming the model outright has.
[[nodiscard]] std::uint64_t modelIdOf(const Target &target, std::string_view star);

/// The tree. Deeper than this it does not go, routes within routes included: compile refuses it.
inline constexpr int deepestPlan = 32;

struct Node;
struct Fallback { std::vector<Node> children; };

struct Branch;
struct Split { std::vector<Branch> branches; int totalWeight = 0; };

/// One of a balance node's, with what is needed to judge it.
struct Choice;
struct Balance
{
    config::BalanceBy by = config::BalanceBy::Latency;
    std::shared_ptr<const Field> hashOn {}; ///< for Hash alone
    std::vector<Choice> among;              ///< at most 32
    std::uint64_t id = 0;                   ///< stable over edits: of its route and place
};

struct Case;
struct When
{
    std::vector<Case> cases;
    std::vector<Node> otherwise;            ///< one or none
};

struct Limit
{
    std::uint64_t id = 0;                   ///< stable over edits: of its route and place
    std::optional<std::int64_t> rpm, tpm, tpd, parallel;
    std::optional<Money> amount;
    Period per = Period::Day;
    config::LimitEach each = config::LimitEach::Route;
    std::shared_ptr<const Calendar> calendar {}; ///< for `amount`
    std::vector<Node> then, otherwise;      ///< one or none of each
};

/// Another route's plan.
struct Nested
{
    std::shared_ptr<const Node> plan;
    std::string route {};
};

struct Node
{
    std::variant<std::shared_ptr<const Target>, Fallback, Split, Balance, When, Limit, Nested> value;
    std::string place {};                   ///< within its route: "plan.when[0].then"
};

struct Branch { int weight = 1; Node to; };
struct Choice
{
    int weight = 1;
    std::uint64_t identity = 0;             ///< of what it leads to: keeps its keys when others come and go
    std::shared_ptr<const Target> judgedBy {}; ///< its first target; null: it has none
    Node to;
};
struct Case { std::shared_ptr<const Condition> condition; Node then; };

struct Plan
{
    Node root;
    FailureFilter fallbackOn;
    bool fallbackOnContentPolicy = false;
};

} // namespace gateway::routing
