// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/json_pieces.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>

/// Names and ids of tools as Converse takes them (wire.md 2.3). What it takes stays; anything else becomes the same thing
/// wherever it stands, and two things never become one.
namespace gateway::wire::bedrock {

/// What a model takes as the id of a tool's call.
enum class ToolIds : std::uint8_t {
    Common, ///< letters, digits, _ and -, at most 64 of them
    Nine    ///< nine letters and digits: Mistral
};

/// Names that had to be changed: as sent, and as the caller wrote them.
using RenamedTools = std::map<std::string, std::string, std::less<>>;

/// Letters, digits, _ and -, at most 64 of them.
std::string toolName(Chars name);
std::string toolUseId(Chars id, ToolIds ids);

} // namespace gateway::wire::bedrock
