// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

/// Small helpers for UTF-8 and ASCII text. Thread-safe, no allocation except where a string is returned.
namespace gateway {

[[nodiscard]] constexpr char asciiLower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

[[nodiscard]] bool equalsIgnoringCase(std::string_view a, std::string_view b);

/// Without ASCII white space at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// At most `bytes` bytes, cut before a UTF-8 sequence that would not be whole.
[[nodiscard]] std::string_view truncatedUtf8(std::string_view text, std::size_t bytes);

/// Text with every byte that is not part of valid UTF-8 replaced by U+FFFD: for logs and records of foreign bytes.
[[nodiscard]] std::string toValidUtf8(std::string_view bytes);

/// `text` as a JSON string, with its quotes. Invalid UTF-8 becomes U+FFFD.
[[nodiscard]] std::string jsonQuoted(std::string_view text);

/// The candidate with the smallest edit distance to `word`, or empty where none is near enough to be a likely typo.
[[nodiscard]] std::string_view nearestName(std::string_view word, std::span<const std::string_view> candidates);

[[nodiscard]] std::string toHex(std::span<const std::byte> bytes);

} // namespace gateway
