// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/json_cursor.h"
#include "gateway/wire/neutral/json_pieces.h"

namespace gateway::wire {

/// Takes a string; any other value (null above all) is passed over and leaves `out` as it is. False: bad JSON.
inline bool takeChars(JsonCursor &in, Chars &out)
{
    return in.type() == JsonCursor::Type::String ? in.string(out.raw) : in.skip();
}

} // namespace gateway::wire
