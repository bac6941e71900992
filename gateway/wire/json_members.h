// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::wire {

/// A member to put into a body: its name, and its value as JSON text, kept as written.
struct JsonMember
{
    std::string name;
    std::string value;
    bool operator==(const JsonMember &) const = default;
};

/// Splits a JSON object's text (a target's `override` or `defaults`) into its members; values keep their bytes.
/// Done once when a configuration is compiled. An empty text gives no members; no object or bad JSON is Invalid.
Result<std::vector<JsonMember>> parseJsonMembers(std::string_view objectText);

/// Whether the text is one JSON value, every byte of it looked at. For text that stood in a string (a model's arguments, a
/// tool's result), of which nobody promised that it is JSON: JsonCursor::skip() sees quotes and brackets alone.
[[nodiscard]] bool isJson(std::string_view text);

} // namespace gateway::wire
