// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/privacy/characters.h"
#include "gateway/privacy/number.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

/// What detectors ask of the surroundings of a match, in folded text. Every function looks at a bounded stretch.
namespace gateway::privacy {

/// Whether a match may begin here: no letter, digit or _ stands before it.
[[nodiscard]] bool opens(std::string_view text, std::size_t from);
/// Whether it may end here. A % makes it a share, not a number.
[[nodiscard]] bool closes(std::string_view text, std::size_t to);

/// The same more strictly, for forms without a checksum: neither is it part of a longer thing such as "INV-123-45-6789",
/// "1.123" or "#123".
[[nodiscard]] bool standsAlone(std::string_view text, std::size_t from, std::size_t to);

/// Whether no further group of three or more digits stands a space away: "4111 1111 1111" is part of "4111 1111 1111 1111".
[[nodiscard]] bool standsApart(std::string_view text, std::size_t from, std::size_t to);

/// Letters and digits taken one by one, with at most one space, dash or dot between two of them.
struct Collected
{
    char characters[40]; ///< letters in upper case
    std::size_t size = 0;
    std::size_t to = 0;  ///< where the last one ends
    [[nodiscard]] std::string_view view() const { return {characters, size}; }
};
/// @param count  of letters and digits, at most 40
/// @return nullopt where there are fewer
[[nodiscard]] std::optional<Collected> collect(std::string_view text, std::size_t from, std::size_t count);

/// Where `count` letters begin that stand before `from` by themselves, one space or dash between: "AB" before "12 34 56 C".
[[nodiscard]] std::optional<std::size_t> lettersBefore(std::string_view text, std::size_t from, std::size_t count);

/// The word that ends before `from`, white space and one of . , between; empty where there is none within 24 bytes.
struct WordPlace
{
    std::size_t from = 0, to = 0;
    [[nodiscard]] bool empty() const { return from == to; }
    [[nodiscard]] std::string_view in(std::string_view text) const { return text.substr(from, to - from); }
};
[[nodiscard]] WordPlace wordBefore(std::string_view text, std::size_t from);
/// The word that begins behind `to`, with a space, or one of . , and a space, between.
[[nodiscard]] WordPlace wordAfter(std::string_view text, std::size_t to);

/// Whether one of the words is this one, case aside.
[[nodiscard]] bool isOneOf(std::string_view word, std::span<const std::string_view> words);

} // namespace gateway::privacy
