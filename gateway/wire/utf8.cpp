// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/utf8.h"

#include "gateway/core/text.h"

#include <simdjson.h>

namespace gateway::wire {

bool isUtf8(std::string_view bytes)
{
    return simdjson::validate_utf8(bytes.data(), bytes.size());
}

std::string_view validUtf8(std::string_view bytes, std::string &room)
{
    if (isUtf8(bytes))
        return bytes;
    return room = toValidUtf8(bytes);
}

} // namespace gateway::wire
