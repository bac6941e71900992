// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/json_cursor.h"

#include <array>
#include <charconv>
#include <cmath>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace gateway::wire {
namespace {

bool isSpace(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isOfNumber(char c)
{
    return isDigit(c) || c == '+' || c == '-' || c == '.' || c == 'e' || c == 'E';
}

bool endsScalar(char c)
{
    return c == ',' || c == ']' || c == '}' || isSpace(c);
}

bool isControl(char c)
{
    return static_cast<unsigned char>(c) < 0x20;
}

/// What a run of bytes that need no look ends at.
enum class Stop : std::uint8_t {
    Text,     ///< a string's quote, an escape, a control character
    Structure ///< a bracket or a string
};

template <Stop stop>
const char *plainStop(const char *at, const char *end)
{
    const auto stopsAt = [](char c) {
        if constexpr (stop == Stop::Text)
            return c == '"' || c == '\\' || isControl(c);
        else
            return c == '"' || (c | 0x20) == '{' || (c | 0x20) == '}';
    };
    while (at < end && !stopsAt(*at))
        ++at;
    return at;
}

#if defined(__x86_64__)
/// A bit for each of 16 bytes that is a stop.
template <Stop stop>
unsigned stopsIn(const char *at)
{
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i *>(at));
    __m128i found = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
    if constexpr (stop == Stop::Text) {
        const __m128i control = _mm_cmpeq_epi8(_mm_max_epu8(bytes, _mm_set1_epi8(0x1f)), _mm_set1_epi8(0x1f));
        found = _mm_or_si128(found, _mm_or_si128(control, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))));
    } else {
        const __m128i folded = _mm_or_si128(bytes, _mm_set1_epi8(0x20)); // '[' becomes '{', ']' becomes '}'
        found = _mm_or_si128(found, _mm_or_si128(_mm_cmpeq_epi8(folded, _mm_set1_epi8('{')), _mm_cmpeq_epi8(folded, _mm_set1_epi8('}'))));
    }
    return static_cast<unsigned>(_mm_movemask_epi8(found));
}

template <Stop stop>
__attribute__((target("avx2"))) const char *wideStop(const char *at, const char *end)
{
    for (; end - at >= 32; at += 32) {
        const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(at));
        __m256i found = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('"'));
        if constexpr (stop == Stop::Text) {
            const __m256i control = _mm256_cmpeq_epi8(_mm256_max_epu8(bytes, _mm256_set1_epi8(0x1f)), _mm256_set1_epi8(0x1f));
            found = _mm256_or_si256(found, _mm256_or_si256(control, _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\\'))));
        } else {
            const __m256i folded = _mm256_or_si256(bytes, _mm256_set1_epi8(0x20));
            found = _mm256_or_si256(found, _mm256_or_si256(_mm256_cmpeq_epi8(folded, _mm256_set1_epi8('{')), _mm256_cmpeq_epi8(folded, _mm256_set1_epi8('}'))));
        }
        if (const auto bits = static_cast<unsigned>(_mm256_movemask_epi8(found)); bits != 0)
            return at + __builtin_ctz(bits);
    }
    return at;
}

/// The first stop, or `end`. Most strings are short names: those end at the first look.
template <Stop stop>
const char *nextStop(const char *at, const char *end)
{
    for (bool first = true; end - at >= 16; first = false) {
        if (const unsigned bits = stopsIn<stop>(at); bits != 0)
            return at + __builtin_ctz(bits);
        at += 16;
        if (first && __builtin_cpu_supports("avx2"))
            at = wideStop<stop>(at, end);
    }
    return plainStop<stop>(at, end);
}
#else
template <Stop stop>
const char *nextStop(const char *at, const char *end)
{
    return plainStop<stop>(at, end);
}
#endif

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

bool JsonCursor::string(std::string_view &raw)
{
    if (!take('"'))
        return false;
    const char *from = m_at;
    while (m_at < m_end) {
        const char *stop = nextStop<Stop::Text>(m_at, m_end);
        if (stop == m_end)
            break;
        if (*stop == '"') {
            raw = {from, stop};
            m_at = stop + 1;
            return true;
        }
        if (*stop == '\\') {
            if (m_end - stop < 2)
                break;
            // What is escaped is looked at too where control characters are: a raw one is none there either.
            m_at = stop + (m_checked && isControl(stop[1]) ? 1 : 2);
            continue;
        }
        m_at = stop;
        if (m_checked) {
            m_control = true;
            return false;
        }
        ++m_at;
    }
    m_at = m_end;
    return false;
}

bool JsonCursor::skipScalar()
{
    const char *from = m_at;
    if (*from == '-' || isDigit(*from)) {
        const char *at = from + 1;
        while (at < m_end && isOfNumber(*at))
            ++at;
        m_at = at;
        return (at == m_end || endsScalar(*at)) && (*from != '-' || at - from > 1);
    }
    while (m_at < m_end && !endsScalar(*m_at))
        ++m_at;
    const std::string_view token(from, m_at);
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
        if (c == '{' || c == '[') {
            if (depth == maxDepth) {
                m_tooDeep = true;
                return false;
            }
            closers[depth++] = c == '{' ? '}' : ']';
        } else if (c == '}' || c == ']') {
            if (closers[--depth] != c)
                return false;
            if (depth == 0) {
                ++m_at;
                return true;
            }
        } else if (c != ',' && c != ':') {
            m_at = nextStop<Stop::Structure>(m_at, m_end);
            continue;
        }
        ++m_at;
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
