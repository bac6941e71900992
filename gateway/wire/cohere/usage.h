// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/token_usage.h"

#include <optional>
#include <string_view>

namespace gateway::wire::cohere {

/// Reads a `usage` object, or the `meta` of other endpoints: what was read and written, not what is paid for (wire.md 4.3);
/// that where the other is not told. `out` stays as it is where there is no count in it. False: bad JSON.
bool readUsage(std::string_view usageObject, std::optional<TokenUsage> &out);

} // namespace gateway::wire::cohere
