// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace gateway {

/// What a value lacks to keep to a JSON Schema, as far as schemas for models' answers go (OpenAI's structured outputs): type,
/// enum, const, properties, required, additionalProperties, items, minItems, maxItems, minLength, maxLength, minimum, maximum,
/// exclusiveMinimum, exclusiveMaximum, anyOf, oneOf, allOf, and $ref to the schema's own $defs and definitions. Other keywords
/// ask for nothing. Pure; bounded in depth and in problems.
/// @return in words, each with its place ("$.items[2].price: ..."); empty: it keeps to it
[[nodiscard]] std::vector<std::string> schemaProblems(const nlohmann::json &schema, const nlohmann::json &value);

} // namespace gateway
