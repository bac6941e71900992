// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/checksums.h"
#include "gateway/privacy/detector_rows.h"
#include "gateway/privacy/shapes.h"

#include <array>

/// Bank accounts that are no IBAN: British sort codes and accounts, American routing numbers (ABA checksum) and accounts,
/// German bank codes and accounts. But for a sort code and account side by side, words beside them have to say so.
namespace gateway::privacy {

namespace {

bool isRoutingNumber(std::string_view digits)
{
    static constexpr std::array weights {3, 7, 1, 3, 7, 1, 3, 7, 1};
    const int district = valueOf(digits[0]) * 10 + valueOf(digits[1]);
    const bool inUse = district <= 12 || (district >= 21 && district <= 32) || (district >= 61 && district <= 72) || district == 80;
    return inUse && digits != "000000000" && weightedSum(digits, weights) % 10 == 0;
}

/// How far the form alone goes; 0: it is none.
double scoreOf(const Number &number)
{
    const bool dashed = number.groups.size() >= 3 && number.groups[1].before == Gap::Dash && number.groups[2].before == Gap::Dash;
    if (number.shaped({2, 2, 2, 8}) && dashed)
        return 0.6;
    if (number.shaped({2, 2, 2}) && number.evenlyJoined() && number.groups[1].before <= Gap::Dash)
        return 0.2;
    if (!number.whole())
        return 0;
    if (number.digits.size() == 9)
        return isRoutingNumber(number.digits) ? 0.3 : 0.15;
    return number.digits.size() == 8 ? 0.2 : number.digits.size() <= 12 ? 0.15 : 0;
}

void find(const Clue &clue, Findings &found)
{
    const double score = scoreOf(*clue.number);
    if (score > 0 && !allSame(clue.number->digits) && standsAlone(clue.text, clue.from, clue.to) && before(clue.text, clue.from) != '+')
        found.add(clue.from, clue.to, score);
}

constexpr std::array<std::string_view, 17> context {"sort", "sortcode", "account*", "acct", "acc", "routing", "aba", "konto*", "kontonummer", "blz", "bankleitzahl", "bank", "compte", "cuenta", "rib", "girokonto", "bankverbindung"};

} // namespace

const Detector bankAccount {.name = "bank_account", .label = "BANK_ACCOUNT", .title = "Bank account", .wake = OnNumber, .numbers = {6, 14, 4}, .find = find, .context = context};

} // namespace gateway::privacy
