// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_request.h"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::wire::openai_responses {

struct WrittenRequest
{
    std::string body;
    std::vector<Loss> losses;
};

/// Writes a /v1/responses body. Nothing is left with the provider (`store` is false where the caller did not ask for it),
/// and of models that are known to reason the sealed reasoning is asked for, so that it can come back.
/// @param model  plain text
WrittenRequest writeRequest(const ChatRequest &request, std::string_view model);

} // namespace gateway::wire::openai_responses
