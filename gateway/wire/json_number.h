// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace gateway::wire {

/// Whether the text is a number by JSON's grammar (RFC 8259, 6), every byte of it looked at: JsonCursor lets "1.2.3" pass.
[[nodiscard]] bool isJsonNumber(std::string_view text);

/// The value of such a number, for limits and for floats, never to be written again: digits travel as they are. What is
/// too large for the type is infinite, what is too small is 0. Knows no locale.
[[nodiscard]] double doubleOf(std::string_view number);
[[nodiscard]] float floatOf(std::string_view number);

} // namespace gateway::wire
