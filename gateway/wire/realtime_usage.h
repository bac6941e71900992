// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/token_usage.h"

#include <optional>
#include <string_view>

namespace gateway::wire {

/// What an event of OpenAI's realtime API tells of the tokens of one response: those of `response.done`, text and sound,
/// cached ones apart. nullopt: another event, or one that counts nothing.
/// @param event  a whole text message
std::optional<TokenUsage> usageOfRealtimeEvent(std::string_view event);

/// Whether an event is mostly sound in base64, by its first bytes: not worth keeping for people to read.
bool isRealtimeSound(std::string_view event);

} // namespace gateway::wire
