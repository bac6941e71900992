// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/money.h"
#include "gateway/core/token_usage.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::wire {

/// Whether a provider's completion_tokens hold the reasoning tokens (wire.md 11, trap 12).
enum class ReasoningCount : std::uint8_t {
    Included, ///< OpenAI's way
    Separate, ///< xAI: total = prompt + completion + reasoning
    Unsure    ///< DeepInfra: separate where there are more reasoning tokens than completion tokens
};

/// Reads a `usage` object in OpenAI's spelling, with the extensions of others (DeepSeek's prompt_cache_hit_tokens,
/// Anthropic-like cache_creation_input_tokens). Where total_tokens tells that reasoning is counted apart it is added
/// whatever `reasoning` says. nullopt: not an object, or no count in it.
std::optional<TokenUsage> readUsage(std::string_view usageObject, ReasoningCount reasoning = ReasoningCount::Included);

/// `usageObject` with `"cost":0.00123` (USD) put in as its last member, in place of a cost that is already there.
std::string withCost(std::string_view usageObject, Money cost);

/// A `usage` object in OpenAI's spelling, for callers who asked and whose provider gave none.
std::string writeUsage(const TokenUsage &usage);

} // namespace gateway::wire
