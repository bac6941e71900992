// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/json_writer.h"
#include "gateway/wire/neutral/chat_request.h"

#include <vector>

namespace gateway::wire {

/// The functions to offer to a provider that cannot be told to choose among them: those that the caller's tool_choice
/// names, else all (wire.md 2.3). Tools that only another provider knows are left out and told; so are cache marks, and a
/// choice that names no function there is.
std::vector<const ChatTool *> offeredTools(const ChatRequest &request, std::vector<Loss> &losses);

/// One element of `tools` in OpenAI's form: {type: function, function: {name, description, parameters}}.
/// @param name  as this provider takes it
void writeFunctionTool(JsonWriter &json, const ChatTool &tool, Chars name);

} // namespace gateway::wire
