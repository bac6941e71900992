// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/checksums.h"
#include "gateway/privacy/detector_rows.h"
#include "gateway/privacy/shapes.h"

#include <array>

/// German tax identification numbers (§ 139b AO): eleven digits, of the first ten exactly one occurs twice or three times
/// and the last one by ISO/IEC 7064 MOD 11,10.
namespace gateway::privacy {

namespace {

bool repeatsAsAsked(std::string_view digits)
{
    std::array<int, 10> counts {};
    for (const char digit : digits.substr(0, 10))
        ++counts[static_cast<std::size_t>(valueOf(digit))];
    int repeated = 0;
    for (const int count : counts) {
        if (count > 3)
            return false;
        repeated += count > 1 ? 1 : 0;
    }
    return repeated == 1;
}

void find(const Clue &clue, Findings &found)
{
    const Number &number = *clue.number;
    const bool grouped = number.shaped({2, 3, 3, 3}) && number.evenlyJoined();
    if ((!number.whole() && !grouped) || number.digits[0] == '0' || !repeatsAsAsked(number.digits) || !passesMod11_10(number.digits))
        return;
    if (before(clue.text, clue.from) != '+' && opens(clue.text, clue.from) && closes(clue.text, clue.to) && (!grouped || standsApart(clue.text, clue.from, clue.to)))
        found.add(clue.from, clue.to, grouped ? 0.85 : 0.65);
}

constexpr std::array<std::string_view, 12> context {"steuer*", "idnr", "tin", "tax", "identifikationsnummer", "id", "finanzamt", "fiscal", "impôt", "elster", "lohnsteuer*", "fiskal*"};

} // namespace

const Detector deTaxId {.name = "de_tax_id", .label = "DE_TAX_ID", .title = "German tax number (IdNr.)", .wake = OnNumber, .numbers = {11, 11, 4}, .find = find, .context = context};

} // namespace gateway::privacy
