// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/folded_text.h"

#include "gateway/privacy/characters.h"

#include <algorithm>

namespace gateway::privacy {

namespace {

struct Piece
{
    std::uint8_t length = 1;
    bool dropped = false;
    char byte = otherSymbol;
};

struct CodePoint
{
    char32_t value = 0;
    std::uint8_t length = 0; ///< 0: no UTF-8
};

/// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
CodePoint codePointAt(std::string_view text, std::size_t place)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(at(text, place + i)); };
    const auto follows = [&](std::size_t i) { return (byte(i) & 0xc0) == 0x80; };
    const char32_t first = byte(0);
    if (first >= 0xc2 && first <= 0xdf && follows(1))
        return {(first & 0x1f) << 6 | (byte(1) & 0x3fU), 2};
    if (first >= 0xe0 && first <= 0xef && follows(1) && follows(2)) {
        const char32_t value = (first & 0x0f) << 12 | (byte(1) & 0x3fU) << 6 | (byte(2) & 0x3fU);
        if (value >= 0x800 && (value < 0xd800 || value > 0xdfff))
            return {value, 3};
    }
    if (first >= 0xf0 && first <= 0xf4 && follows(1) && follows(2) && follows(3)) {
        const char32_t value = (first & 0x07) << 18 | (byte(1) & 0x3fU) << 12 | (byte(2) & 0x3fU) << 6 | (byte(3) & 0x3fU);
        if (value >= 0x10000 && value <= 0x10ffff)
            return {value, 4};
    }
    return {};
}

constexpr bool within(char32_t value, char32_t first, char32_t last)
{
    return value >= first && value <= last;
}

bool hasNoWidth(char32_t value)
{
    return value == 0xad || within(value, 0x200b, 0x200f) || within(value, 0x202a, 0x202e) || within(value, 0x2060, 0x2069) || value == 0x180e || value == 0xfeff;
}

/// '0' to '9' for a digit of another script or width; 0: it is none.
char digitOf(char32_t value)
{
    for (const char32_t zero : {0x0660U, 0x06f0U, 0x0966U, 0x09e6U, 0x0e50U}) {
        if (within(value, zero, zero + 9))
            return static_cast<char>('0' + (value - zero));
    }
    return within(value, 0x1d7ce, 0x1d7ff) ? static_cast<char>('0' + (value - 0x1d7ce) % 10) : '\0';
}

char punctuationOf(char32_t value)
{
    if (value == 0xa0 || within(value, 0x2000, 0x200a) || value == 0x202f || value == 0x205f || value == 0x3000)
        return ' ';
    if (within(value, 0x2010, 0x2015) || value == 0x2212 || value == 0xfe58 || value == 0xfe63)
        return '-';
    if (within(value, 0x2018, 0x201b))
        return '\'';
    if (within(value, 0x201c, 0x201f) || value == 0xab || value == 0xbb)
        return '"';
    if (value == 0x2044 || value == 0x2215)
        return '/';
    return value == 0xb7 || value == 0x2024 ? '.' : '\0';
}

char foldedByte(char32_t value)
{
    if (value < 0x80)
        return static_cast<char>(value);
    if (within(value, 0xff01, 0xff5e)) // full width
        return static_cast<char>(value - 0xfee0);
    if (const char punctuation = punctuationOf(value))
        return punctuation;
    if (const char digit = digitOf(value))
        return digit;
    if (within(value, 0xc0, 0xde) && value != 0xd7)
        return static_cast<char>(value + 0x20);
    if (within(value, 0xdf, 0xff) && value != 0xf7)
        return static_cast<char>(value);
    const bool letter = within(value, 0x100, 0xdff) || within(value, 0x1e00, 0x1fff); // scripts that write words apart
    return letter ? otherLetter : otherSymbol;
}

int hexValue(char c)
{
    return isDigit(c) ? c - '0' : isHex(c) ? lower(c) - 'a' + 10 : -1;
}

Piece foldedCodePoint(char32_t value, std::uint8_t length)
{
    return {.length = length, .dropped = hasNoWidth(value), .byte = foldedByte(value)};
}

Piece escapeAt(std::string_view text, std::size_t place)
{
    std::size_t slashes = 1;
    while (slashes < 4 && at(text, place + slashes) == '\\')
        ++slashes;
    const char what = at(text, place + slashes);
    const auto length = static_cast<std::uint8_t>(slashes + 1);
    if (what == 'n' || what == 'r' || what == 't' || what == 'b' || what == 'f')
        return {.length = length, .byte = '\n'};
    if (what == '"' || what == '/')
        return {.length = length, .byte = what};
    if (what != 'u')
        return {.length = 1, .byte = '\\'};
    char32_t value = 0;
    for (std::size_t i = 1; i <= 4; ++i) {
        const int digit = hexValue(at(text, place + slashes + i));
        if (digit < 0)
            return {.length = 1, .byte = '\\'};
        value = value * 16 + static_cast<char32_t>(digit);
    }
    return foldedCodePoint(value, static_cast<std::uint8_t>(length + 4));
}

Piece percentAt(std::string_view text, std::size_t place)
{
    const int high = hexValue(at(text, place + 1)), low = hexValue(at(text, place + 2));
    const int value = high * 16 + low;
    const bool punctuation = high >= 0 && low >= 0 && ((value >= 0x20 && value <= 0x2f) || (value >= 0x3a && value <= 0x40));
    return punctuation ? Piece {.length = 3, .byte = static_cast<char>(value)} : Piece {.length = 1, .byte = '%'};
}

Piece pieceAt(std::string_view text, std::size_t place)
{
    const char c = text[place];
    if (c == '\\')
        return escapeAt(text, place);
    if (c == '%')
        return percentAt(text, place);
    if (static_cast<unsigned char>(c) < 0x80)
        return {.length = 1, .byte = c};
    const CodePoint point = codePointAt(text, place);
    return point.length == 0 ? Piece {} : foldedCodePoint(point.value, point.length);
}

} // namespace

void FoldedText::fold(std::string_view text)
{
    m_text = text;
    unsigned special = 0; // without a branch in it, so that it runs over many bytes at a time
    for (const char c : text)
        special |= static_cast<unsigned>(static_cast<unsigned char>(c) >> 7) | static_cast<unsigned>(c == '\\') | static_cast<unsigned>(c == '%');
    m_same = special == 0;
    if (m_same)
        m_bytes = text;
    else
        foldPieces();
}

void FoldedText::foldPieces()
{
    m_folded.resize(m_text.size());
    m_begins.resize(m_text.size());
    std::size_t count = 0;
    for (std::size_t i = 0; i < m_text.size();) {
        const Piece piece = pieceAt(m_text, i);
        m_folded[count] = piece.byte;
        m_begins[count] = static_cast<std::uint32_t>(i);
        count += piece.dropped ? 0 : 1;
        i += piece.length;
    }
    m_bytes = std::string_view(m_folded).substr(0, count);
}

std::size_t FoldedText::beginOf(std::size_t folded) const
{
    if (m_same)
        return folded;
    return folded < m_bytes.size() ? m_begins[folded] : m_text.size();
}

std::size_t FoldedText::endOf(std::size_t folded) const
{
    if (m_same || folded == 0)
        return folded;
    const std::size_t begin = m_begins[folded - 1];
    return begin + pieceAt(m_text, begin).length;
}

std::size_t FoldedText::foldedAt(std::size_t place) const
{
    if (m_same)
        return std::min(place, m_bytes.size());
    const auto end = m_begins.begin() + static_cast<std::ptrdiff_t>(m_bytes.size());
    return static_cast<std::size_t>(std::lower_bound(m_begins.begin(), end, place) - m_begins.begin());
}

std::string folded(std::string_view text)
{
    FoldedText room;
    room.fold(text);
    return std::string(room.bytes());
}

} // namespace gateway::privacy
