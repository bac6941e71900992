// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace gateway::wire {

/// Whose API a caller speaks, told by the path that it called.
enum class CallerFormat : std::uint8_t {
    OpenAi,    ///< chat completions, and all of OpenAI's that is not below
    Responses, ///< OpenAI's /v1/responses
    Anthropic,
    Gemini
};

} // namespace gateway::wire
