// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_event.h"

#include <string_view>

/// OpenAI's words and those of its imitators, each way (wire.md 4.1).
namespace gateway::wire::openai_chat {

FinishReason finishReason(std::string_view word);    ///< unknown: Stop
std::string_view finishWord(FinishReason reason);

/// `format` of a block of reasoning_details: who made it and believes it when it comes back.
WireFormat reasoningIssuer(std::string_view format);
std::string_view reasoningFormat(WireFormat issuer);

} // namespace gateway::wire::openai_chat
