// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/checksums.h"
#include "gateway/privacy/detector_rows.h"
#include "gateway/privacy/shapes.h"

#include <array>

/// Brazilian companies' tax numbers (CNPJ): fourteen digits, the last two by modulus 11.
namespace gateway::privacy {

namespace {

bool valid(std::string_view digits)
{
    static constexpr std::array first {5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2};
    static constexpr std::array second {6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2};
    const auto check = [&](int sum) { return sum % 11 < 2 ? 0 : 11 - sum % 11; };
    return !allSame(digits) && check(weightedSum(digits, first)) == valueOf(digits[12]) && check(weightedSum(digits, second)) == valueOf(digits[13]);
}

void find(const Clue &clue, Findings &found)
{
    const Number &number = *clue.number;
    const bool printed = number.shaped({2, 3, 3, 4, 2});
    if ((!number.whole() && !printed) || !valid(number.digits) || !opens(clue.text, clue.from) || !closes(clue.text, clue.to))
        return;
    found.add(clue.from, clue.to, printed ? 0.9 : 0.6);
}

constexpr std::array<std::string_view, 7> context {"cnpj", "cnpjs", "empresa", "razão", "jurídica", "fornecedor", "brasil*"};

} // namespace

const Detector brCnpj {.name = "br_cnpj", .label = "BR_CNPJ", .title = "Brazilian company number (CNPJ)", .wake = OnNumber, .numbers = {14, 14, 5}, .find = find, .context = context};

} // namespace gateway::privacy
