// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_request.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace gateway::wire {

/// "none" to "xhigh", and Anthropic's "max".
std::optional<Reasoning::Effort> reasoningEffort(std::string_view word);
std::string_view toText(Reasoning::Effort effort);

/// The thinking tokens that an effort stands for, and back (wire.md 2.6, 5.1).
std::int64_t budgetOf(Reasoning::Effort effort);
Reasoning::Effort effortOf(std::int64_t budgetTokens);

} // namespace gateway::wire
