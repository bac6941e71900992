// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/json_writer.h"
#include "gateway/wire/neutral/chat_request.h"

#include <vector>

namespace gateway::wire::openai_responses {

/// Writes the member `input`.
void writeInput(JsonWriter &json, const ChatRequest &request, std::vector<Loss> &losses);

} // namespace gateway::wire::openai_responses
