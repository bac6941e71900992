// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/json_cursor.h"
#include "gateway/wire/neutral/json_pieces.h"

#include <cstdint>

namespace gateway::wire::openai_responses {

/// Takes a whole number; any other value is passed over and leaves `out` as it is. False: bad JSON.
inline bool takeInteger(JsonCursor &in, std::int64_t &out)
{
    const auto value = in.integer();
    out = value.value_or(out);
    return value || in.skip();
}

/// Takes any value unread; a null is passed over. False: bad JSON.
inline bool takeJson(JsonCursor &in, Json &out)
{
    return in.type() == JsonCursor::Type::Null ? in.skip() : in.skip(out.raw);
}

} // namespace gateway::wire::openai_responses
