// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/checksums.h"
#include "gateway/privacy/detector_rows.h"
#include "gateway/privacy/shapes.h"

#include <array>
#include <string>

/// French social security numbers (NIR, INSEE): sex, year, month, department, commune, order, and a key of two digits,
/// 97 minus the remainder of the rest. Corsica's departments 2A and 2B count as 19 and 18.
namespace gateway::privacy {

namespace {

constexpr std::size_t withoutKey = 13, withKey = 15;

bool plausible(std::string_view digits)
{
    const int month = valueOf(digits[3]) * 10 + valueOf(digits[4]);
    const bool monthFits = (month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50; // others: not known at the time
    return (digits[0] == '1' || digits[0] == '2' || digits[0] == '3' || digits[0] == '4' || digits[0] == '7' || digits[0] == '8') && monthFits && digits.substr(10, 3) != "000";
}

bool keyFits(std::string_view digits)
{
    const int key = valueOf(digits[13]) * 10 + valueOf(digits[14]);
    return 97 - remainderOf(digits.substr(0, withoutKey), 97) == key;
}

/// 1 85 05 78 006 084 36
bool groupedAsPrinted(const Number &number)
{
    if (number.digits.size() == withKey)
        return number.shaped({1, 2, 2, 2, 3, 3, 2}) || number.shaped({13, 2}) || number.shaped({1, 2, 2, 2, 3, 5});
    return number.shaped({1, 2, 2, 2, 3, 3});
}

void findDigits(const Clue &clue, Findings &found)
{
    const Number &number = *clue.number;
    const bool grouped = groupedAsPrinted(number);
    if ((!grouped && !number.whole()) || !plausible(number.digits) || !opens(clue.text, clue.from) || !closes(clue.text, clue.to))
        return;
    if (number.digits.size() == withKey) {
        if (keyFits(number.digits))
            found.add(clue.from, clue.to, grouped ? 0.95 : 0.85);
    } else if (number.digits.size() == withoutKey) {
        found.add(clue.from, clue.to, grouped ? 0.4 : 0.15);
    }
}

/// The word that holds the 2A or 2B: the whole number, or "2A" in the midst of it.
void findCorsican(const Clue &clue, Findings &found)
{
    const std::string_view word = clue.what();
    const bool alone = word.size() == 2 && clue.from >= 8;
    if (!alone && word.size() != withKey && word.size() != withoutKey)
        return;
    const std::size_t from = alone ? clue.from - 8 : clue.from;
    const auto number = collect(clue.text, from, withKey);
    if (!number || number->characters[5] != '2' || (number->characters[6] != 'A' && number->characters[6] != 'B') || !opens(clue.text, from) || !closes(clue.text, number->to))
        return;
    std::string digits(number->view());
    digits[5] = '1';
    digits[6] = digits[6] == 'A' ? '9' : '8';
    if (digits.find_first_not_of("0123456789") == std::string::npos && plausible(digits) && keyFits(digits))
        found.add(from, number->to, 0.95);
}

void find(const Clue &clue, Findings &found)
{
    if (clue.wake == OnNumber)
        findDigits(clue, found);
    else if (clue.text.substr(clue.from, std::min<std::size_t>(clue.to - clue.from, withKey)).find_first_of("AaBb") != std::string_view::npos)
        findCorsican(clue, found);
}

constexpr std::array<std::string_view, 12> context {"nir", "sécurité", "securite", "sociale", "sécu", "secu", "insee", "assuré", "assurée", "immatriculation", "vitale", "social"};

} // namespace

const Detector frNir {.name = "fr_nir", .label = "FR_NIR", .title = "French social security number (NIR)", .wake = OnNumber | OnWord, .numbers = {13, 15, 7}, .find = find, .context = context};

} // namespace gateway::privacy
