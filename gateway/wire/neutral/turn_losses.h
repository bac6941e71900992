// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_request.h"

#include <string>
#include <string_view>
#include <vector>

/// For formats whose turns hold a role and words and little more (Cohere, Ollama).
namespace gateway::wire {

/// Tells what such a turn has no place for beside its parts: its `name`, members that no format shares, cache marks, a wish
/// for places in documents.
void tellTurnLosses(const ChatMessage &message, std::vector<Loss> &losses);

/// A tool's result as one text, as escaped: its words joined, "Error: " before a failure. What is no text is told, and
/// `note` (plain ASCII) stands in its place.
std::string resultText(const ToolResultPart &result, std::string_view note, std::vector<Loss> &losses);

} // namespace gateway::wire
