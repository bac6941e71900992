// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_request.h"

#include <string_view>

namespace gateway::wire {

/// What to do where both say something.
enum class Merge : std::uint8_t {
    Replace, ///< the settings hold
    Fill     ///< the request holds: settings are only for what it leaves open
};

/// Puts a target's parameters into a request.
/// @param settings  parameters alone, read from a body of their own; its text must outlive `request`
void mergeParameters(ChatRequest &request, ChatRequest settings, Merge how);

/// Takes a parameter out, by OpenAI's name for it ("max_tokens", "stop", "logit_bias", or one that no format shares).
/// @return whether it was there
bool dropParameter(ChatRequest &request, std::string_view name);

} // namespace gateway::wire
