// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace gateway::wire {

/// Whether these bytes are UTF-8 (RFC 3629). Many bytes at a time (simdjson).
[[nodiscard]] bool isUtf8(std::string_view bytes);

} // namespace gateway::wire
