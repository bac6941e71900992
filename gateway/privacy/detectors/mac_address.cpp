// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/detector_rows.h"
#include "gateway/privacy/shapes.h"

#include <array>

/// MAC addresses (IEEE 802, EUI-48): six pairs with colons or dashes, or three fours with dots.
namespace gateway::privacy {

namespace {

constexpr std::size_t pairsSize = 17, foursSize = 14;

/// @param step  characters from one mark to the next one
bool isHexEvery(std::string_view text, std::size_t step, char mark)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i % step == step - 1 ? text[i] != mark : !isHex(text[i]))
            return false;
    }
    return true;
}

void findAt(const Clue &clue, std::size_t from, std::size_t step, char mark, Findings &found)
{
    const std::size_t size = step == 3 ? pairsSize : foursSize;
    const std::string_view text = clue.text.substr(from, size);
    if (text.size() != size || !isHexEvery(text, step, mark) || !opens(clue.text, from) || !closes(clue.text, from + size))
        return;
    const bool longer = (before(clue.text, from) == mark && isWord(before(clue.text, from - 1))) || (at(clue.text, from + size) == mark && isWord(at(clue.text, from + size + 1)));
    const bool digitsAlone = text.find_first_of("abcdefABCDEF") == std::string_view::npos;
    if (!longer)
        found.add(from, from + size, digitsAlone && mark != ':' ? 0.3 : 0.9);
}

void find(const Clue &clue, Findings &found)
{
    if (clue.wake == OnColon && clue.from >= 2)
        findAt(clue, clue.from - 2, 3, ':', found);
    else if (clue.wake == OnToken && clue.to - clue.from == pairsSize)
        findAt(clue, clue.from, 3, '-', found);
    else if (clue.wake == OnWord && clue.to - clue.from == 4 && at(clue.text, clue.to) == '.')
        findAt(clue, clue.from, 5, '.', found);
}

constexpr std::array<std::string_view, 6> context {"mac", "ethernet", "wlan", "hardware", "bssid", "nic"};

} // namespace

const Detector macAddress {.name = "mac_address", .label = "MAC_ADDRESS", .title = "MAC address", .wake = OnColon | OnToken | OnWord, .find = find, .context = context};

} // namespace gateway::privacy
