// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/utf8.h"

#include <simdjson.h>

namespace gateway::wire {

bool isUtf8(std::string_view bytes)
{
    return simdjson::validate_utf8(bytes.data(), bytes.size());
}

} // namespace gateway::wire
