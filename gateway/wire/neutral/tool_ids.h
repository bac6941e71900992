// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gateway::wire {

/// Makes ids for tool calls whose provider gives none: `call_` and 24 letters and digits, of which the last three count
/// the answer's calls and the others are the end of the gateway's call id, which is unique.
std::string makeToolCallId(std::string_view callId, std::uint32_t number);

} // namespace gateway::wire
