// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/key_hash.h"
#include "gateway/state/keyed_store.h"
#include "gateway/wire/neutral/lost_reasoning.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::pipeline {
struct Exchange;
}

namespace gateway::stages {

/// Under which keys a call's tenant finds what earlier calls of its session have left. Nobody else can make these keys: the
/// hash is the installation's own, and tenant and session are part of each.
class ConversationKeys
{
public:
    using Key = state::KeyedStore::Key;

    explicit ConversationKeys(const pipeline::Exchange &x);

    /// Of a seal: which provider has given it.
    [[nodiscard]] Key ofSeal(std::string_view seal) const;
    /// Of the answer that made this call of a tool.
    [[nodiscard]] Key ofCall(std::string_view callId) const;
    /// Of turns of the model's in a history, each told from all like it by what was said before.
    /// @param turns  in order
    [[nodiscard]] std::vector<Key> ofTurns(const wire::ChatRequest &request, std::span<const wire::ModelTurn> turns) const;
    /// Of the answer to a request, once it is part of the history.
    /// @param answer  as wire::spoken() would say it
    [[nodiscard]] Key ofAnswer(const wire::ChatRequest &request, std::string_view answer) const;

private:
    /// Adds messages [from, to) to a digest of all before them, one turn after another.
    class History;
    [[nodiscard]] Key of(std::string_view what, std::string_view text) const;

    const KeyHasher &m_hasher;
    std::string m_scope;
};

} // namespace gateway::stages
