// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/neutral/blank_text.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace gateway::wire {
namespace {

bool isSpace(std::uint32_t codePoint)
{
    switch (codePoint) {
    case 0x20:
    case 0x85:
    case 0xA0:
    case 0x1680:
    case 0x2028:
    case 0x2029:
    case 0x202F:
    case 0x205F:
    case 0x3000: return true;
    default: return (codePoint >= 0x09 && codePoint <= 0x0D) || (codePoint >= 0x2000 && codePoint <= 0x200A);
    }
}

/// Bytes of the white space that `raw` begins with; 0: it begins with none.
std::size_t leadingSpace(std::string_view raw)
{
    const auto at = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(raw[i])); };
    if (raw[0] != '\\') { // white space beyond ASCII has two or three bytes
        if (at(0) < 0x80)
            return isSpace(at(0)) ? 1 : 0;
        if ((at(0) & 0xE0) == 0xC0 && raw.size() >= 2)
            return isSpace((at(0) & 0x1F) << 6 | (at(1) & 0x3F)) ? 2 : 0;
        if ((at(0) & 0xF0) == 0xE0 && raw.size() >= 3)
            return isSpace((at(0) & 0x0F) << 12 | (at(1) & 0x3F) << 6 | (at(2) & 0x3F)) ? 3 : 0;
        return 0;
    }
    if (raw.size() >= 2 && std::string_view("nrtf").find(raw[1]) != std::string_view::npos)
        return 2;
    std::uint32_t codePoint = 0;
    if (raw.size() < 6 || raw[1] != 'u' || std::from_chars(raw.data() + 2, raw.data() + 6, codePoint, 16).ptr != raw.data() + 6)
        return 0;
    return isSpace(codePoint) ? 6 : 0;
}

} // namespace

bool isBlank(Chars text)
{
    std::string_view raw = text.raw;
    while (!raw.empty()) {
        const std::size_t space = leadingSpace(raw);
        if (space == 0)
            return false;
        raw.remove_prefix(space);
    }
    return true;
}

std::string_view withoutTrailingSpace(std::string_view raw)
{
    while (!raw.empty()) {
        if (raw.back() == ' ')
            raw.remove_suffix(1);
        else if (raw.ends_with("\\n") || raw.ends_with("\\r") || raw.ends_with("\\t")) {
            const std::size_t slashes = raw.size() - 1 - std::min(raw.size() - 1, raw.find_last_not_of('\\', raw.size() - 2) + 1);
            if (slashes % 2 == 0) // an escaped backslash and a letter
                return raw;
            raw.remove_suffix(2);
        } else
            return raw;
    }
    return raw;
}

} // namespace gateway::wire
