// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What differs between two texts: by the longest common subsequence of their lines, words or other parts. Pure.
namespace gateway {

struct DiffLine
{
    enum class Kind : std::uint8_t { Equal, Removed, Added };
    Kind kind = Kind::Equal;
    std::string text; ///< without its line end
    bool operator==(const DiffLine &) const = default;
};

/// Parts in their order, with as many equal ones as there can be; past some thousand that differ, all of them are removed and
/// added.
std::vector<DiffLine> diffParts(std::span<const std::string_view> before, std::span<const std::string_view> after);

/// The lines of two texts, likewise.
std::vector<DiffLine> diffLines(std::string_view before, std::string_view after);

/// Two lines by their words: stretches that are equal, went or came. What is between words counts as such.
std::vector<DiffLine> diffWords(std::string_view before, std::string_view after);

/// Of each line whether it is shown: it differs, or is at most so many lines away from one that does.
std::vector<bool> nearChanges(std::span<const DiffLine> lines, std::size_t context);

} // namespace gateway
