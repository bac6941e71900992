// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/checksums.h"
#include "gateway/privacy/detector_rows.h"
#include "gateway/privacy/shapes.h"

#include <array>

/// Primary account numbers: an issuer's range with its lengths, and Luhn (ISO/IEC 7812-1).
namespace gateway::privacy {

namespace {

struct Issuer
{
    int first, last; ///< of the leading digits, as many as `first` has
    std::uint32_t sizes; ///< bit n: n digits
};

constexpr std::uint32_t digits(int size) { return 1U << size; }
constexpr std::uint32_t digitsFrom(int least, int most) { return ((2U << most) - 1) & ~((1U << least) - 1); }

constexpr std::array issuers {
    Issuer {4, 4, digits(13) | digits(16) | digits(19)},                                // Visa
    Issuer {51, 55, digits(16)}, Issuer {2221, 2720, digits(16)},                       // Mastercard
    Issuer {34, 34, digits(15)}, Issuer {37, 37, digits(15)},                           // American Express
    Issuer {6011, 6011, digitsFrom(16, 19)}, Issuer {644, 649, digitsFrom(16, 19)},     // Discover
    Issuer {65, 65, digitsFrom(16, 19)}, Issuer {622126, 622925, digitsFrom(16, 19)},
    Issuer {300, 305, digitsFrom(14, 19)}, Issuer {3095, 3095, digitsFrom(14, 19)},     // Diners Club
    Issuer {36, 36, digitsFrom(14, 19)}, Issuer {38, 39, digitsFrom(14, 19)},
    Issuer {3528, 3589, digitsFrom(16, 19)},                                            // JCB
    Issuer {62, 62, digitsFrom(16, 19)},                                                // UnionPay
    Issuer {5018, 5018, digitsFrom(13, 19)}, Issuer {5020, 5020, digitsFrom(13, 19)},   // Maestro
    Issuer {5038, 5038, digitsFrom(13, 19)}, Issuer {5893, 5893, digitsFrom(13, 19)},
    Issuer {6304, 6304, digitsFrom(13, 19)}, Issuer {6759, 6763, digitsFrom(13, 19)},
    Issuer {2200, 2204, digitsFrom(16, 19)},                                            // Mir
    Issuer {60, 60, digits(16)}, Issuer {81, 82, digits(16)},                           // RuPay
    Issuer {4026, 4026, digits(16)}, Issuer {636368, 636369, digits(16)},               // Elo
};

bool fits(const Issuer &issuer, std::string_view number)
{
    if ((issuer.sizes >> number.size() & 1) == 0)
        return false;
    int leading = 0, power = 1;
    for (std::size_t i = 0; power <= issuer.first; ++i, power *= 10)
        leading = leading * 10 + valueOf(number[i]);
    return leading >= issuer.first && leading <= issuer.last;
}

/// Four by four with what is left at the end, or 4-6-5 and 4-6-4 as American Express and Diners Club print.
bool groupedAsPrinted(const Number &number)
{
    if (!number.evenlyJoined() || number.whole() || number.groups[1].before == Gap::Slash)
        return false;
    if (number.shaped({4, 6, 5}) || number.shaped({4, 6, 4}))
        return true;
    for (const DigitGroup &group : number.groups.first(number.groups.size() - 1)) {
        if (group.size() != 4)
            return false;
    }
    return number.groups.back().size() <= 4;
}

void find(const Clue &clue, Findings &found)
{
    const Number &number = *clue.number;
    const bool grouped = groupedAsPrinted(number);
    if ((!grouped && !number.whole()) || !opens(clue.text, clue.from) || !closes(clue.text, clue.to) || allSame(number.digits))
        return;
    const bool joined = before(clue.text, clue.from) == '.' || before(clue.text, clue.from) == '-';
    if (joined && isDigit(before(clue.text, clue.from - 1))) // the fraction of a decimal
        return;
    for (const Issuer &issuer : issuers) {
        if (fits(issuer, number.digits) && passesLuhn(number.digits)) {
            found.add(clue.from, clue.to, grouped ? 0.9 : 0.7);
            return;
        }
    }
}

constexpr std::array<std::string_view, 34> context {"card", "cards", "credit", "debit", "visa", "mastercard", "amex", "american", "express", "discover", "maestro", "pan", "cc", "ccnum",
                                                    "creditcard", "cardnumber", "payment", "paid", "charge", "charged", "karte", "kreditkarte*", "kartennummer", "zahlung", "bezahl*", "carte", "bancaire",
                                                    "paiement", "paye", "tarjeta", "pago", "crédito", "crédit", "cvv"};

} // namespace

const Detector creditCard {.name = "credit_card", .label = "CREDIT_CARD", .title = "Credit card number", .wake = OnNumber, .numbers = {13, 19, 5}, .find = find, .context = context};

} // namespace gateway::privacy
