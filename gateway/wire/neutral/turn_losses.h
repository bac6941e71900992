// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_request.h"

#include <string>
#include <string_view>
#include <vector>

/// What turns of one format have that those of another have no place for.
namespace gateway::wire {

/// Whether a part, or something in it, has a cache mark.
[[nodiscard]] bool hasCacheMark(const ChatPart &part);

/// Tells what a turn has of its own that is not in its parts: its `name`, members that no format shares.
void tellMemberLosses(const ChatMessage &message, std::vector<Loss> &losses);

/// Tells what such a turn has no place for beside its parts: its `name`, members that no format shares, cache marks, a wish
/// for places in documents.
void tellTurnLosses(const ChatMessage &message, std::vector<Loss> &losses);

/// A tool's result as one text, as escaped: its words joined, "Error: " before a failure. What is no text is told, and
/// `note` (plain ASCII) stands in its place.
std::string resultText(const ToolResultPart &result, std::string_view note, std::vector<Loss> &losses);

} // namespace gateway::wire
