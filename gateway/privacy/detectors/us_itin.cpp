// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/detector_rows.h"
#include "gateway/privacy/shapes.h"

#include <array>

/// US individual taxpayer identification numbers: 9xx, and the fourth and fifth digit in the ranges that the IRS issues.
namespace gateway::privacy {

namespace {

bool issued(std::string_view digits)
{
    const int group = valueOf(digits[3]) * 10 + valueOf(digits[4]);
    return digits[0] == '9' && ((group >= 50 && group <= 65) || (group >= 70 && group <= 88) || (group >= 90 && group <= 92) || (group >= 94 && group <= 99));
}

void find(const Clue &clue, Findings &found)
{
    const Number &number = *clue.number;
    if (!issued(number.digits) || !standsAlone(clue.text, clue.from, clue.to))
        return;
    if (number.whole())
        found.add(clue.from, clue.to, 0.2);
    else if (number.shaped({3, 2, 4}) && number.evenlyJoined() && number.groups[1].before != Gap::Slash && (number.groups[1].before != Gap::Space || standsApart(clue.text, clue.from, clue.to)))
        found.add(clue.from, clue.to, number.groups[1].before == Gap::Dash ? 0.65 : 0.5);
}

constexpr std::array<std::string_view, 7> context {"itin", "itins", "taxpayer", "tax", "tin", "individual", "irs"};

} // namespace

const Detector usItin {.name = "us_itin", .label = "US_ITIN", .title = "US taxpayer number (ITIN)", .wake = OnNumber, .numbers = {9, 9, 3}, .find = find, .context = context};

} // namespace gateway::privacy
