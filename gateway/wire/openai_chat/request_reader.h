// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/wire/neutral/chat_request.h"

#include <string_view>

namespace gateway::wire::openai_chat {

/// Reads a /v1/chat/completions body (wire.md 2). Takes what real callers send: content as text or parts, legacy
/// `functions` and `function_call`, reasoning in the histories of DeepSeek and OpenRouter, Gemini's signatures in
/// `extra_content`, `cache_control` on parts. What is not known is kept in `unknown`.
/// @param body  must outlive the answer
/// @return BadRequest with `where` for what has the wrong type
Result<ChatRequest> readRequest(std::string_view body);

} // namespace gateway::wire::openai_chat
