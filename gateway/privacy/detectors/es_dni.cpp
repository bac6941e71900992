// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/detector_rows.h"
#include "gateway/privacy/detectors/spanish_letter.h"
#include "gateway/privacy/shapes.h"

#include <array>

/// Spanish identity numbers (DNI, NIF): eight digits and the letter of their remainder by 23.
namespace gateway::privacy {

namespace {

void find(const Clue &clue, Findings &found)
{
    const Number &number = *clue.number;
    if (!(number.whole() || (number.shaped({2, 3, 3}) && number.evenlyJoined())) || !opens(clue.text, clue.from))
        return;
    const auto letter = spanishLetterAfter(clue.text, clue.to);
    if (letter && letter->letter == spanishLetterOf(number.digits))
        found.add(clue.from, letter->to, letter->gap == ' ' ? 0.45 : 0.8);
}

constexpr std::array<std::string_view, 9> context {"dni", "nif", "identidad", "documento", "identificación", "identity", "nacional", "titular", "spanish"};

} // namespace

const Detector esDni {.name = "es_dni", .label = "ES_DNI", .title = "Spanish identity number (DNI)", .wake = OnNumber, .numbers = {8, 8, 3}, .find = find, .context = context};

} // namespace gateway::privacy
