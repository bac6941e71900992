// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gateway::wire {

/// Bytes as base64: the standard alphabet, padded (RFC 4648, 4).
[[nodiscard]] std::string toBase64(std::string_view bytes);

/// Base64 as people send it, put into the form that every provider takes (wire.md 11, trap 25): white space goes, the
/// URL-safe alphabet becomes the standard one, padding is put where it belongs. nullopt: it is no base64.
[[nodiscard]] std::optional<std::string> normalBase64(std::string_view text);

/// The bytes that any base64 stands for; nullopt: it is none.
[[nodiscard]] std::optional<std::string> fromBase64(std::string_view text);

} // namespace gateway::wire
