// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_request.h"

#include <cstddef>
#include <map>
#include <string_view>
#include <vector>

namespace gateway::wire {

/// The calls of a history, for formats without ids: there a result belongs to a call by its name, and results of one name
/// stand in the order of their calls. Of equal ids the nearest call before a result is the one that it answers. Views
/// into the request, which has to outlive it.
class CallOrder
{
public:
    void add(const ToolCallPart &call);
    /// The function that a result is of; empty: it names none, and its call is not known.
    [[nodiscard]] Chars nameOf(const ToolResultPart &result) const;
    /// The parts of the tool turns that begin at `next`, which moves behind them, in the order of their calls; what
    /// answers none of them comes last.
    std::vector<const ChatPart *> takeResults(const std::vector<ChatMessage> &messages, std::size_t &next) const;

private:
    struct Call
    {
        std::size_t number = 0; ///< which one it was
        Chars name {};
    };

    std::map<std::string_view, Call> m_calls; ///< by id
    std::size_t m_count = 0;
};

} // namespace gateway::wire
