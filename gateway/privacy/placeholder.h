// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::privacy {

/// The placeholders of one call and what they stand for: `<EMAIL_1>`. Numbered for each label by first appearance, so that
/// the same conversation sent again gets the same names with nothing stored. Lives as long as the call; values are
/// overwritten when it goes. Not thread-safe.
class PlaceholderMap
{
public:
    PlaceholderMap() = default;
    PlaceholderMap(const PlaceholderMap &) = delete;
    PlaceholderMap &operator=(const PlaceholderMap &) = delete;
    PlaceholderMap(PlaceholderMap &&) = default;
    PlaceholderMap &operator=(PlaceholderMap &&) = delete;
    ~PlaceholderMap();

    /// The placeholder that stands for a value, new where there is none yet. The same value gives the same one.
    std::string placeholderOf(std::string_view label, std::string_view value);
    /// What a placeholder stands for. @param name  without brackets, in capital letters: "EMAIL_1"
    /// @return nullptr: there is none of that name
    [[nodiscard]] const std::string *valueOf(std::string_view name) const;
    /// Whether the name of one begins so. @param beginning  in capital letters
    [[nodiscard]] bool anyBeginsWith(std::string_view beginning) const;

    [[nodiscard]] bool empty() const { return m_values.empty(); }
    [[nodiscard]] std::size_t size() const { return m_values.size(); }

private:
    std::map<std::string, std::string, std::less<>> m_values; ///< by name
    std::map<std::string, std::string, std::less<>> m_names;  ///< by label, a zero byte, and value
    std::map<std::string, std::uint32_t, std::less<>> m_counts;
};

/// How a placeholder is written where one stands: what its value has to be written as.
enum class Brackets : std::uint8_t {
    Plain,   ///< <EMAIL_1>
    Json,    ///< \u003cEMAIL_1\u003e, under one or more backslashes
    Percent, ///< %3CEMAIL_1%3E
    Html     ///< &lt;EMAIL_1&gt;
};

/// A placeholder as it stands in a text. Case is free; the _ may be escaped as Markdown and URLs do (`\_`, `%5F`).
struct PlaceholderText
{
    enum class Is : std::uint8_t {
        None,   ///< something else
        Begun,  ///< the text ends within what could be one
        Whole
    };
    Is is = Is::None;
    Brackets brackets = Brackets::Plain;
    std::size_t slashes = 0;  ///< Brackets::Json: backslashes before each u
    std::size_t size = 0;     ///< bytes, Whole
    std::string name {};      ///< "EMAIL_1"; of one that is begun as far as it goes
};

/// Reads one at the beginning of a text.
[[nodiscard]] PlaceholderText readPlaceholder(std::string_view text);

/// Whether a placeholder could begin with this byte.
[[nodiscard]] constexpr bool opensPlaceholder(char c) { return c == '<' || c == '\\' || c == '%' || c == '&'; }

inline constexpr std::size_t longestLabel = 32;
inline constexpr std::size_t longestPlaceholder = 160; ///< bytes, in whichever form

} // namespace gateway::privacy
