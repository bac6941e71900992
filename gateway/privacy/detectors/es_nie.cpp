// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/detector_rows.h"
#include "gateway/privacy/detectors/spanish_letter.h"
#include "gateway/privacy/shapes.h"

#include <array>
#include <string>

/// Spanish foreigners' identity numbers (NIE): X, Y or Z, which count as 0, 1 and 2, seven digits and the letter as in a DNI.
namespace gateway::privacy {

namespace {

void find(const Clue &clue, Findings &found)
{
    const Number &number = *clue.number;
    const char gap = before(clue.text, clue.from);
    const bool apart = gap == '-' || gap == ' ' || gap == '.';
    const std::size_t end = apart ? clue.from - 1 : clue.from;
    const char kind = upper(before(clue.text, end));
    if (kind < 'X' || kind > 'Z' || !opens(clue.text, end - 1) || !(number.whole() || number.shaped({1, 3, 3})))
        return;
    const auto letter = spanishLetterAfter(clue.text, clue.to);
    std::string digits(1, static_cast<char>('0' + (kind - 'X')));
    digits += number.digits;
    if (letter && letter->letter == spanishLetterOf(digits))
        found.add(end - 1, letter->to, 0.85);
}

constexpr std::array<std::string_view, 7> context {"nie", "extranjero", "extranjería", "extranjeros", "identidad", "residencia", "foreigner"};

} // namespace

const Detector esNie {.name = "es_nie", .label = "ES_NIE", .title = "Spanish foreigner number (NIE)", .wake = OnNumber, .numbers = {7, 7, 3}, .find = find, .context = context};

} // namespace gateway::privacy
