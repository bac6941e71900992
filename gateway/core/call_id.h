// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace gateway {

/// Makes call ids: "call_" and 26 characters of Crockford base 32 (48 bits of milliseconds, 80 of chance), so that ids
/// sort by time. One for each worker; not thread-safe.
class CallIdMaker
{
public:
    /// @param seed  distinct for each worker and start
    explicit CallIdMaker(std::uint64_t seed);
    [[nodiscard]] std::string next(WallTime now);

private:
    std::uint64_t random();
    std::uint64_t m_state;
};

/// Whether the text has the form of a call id.
bool isCallId(std::string_view text);

} // namespace gateway
