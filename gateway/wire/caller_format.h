// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace gateway::wire {

/// Whose API a caller speaks, told by the path that it called.
enum class CallerFormat : std::uint8_t { OpenAi, Anthropic, Gemini };

} // namespace gateway::wire
