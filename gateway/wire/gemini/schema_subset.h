// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace gateway::wire::gemini {

/// A JSON Schema as older Gemini models take it (wire.md 2.3): references put in their place, type lists as nullable or
/// anyOf, const as an enum, oneOf as anyOf, allOf merged, enums as strings, and what the subset has no word for left out.
/// Recursion is cut at 8 levels, the result at 4,000 nodes. What is no object comes back as {"type":"object"}.
std::string schemaSubset(std::string_view schema);

} // namespace gateway::wire::gemini
