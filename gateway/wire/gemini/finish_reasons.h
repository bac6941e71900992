// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_event.h"

#include <string_view>

/// Gemini's words for an answer's end (wire.md 4.1). It has none of its own for tool calls: STOP, beside the calls.
namespace gateway::wire::gemini {

FinishReason finishReason(std::string_view word); ///< unknown: Stop

} // namespace gateway::wire::gemini
