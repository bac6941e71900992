// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

namespace gateway::privacy {

/// What stands between two groups of digits of one number.
enum class Gap : std::uint8_t {
    None,  ///< before the first
    Space,
    Dash,
    Dot,
    Slash,
    Paren, ///< a bracket, with or without a space
    Wide   ///< more than one character
};

struct DigitGroup
{
    std::uint32_t from = 0, to = 0; ///< in the folded text
    std::uint32_t digit = 0;        ///< the place of its first digit among all that were read with it
    Gap before = Gap::None;
    [[nodiscard]] std::size_t size() const { return to - from; }
};

/// Some groups of digits that stand side by side, as one number: "4111 1111 1111 1111".
struct Number
{
    std::string_view digits;            ///< without what is between the groups
    std::span<const DigitGroup> groups; ///< at least one; `before` of the first one says what is left of the number
    Gap after = Gap::None;              ///< what is between it and further groups

    [[nodiscard]] std::size_t from() const { return groups.front().from; }
    [[nodiscard]] std::size_t to() const { return groups.back().to; }
    [[nodiscard]] std::string_view digitsOf(std::size_t group) const { return digits.substr(groups[group].digit - groups[0].digit, groups[group].size()); }

    /// Whether the groups have these sizes, one for one.
    [[nodiscard]] bool shaped(std::initializer_list<std::size_t> sizes) const
    {
        if (sizes.size() != groups.size())
            return false;
        const std::size_t *size = sizes.begin();
        for (const DigitGroup &group : groups) {
            if (group.size() != *size++)
                return false;
        }
        return true;
    }
    [[nodiscard]] bool whole() const { return groups.size() == 1; }
    /// Whether all gaps in it are of that kind.
    [[nodiscard]] bool joinedBy(Gap gap) const
    {
        for (const DigitGroup &group : groups.subspan(1)) {
            if (group.before != gap)
                return false;
        }
        return true;
    }
    /// One kind of gap all through, a space, a dash or a dot: as people write numbers that belong together.
    [[nodiscard]] bool evenlyJoined() const
    {
        return whole() || (groups[1].before <= Gap::Slash && joinedBy(groups[1].before));
    }
};

} // namespace gateway::privacy
