// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/money.h"
#include "gateway/core/token_usage.h"
#include "gateway/wire/json_members.h"
#include "gateway/wire/json_writer.h"
#include "gateway/wire/openai_responses/output_items.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::wire::openai_responses {

/// What a response repeats of its request, since SDKs read it there: instructions, tools, tool_choice, text, reasoning and
/// their like, with OpenAI's defaults for what was not said. `store` is false where it was not: nothing is kept here.
struct Echo
{
    std::vector<JsonMember> members; ///< values on one line each
};

/// @param requestBody  as the caller sent it; what cannot be read counts as not said
Echo echoOf(std::string_view requestBody);

/// What an answer says of itself, whatever the provider called it.
struct AnswerHead
{
    std::string id;              ///< plain text, "resp_..."; used where the provider's is none of this format
    std::string model;           ///< plain text: what the caller asked for
    std::int64_t created = 0;    ///< Unix seconds; used where the provider gives none
    Echo echo = echoOf({});
};

/// Takes what the provider says of id and time.
void takeStart(AnswerHead &head, const AnswerStart &start);

/// The id without its prefix, for the ids of items.
std::string_view stemOf(std::string_view responseId);

enum class ResponseStatus : std::uint8_t { InProgress, Completed, Incomplete, Failed };
ResponseStatus statusOf(FinishReason reason);
std::string_view toText(ResponseStatus status);

/// The response object: with the items and the usage once it is no longer in progress.
void writeResponse(JsonWriter &json, const AnswerHead &head, ResponseStatus status, const OutputItems &items, const std::optional<TokenUsage> &usage,
                   std::optional<Money> cost);

} // namespace gateway::wire::openai_responses
