// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/detector_rows.h"
#include "gateway/privacy/shapes.h"

#include <array>

/// Dates of birth: dates of the usual written forms, with a word beside them that speaks of birth.
namespace gateway::privacy {

namespace {

constexpr double dateAlone = 0.25; // a context word's 0.4 makes it a finding

int valueOfGroup(const Number &number, std::size_t group)
{
    int value = 0;
    for (const char digit : number.digitsOf(group))
        value = value * 10 + valueOf(digit);
    return value;
}

bool isYear(int value, std::size_t size)
{
    return size == 2 || (size == 4 && value >= 1900 && value <= 2035);
}

bool isDayAndMonth(int day, int month)
{
    return day >= 1 && day <= 31 && month >= 1 && month <= 12;
}

/// 1985-03-12, 12.03.1985, 3/12/85
bool isDate(const Number &number)
{
    if (number.groups.size() != 3 || !number.evenlyJoined() || number.groups[0].size() > 4 || number.groups[1].size() > 2 || number.groups[2].size() > 4)
        return false;
    const int first = valueOfGroup(number, 0), second = valueOfGroup(number, 1), third = valueOfGroup(number, 2);
    if (number.groups[0].size() == 4)
        return isYear(first, 4) && number.groups[2].size() <= 2 && isDayAndMonth(third, second);
    return number.groups[0].size() <= 2 && isYear(third, number.groups[2].size()) && (isDayAndMonth(first, second) || isDayAndMonth(second, first));
}

constexpr std::array<std::string_view, 80> months {
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
    "januar", "februar", "m\xe4rz", "maerz", "mai", "juni", "juli", "oktober", "dezember", "j\xe4nner", "okt", "dez",
    "janvier", "f\xe9vrier", "fevrier", "mars", "avril", "juin", "juillet", "ao\xfbt", "aout", "septembre", "octobre", "novembre", "d\xe9" "cembre", "decembre", "janv", "f\xe9vr", "avr", "juil", "d\xe9" "c",
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "setiembre", "octubre", "noviembre", "diciembre", "ene", "abr", "ago", "dic",
    "gennaio", "febbraio", "aprile", "maggio", "giugno", "luglio", "settembre", "ottobre"};

constexpr std::array<std::string_view, 4> particles {"de", "del", "of", "the"};

WordPlace wordBeforeParticle(std::string_view text, std::size_t from)
{
    const WordPlace word = wordBefore(text, from);
    return isOneOf(word.in(text), particles) ? wordBefore(text, word.from) : word;
}

/// "12", "3rd", "1er"
bool isDay(std::string_view word)
{
    constexpr std::array<std::string_view, 6> suffixes {"st", "nd", "rd", "th", "er", "ro"};
    const std::size_t size = isDigit(at(word, 1)) ? 2 : 1;
    if (word.empty() || !isDigit(word[0]) || (word.size() > size && !isOneOf(word.substr(size), suffixes)))
        return false;
    const int day = size == 2 ? valueOf(word[0]) * 10 + valueOf(word[1]) : valueOf(word[0]);
    return day >= 1 && day <= 31;
}

/// Where a date in words begins that ends with the year at `from`: "12. März 1985", "March 12, 1985", "12 de marzo de 1985".
std::size_t beginOfDate(std::string_view text, std::size_t year)
{
    const WordPlace last = wordBeforeParticle(text, year);
    if (last.empty())
        return year;
    const WordPlace first = wordBeforeParticle(text, last.from);
    const bool dayFirst = isDay(first.in(text)) && isOneOf(last.in(text), months);
    const bool monthFirst = isOneOf(first.in(text), months) && isDay(last.in(text));
    return dayFirst || monthFirst ? first.from : year;
}

void find(const Clue &clue, Findings &found)
{
    const Number &number = *clue.number;
    if (number.whole() && number.digits.size() == 4) {
        const std::size_t from = isYear(valueOfGroup(number, 0), 4) ? beginOfDate(clue.text, clue.from) : clue.from;
        if (from != clue.from && opens(clue.text, from) && closes(clue.text, clue.to))
            found.add(from, clue.to, dateAlone);
    } else if (isDate(number) && standsAlone(clue.text, clue.from, clue.to)) {
        found.add(clue.from, clue.to, dateAlone);
    }
}

constexpr std::array<std::string_view, 24> context {"birth", "born", "dob", "birthday", "birthdate", "dateofbirth", "geboren*", "geburts*", "geb", "naissance", "né", "née", "naît", "nacido", "nacida", "nacimiento",
                                                    "nació", "cumpleaños", "natal*", "nacimento", "nascita", "nato", "nata", "anniversaire"};

} // namespace

const Detector dateOfBirth {.name = "date_of_birth", .label = "DATE_OF_BIRTH", .title = "Date of birth", .wake = OnNumber, .numbers = {4, 8, 3}, .find = find, .context = context};

} // namespace gateway::privacy
