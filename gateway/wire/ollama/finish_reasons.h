// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_event.h"

#include <string_view>

/// Ollama's words for an answer's end (wire.md 4.1). It has none for tool calls: any, beside the calls.
namespace gateway::wire::ollama {

FinishReason finishReason(std::string_view doneReason, bool calls); ///< unknown or absent: Stop

} // namespace gateway::wire::ollama
