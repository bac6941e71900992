// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/detector_rows.h"
#include "gateway/privacy/shapes.h"

#include <array>

/// Street addresses in the word orders of English, German, French and Spanish: a house number beside a kind of street.
/// With the postal code and town behind it, where they follow.
namespace gateway::privacy {

namespace {

constexpr std::array<std::string_view, 31> englishKinds {"street", "st", "avenue", "ave", "road", "rd", "lane", "ln", "drive", "dr", "boulevard", "blvd", "court", "ct", "way", "place", "pl", "square", "sq", "terrace",
                                                         "close", "crescent", "highway", "hwy", "parkway", "pkwy", "mews", "gardens", "circle", "trail", "row"};
constexpr std::array<std::string_view, 12> germanEndings {"stra\xdf" "e", "strasse", "str", "weg", "platz", "allee", "gasse", "ring", "damm", "ufer", "chaussee", "markt"};
constexpr std::array<std::string_view, 18> frenchKinds {"rue", "avenue", "av", "boulevard", "bd", "place", "chemin", "impasse", "all\xe9" "e", "allee", "quai", "cours", "route", "square", "passage", "faubourg", "sentier", "ruelle"};
constexpr std::array<std::string_view, 14> spanishKinds {"calle", "c", "avenida", "avda", "av", "plaza", "paseo", "camino", "carrera", "ronda", "traves\xed" "a", "carretera", "pza", "glorieta"};
constexpr std::array<std::string_view, 12> particles {"de", "du", "des", "la", "le", "les", "l", "d", "del", "los", "las", "el"};
constexpr std::array<std::string_view, 8> prepositions {"am", "im", "an", "auf", "zum", "zur", "unter", "hinter"};
constexpr std::size_t mostWords = 6, longestNumber = 5;

bool endsWith(std::string_view word, std::string_view ending)
{
    return word.size() >= ending.size() && equalsIgnoringCase(word.substr(word.size() - ending.size()), ending);
}

bool isName(std::string_view word)
{
    return !word.empty() && (isUpper(word[0]) || kindOf(word[0]) == Foreign);
}

/// The next word on the line with white space, an apostrophe or a dash between.
WordPlace nextWord(std::string_view text, std::size_t to, std::string_view joints)
{
    std::size_t from = to;
    while (from < text.size() && from < to + 2 && joints.find(text[from]) != std::string_view::npos)
        ++from;
    std::size_t end = from;
    while (end < text.size() && end < from + 32 && isWord(text[end]))
        ++end;
    return from == to ? WordPlace {to, to} : WordPlace {from, end};
}

WordPlace previousWord(std::string_view text, std::size_t from, std::string_view joints)
{
    std::size_t to = from;
    while (to > 0 && to + 2 > from && joints.find(text[to - 1]) != std::string_view::npos)
        --to;
    std::size_t begin = to;
    while (begin > 0 && to - begin < 32 && isWord(text[begin - 1]))
        --begin;
    return to == from ? WordPlace {from, from} : WordPlace {begin, to};
}

/// "221B": a letter, "bis" or "ter" may follow the number.
std::size_t withNumberSuffix(std::string_view text, std::size_t to)
{
    if (isLetter(at(text, to)) && !isWord(at(text, to + 1)))
        return to + 1;
    for (const std::string_view suffix : {std::string_view(" bis"), std::string_view(" ter"), std::string_view("bis"), std::string_view("ter")}) {
        if (equalsIgnoringCase(text.substr(to, suffix.size()), suffix) && !isWord(at(text, to + suffix.size())))
            return to + suffix.size();
    }
    return to;
}

/// "12 Baker Street", "1600 Pennsylvania Ave NW": where it ends; `to`: it is none.
std::size_t endOfEnglish(std::string_view text, std::size_t to)
{
    std::size_t end = to;
    for (std::size_t words = 0; words < mostWords; ++words) {
        const WordPlace word = nextWord(text, end, " .'-");
        if (word.empty() || !(isName(word.in(text)) || isDigit(text[word.from])))
            return to;
        if (words > 0 && isOneOf(word.in(text), englishKinds))
            return word.to;
        end = word.to;
    }
    return to;
}

/// "12 rue de la Paix", "5 bis, avenue Victor-Hugo".
std::size_t endOfFrench(std::string_view text, std::size_t to)
{
    const WordPlace kind = nextWord(text, to, " ,");
    if (kind.empty() || !isOneOf(kind.in(text), frenchKinds))
        return to;
    std::size_t end = to, last = kind.to;
    for (std::size_t words = 0; words < mostWords; ++words) {
        const WordPlace word = nextWord(text, last, " '-.");
        if (word.empty() || (!isName(word.in(text)) && !isOneOf(word.in(text), particles)))
            break;
        if (isName(word.in(text)))
            end = word.to;
        last = word.to;
    }
    return end;
}

bool isGermanStreet(std::string_view word)
{
    for (const std::string_view ending : germanEndings) {
        if (endsWith(word, ending) && isName(word))
            return true;
    }
    return false;
}

/// Where the street begins whose number stands at `number`: "Hauptstraße 12", "Berliner Str. 5"; `number`: there is none.
std::size_t beginOfGerman(std::string_view text, std::size_t number)
{
    const WordPlace street = previousWord(text, number, " .");
    if (street.empty() || !isGermanStreet(street.in(text)))
        return number;
    const bool alone = isOneOf(street.in(text), germanEndings); // "Berliner Straße"
    const WordPlace name = previousWord(text, street.from, " -");
    if (alone && !isName(name.in(text)))
        return number;
    std::size_t from = alone ? name.from : street.from;
    while (before(text, from) == '-' && isName(previousWord(text, from, "-").in(text))) // "Karl-Marx-Straße"
        from = previousWord(text, from, "-").from;
    const WordPlace preposition = previousWord(text, from, " ");
    return isOneOf(preposition.in(text), prepositions) && isUpper(text[preposition.from]) ? preposition.from : from;
}

/// "Calle Mayor 5", "Avda. de la Constitución, 12".
std::size_t beginOfSpanish(std::string_view text, std::size_t number)
{
    std::size_t from = number;
    bool named = false;
    for (std::size_t words = 0; words < mostWords; ++words) {
        const WordPlace word = previousWord(text, from, " ,./");
        if (word.empty())
            break;
        if (named && isOneOf(word.in(text), spanishKinds))
            return word.from;
        const bool mark = words == 0 && (word.in(text) == "n" || word.in(text) == "no" || word.in(text) == "num"); // "nº 5"
        if (!mark && !isName(word.in(text)) && !isOneOf(word.in(text), particles))
            break;
        named = named || isName(word.in(text));
        from = word.from;
    }
    return number;
}

/// ", 10115 Berlin".
std::size_t withTown(std::string_view text, std::size_t to)
{
    std::size_t i = to;
    if (at(text, i) == ',')
        ++i;
    if (at(text, i) != ' ' && at(text, i) != '\n')
        return to;
    ++i;
    std::size_t digits = i;
    while (digits < text.size() && digits < i + 6 && isDigit(text[digits]))
        ++digits;
    if (digits - i < 4 || digits - i > 5 || at(text, digits) != ' ')
        return to;
    const WordPlace town = nextWord(text, digits, " ");
    return !town.empty() && isName(town.in(text)) ? town.to : to;
}

void find(const Clue &clue, Findings &found)
{
    const std::string_view text = clue.text;
    if (clue.to - clue.from > longestNumber || !opens(text, clue.from) || clue.number->digits[0] == '0' || before(text, clue.from) == '-' || before(text, clue.from) == ':')
        return;
    const std::size_t number = withNumberSuffix(text, clue.to);
    if (isWord(at(text, number)))
        return;
    for (const auto endOf : {endOfEnglish, endOfFrench}) {
        if (const std::size_t to = endOf(text, number); to != number) {
            found.add(clue.from, withTown(text, to), 0.55);
            return;
        }
    }
    for (const auto beginOf : {beginOfGerman, beginOfSpanish}) {
        if (const std::size_t from = beginOf(text, clue.from); from != clue.from && opens(text, from)) {
            found.add(from, withTown(text, number), 0.55);
            return;
        }
    }
}

constexpr std::array<std::string_view, 26> context {"address", "live", "lives", "living", "reside", "resides", "residence", "home", "delivery", "ship", "adresse*", "anschrift", "wohn*", "wohnhaft", "lieferadresse", "habite*", "domicile",
                                                    "demeure", "livraison", "vivo", "vive", "dirección", "domicilio", "reside*", "located", "street"};

} // namespace

const Detector streetAddress {.name = "street_address", .label = "STREET_ADDRESS", .title = "Street address", .wake = OnNumber, .numbers = {1, 5, 1}, .find = find, .context = context};

} // namespace gateway::privacy
