// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/detector_rows.h"
#include "gateway/privacy/shapes.h"

#include <array>

/// Italian tax codes (D.M. 23/12/1976): name, date and place of birth, and a check letter. Where two persons would share
/// one, digits become letters from the right ("omocodia").
namespace gateway::privacy {

namespace {

constexpr std::size_t codeSize = 16;
constexpr std::string_view form = "LLLLLLDDLDDLDDDL";
constexpr std::string_view digitLetters = "LMNPQRSTUV";

int digitIn(char c)
{
    const std::size_t place = digitLetters.find(c);
    return isDigit(c) ? valueOf(c) : place == std::string_view::npos ? -1 : static_cast<int>(place);
}

bool wellFormed(std::string_view code)
{
    for (std::size_t i = 0; i < codeSize; ++i) {
        if (form[i] == 'L' ? !isUpper(code[i]) : digitIn(code[i]) < 0)
            return false;
    }
    const int day = digitIn(code[9]) * 10 + digitIn(code[10]);
    constexpr std::string_view months = "ABCDEHLMPRST";
    return months.find(code[8]) != std::string_view::npos && ((day >= 1 && day <= 31) || (day >= 41 && day <= 71));
}

char checkLetter(std::string_view code)
{
    static constexpr std::array odd {1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
    int sum = 0;
    for (std::size_t i = 0; i + 1 < codeSize; ++i) {
        const int value = isDigit(code[i]) ? valueOf(code[i]) : code[i] - 'A';
        sum += i % 2 == 0 ? odd[static_cast<std::size_t>(value)] : value;
    }
    return static_cast<char>('A' + sum % 26);
}

void find(const Clue &clue, Findings &found)
{
    // "RSSMRA85M01H501Q", or the word "85M01" of "RSS MRA 85M01 H501Q".
    const std::size_t size = clue.to - clue.from;
    if (size != codeSize && (size != 5 || clue.from < 8))
        return;
    const std::size_t from = size == codeSize ? clue.from : clue.from - 8;
    if (size == 5 && (clue.text[clue.from - 1] != ' ' || clue.text[clue.from - 5] != ' '))
        return;
    const auto code = collect(clue.text, from, codeSize);
    if (code && wellFormed(code->view()) && code->characters[15] == checkLetter(code->view()) && opens(clue.text, from) && closes(clue.text, code->to))
        found.add(from, code->to, 0.95);
}

} // namespace

const Detector itCodiceFiscale {.name = "it_codice_fiscale", .label = "IT_CODICE_FISCALE", .title = "Italian tax code (codice fiscale)", .wake = OnWord, .find = find};

} // namespace gateway::privacy
