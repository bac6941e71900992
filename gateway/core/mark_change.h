// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

namespace gateway {

/// What becomes of a call's mark (CallMark).
struct MarkChange
{
    std::string callId;
    std::optional<int> colour {};          ///< 0 to 6; nullopt: it stays
    std::optional<std::string> comment {}; ///< empty: it goes; nullopt: it stays
    bool operator==(const MarkChange &) const = default;
};

} // namespace gateway
