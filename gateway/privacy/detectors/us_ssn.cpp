// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/checksums.h"
#include "gateway/privacy/detector_rows.h"
#include "gateway/privacy/shapes.h"

#include <array>

/// US social security numbers: they have no check digit, so what counts are the numbers that were issued (no area 000, 666
/// or 9xx, no group 00, no serial 0000, none of those that advertisements made known) and the form.
namespace gateway::privacy {

namespace {

bool issued(std::string_view digits)
{
    const std::string_view area = digits.substr(0, 3);
    if (area == "000" || area == "666" || area[0] == '9' || digits.substr(3, 2) == "00" || digits.substr(5) == "0000")
        return false;
    return digits != "078051120" && digits != "219099999" && digits != "123456789" && !allSame(digits);
}

void find(const Clue &clue, Findings &found)
{
    const Number &number = *clue.number;
    if (!standsAlone(clue.text, clue.from, clue.to) || !issued(number.digits))
        return;
    if (number.whole())
        found.add(clue.from, clue.to, 0.2);
    else if (number.shaped({3, 2, 4}) && number.evenlyJoined() && number.groups[1].before != Gap::Slash && (number.groups[1].before != Gap::Space || standsApart(clue.text, clue.from, clue.to)))
        found.add(clue.from, clue.to, number.groups[1].before == Gap::Dash ? 0.65 : 0.5);
}

constexpr std::array<std::string_view, 12> context {"ssn", "ssns", "social", "socialsecurity*", "security", "ss", "taxpayer", "sozialversicherung*", "us", "seguridad", "sécurité", "tax"};

} // namespace

const Detector usSsn {.name = "us_ssn", .label = "US_SSN", .title = "US social security number", .wake = OnNumber, .numbers = {9, 9, 3}, .find = find, .context = context};

} // namespace gateway::privacy
