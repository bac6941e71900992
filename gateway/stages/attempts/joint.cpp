// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/joint.h"

#include <algorithm>

namespace gateway::stages {

namespace {

constexpr std::size_t farthest = 4096; // bytes of `said` that are looked at
constexpr std::string_view whiteSpace = " \n\r\t";

/// Letters and digits; a character that is more than one byte counts twice: words have fewer of those.
int letters(std::string_view text)
{
    int count = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool ascii = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
        count += ascii ? 1 : byte >= 0xC0 ? 2 : 0;
    }
    return count;
}

/// Whether equal text is a repetition: of words, or of all that was said. By chance or in tables and code a few signs recur.
bool isRepetition(std::string_view equal, std::string_view said)
{
    constexpr int fewest = 8, fewestOfAll = 2;
    return letters(equal) >= (equal.size() == said.size() ? fewestOfAll : fewest);
}

/// White space that was said and cut off comes again.
std::optional<std::size_t> repeatedSpace(const Joint &joint)
{
    const std::size_t end = joint.said.find_last_not_of(whiteSpace);
    const std::string_view space = joint.said.substr(end == std::string_view::npos ? 0 : end + 1);
    const auto differs = std::ranges::mismatch(space, joint.more);
    const auto same = static_cast<std::size_t>(differs.in2 - joint.more.begin());
    if (joint.moreComes && same == joint.more.size() && same < space.size())
        return std::nullopt;
    return same;
}

} // namespace

std::optional<std::size_t> repeatedAt(const Joint &joint)
{
    const std::string_view said = joint.said.substr(joint.said.size() - std::min(joint.said.size(), farthest));
    const std::string_view more = joint.more;
    if (joint.moreComes) {
        const std::size_t at = said.find(more);
        if (at != std::string_view::npos && at + more.size() < said.size())
            return std::nullopt; // it may be the front of a longer repetition
    }
    for (std::size_t size = std::min(said.size(), more.size()); size > 0; --size) {
        if (said.ends_with(more.substr(0, size)) && isRepetition(more.substr(0, size), joint.said))
            return size;
    }
    return joint.spaceCutOff ? repeatedSpace(joint) : 0;
}

} // namespace gateway::stages
