// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace gateway::wire {

/// Whether these bytes are UTF-8 (RFC 3629). Many bytes at a time (simdjson).
[[nodiscard]] bool isUtf8(std::string_view bytes);

/// The bytes where they are UTF-8; else text in `room`, with U+FFFD for what is none.
[[nodiscard]] std::string_view validUtf8(std::string_view bytes, std::string &room);

} // namespace gateway::wire
