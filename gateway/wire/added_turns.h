// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/endpoint.h"
#include "gateway/core/error.h"

#include <string>
#include <string_view>

namespace gateway::wire {

/// A caller's request that goes on: with what the model said to it, and what is said to that. Every other byte stays. Of chat
/// in any caller's format and of text completions. Pure.
/// @param body    JSON
/// @param said    plain; empty: it said nothing
/// @param reply   plain
/// @return NotSupported: another endpoint, or a request without a conversation that can go on
Result<std::string> withTurns(Endpoint endpoint, std::string_view body, std::string_view said, std::string_view reply);

} // namespace gateway::wire
