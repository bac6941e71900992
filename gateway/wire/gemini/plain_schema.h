// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gateway::wire::gemini {

/// A schema in Gemini's dialect as plain JSON Schema, which all others take (wire.md 2.3, read backwards): type names in
/// lower case, `nullable` as a type, counts that came as strings as numbers, `defs` and `ref` with their dollar signs, and
/// no propertyOrdering. Plain JSON Schema comes out as it went in. Levels below the 64th are not looked at.
/// @return nullopt: it is no JSON
std::optional<std::string> plainSchema(std::string_view schema);

} // namespace gateway::wire::gemini
