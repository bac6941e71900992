// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/json_pieces.h"

#include <cstdint>
#include <string_view>

/// What the decoder looks at in the objects of answers. A null counts as absent; all views are of the text that was read.
namespace gateway::wire::openai_responses {

/// The members that events have; which of them are there depends on the type.
struct StreamEvent
{
    Chars type {}, delta {}, text {}, refusal {}, arguments {};
    std::int64_t output = -1, content = 0, summary = 0;
    Json part {}, item {}, annotation {}, response {}, error {}, whole {};

    bool read(std::string_view data); ///< false: bad JSON
};

/// The members of an item that are told.
struct ItemMembers
{
    Chars type {}, id {}, callId {}, name {}, arguments {}, encrypted {};
    Json content {}, summary {};

    bool read(Json item); ///< false: bad JSON

    [[nodiscard]] bool isCall() const { return type.raw == "function_call" || type.raw == "custom_tool_call"; }
};

/// A response object: a whole answer, or the state that a stream's events carry.
struct ResponseMembers
{
    Chars id {}, model {}, status {}, incompleteReason {};
    std::int64_t created = 0;
    Json error {}, output {}, usage {};

    bool read(Json response); ///< false: bad JSON
};

} // namespace gateway::wire::openai_responses
