// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_request.h"

#include <cstddef>
#include <deque>
#include <map>
#include <string_view>
#include <vector>

namespace gateway::wire::gemini {

/// Finds for every function's answer of a history the call that it answers. Older callers know no ids: then it is the
/// first call of that name in the last step that has no answer yet; where no function of that name was called, the first
/// of any name. Ids that are missing are made, the same for the same history, so that a provider's prompt cache knows it
/// again.
class CallPairs
{
public:
    explicit CallPairs(ChatRequest &keeper) : m_keeper(keeper) {}

    void beginStep(); ///< what the model called before is answered or never will be
    Chars call(Chars id, Chars name);
    Chars answer(Chars id, Chars name);

private:
    struct Call
    {
        Chars id {};
        bool answered = false;
    };

    Call *unanswered(std::string_view name);

    ChatRequest &m_keeper;
    std::vector<Call> m_calls;                                  ///< of the whole history
    std::map<std::string_view, std::size_t> m_byId;             ///< those with an id of the caller's
    std::map<std::string_view, std::deque<std::size_t>> m_step; ///< those of the step, by name
    std::size_t m_next = 0;                                     ///< the step's first that may have no answer
    std::size_t m_orphans = 0;
};

} // namespace gateway::wire::gemini
