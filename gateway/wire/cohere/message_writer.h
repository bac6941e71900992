// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/cohere/tool_names.h"
#include "gateway/wire/json_writer.h"

#include <vector>

namespace gateway::wire::cohere {

/// Writes `messages`: every turn in its place, none empty, tool results one a turn (wire.md 2.1, 2.2).
void writeMessages(JsonWriter &json, const ChatRequest &request, const ToolNames &names, std::vector<Loss> &losses);

} // namespace gateway::wire::cohere
