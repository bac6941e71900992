// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/json_text.h"

#include "gateway/core/text.h"
#include "gateway/privacy/characters.h"

#include <charconv>

namespace gateway::privacy {

namespace {

/// The four digits behind \u; -1: they are none.
int unitAt(std::string_view raw, std::size_t place)
{
    const std::string_view digits = raw.substr(std::min(place, raw.size()), 4);
    int value = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    return digits.size() == 4 && digits[0] != '-' && read.ec == std::errc() && read.ptr == digits.data() + 4 ? value : -1;
}

char simpleEscape(char c)
{
    switch (c) {
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'b': return '\b';
    case 'f': return '\f';
    case '"':
    case '\\':
    case '/': return c;
    default: return '\0';
    }
}

} // namespace

JsonText::JsonText(std::string_view raw) : m_plain(raw)
{
    if (raw.find('\\') == std::string_view::npos)
        return;
    m_room.reserve(raw.size());
    m_places.reserve(raw.size() + 1);
    for (std::size_t i = 0; i < raw.size();) {
        const char what = raw[i] == '\\' ? at(raw, i + 1) : '\0';
        const int unit = what == 'u' ? unitAt(raw, i + 2) : -1;
        std::size_t size = 1;
        if (unit >= 0xd800 && unit < 0xdc00 && raw.substr(i + 6).starts_with("\\u") && unitAt(raw, i + 8) >= 0xdc00 && unitAt(raw, i + 8) < 0xe000) {
            put(0x10000 + (static_cast<char32_t>(unit - 0xd800) << 10) + static_cast<char32_t>(unitAt(raw, i + 8) - 0xdc00), i);
            size = 12;
        } else if (unit >= 0) {
            put(unit >= 0xd800 && unit < 0xe000 ? 0xfffd : static_cast<char32_t>(unit), i);
            size = 6;
        } else {
            const char simple = simpleEscape(what);
            m_room += simple != '\0' ? simple : raw[i];
            m_places.push_back(static_cast<std::uint32_t>(i));
            size = simple != '\0' ? 2 : 1;
        }
        i += size;
    }
    m_places.push_back(static_cast<std::uint32_t>(raw.size()));
    m_plain = m_room;
}

void JsonText::put(char32_t value, std::size_t place)
{
    const std::size_t before = m_room.size();
    const auto byte = [&](char32_t bits) { m_room += static_cast<char>(bits); };
    if (value < 0x80) {
        byte(value);
    } else if (value < 0x800) {
        byte(0xc0 | value >> 6);
        byte(0x80 | (value & 0x3f));
    } else if (value < 0x10000) {
        byte(0xe0 | value >> 12);
        byte(0x80 | (value >> 6 & 0x3f));
        byte(0x80 | (value & 0x3f));
    } else {
        byte(0xf0 | value >> 18);
        byte(0x80 | (value >> 12 & 0x3f));
        byte(0x80 | (value >> 6 & 0x3f));
        byte(0x80 | (value & 0x3f));
    }
    m_places.insert(m_places.end(), m_room.size() - before, static_cast<std::uint32_t>(place));
}

std::string jsonEscaped(std::string_view text, int times)
{
    std::string out(text);
    for (int i = 0; i < times; ++i) {
        const std::string quoted = jsonQuoted(out);
        out = quoted.substr(1, quoted.size() - 2);
    }
    return out;
}

} // namespace gateway::privacy
