// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/json_cursor.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

namespace gateway::wire {
namespace {

bool isSpace(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

std::optional<unsigned> hex4(std::string_view text)
{
    if (text.size() < 4)
        return std::nullopt;
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + 4, value, 16);
    if (error != std::errc {} || end != text.data() + 4)
        return std::nullopt;
    return value;
}

void appendUtf8(std::string &out, unsigned code)
{
    const auto put = [&](unsigned byte) { out += static_cast<char>(byte); };
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xC0 | (code >> 6));
        put(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        put(0xE0 | (code >> 12));
        put(0x80 | ((code >> 6) & 0x3F));
        put(0x80 | (code & 0x3F));
    } else {
        put(0xF0 | (code >> 18));
        put(0x80 | ((code >> 12) & 0x3F));
        put(0x80 | ((code >> 6) & 0x3F));
        put(0x80 | (code & 0x3F));
    }
}

/// Takes the `uXXXX` at the front of `rest`, and its second half where it is a pair. @return bytes taken; 0: no escape
std::size_t takeUnicode(std::string_view rest, std::string &out)
{
    constexpr unsigned replacement = 0xFFFD;
    const auto first = hex4(rest.substr(1));
    if (!first)
        return 0;
    if (*first < 0xD800 || *first > 0xDFFF) {
        appendUtf8(out, *first);
        return 5;
    }
    if (*first <= 0xDBFF && rest.size() >= 11 && rest[5] == '\\' && rest[6] == 'u') {
        const auto second = hex4(rest.substr(7));
        if (second && *second >= 0xDC00 && *second <= 0xDFFF) {
            appendUtf8(out, 0x10000 + ((*first - 0xD800) << 10) + (*second - 0xDC00));
            return 11;
        }
    }
    appendUtf8(out, replacement);
    return 5;
}

} // namespace

JsonCursor::Type JsonCursor::type()
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

bool JsonCursor::string(std::string_view &raw)
{
    if (!take('"'))
        return false;
    const char *from = m_at;
    while (m_at < m_end) {
        const auto *quote = static_cast<const char *>(std::memchr(m_at, '"', static_cast<std::size_t>(m_end - m_at)));
        if (!quote)
            break;
        const char *slash = quote;
        while (slash > from && slash[-1] == '\\')
            --slash;
        m_at = quote + 1;
        if ((quote - slash) % 2 == 0) {
            raw = {from, quote};
            return true;
        }
    }
    m_at = m_end;
    return false;
}

bool JsonCursor::skipScalar()
{
    const char *from = m_at;
    while (m_at < m_end && !isSpace(*m_at) && *m_at != ',' && *m_at != ']' && *m_at != '}')
        ++m_at;
    const std::string_view token(from, m_at);
    if (token.empty())
        return false;
    if (token[0] == '-' || (token[0] >= '0' && token[0] <= '9'))
        return token.find_first_not_of("0123456789+-.eE") == std::string_view::npos && token != "-";
    return token == "true" || token == "false" || token == "null";
}

bool JsonCursor::skipContainer()
{
    std::array<char, maxDepth> closers; // filled as far as `depth` says
    std::size_t depth = 0;
    while (m_at < m_end) {
        const char c = *m_at;
        if (c == '"') {
            std::string_view ignored;
            if (!string(ignored))
                return false;
            continue;
        }
        ++m_at;
        if (c == '{' || c == '[') {
            if (depth == maxDepth) {
                m_tooDeep = true;
                return false;
            }
            closers[depth++] = c == '{' ? '}' : ']';
        } else if (c == '}' || c == ']') {
            if (closers[--depth] != c)
                return false;
            if (depth == 0)
                return true;
        }
    }
    return false;
}

bool JsonCursor::skip()
{
    switch (type()) {
    case Type::Object:
    case Type::Array: return skipContainer();
    case Type::String: {
        std::string_view ignored;
        return string(ignored);
    }
    case Type::Number:
    case Type::Bool:
    case Type::Null: return skipScalar();
    case Type::None: return false;
    }
    return false;
}

bool JsonCursor::skip(std::string_view &raw)
{
    skipSpace();
    const char *from = m_at;
    if (!skip())
        return false;
    raw = {from, m_at};
    return true;
}

bool JsonCursor::null()
{
    return type() == Type::Null && skipScalar();
}

std::optional<bool> JsonCursor::boolean()
{
    if (type() != Type::Bool)
        return std::nullopt;
    const bool value = *m_at == 't';
    if (!skipScalar())
        return std::nullopt;
    return value;
}

std::optional<std::int64_t> JsonCursor::integer()
{
    if (type() != Type::Number)
        return std::nullopt;
    const char *from = m_at;
    if (skipScalar()) {
        std::int64_t whole = 0;
        const auto [wholeEnd, wholeError] = std::from_chars(from, m_at, whole);
        if (wholeError == std::errc {} && wholeEnd == m_at)
            return whole;
        double value = 0;
        const auto [end, error] = std::from_chars(from, m_at, value);
        if (error == std::errc {} && end == m_at && std::abs(value) < 9e15 && std::trunc(value) == value)
            return static_cast<std::int64_t>(value);
    }
    m_at = from;
    return std::nullopt;
}

bool JsonCursor::atEnd()
{
    skipSpace();
    return m_at == m_end;
}

std::string unescapeJson(std::string_view raw)
{
    std::string out;
    out.reserve(raw.size());
    while (!raw.empty()) {
        const std::size_t slash = raw.find('\\');
        out += raw.substr(0, slash);
        if (slash == std::string_view::npos)
            break;
        raw.remove_prefix(slash + 1);
        if (raw.empty())
            break;
        constexpr std::string_view letters = "\"\\/bfnrt";
        constexpr std::string_view values = "\"\\/\b\f\n\r\t";
        std::size_t taken = 1;
        if (const std::size_t index = letters.find(raw[0]); index != std::string_view::npos) {
            out += values[index];
        } else {
            taken = raw[0] == 'u' ? takeUnicode(raw, out) : 0;
            if (taken == 0)
                out += '\\';
        }
        raw.remove_prefix(taken);
    }
    return out;
}

bool jsonStringIs(std::string_view raw, std::string_view text)
{
    if (raw == text)
        return raw.find('\\') == std::string_view::npos;
    return raw.size() > text.size() && raw.find('\\') != std::string_view::npos && unescapeJson(raw) == text;
}

} // namespace gateway::wire
