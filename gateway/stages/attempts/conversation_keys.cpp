// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/conversation_keys.h"

#include "gateway/pipeline/exchange.h"
#include "gateway/pipeline/tenant.h"

#include <cstddef>

namespace gateway::stages {

using wire::ChatMessage;
using wire::Role;

/// A chain of digests, one for each turn. What the gateway or a program puts before it (system turns, which may hold the
/// time of day) is left out.
class ConversationKeys::History
{
public:
    explicit History(const ConversationKeys &keys) : m_keys(keys) {}

    void add(const wire::ChatRequest &request, std::size_t from, std::size_t to)
    {
        for (std::size_t i = from; i < to; ++i) {
            const ChatMessage &message = request.messages[i];
            if (message.role == Role::System || message.role == Role::Developer)
                continue;
            const bool model = message.role == Role::Assistant;
            if (!model || !m_model)
                endTurn();
            m_model = model;
            m_turn += wire::spoken(message);
        }
    }

    void addWords(std::string_view words)
    {
        if (!m_model)
            endTurn();
        m_model = true;
        m_turn += words;
    }

    [[nodiscard]] Key key()
    {
        endTurn();
        return m_digest;
    }

private:
    void endTurn()
    {
        if (m_turn.empty())
            return;
        std::string text(reinterpret_cast<const char *>(m_digest.data()), m_digest.size());
        text.append(m_model ? "model" : "user").append(1, '\0').append(m_turn);
        m_digest = m_keys.of("turn", text);
        m_turn.clear();
    }

    const ConversationKeys &m_keys;
    Key m_digest {};
    std::string m_turn;
    bool m_model = false;
};

ConversationKeys::ConversationKeys(const pipeline::Exchange &x) : m_hasher(x.worker.services.keyHasher), m_scope(pipeline::tenantOf(x))
{
    m_scope.append(x.record.session).append(1, '\0');
}

ConversationKeys::Key ConversationKeys::of(std::string_view what, std::string_view text) const
{
    std::string all = m_scope;
    all.append(what).append(1, '\0').append(text);
    return m_hasher.hash(all);
}

ConversationKeys::Key ConversationKeys::ofSeal(std::string_view seal) const
{
    return of("seal", seal);
}

ConversationKeys::Key ConversationKeys::ofCall(std::string_view callId) const
{
    return of("call", callId);
}

std::vector<ConversationKeys::Key> ConversationKeys::ofTurns(const wire::ChatRequest &request, std::span<const wire::ModelTurn> turns) const
{
    std::vector<Key> keys;
    History history(*this);
    std::size_t at = 0;
    for (const wire::ModelTurn &turn : turns) {
        history.add(request, at, turn.end);
        at = turn.end;
        keys.push_back(history.key());
    }
    return keys;
}

ConversationKeys::Key ConversationKeys::ofAnswer(const wire::ChatRequest &request, std::string_view answer) const
{
    History history(*this);
    history.add(request, 0, request.messages.size());
    history.addWords(answer);
    return history.key();
}

} // namespace gateway::stages
