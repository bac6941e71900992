// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/wire/neutral/chat_request.h"

#include <string_view>

namespace gateway::wire::gemini {

/// Reads a body of generateContent, streamGenerateContent or countTokens, which may wrap it in `generateContentRequest`
/// (wire.md 2). Takes what Google's servers take: names in camelCase and snake_case, one object in place of an array of
/// one, numbers as strings. Model and streaming stand in the URL: the caller of this sets them. Whether thoughts are to be
/// shown is `reasoning.summary`: empty, they are not. What is not known is kept in `unknown`.
/// @param body  must outlive the answer
/// @return BadRequest with `where` for what has the wrong type
Result<ChatRequest> readRequest(std::string_view body);

} // namespace gateway::wire::gemini
