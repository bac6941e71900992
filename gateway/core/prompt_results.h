// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/money.h"

#include <cstdint>
#include <optional>
#include <string>

namespace gateway {

/// What the log says of a prompt's version: of its callers' calls, without tests and shadows.
struct PromptFigures
{
    std::int64_t version = 0;
    std::uint64_t calls = 0;       ///< those that were refused too
    std::uint64_t failed = 0;      ///< with an error, or cut
    std::uint64_t refused = 0;     ///< by the gateway itself
    std::uint64_t unpriced = 0;    ///< whose cost is not known
    Money cost;
    std::uint64_t inputTokens = 0, outputTokens = 0;
    std::optional<std::int64_t> p50Us, p95Us; ///< of those that were not refused; nullopt: none
    std::uint64_t feedback = 0;
    std::optional<double> value;   ///< mean of their feedback by its weights; nullopt: there is none
};

} // namespace gateway
