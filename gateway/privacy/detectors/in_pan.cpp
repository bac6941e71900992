// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/detector_rows.h"
#include "gateway/privacy/shapes.h"

#include <array>

/// Indian permanent account numbers: five letters, the fourth one the kind of holder, four digits, a letter.
namespace gateway::privacy {

namespace {

void find(const Clue &clue, Findings &found)
{
    const std::string_view word = clue.what();
    if (word.size() != 10)
        return;
    bool lowerCase = false;
    for (std::size_t i = 0; i < word.size(); ++i) {
        if (i >= 5 && i <= 8 ? !isDigit(word[i]) : !isLetter(word[i]))
            return;
        lowerCase = lowerCase || isLower(word[i]);
    }
    constexpr std::string_view holders = "ABCFGHJLPT";
    if (holders.find(upper(word[3])) == std::string_view::npos || word.substr(5, 4) == "0000" || !standsAlone(clue.text, clue.from, clue.to))
        return;
    found.add(clue.from, clue.to, lowerCase ? 0.3 : 0.75);
}

constexpr std::array<std::string_view, 7> context {"pan", "permanent", "income", "tax", "pancard", "indian", "kyc"};

} // namespace

const Detector inPan {.name = "in_pan", .label = "IN_PAN", .title = "Indian tax number (PAN)", .wake = OnWord, .find = find, .context = context};

} // namespace gateway::privacy
