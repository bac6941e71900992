// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/privacy/placeholder.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace gateway::privacy {

/// What the text of an answer stands in, and so how a value has to be written into it.
enum class Inside : std::uint8_t {
    Text,         ///< plain text
    Json,         ///< JSON text or the inside of a JSON string: a tool's arguments as events have them; a raw body's strings
    JsonInString  ///< JSON text inside a JSON string, both as written: arguments in a raw body
};

/// Puts values back into the place of their placeholders, in a text that comes in pieces cut anywhere. Placeholders are known
/// in every form of placeholder.h, and values are written as the form asks (percent-encoded in a URL, escaped in JSON). What
/// is like a placeholder and is none of the map's stays as it is. Of the text no more is held back than what could still
/// become one of the map's placeholders, at most `longestPlaceholder` bytes. Not thread-safe.
class Restorer
{
public:
    /// @param map  outlives this; may grow meanwhile
    explicit Restorer(const PlaceholderMap &map, Inside inside = Inside::Text) : m_map(map), m_inside(inside) {}

    /// Appends to `out` what is certain by now.
    void feed(std::string_view piece, std::string &out);
    /// Appends what is held back: the text ends here.
    void finish(std::string &out);

    [[nodiscard]] std::size_t held() const { return m_held.size(); }

    /// A whole text at once.
    static std::string restored(const PlaceholderMap &map, std::string_view text, Inside inside = Inside::Text);

private:
    [[nodiscard]] std::size_t restoreInto(std::string &out, std::string_view text, bool ends) const;
    void appendValue(std::string &out, const PlaceholderText &placeholder, const std::string &value) const;

    const PlaceholderMap &m_map;
    Inside m_inside;
    std::string m_held;
};

} // namespace gateway::privacy
