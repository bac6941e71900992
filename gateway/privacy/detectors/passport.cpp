// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/detectors/document_form.h"

#include <array>

/// Passport numbers: the forms that countries print (ICAO 9303 gives nine characters), with a word beside them that says so.
namespace gateway::privacy {

namespace {

constexpr std::array forms {
    DocumentForm {"US", "999999999"}, DocumentForm {"US", "L99999999"}, DocumentForm {"GB", "999999999"}, DocumentForm {"DE", "LAAAAAAA9"}, DocumentForm {"DE", "L99999999"},
    DocumentForm {"FR", "99LL99999"}, DocumentForm {"ES", "LLL999999"}, DocumentForm {"ES", "LL999999"}, DocumentForm {"IT", "LL9999999"}, DocumentForm {"IN", "L9999999"},
    DocumentForm {"AT", "L9999999"}, DocumentForm {"CH", "L9999999"}, DocumentForm {"CA", "LL999999"}, DocumentForm {"AU", "L9999999"}, DocumentForm {"BR", "LL999999"},
    DocumentForm {"NL", "LLAAAAAA9"}, DocumentForm {"BE", "LL999999"}, DocumentForm {"PL", "LL9999999"}, DocumentForm {"PT", "L999999"}, DocumentForm {"CN", "L99999999"},
    DocumentForm {"JP", "LL9999999"}, DocumentForm {"IE", "LL9999999"}, DocumentForm {"IE", "L99999999"}, DocumentForm {"SE", "99999999"}, DocumentForm {"SE", "LL999999"},
    DocumentForm {"MX", "L99999999"}, DocumentForm {"DK", "999999999"}, DocumentForm {"DE", "LAAAAAAAA"},
};

void find(const Clue &clue, Findings &found)
{
    std::size_t from = clue.from;
    if (isDigit(clue.what().front()) && lettersBefore(clue.text, clue.from, 1)) // "C 01234567"
        from = *lettersBefore(clue.text, clue.from, 1);
    const auto number = collect(clue.text, from, clue.to - clue.from + (from == clue.from ? 0 : 1));
    if (number && number->to == clue.to && standsAlone(clue.text, from, clue.to) && hasFormOf(number->view(), forms, found))
        found.add(from, clue.to, 0.25);
    else if (from != clue.from && standsAlone(clue.text, clue.from, clue.to) && hasFormOf(clue.what(), forms, found))
        found.add(clue.from, clue.to, 0.25);
}

constexpr std::array<std::string_view, 11> context {"passport*", "passeport*", "pasaporte*", "reisepass*", "pass", "passnummer", "passaporto", "passnr", "ausweis*", "personalausweis*", "travel"};

} // namespace

const Detector passport {.name = "passport", .label = "PASSPORT", .title = "Passport number", .wake = OnWord, .find = find, .context = context, .regional = true};

} // namespace gateway::privacy
