// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::privacy {

/// A JSON string's text with its escapes resolved, and where each byte of it stood: so that what is found in the text can be
/// replaced in the string as it is written. Lone surrogates become U+FFFD; bad escapes stay.
class JsonText
{
public:
    /// @param raw  what stands between the quotes; must outlive this where it has no escapes
    explicit JsonText(std::string_view raw);

    [[nodiscard]] std::string_view plain() const { return m_plain; }
    /// Where the byte begins in the raw string, whose escape it may share with others; of plain().size(): its end.
    [[nodiscard]] std::size_t rawAt(std::size_t place) const { return m_places.empty() ? place : m_places[place]; }

private:
    void put(char32_t value, std::size_t place);

    std::string_view m_plain;
    std::string m_room;
    std::vector<std::uint32_t> m_places; ///< empty: the same places
};

/// A text as it is written in a JSON string, without the quotes, `times` over: 2 in JSON that itself stands in a string.
[[nodiscard]] std::string jsonEscaped(std::string_view text, int times = 1);

} // namespace gateway::privacy
