// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/wire/neutral/chat_request.h"

#include <string_view>

namespace gateway::wire::openai_responses {

/// Reads a /v1/responses body (wire.md 6.1). `instructions` become the first system turn; items and tools that only this
/// format knows become native parts and tools; thoughts of other providers, which this gateway's own answers carry, get
/// their issuer back. What needs a store is no error here: storeNeeds() tells it (store_needs.h). What is not known is
/// kept in `unknown`.
/// @param body  must outlive the answer
/// @return BadRequest with `where` for what has the wrong type
Result<ChatRequest> readRequest(std::string_view body);

} // namespace gateway::wire::openai_responses
