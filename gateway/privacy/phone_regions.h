// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace gateway::privacy {

/// What a region's phone numbers look like (ITU-T E.164; resources/phone_numbers.csv).
struct PhoneRegion
{
    std::string_view region;      ///< ISO 3166-1
    std::string_view callingCode; ///< "49"
    std::string_view trunk;       ///< dialled before national numbers: "0"; empty: nothing
    std::uint8_t least = 0, most = 0; ///< digits of a national number, without the trunk
    std::vector<std::string_view> beginnings; ///< of national numbers; "[2-9]" stands for one digit of those

    /// Whether the digits can be a national number, without code and trunk.
    [[nodiscard]] bool takes(std::string_view national) const;
};

/// All of the table. Thread-safe.
[[nodiscard]] std::span<const PhoneRegion> phoneRegions();
[[nodiscard]] const PhoneRegion *findPhoneRegion(std::string_view region);

/// Whether the digits behind a "+" are a number of some region: its code, perhaps the trunk, a national number.
[[nodiscard]] bool isInternationalNumber(std::string_view digits);

} // namespace gateway::privacy
