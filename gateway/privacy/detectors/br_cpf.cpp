// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/checksums.h"
#include "gateway/privacy/detector_rows.h"
#include "gateway/privacy/shapes.h"

#include <array>

/// Brazilian persons' tax numbers (CPF): eleven digits, the last two by modulus 11.
namespace gateway::privacy {

namespace {

bool valid(std::string_view digits)
{
    static constexpr std::array first {10, 9, 8, 7, 6, 5, 4, 3, 2};
    static constexpr std::array second {11, 10, 9, 8, 7, 6, 5, 4, 3, 2};
    const auto check = [&](int sum) { return sum % 11 < 2 ? 0 : 11 - sum % 11; };
    return !allSame(digits) && check(weightedSum(digits, first)) == valueOf(digits[9]) && check(weightedSum(digits, second)) == valueOf(digits[10]);
}

void find(const Clue &clue, Findings &found)
{
    const Number &number = *clue.number;
    const bool printed = number.shaped({3, 3, 3, 2}) && number.groups[1].before == number.groups[2].before;
    if ((!number.whole() && !printed) || !valid(number.digits) || !opens(clue.text, clue.from) || !closes(clue.text, clue.to) || before(clue.text, clue.from) == '+')
        return;
    found.add(clue.from, clue.to, printed ? 0.9 : 0.55);
}

constexpr std::array<std::string_view, 8> context {"cpf", "cpfs", "contribuinte", "cadastro", "pessoa", "receita", "brazilian", "brasil*"};

} // namespace

const Detector brCpf {.name = "br_cpf", .label = "BR_CPF", .title = "Brazilian tax number (CPF)", .wake = OnNumber, .numbers = {11, 11, 4}, .find = find, .context = context};

} // namespace gateway::privacy
