// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_event.h"

#include <string_view>

/// Anthropic's words for an answer's end, each way (wire.md 4.1, 5.2).
namespace gateway::wire::anthropic {

FinishReason finishReason(std::string_view stopReason); ///< unknown: Stop
std::string_view stopReason(FinishReason reason);

} // namespace gateway::wire::anthropic
