// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/checksums.h"
#include "gateway/privacy/detector_rows.h"
#include "gateway/privacy/shapes.h"

#include <array>

/// NHS numbers of England: ten digits, the last one by modulus 11 (NHS Data Dictionary).
namespace gateway::privacy {

namespace {

bool valid(std::string_view digits)
{
    static constexpr std::array weights {10, 9, 8, 7, 6, 5, 4, 3, 2};
    const int check = 11 - weightedSum(digits, weights) % 11;
    return check != 10 && check % 11 == valueOf(digits[9]) && !allSame(digits) && digits[0] != '0';
}

void find(const Clue &clue, Findings &found)
{
    const Number &number = *clue.number;
    const bool grouped = number.shaped({3, 3, 4}) && number.evenlyJoined() && number.groups[1].before <= Gap::Dash;
    if ((!number.whole() && !grouped) || !valid(number.digits) || !standsAlone(clue.text, clue.from, clue.to))
        return;
    if (before(clue.text, clue.from) != '+' && (number.whole() || standsApart(clue.text, clue.from, clue.to)))
        found.add(clue.from, clue.to, !grouped ? 0.3 : number.groups[1].before == Gap::Space ? 0.52 : 0.4);
}

constexpr std::array<std::string_view, 10> context {"nhs", "patient", "patients", "health", "hospital", "gp", "medical", "nhsnumber", "clinic", "surgery"};

} // namespace

const Detector ukNhs {.name = "uk_nhs", .label = "UK_NHS", .title = "UK NHS number", .wake = OnNumber, .numbers = {10, 10, 3}, .find = find, .context = context};

} // namespace gateway::privacy
