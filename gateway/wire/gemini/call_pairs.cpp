// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/gemini/call_pairs.h"

#include <fmt/format.h>

namespace gateway::wire::gemini {

void CallPairs::beginStep()
{
    m_step.clear();
    m_next = m_calls.size();
}

Chars CallPairs::call(Chars id, Chars name)
{
    const std::size_t number = m_calls.size();
    if (!id.empty())
        m_byId[id.raw] = number;
    else
        id = {m_keeper.keep(fmt::format("call_gemini_{}", number))};
    m_calls.push_back({.id = id});
    m_step[name.raw].push_back(number);
    return id;
}

Chars CallPairs::answer(Chars id, Chars name)
{
    if (const auto known = m_byId.find(id.raw); !id.empty() && known != m_byId.end()) {
        m_calls[known->second].answered = true;
        return id;
    }
    if (Call *call = unanswered(name.raw)) {
        call->answered = true;
        return call->id;
    }
    return id.empty() ? Chars {m_keeper.keep(fmt::format("call_gemini_none_{}", m_orphans++))} : id;
}

CallPairs::Call *CallPairs::unanswered(std::string_view name)
{
    if (const auto named = m_step.find(name); named != m_step.end()) {
        for (auto &waiting = named->second; !waiting.empty();) {
            Call &call = m_calls[waiting.front()];
            waiting.pop_front();
            if (!call.answered)
                return &call;
        }
        return nullptr;
    }
    for (; m_next < m_calls.size(); ++m_next)
        if (!m_calls[m_next].answered)
            return &m_calls[m_next];
    return nullptr;
}

} // namespace gateway::wire::gemini
