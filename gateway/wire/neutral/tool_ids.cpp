// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/neutral/tool_ids.h"

#include <fmt/format.h>

namespace gateway::wire {

std::string makeToolCallId(std::string_view callId, std::uint32_t number)
{
    constexpr std::size_t kept = 21;
    const std::string_view unique = callId.size() > kept ? callId.substr(callId.size() - kept) : callId;
    return fmt::format("call_{:0>21}{:03}", unique, number % 1000);
}

} // namespace gateway::wire
