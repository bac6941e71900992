// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::wire {

/// A forward scanner over JSON text that needs neither padding nor memory: for stream events, which lie anywhere in a
/// read buffer, and for the parts of a body that are looked into. Checks structure (quotes, brackets, commas), not
/// every byte of what it skips. Every function that gives bool gives false on bad or cut-off JSON, and stays there.
class JsonCursor
{
public:
    enum class Type : std::uint8_t { Object, Array, String, Number, Bool, Null, None };
    static constexpr std::size_t maxDepth = 512;

    explicit JsonCursor(std::string_view text) : m_begin(text.data()), m_at(text.data()), m_end(text.data() + text.size()) {}

    [[nodiscard]] Type type();                ///< of the value that comes next; None: none does
    bool string(std::string_view &raw);       ///< its bytes between the quotes, escapes as written
    bool skip();                              ///< any value
    bool skip(std::string_view &raw);         ///< any value, and its bytes
    bool null();                              ///< takes a null, if one comes next
    std::optional<bool> boolean();            ///< takes true or false, if one comes next
    std::optional<std::int64_t> integer();    ///< takes a whole number (1e3 and 2.0 too) within 64 bits; else skips nothing
    [[nodiscard]] bool atEnd();               ///< only white space is left
    [[nodiscard]] std::size_t offset() const { return static_cast<std::size_t>(m_at - m_begin); }
    [[nodiscard]] bool tooDeep() const { return m_tooDeep; }

    /// Visits an object's members: visit(key as written) must take the value and give true to go on.
    template <typename Visit>
    bool members(Visit &&visit)
    {
        if (!take('{'))
            return false;
        if (take('}'))
            return true;
        do {
            std::string_view key;
            if (!string(key) || !take(':') || !visit(key))
                return false;
        } while (take(','));
        return take('}');
    }

    /// Visits an array's elements: visit() must take the value and give true to go on.
    template <typename Visit>
    bool elements(Visit &&visit)
    {
        if (!take('['))
            return false;
        if (take(']'))
            return true;
        do {
            if (!visit())
                return false;
        } while (take(','));
        return take(']');
    }

private:
    void skipSpace()
    {
        while (m_at < m_end && (*m_at == ' ' || *m_at == '\n' || *m_at == '\r' || *m_at == '\t'))
            ++m_at;
    }

    bool take(char c)
    {
        skipSpace();
        if (m_at == m_end || *m_at != c)
            return false;
        ++m_at;
        return true;
    }

    bool skipContainer();
    bool skipScalar();

    const char *m_begin;
    const char *m_at;
    const char *m_end;
    bool m_tooDeep = false;
};

/// A JSON string's text, escapes resolved; lone surrogates become U+FFFD, bad escapes stay as written.
std::string unescapeJson(std::string_view raw);

/// Whether a string as written stands for `text`; cheap where it has no escape.
bool jsonStringIs(std::string_view raw, std::string_view text);

} // namespace gateway::wire
