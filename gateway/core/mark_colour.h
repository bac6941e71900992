// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

/// The colours that calls can be marked with (CallMark::colour), by their names.
namespace gateway {

/// Of 1 to 6, in this order.
inline constexpr std::array<std::string_view, 6> markColours {"red", "orange", "yellow", "green", "blue", "violet"};
inline constexpr std::size_t longestMarkComment = 2000; ///< bytes

/// Empty: 0, or no colour.
[[nodiscard]] std::string_view markColourName(int colour);
/// Of a name or a number, "red" or "1"; "none" and "0" are 0. nullopt: it is no colour.
[[nodiscard]] std::optional<int> markColourOf(std::string_view word);

} // namespace gateway
