// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"

#include <string>
#include <vector>

namespace gateway::telemetry {

/// A conversation as the semantic conventions want it (their schemas of gen_ai.input.messages and its like): JSON texts.
/// Empty: there is none, or the log kept only its beginning.
struct OtlpContent
{
    std::string instructions; ///< system prompts
    std::string input;
    std::string output;
    std::vector<std::string> finishReasons; ///< known also where the answer's text is not
};

/// Reads it out of what the log kept of a chat. Images and the like are named by their type, without their bytes.
[[nodiscard]] OtlpContent contentOf(const CallRecord &call);

} // namespace gateway::telemetry
