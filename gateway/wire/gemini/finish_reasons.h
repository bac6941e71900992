// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_event.h"

#include <string_view>

/// Gemini's words for an answer's end, each way (wire.md 4.1). It has none of its own for tool calls: STOP, beside the calls.
namespace gateway::wire::gemini {

FinishReason finishReason(std::string_view word); ///< unknown: Stop

/// @param native  the provider's word: kept where it is one of Gemini's that means `reason`
std::string_view finishWord(FinishReason reason, std::string_view native);

} // namespace gateway::wire::gemini
