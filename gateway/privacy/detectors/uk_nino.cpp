// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/detector_rows.h"
#include "gateway/privacy/shapes.h"

#include <array>

/// UK national insurance numbers (HMRC NIM39110): two letters of those in use, six digits, a suffix A to D.
namespace gateway::privacy {

namespace {

bool prefixInUse(std::string_view number)
{
    constexpr std::string_view neverFirst = "DFIQUV", neverSecond = "DFIOQUV";
    constexpr std::array<std::string_view, 7> never {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"};
    return neverFirst.find(number[0]) == std::string_view::npos && neverSecond.find(number[1]) == std::string_view::npos && !isOneOf(number.substr(0, 2), never);
}

bool wellFormed(std::string_view number)
{
    for (std::size_t i = 0; i < 8; ++i) {
        if (i < 2 ? !isUpper(number[i]) : !isDigit(number[i]))
            return false;
    }
    return prefixInUse(number);
}

void find(const Clue &clue, Findings &found)
{
    const std::string_view word = clue.what();
    std::size_t from = clue.from;
    if (isDigit(word.front())) { // "AB 12 34 56 C"
        const auto letters = lettersBefore(clue.text, clue.from, 2);
        if (!letters)
            return;
        from = *letters;
    }
    if (!opens(clue.text, from))
        return;
    const auto whole = collect(clue.text, from, 9);
    if (whole && wellFormed(whole->view()) && whole->characters[8] >= 'A' && whole->characters[8] <= 'D' && closes(clue.text, whole->to)) {
        found.add(from, whole->to, 0.8);
        return;
    }
    const auto bare = collect(clue.text, from, 8);
    if (bare && wellFormed(bare->view()) && standsAlone(clue.text, from, bare->to))
        found.add(from, bare->to, 0.2);
}

constexpr std::array<std::string_view, 8> context {"nino", "ni", "insurance", "national", "hmrc", "nationalinsurance*", "payroll", "nin"};

} // namespace

const Detector ukNino {.name = "uk_nino", .label = "UK_NINO", .title = "UK national insurance number", .wake = OnWord, .find = find, .context = context};

} // namespace gateway::privacy
