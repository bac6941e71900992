// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/core/clock.h"
#include "gateway/core/error.h"

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

/// One key that a target can be called with.
struct CredentialRef
{
    std::string name;
    std::uint32_t index = 0;  ///< into the provider's credentials
    int weight = 1;
    std::uint64_t healthId = 0;    ///< stable over edits: stableId(provider id, credential name)
    std::uint64_t fingerprint = 0; ///< of all its values: another one ends the rest of a rejected key
};

/// Which failures a policy reacts to, made from the words of config.md:
///   408 (any status, also seen inside a 200), 5xx (a class of statuses), 429 (rate limits, however they are said),
///   connect (DNS, connection, TLS, connect limit), timeout (any time limit), malformed (also too large, redirects),
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
};

struct Node;
struct Fallback { std::vector<Node> children; };
struct Branch;
struct Split { std::vector<Branch> branches; int totalWeight = 0; };
struct Node { std::variant<std::shared_ptr<const Target>, Fallback, Split, std::shared_ptr<const Node>> value; }; ///< the last: another route's plan
struct Branch { int weight = 1; Node to; };

struct Plan
{
    Node root;
    FailureFilter fallbackOn;
    bool fallbackOnContentPolicy = false;
};

} // namespace gateway::routing
