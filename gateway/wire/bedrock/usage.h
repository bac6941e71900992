// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/token_usage.h"

#include <optional>
#include <string_view>

namespace gateway::wire::bedrock {

/// Reads a Converse `usage` object (wire.md 4.3). Its inputTokens are those that no cache knew. nullopt: it is no object, or
/// has no count.
std::optional<TokenUsage> readUsage(std::string_view usageObject);

} // namespace gateway::wire::bedrock
