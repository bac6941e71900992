// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::wire {

/// A forward scanner over JSON text that needs neither padding nor memory: for bodies, and for stream events, which lie
/// anywhere in a read buffer. Checks structure (quotes, brackets, commas), not every byte of what it skips; strings are
/// passed over many bytes at a time. Every function that gives bool gives false on bad or cut-off JSON, and stays there.
class JsonCursor
{
public:
    enum class Type : std::uint8_t { Object, Array, String, Number, Bool, Null, None };
    static constexpr std::size_t maxDepth = 512;

    /// What of a string is looked at.
    enum class Strings : std::uint8_t {
        Ends,    ///< where it ends
        Checked, ///< also that it has no raw control character (RFC 8259, 7)
    };

    explicit JsonCursor(std::string_view text, Strings strings = Strings::Ends)
        : m_begin(text.data()), m_at(text.data()), m_end(text.data() + text.size()), m_checked(strings == Strings::Checked)
    {
    }

    [[nodiscard]] Type type();                ///< of the value that comes next; None: none does
    bool string(std::string_view &raw);       ///< its bytes between the quotes, escapes as written
    bool skip();                              ///< any value
    bool skip(std::string_view &raw);         ///< any value, and its bytes
    bool take(char c);                        ///< this mark, behind white space
    bool null();                              ///< takes a null, if one comes next
    std::optional<bool> boolean();            ///< takes true or false, if one comes next
    std::optional<std::int64_t> integer();    ///< takes a whole number (1e3 and 2.0 too) within 64 bits; else skips nothing
    [[nodiscard]] bool atEnd();               ///< only white space is left
    [[nodiscard]] std::size_t offset() const { return static_cast<std::size_t>(m_at - m_begin); }
    [[nodiscard]] std::string_view since(std::size_t offset) const { return {m_begin + offset, m_at}; }
    [[nodiscard]] bool cutOff() const { return m_at == m_end; } ///< after a failure: the text ended too early
    [[nodiscard]] bool tooDeep() const { return m_tooDeep; }
    [[nodiscard]] bool controlCharacter() const { return m_control; } ///< after a failure: one stood in a string, at offset()

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

    bool skipContainer();
    bool skipScalar();

    const char *m_begin;
    const char *m_at;
    const char *m_end;
    bool m_checked;
    bool m_tooDeep = false;
    bool m_control = false;
};

inline bool JsonCursor::take(char c)
{
    if (m_at < m_end && *m_at == c) { // the common case first: no white space
        ++m_at;
        return true;
    }
    skipSpace();
    if (m_at == m_end || *m_at != c)
        return false;
    ++m_at;
    return true;
}

inline JsonCursor::Type JsonCursor::type()
{
    skipSpace();
    if (m_at == m_end)
        return Type::None;
    switch (*m_at) {
    case '{': return Type::Object;
    case '[': return Type::Array;
    case '"': return Type::String;
    case 't':
    case 'f': return Type::Bool;
    case 'n': return Type::Null;
    default: return *m_at == '-' || (*m_at >= '0' && *m_at <= '9') ? Type::Number : Type::None;
    }
}

/// A JSON string's text, escapes resolved; lone surrogates become U+FFFD, bad escapes stay as written.
std::string unescapeJson(std::string_view raw);

/// Whether a string as written stands for `text`; cheap where it has no escape.
bool jsonStringIs(std::string_view raw, std::string_view text);

} // namespace gateway::wire
