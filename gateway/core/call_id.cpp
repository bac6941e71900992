// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/call_id.h"

#include <algorithm>
#include <array>

namespace gateway {

namespace {

constexpr std::string_view prefix = "call_";
constexpr std::string_view letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford
constexpr std::size_t timeLetters = 10;
constexpr std::size_t chanceLetters = 16;
constexpr std::array<bool, 256> isLetter = [] {
    std::array<bool, 256> known {};
    for (const char c : letters)
        known[static_cast<unsigned char>(c)] = true;
    return known;
}();

} // namespace

CallIdMaker::CallIdMaker(std::uint64_t seed) : m_state(seed) {}

std::string CallIdMaker::next(WallTime now)
{
    std::string id(prefix.size() + timeLetters + chanceLetters, '0');
    std::copy(prefix.begin(), prefix.end(), id.begin());
    auto millis = static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count());
    for (std::size_t i = timeLetters; i-- > 0; millis >>= 5)
        id[prefix.size() + i] = letters[millis & 31];
    std::uint64_t chance = random();
    for (std::size_t i = 0; i < chanceLetters; ++i, chance >>= 5) {
        if (i == chanceLetters / 2)
            chance = random();
        id[prefix.size() + timeLetters + i] = letters[chance & 31];
    }
    return id;
}

/// splitmix64: ids need to be distinct, not secret.
std::uint64_t CallIdMaker::random()
{
    std::uint64_t z = (m_state += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

bool isCallId(std::string_view text)
{
    return text.starts_with(prefix) && text.size() == prefix.size() + timeLetters + chanceLetters
        && std::all_of(text.begin() + prefix.size(), text.end(), [](char c) { return isLetter[static_cast<unsigned char>(c)]; });
}

} // namespace gateway
