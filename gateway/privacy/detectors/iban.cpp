// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/checksums.h"
#include "gateway/privacy/detector_rows.h"
#include "gateway/privacy/shapes.h"

#include <algorithm>
#include <array>

/// International bank account numbers (ISO 13616): a country of the registry with its length, and mod 97.
namespace gateway::privacy {

namespace {

struct Country
{
    char code[3];
    std::uint8_t size;
};

/// The IBAN registry, in the order of the codes.
constexpr Country countries[] {
    {"AD", 24}, {"AE", 23}, {"AL", 28}, {"AT", 20}, {"AZ", 28}, {"BA", 20}, {"BE", 16}, {"BG", 22}, {"BH", 22}, {"BI", 27}, {"BR", 29}, {"BY", 28}, {"CH", 21}, {"CR", 22},
    {"CY", 28}, {"CZ", 24}, {"DE", 22}, {"DJ", 27}, {"DK", 18}, {"DO", 28}, {"EE", 20}, {"EG", 29}, {"ES", 24}, {"FI", 18}, {"FK", 18}, {"FO", 18}, {"FR", 27}, {"GB", 22},
    {"GE", 22}, {"GI", 23}, {"GL", 18}, {"GR", 27}, {"GT", 28}, {"HN", 28}, {"HR", 21}, {"HU", 28}, {"IE", 22}, {"IL", 23}, {"IQ", 23}, {"IS", 26}, {"IT", 27}, {"JO", 30},
    {"KW", 30}, {"KZ", 20}, {"LB", 28}, {"LC", 32}, {"LI", 21}, {"LT", 20}, {"LU", 20}, {"LV", 21}, {"LY", 25}, {"MC", 27}, {"MD", 24}, {"ME", 22}, {"MK", 19}, {"MN", 20},
    {"MR", 27}, {"MT", 31}, {"MU", 30}, {"NI", 28}, {"NL", 18}, {"NO", 15}, {"OM", 23}, {"PK", 24}, {"PL", 28}, {"PS", 29}, {"PT", 25}, {"QA", 29}, {"RO", 24}, {"RS", 22},
    {"RU", 33}, {"SA", 24}, {"SC", 31}, {"SD", 18}, {"SE", 24}, {"SI", 19}, {"SK", 24}, {"SM", 27}, {"SO", 23}, {"ST", 25}, {"SV", 28}, {"TL", 23}, {"TN", 24}, {"TR", 26},
    {"UA", 29}, {"VA", 22}, {"VG", 24}, {"XK", 20}, {"YE", 30},
};

std::size_t sizeOf(char first, char second)
{
    for (const Country &country : countries) {
        if (country.code[0] == upper(first) && country.code[1] == upper(second))
            return country.size;
    }
    return 0;
}

/// Where it begins: at the word, "DE89...", or two letters before it, "DE 89".
std::optional<std::size_t> beginning(const Clue &clue)
{
    const std::string_view word = clue.what();
    if (word.size() >= 4 && isLetter(word[0]) && isLetter(word[1]) && isDigit(word[2]) && isDigit(word[3]))
        return opens(clue.text, clue.from) ? std::optional(clue.from) : std::nullopt;
    if (word.size() >= 2 && isDigit(word[0]) && isDigit(word[1]))
        return lettersBefore(clue.text, clue.from, 2);
    return std::nullopt;
}

void find(const Clue &clue, Findings &found)
{
    const auto from = beginning(clue);
    if (!from)
        return;
    const std::size_t size = sizeOf(clue.text[*from], clue.text[*from + 1]);
    if (size == 0)
        return;
    const auto iban = collect(clue.text, *from, size);
    if (iban && closes(clue.text, iban->to) && passesIban(iban->view()))
        found.add(*from, iban->to, 0.95);
}

} // namespace

const Detector iban {.name = "iban", .label = "IBAN", .title = "IBAN", .wake = OnWord, .find = find};

} // namespace gateway::privacy
