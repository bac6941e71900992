// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/mark_colour.h"

#include "gateway/core/text.h"

namespace gateway {

std::string_view markColourName(int colour)
{
    return colour >= 1 && colour <= static_cast<int>(markColours.size()) ? markColours[static_cast<std::size_t>(colour) - 1] : std::string_view();
}

std::optional<int> markColourOf(std::string_view word)
{
    if (equalsIgnoringCase(word, "none"))
        return 0;
    if (word.size() == 1 && word[0] >= '0' && word[0] <= '6')
        return word[0] - '0';
    for (std::size_t i = 0; i < markColours.size(); ++i) {
        if (equalsIgnoringCase(word, markColours[i]))
            return static_cast<int>(i) + 1;
    }
    return std::nullopt;
}

} // namespace gateway
