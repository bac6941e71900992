// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/http.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

/// The lines of an HTTP/1 head, read as strictly as RFC 9112 lets a gateway: whatever two parsers could read in two
/// ways is refused. Pure functions; views point into what was given.
namespace gateway::net {

/// Looks for the empty line that ends a head.
struct HeadScan
{
    std::size_t lineStart = 0; ///< where the line under way begins
    std::size_t scanned = 0;   ///< bytes looked at

    enum class Found : std::uint8_t { More, End, BareLineFeed };
    /// @param bytes  everything from the head's first byte on; the same bytes and more with each call
    /// @return End: the head is the first lineStart bytes, its empty line included
    Found advance(std::string_view bytes);
};

[[nodiscard]] bool isToken(std::string_view text); ///< RFC 9110 5.6.2

/// One "name: value" line without its CRLF. @return what is wrong with it, or nullptr
const char *parseField(std::string_view line, pipeline::HeaderView &out);

/// All field lines of a head behind its first line. @return what is wrong, or nullptr
const char *parseFields(std::string_view lines, std::vector<pipeline::HeaderView> &out);

/// Digits alone, at most 18 of them; nullopt otherwise.
[[nodiscard]] std::optional<std::uint64_t> parseLength(std::string_view text);

/// Whether a comma-separated list holds the token (ASCII case ignored).
[[nodiscard]] bool listHas(std::string_view list, std::string_view token);

} // namespace gateway::net
