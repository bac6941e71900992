// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/detectors/document_form.h"

#include <array>

/// Driving licence numbers: the forms that countries and states print, with a word beside them that says so.
namespace gateway::privacy {

namespace {

constexpr std::array forms {
    DocumentForm {"GB", "AAAAA999999AAAAA"}, DocumentForm {"GB", "AAAAA999999AAAAAAA"}, DocumentForm {"US", "L9999999"}, DocumentForm {"US", "L99999999"},
    DocumentForm {"US", "L999999999999"}, DocumentForm {"US", "L99999999999999"}, DocumentForm {"US", "L9999999999999"}, DocumentForm {"US", "L99999999999"}, DocumentForm {"US", "L999999"},
    DocumentForm {"US", "9999999"}, DocumentForm {"US", "99999999"}, DocumentForm {"US", "999999999"}, DocumentForm {"US", "LL999999"}, DocumentForm {"US", "9999999999"},
    DocumentForm {"DE", "LAAAAAAAAA9"}, DocumentForm {"DE", "LAAAAAAAAAA"}, DocumentForm {"FR", "999999999999"}, DocumentForm {"FR", "99LL99999"}, DocumentForm {"ES", "99999999L"},
    DocumentForm {"IT", "LL9999999L"}, DocumentForm {"IT", "L9L999999L"}, DocumentForm {"IN", "LL9999999999999"}, DocumentForm {"AT", "99999999"}, DocumentForm {"BR", "99999999999"},
    DocumentForm {"NL", "9999999999"}, DocumentForm {"CA", "L99999999999999"}, DocumentForm {"AU", "99999999"},
};

/// The word, and what is joined to it by dashes or single spaces before digits: "D123-4567-8901", "L123 4567 8901".
std::size_t joinedEnd(std::string_view text, std::size_t to)
{
    const std::size_t most = to + 24;
    while (to < most && (at(text, to) == '-' || at(text, to) == ' ') && isDigit(at(text, to + 1))) {
        std::size_t end = to + 1;
        while (end < text.size() && end < to + 24 && isAlnum(text[end]))
            ++end;
        if (end - to > 9)
            break;
        to = end;
    }
    return to;
}

void find(const Clue &clue, Findings &found)
{
    const bool goesOn = before(clue.text, clue.from) == '-' && isAlnum(before(clue.text, clue.from - 1));
    if (goesOn || clue.to - clue.from > 18 || !opens(clue.text, clue.from))
        return;
    const std::size_t joined = joinedEnd(clue.text, std::min(clue.to, clue.from + 18));
    std::array<char, 24> room {};
    std::size_t size = 0;
    for (std::size_t i = clue.from; i < joined && size < room.size(); ++i) {
        if (isAlnum(clue.text[i]))
            room[size++] = clue.text[i];
    }
    if (joined > clue.to && standsAlone(clue.text, clue.from, joined) && hasFormOf({room.data(), size}, forms, found))
        found.add(clue.from, joined, 0.25);
    else if (standsAlone(clue.text, clue.from, clue.to) && hasFormOf(clue.what(), forms, found))
        found.add(clue.from, clue.to, 0.22);
}

constexpr std::array<std::string_view, 17> context {"driving", "driver*", "drivers", "licence*", "license*", "dl", "dvla", "dmv", "führerschein*", "fuehrerschein*", "fahrerlaubnis*", "permis", "conduire", "carnet",
                                                    "conducir", "patente", "conducción"};

} // namespace

const Detector drivingLicence {.name = "driving_licence", .label = "DRIVING_LICENCE", .title = "Driving licence number", .wake = OnWord, .find = find, .context = context, .regional = true};

} // namespace gateway::privacy
