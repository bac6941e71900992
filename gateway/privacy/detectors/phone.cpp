// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/checksums.h"
#include "gateway/privacy/detector_rows.h"
#include "gateway/privacy/phone_regions.h"
#include "gateway/privacy/shapes.h"

#include <algorithm>
#include <array>

/// Phone numbers: international ones by the region's calling code, length and first digits; national ones by the forms in
/// which they are written, by the rule's regions, or by a word beside them.
namespace gateway::privacy {

namespace {

/// The numbers of one thing are written evenly; a bracket or a slash sets an area code off.
bool isWrittenAsPhone(const Number &number)
{
    std::size_t slashes = 0;
    for (const DigitGroup &group : number.groups.subspan(1)) {
        slashes += group.before == Gap::Slash ? 1 : 0;
        if (group.before == Gap::Wide)
            return false;
    }
    return slashes <= 1;
}

/// "+49 ...", "(+49) ...", "0049 ..."; nullopt: it begins otherwise.
std::optional<std::size_t> beginOfInternational(const Clue &clue)
{
    const std::size_t from = clue.from;
    if (before(clue.text, from) != '+' || isWord(before(clue.text, from - 1)))
        return std::nullopt;
    const bool bracket = before(clue.text, from - 1) == '(' && clue.number->groups.size() > 1 && clue.number->groups[1].before == Gap::Paren;
    return bracket ? from - 2 : from - 1;
}

/// Area codes and exchanges begin with 2 to 9; x11 are services.
bool isNorthAmerican(std::string_view digits)
{
    const std::string_view national = digits.size() == 11 && digits[0] == '1' ? digits.substr(1) : digits;
    const auto service = [](std::string_view code) { return code[1] == '1' && code[2] == '1'; };
    return national.size() == 10 && national[0] >= '2' && national[1] != '9' && national[3] >= '2' && !service(national);
}

bool inBracket(const Clue &clue)
{
    return before(clue.text, clue.from) == '(' && clue.number->groups.size() > 1 && clue.number->groups[1].before == Gap::Paren;
}

double northAmericanScore(const Clue &clue)
{
    const Number &number = *clue.number;
    if (!isNorthAmerican(number.digits))
        return 0;
    if (number.whole())
        return 0.2;
    const bool long11 = number.shaped({1, 3, 3, 4});
    if (!long11 && !number.shaped({3, 3, 4}))
        return 0;
    if (inBracket(clue))
        return 0.7;
    const Gap last = number.groups.back().before;
    return last == Gap::Dash ? 0.6 : last == Gap::Dot ? 0.55 : last == Gap::Space ? 0.45 : 0.2;
}

bool isNationalOf(const PhoneRegion &region, std::string_view digits)
{
    return region.trunk.empty() || region.callingCode == "1" ? region.takes(digits)
                                                            : digits.starts_with(region.trunk) && region.takes(digits.substr(region.trunk.size()));
}

/// The forms that are hardly anything but phone numbers.
double distinctScore(const Clue &clue)
{
    const Number &number = *clue.number;
    const std::string_view digits = number.digits;
    const bool trunk = digits[0] == '0' && digits[1] != '0';
    if (trunk && number.shaped({2, 2, 2, 2, 2}) && number.evenlyJoined()) // France
        return 0.65;
    if (digits[0] == '0' && (digits[1] == '7' || digits[1] == '2' || digits[1] == '1') && (number.shaped({5, 6}) || number.shaped({3, 4, 4}) || number.shaped({4, 3, 4}) || number.shaped({5, 3, 3})))
        return number.groups[1].before == Gap::Space || number.groups[1].before == Gap::Paren ? 0.55 : 0.4; // Britain
    if (inBracket(clue) && (number.shaped({2, 5, 4}) || number.shaped({2, 4, 4}))) // Brazil
        return 0.65;
    const std::size_t area = number.groups[0].size();
    if (trunk && number.groups.size() == 2 && area >= 3 && area <= 5 && number.groups[1].size() >= 5 && number.groups[1].size() <= 8 && number.groups[1].before != Gap::Dot)
        return inBracket(clue) ? 0.6 : 0.5; // Germany, Austria
    if (trunk && number.groups.size() >= 3 && area >= 2 && area <= 5 && number.groups[1].before <= Gap::Paren)
        return 0.4;
    return 0;
}

double nationalScore(const Clue &clue, const Findings &found)
{
    const std::string_view digits = clue.number->digits;
    double best = std::max(northAmericanScore(clue), distinctScore(clue));
    if (!found.anyRegion()) {
        const bool named = std::ranges::any_of(phoneRegions(), [&](const PhoneRegion &region) { return found.regionNamed(region.region) && isNationalOf(region, digits); });
        return named ? std::max(best, clue.number->whole() ? 0.5 : 0.6) : 0;
    }
    if (best > 0)
        return digits[0] == '0' && digits.size() > 12 ? 0 : best;
    if (digits[0] == '0')
        return digits[1] != '0' && digits.size() >= 9 && digits.size() <= 12 ? 0.25 : 0;
    const bool spanish = digits.size() == 9 && digits[0] >= '6';
    const bool mobile = digits.size() == 10 && (digits[0] >= '6' || digits[0] == '3'); // India, Italy
    return spanish || mobile ? 0.2 : 0;
}

/// "x12", "ext. 12" behind a number belong to it.
std::size_t withExtension(std::string_view text, std::size_t to)
{
    constexpr std::array<std::string_view, 6> words {" x", "x", " ext. ", " ext ", " ext.", " extension "};
    for (const std::string_view word : words) {
        if (!equalsIgnoringCase(text.substr(to, word.size()), word))
            continue;
        std::size_t end = to + word.size();
        while (end < text.size() && end < to + word.size() + 6 && isDigit(text[end]))
            ++end;
        if (end > to + word.size() && closes(text, end))
            return end;
    }
    return to;
}

void find(const Clue &clue, Findings &found)
{
    const Number &number = *clue.number;
    // Tables of numbers have many groups side by side: those are told apart before anything is looked at.
    const bool abroadOrTrunk = before(clue.text, clue.from) == '+' || number.digits[0] == '0';
    if ((!abroadOrTrunk && number.groups.size() > 4) || !isWrittenAsPhone(number) || allSame(number.digits))
        return;
    const std::size_t to = withExtension(clue.text, clue.to);
    if (!closes(clue.text, to))
        return;
    if (const auto from = beginOfInternational(clue)) {
        if (isInternationalNumber(number.digits))
            found.add(*from, to, 0.8);
        return;
    }
    const bool bracket = inBracket(clue);
    const std::size_t from = bracket ? clue.from - 1 : clue.from;
    if (!standsAlone(clue.text, from, to))
        return;
    const std::string_view abroad = number.digits.starts_with("00") ? number.digits.substr(2) : number.digits.starts_with("011") ? number.digits.substr(3) : std::string_view();
    if (abroad.size() >= 8 && abroad[0] != '0' && isInternationalNumber(abroad))
        found.add(from, to, number.whole() ? 0.4 : 0.65);
    else if (const double score = nationalScore(clue, found); score > 0)
        found.add(from, to, score);
}

constexpr std::array<std::string_view, 46> context {"phone*", "tel", "telephone*", "call", "calling", "called", "mobile", "cell", "cellphone", "fax", "whatsapp", "sms", "text", "dial", "ring", "reach", "contact", "hotline",
                                                    "telefon*", "handy*", "mobil*", "anruf*", "ruf", "rufen", "ruft", "rückruf*", "durchwahl", "erreich*", "téléphon*", "portable", "appel*", "joindre", "joignable", "fixe",
                                                    "teléfono*", "móvil", "movil", "llam*", "llám*", "celular", "contacto", "fijo", "numéro", "signal", "voicemail", "telf"};

} // namespace

const Detector phone {.name = "phone", .label = "PHONE", .title = "Phone number", .wake = OnNumber, .numbers = {7, 18, 8}, .find = find, .context = context, .regional = true};

} // namespace gateway::privacy
