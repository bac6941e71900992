// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/token_usage.h"

#include <optional>
#include <string_view>

namespace gateway::wire::gemini {

/// Reads a `usageMetadata` object (wire.md 4.3). `out` stays as it is where there is no count in it, as in the
/// first pieces of a stream. False: bad JSON.
bool readUsage(std::string_view usageObject, std::optional<TokenUsage> &out);

} // namespace gateway::wire::gemini
