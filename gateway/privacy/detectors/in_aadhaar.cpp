// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/checksums.h"
#include "gateway/privacy/detector_rows.h"
#include "gateway/privacy/shapes.h"

#include <array>

/// Indian Aadhaar numbers (UIDAI): twelve digits, none begins with 0 or 1, the last one by Verhoeff; no palindromes.
namespace gateway::privacy {

namespace {

bool valid(std::string_view digits)
{
    bool palindrome = true;
    for (std::size_t i = 0; i < 6; ++i)
        palindrome = palindrome && digits[i] == digits[11 - i];
    return digits[0] > '1' && !palindrome && passesVerhoeff(digits);
}

void find(const Clue &clue, Findings &found)
{
    const Number &number = *clue.number;
    const bool grouped = number.shaped({4, 4, 4}) && number.evenlyJoined() && number.groups[1].before <= Gap::Dash;
    if ((!number.whole() && !grouped) || !valid(number.digits) || !standsAlone(clue.text, clue.from, clue.to) || before(clue.text, clue.from) == '+' || (grouped && !standsApart(clue.text, clue.from, clue.to)))
        return;
    found.add(clue.from, clue.to, grouped ? 0.65 : 0.4);
}

constexpr std::array<std::string_view, 8> context {"aadhaar", "aadhar", "adhaar", "uidai", "uid", "aadhaarnumber", "indian", "kyc"};

} // namespace

const Detector inAadhaar {.name = "in_aadhaar", .label = "IN_AADHAAR", .title = "Indian Aadhaar number", .wake = OnNumber, .numbers = {12, 12, 3}, .find = find, .context = context};

} // namespace gateway::privacy
