// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/cached_answer.h"
#include "gateway/core/endpoint.h"
#include "gateway/wire/caller_format.h"
#include "gateway/wire/canonical_json.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace gateway::stages {

/// What an answer depends on beside the caller's body. Views; each is told apart from its neighbours.
struct CacheScope
{
    std::string_view tenant {};        ///< pipeline::tenantOf(); empty: the route shares its answers between all tenants
    std::string_view nameSpace {};
    std::string_view route {};         ///< its id
    std::string_view star {};          ///< what a wildcard's star stands for
    std::string_view promptVersion {}; ///< "name@3"; empty: none was expanded
    std::string_view pathModel {};     ///< the model that the path names
    Endpoint endpoint = Endpoint::ChatCompletions;
    wire::CallerFormat format = wire::CallerFormat::OpenAi;
    /// Whatever else changes the answer: headers that go upstream (anthropic-beta), the branch that a plan's conditions chose.
    std::span<const std::pair<std::string_view, std::string_view>> also {};
};

/// Members of a body that do not change what is answered: how it is delivered, and what is meant for the gateway.
/// `user` and `metadata` stay in: what was answered for one end user is not given to another.
inline constexpr std::string_view uncountedMembers[] {"stream", "stream_options", "signalbox"};

/// Makes the keys of answers. One for each worker; keeps its memory between calls.
class CacheKeys
{
public:
    /// @param hasher  the installation's; outlives it
    explicit CacheKeys(const KeyHasher &hasher) : m_hasher(hasher), m_json(hasher) {}

    /// Two calls have the same key if and only if the same answer serves both (but for chance: 256 bits).
    /// @param body      one JSON value; its form is that of wire/canonical_json.h
    /// @param delivery  mixed in where the answer cannot be had from one delivery in the other (answerIsConvertible() of wire/answer_delivery.h)
    /// @return nullopt: the body is no JSON, or nests too deep: nothing is cached
    [[nodiscard]] std::optional<AnswerKey> keyOf(const CacheScope &scope, std::string_view body, std::optional<bool> delivery = std::nullopt);

    /// The key of all that a question depends on but its own words: whose questions may be compared by likeness.
    /// @param question  the last turn within `body`
    [[nodiscard]] std::optional<AnswerKey> conversationOf(const CacheScope &scope, std::string_view body, wire::Span question);

private:
    std::optional<AnswerKey> hash(std::string_view what, const CacheScope &scope, std::string_view body, wire::Span omitted, std::optional<bool> delivery);

    const KeyHasher &m_hasher;
    wire::CanonicalJson m_json;
    std::string m_text;
};

} // namespace gateway::stages
