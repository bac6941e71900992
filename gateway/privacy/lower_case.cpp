// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/lower_case.h"

#include "gateway/privacy/characters.h"
#include "gateway/privacy/folded_text.h"

namespace gateway::privacy {

namespace {

unsigned lowered(unsigned value)
{
    if ((value >= 0xc0 && value <= 0xde && value != 0xd7) || (value >= 0x391 && value <= 0x3a9) || (value >= 0x410 && value <= 0x42f))
        return value + 0x20;
    if (value >= 0x400 && value <= 0x40f)
        return value + 0x50;
    const bool evenUpper = (value >= 0x100 && value <= 0x137 && value != 0x130) || (value >= 0x14a && value <= 0x177) || (value >= 0x460 && value <= 0x481) || (value >= 0x48a && value <= 0x4bf);
    const bool oddUpper = (value >= 0x139 && value <= 0x148) || (value >= 0x179 && value <= 0x17e);
    return (evenUpper && value % 2 == 0) || (oddUpper && value % 2 == 1) ? value + 1 : value;
}

std::size_t beginOfCharacter(std::string_view text, std::size_t end)
{
    std::size_t begin = end - 1;
    while (begin > 0 && end - begin < 4 && (static_cast<unsigned char>(text[begin]) & 0xc0) == 0x80)
        --begin;
    return begin;
}

bool isWordCharacter(std::string_view character)
{
    const std::string bytes = folded(character);
    return !bytes.empty() && (isWord(bytes[0]) || bytes[0] == '_');
}

} // namespace

void lowerCase(std::string_view text, std::string &out)
{
    out.assign(text);
    for (std::size_t i = 0; i < out.size(); ++i) {
        const auto byte = static_cast<unsigned char>(out[i]);
        if (byte < 0x80) {
            out[i] = lower(out[i]);
        } else if (byte >= 0xc3 && byte <= 0xd2 && i + 1 < out.size() && (static_cast<unsigned char>(out[i + 1]) & 0xc0) == 0x80) {
            const unsigned value = lowered((byte & 0x1fU) << 6 | (static_cast<unsigned char>(out[i + 1]) & 0x3fU));
            out[i] = static_cast<char>(0xc0 | value >> 6);
            out[++i] = static_cast<char>(0x80 | (value & 0x3f));
        }
    }
}

std::string lowerCase(std::string_view text)
{
    std::string out;
    lowerCase(text, out);
    return out;
}

bool wordGoesOnAt(std::string_view text, std::size_t place)
{
    if (place >= text.size())
        return false;
    const char c = text[place];
    if (static_cast<unsigned char>(c) < 0x80)
        return isWord(c) || c == '_';
    return isWordCharacter(text.substr(place, 4));
}

bool wordEndsAt(std::string_view text, std::size_t place)
{
    if (place == 0)
        return false;
    const char c = text[place - 1];
    if (static_cast<unsigned char>(c) < 0x80)
        return isWord(c) || c == '_';
    const std::size_t begin = beginOfCharacter(text, place);
    return isWordCharacter(text.substr(begin, place - begin));
}

} // namespace gateway::privacy
