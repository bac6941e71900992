// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_event.h"

#include <string_view>

/// Cohere's words for an answer's end (wire.md 4.1).
namespace gateway::wire::cohere {

FinishReason finishReason(std::string_view word); ///< unknown: Stop

} // namespace gateway::wire::cohere
