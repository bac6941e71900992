// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace gateway {

/// 64-bit FNV-1a (draft-eastlake-fnv): the same in every process, for names and comparisons among our own values. Not for
/// secrets, nor where somebody could want two texts to meet.
class StableHash
{
public:
    constexpr StableHash &add(std::string_view text)
    {
        for (const char c : text)
            m_value = (m_value ^ static_cast<unsigned char>(c)) * prime;
        return *this;
    }
    [[nodiscard]] constexpr std::uint64_t value() const { return m_value; }
    constexpr bool operator==(const StableHash &) const = default;

private:
    static constexpr std::uint64_t prime = 0x100000001b3ULL;
    std::uint64_t m_value = 0xcbf29ce484222325ULL;
};

} // namespace gateway
