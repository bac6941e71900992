// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/text.h"

#include <array>
#include <cstdint>
#include <string_view>

/// What the bytes of a FoldedText are. Thread-safe, no allocation.
namespace gateway::privacy {

inline constexpr char otherLetter = '\x80'; ///< a letter that has no byte of its own
inline constexpr char otherSymbol = '\x81'; ///< anything else beyond ASCII, and a byte that is no UTF-8

enum CharacterKind : std::uint8_t {
    Digit = 1,
    Letter = 2,      ///< A to Z in either case
    Foreign = 4,     ///< a letter beyond ASCII
    TokenMark = 8,   ///< - and _
    Trigger = 16,    ///< @ and :
    WordKind = Digit | Letter | Foreign,
    AsciiWord = Digit | Letter,
};

inline constexpr std::array<std::uint8_t, 256> characterKinds = [] {
    std::array<std::uint8_t, 256> kinds {};
    for (int c = 0; c < 256; ++c) {
        if (c >= '0' && c <= '9')
            kinds[c] = Digit;
        else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
            kinds[c] = Letter;
        else if (c == 0x80 || (c >= 0xdf && c != 0xf7))
            kinds[c] = Foreign;
    }
    kinds['-'] = kinds['_'] = TokenMark;
    kinds['@'] = kinds[':'] = Trigger;
    return kinds;
}();

constexpr std::uint8_t kindOf(char c) { return characterKinds[static_cast<unsigned char>(c)]; }
constexpr bool isDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool isLetter(char c) { return kindOf(c) == Letter; }
constexpr bool isUpper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool isLower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool isAlnum(char c) { return (kindOf(c) & AsciiWord) != 0; }
constexpr bool isWord(char c) { return (kindOf(c) & WordKind) != 0; } ///< letters beyond ASCII too
constexpr bool isHex(char c) { return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
constexpr char upper(char c) { return isLower(c) ? static_cast<char>(c - 'a' + 'A') : c; }
constexpr char lower(char c) { return asciiLower(c); }
constexpr int valueOf(char digit) { return digit - '0'; }

/// The character at a place, or 0 where the text has none there.
constexpr char at(std::string_view text, std::size_t place) { return place < text.size() ? text[place] : '\0'; }
constexpr char before(std::string_view text, std::size_t place) { return place > 0 && place <= text.size() ? text[place - 1] : '\0'; }

} // namespace gateway::privacy
