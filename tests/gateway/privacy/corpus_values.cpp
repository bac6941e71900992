// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gateway/privacy/corpus.h"

#include "gateway/privacy/checksums.h"

#include <array>
#include <functional>
#include <map>

namespace corpus {

namespace {

using gateway::privacy::passesIban;
using gateway::privacy::passesLuhn;
using gateway::privacy::passesMod11_10;
using gateway::privacy::passesVerhoeff;
using gateway::privacy::remainderOf;

/// The text with its last `count` digits such that `passes` holds; tried out, which says nothing of how the digits are found.
std::string completed(std::string text, std::size_t count, const std::function<bool(const std::string &)> &passes)
{
    std::size_t most = 1;
    for (std::size_t i = 0; i < count; ++i)
        most *= 10;
    for (std::size_t value = 0; value < most; ++value) {
        std::string end = std::to_string(value);
        end.insert(0, count - end.size(), '0');
        if (passes(text + end))
            return text + end;
    }
    return {};
}

/// Groups of these sizes with a separator between; the rest behind.
std::string grouped(std::string_view text, std::initializer_list<std::size_t> sizes, std::string_view separator)
{
    std::string out;
    std::size_t at = 0;
    for (const std::size_t size : sizes) {
        if (at >= text.size())
            break;
        out += (at > 0 ? std::string(separator) : std::string()) + std::string(text.substr(at, size));
        at += size;
    }
    return out + std::string(text.substr(std::min(at, text.size())));
}

constexpr std::array<std::string_view, 4> spaces {" ", " ", "\xc2\xa0", "-"};

std::string creditCard(Random &random)
{
    struct Kind { std::string_view start; std::size_t size; };
    static constexpr std::array kinds {Kind {"4", 16}, Kind {"4", 16}, Kind {"51", 16}, Kind {"55", 16}, Kind {"2221", 16}, Kind {"34", 15}, Kind {"37", 15}, Kind {"6011", 16}, Kind {"3530", 16}, Kind {"36", 14}, Kind {"62", 16}};
    const Kind &kind = random.of(kinds);
    const std::string start = std::string(kind.start) + random.digits(kind.size - kind.start.size() - 1);
    const std::string number = completed(start, 1, [](const std::string &text) { return passesLuhn(text); });
    if (random.oneIn(2))
        return number;
    const std::string_view separator = random.of(spaces);
    return kind.size == 15 ? grouped(number, {4, 6, 5}, separator) : kind.size == 14 ? grouped(number, {4, 6, 4}, separator) : grouped(number, {4, 4, 4, 4}, separator);
}

std::string iban(Random &random)
{
    struct Country { std::string_view code, form; };
    static constexpr std::array countries {Country {"DE", "##################"}, Country {"FR", "####################A##"}, Country {"ES", "####################"}, Country {"GB", "AAAA##############"},
                                           Country {"NL", "AAAA##########"}, Country {"IT", "A######################"}, Country {"AT", "################"}, Country {"CH", "#################"}, Country {"NO", "###########"}};
    const Country &country = random.of(countries);
    const std::string account = random.shaped(country.form);
    std::string number;
    for (int check = 2; check < 99; ++check) {
        number = std::string(country.code) + static_cast<char>('0' + check / 10) + static_cast<char>('0' + check % 10) + account;
        if (passesIban(number))
            break;
    }
    if (random.oneIn(3)) {
        std::string spaced;
        for (std::size_t i = 0; i < number.size(); i += 4)
            spaced += (i > 0 ? " " : "") + number.substr(i, 4);
        return spaced;
    }
    if (random.oneIn(8)) {
        for (char &c : number)
            c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    return number;
}

std::string ssn(Random &random)
{
    std::string area = random.digits(3);
    while (area == "000" || area == "666" || area[0] == '9')
        area = random.digits(3);
    const std::string group = random.shaped("#N"), serial = random.shaped("N###");
    return area + "-" + group + "-" + serial;
}

std::string itin(Random &random)
{
    static constexpr std::array<std::string_view, 8> groups {"50", "65", "70", "78", "88", "90", "94", "99"};
    return "9" + random.digits(2) + "-" + std::string(random.of(groups)) + "-" + random.digits(4);
}

std::string nino(Random &random)
{
    const std::string number = std::string(1, "ABCEGHJKLMNOPRSTWXYZ"[random.below(20)]) + "ABCEHJLMPRSWXY"[random.below(14)] + random.digits(6) + "ABCD"[random.below(4)];
    if (number.starts_with("KN") || number.starts_with("BG") || number.starts_with("NT") || number.starts_with("TN") || number.starts_with("GB"))
        return nino(random);
    return random.oneIn(2) ? number : grouped(number, {2, 2, 2, 2, 1}, " ");
}

std::string nhs(Random &random)
{
    while (true) {
        const std::string start = random.shaped("N########");
        int sum = 0;
        for (std::size_t i = 0; i < 9; ++i)
            sum += (start[i] - '0') * static_cast<int>(10 - i);
        const int check = (11 - sum % 11) % 11;
        if (check == 10)
            continue;
        const std::string number = start + static_cast<char>('0' + check);
        return random.oneIn(3) ? number : grouped(number, {3, 3, 4}, " ");
    }
}

std::string taxId(Random &random)
{
    while (true) {
        std::string digits = "0123456789";
        for (std::size_t i = digits.size() - 1; i > 0; --i)
            std::swap(digits[i], digits[random.below(i + 1)]);
        digits[9] = digits[random.below(9)]; // one twice, one not at all
        if (digits[0] == '0')
            continue;
        const std::string number = completed(digits, 1, [](const std::string &text) { return passesMod11_10(text); });
        return random.oneIn(2) ? number : grouped(number, {2, 3, 3, 3}, " ");
    }
}

std::string nir(Random &random)
{
    std::string start = random.oneIn(2) ? "1" : "2";
    start += random.digits(2) + std::string(random.oneIn(2) ? "0" : "1");
    start += start[3] == '0' ? random.shaped("N") : std::string(1, "012"[random.below(3)]);
    start += random.shaped("N#") + random.shaped("##N") + random.shaped("##N");
    const int key = 97 - remainderOf(start, 97);
    const std::string number = start + static_cast<char>('0' + key / 10) + static_cast<char>('0' + key % 10);
    return random.oneIn(2) ? number : grouped(number, {1, 2, 2, 2, 3, 3, 2}, " ");
}

std::string dni(Random &random)
{
    const std::string digits = random.digits(8);
    const char letter = "TRWAGMYFPDXBNJZSQVHLCKE"[remainderOf(digits, 23)];
    return digits + (random.oneIn(3) ? "-" : "") + letter;
}

std::string nie(Random &random)
{
    const std::size_t kind = random.below(3);
    const std::string digits = random.digits(7);
    const char letter = "TRWAGMYFPDXBNJZSQVHLCKE"[remainderOf(std::to_string(kind) + digits, 23)];
    const std::string mark = random.oneIn(3) ? "-" : "";
    return std::string(1, "XYZ"[kind]) + mark + digits + mark + letter;
}

std::string codiceFiscale(Random &random)
{
    const std::string start = random.shaped("AAAAAA##") + "ABCDEHLMPRST"[random.below(12)] + (random.oneIn(2) ? "1" : "5") + random.shaped("N") + random.shaped("A###");
    static constexpr std::array<int, 26> odd {1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
    int sum = 0;
    for (std::size_t i = 0; i < start.size(); ++i) {
        const int value = start[i] >= 'A' ? start[i] - 'A' : start[i] - '0';
        sum += i % 2 == 0 ? odd[static_cast<std::size_t>(value)] : value;
    }
    return start + static_cast<char>('A' + sum % 26);
}

std::string aadhaar(Random &random)
{
    const std::string number = completed(std::string(1, "23456789"[random.below(8)]) + random.digits(10), 1, [](const std::string &text) { return passesVerhoeff(text); });
    return grouped(number, {4, 4, 4}, random.oneIn(4) ? "-" : " ");
}

std::string cpf(Random &random)
{
    std::string digits = random.digits(9);
    for (const int length : {9, 10}) {
        int sum = 0;
        for (int i = 0; i < length; ++i)
            sum += (digits[static_cast<std::size_t>(i)] - '0') * (length + 1 - i);
        digits += static_cast<char>('0' + (sum % 11 < 2 ? 0 : 11 - sum % 11));
    }
    return random.oneIn(3) ? digits : digits.substr(0, 3) + "." + digits.substr(3, 3) + "." + digits.substr(6, 3) + "-" + digits.substr(9);
}

std::string cnpj(Random &random)
{
    std::string digits = random.digits(8) + "0001";
    for (const int length : {12, 13}) {
        int sum = 0, weight = 2;
        for (int i = length; i-- > 0; weight = weight == 9 ? 2 : weight + 1)
            sum += (digits[static_cast<std::size_t>(i)] - '0') * weight;
        digits += static_cast<char>('0' + (sum % 11 < 2 ? 0 : 11 - sum % 11));
    }
    return random.oneIn(3) ? digits : digits.substr(0, 2) + "." + digits.substr(2, 3) + "." + digits.substr(5, 3) + "/" + digits.substr(8, 4) + "-" + digits.substr(12);
}

std::string email(Random &random)
{
    static constexpr std::array<std::string_view, 8> names {"anna", "j.smith", "marie-claire", "o'brien", "k_weber", "luis+work", "m\xc3\xbcller", "X99"};
    static constexpr std::array<std::string_view, 7> domains {"example.com", "mail.example.org", "firma.de", "exemple.fr", "correo.es", "uni-bonn.de", "sub.domain.co.uk"};
    return std::string(random.of(names)) + (random.oneIn(3) ? random.digits(2) : "") + "@" + std::string(random.of(domains));
}

std::string phone(Random &random)
{
    static constexpr std::array<std::string_view, 16> forms {"+49 30 N#######", "+49 (0)89 N######", "+49 171 N######", "0049 221 N######", "+33 6 ## ## ## ##", "06 ## ## ## ##", "+34 6## ### ###", "+1 (212) 5##-####",
                                                             "(415) 6##-####", "312-7##-####", "+44 20 7### ####", "+44 7### ######", "+1-303-4##-####", "+34 91 ### ## ##", "+43 1 N######", "+39 3## ### ####"};
    return random.shaped(random.of(forms));
}

std::string wallet(Random &random)
{
    // Known addresses (Bitcoin, Litecoin, Ethereum, from BIPs, EIP-55 and their documentation): making one is the checksum itself.
    static constexpr std::array<std::string_view, 9> known {"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
                                                            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
                                                            "0x52908400098527886e0f7030069857d2e4169ee7", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"};
    return std::string(random.of(known));
}

constexpr std::string_view base62 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

std::string apiKey(Random &random)
{
    switch (random.below(6)) {
    case 0: return "sk-proj-" + random.from(base62, 48);
    case 1: return "sk-ant-api03-" + random.from(base62, 60) + "-" + random.from(base62, 20);
    case 2: return "ghp_" + random.from(base62, 36);
    case 3: return "AKIA" + random.from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16);
    case 4: return "xoxb-" + random.digits(11) + "-" + random.digits(12) + "-" + random.from(base62, 24);
    default: return "AIza" + random.from(base62, 35);
    }
}

std::string privateKey(Random &random)
{
    const std::string kind = random.oneIn(2) ? "RSA " : "";
    std::string text = "-----BEGIN " + kind + "PRIVATE KEY-----\n";
    for (int line = 0; line < 4; ++line)
        text += random.from(base62, 64) + "\n";
    return text + random.from(base62, 30) + "==\n-----END " + kind + "PRIVATE KEY-----";
}

std::string address(Random &random)
{
    static constexpr std::array<std::string_view, 10> forms {"# Baker Street", "1# Oak Avenue", "Hauptstra\xc3\x9f" "e #", "Berliner Str. 2#", "Am Alten Markt #", "3# rue de la R\xc3\xa9publique", "#, avenue Victor Hugo", "Calle Mayor #",
                                                             "Avenida de la Constituci\xc3\xb3n, 1#", "Lindenweg #"};
    std::string text(random.of(forms));
    const std::size_t mark = text.find('#');
    return text.replace(mark, 1, std::to_string(1 + random.below(9)));
}

std::string birthDate(Random &random)
{
    static constexpr std::array<std::string_view, 5> german {"Januar", "M\xc3\xa4rz", "Mai", "August", "Dezember"};
    const std::string day = std::to_string(1 + random.below(28)), month = "0" + std::to_string(1 + random.below(9)), year = "19" + random.shaped("N#");
    switch (random.below(6)) {
    case 0: return day + "." + month + "." + year;
    case 1: return year + "-" + month + "-1" + std::to_string(random.below(10));
    case 2: return month + "/1" + std::to_string(random.below(10)) + "/" + year;
    case 3: return day + ". " + std::string(random.of(german)) + " " + year;
    case 4: return "March " + day + ", " + year;
    default: return day + " de mayo de " + year;
    }
}

const std::map<std::string_view, std::string (*)(Random &)> &makers()
{
    static const std::map<std::string_view, std::string (*)(Random &)> all {
        {"email", email}, {"phone", phone}, {"credit_card", creditCard}, {"iban", iban}, {"us_ssn", ssn}, {"us_itin", itin}, {"uk_nino", nino}, {"uk_nhs", nhs}, {"de_tax_id", taxId}, {"fr_nir", nir}, {"es_dni", dni},
        {"es_nie", nie}, {"it_codice_fiscale", codiceFiscale}, {"in_aadhaar", aadhaar}, {"br_cpf", cpf}, {"br_cnpj", cnpj}, {"crypto_wallet", wallet}, {"api_key", apiKey}, {"private_key", privateKey},
        {"street_address", address}, {"date_of_birth", birthDate},
        {"in_pan", [](Random &random) { return random.shaped("AAA") + "ABCFGHLJPT"[random.below(10)] + random.shaped("AN###A"); }},
        {"passport", [](Random &random) { return random.shaped(random.oneIn(2) ? "A########" : random.oneIn(2) ? "##AA#####" : "AAA######"); }},
        {"driving_licence", [](Random &random) { return random.shaped(random.oneIn(2) ? "A#######" : "AAAAA######AA#AA"); }},
        {"ip_address", [](Random &random) { return random.oneIn(3) ? random.shaped("2001:db8:xxxx::x") : "10." + std::to_string(random.below(256)) + random.shaped(".N.") + std::to_string(random.below(256)); }},
        {"mac_address", [](Random &random) { return random.shaped(random.oneIn(2) ? "xx:xx:xx:xx:xx:xx" : "0x-xb-xx-xx-xx-xx"); }},
        {"url_credentials", [](Random &random) { return "https://" + random.from("abcdefgh", 6) + ":" + random.from(base62, 10) + "@db.example.com/x"; }},
        {"bank_account", [](Random &random) { return random.shaped(random.oneIn(2) ? "##-##-## N#######" : "N#######"); }},
    };
    return all;
}

} // namespace

std::string Random::shaped(std::string_view form)
{
    std::string out;
    for (const char c : form) {
        switch (c) {
        case '#': out += static_cast<char>('0' + below(10)); break;
        case 'N': out += static_cast<char>('1' + below(9)); break;
        case 'A': out += static_cast<char>('A' + below(26)); break;
        case 'a': out += static_cast<char>('a' + below(26)); break;
        case 'x': out += "0123456789abcdef"[below(16)]; break;
        default: out += c;
        }
    }
    return out;
}

std::string Random::digits(std::size_t count)
{
    return shaped(std::string(count, '#'));
}

std::string Random::from(std::string_view alphabet, std::size_t count)
{
    std::string out;
    for (std::size_t i = 0; i < count; ++i)
        out += alphabet[below(alphabet.size())];
    return out;
}

std::string valueOf(std::string_view detector, Random &random)
{
    return makers().at(detector)(random);
}

std::string hardNegative(Random &random)
{
    switch (random.below(14)) {
    case 0: return "order " + random.digits(10);
    case 1: return "Bestellnummer " + random.shaped("N#########");
    case 2: return "version " + random.shaped("N.#.N.##");
    case 3: return "commit " + random.shaped(std::string(40, 'x'));
    case 4: return "202" + random.shaped("# N#:##:##");
    case 5: { // a card that fails Luhn
        std::string number = random.shaped("4###############");
        while (passesLuhn(number))
            number = random.shaped("4###############");
        return grouped(number, {4, 4, 4, 4}, " ");
    }
    case 6: return random.shaped("xxxxxxxx-xxxx-4xxx-axxx-xxxxxxxxxxxx");
    case 7: return random.shaped("2024-0N-1#");
    case 8: return "DE" + random.digits(20) + "X";
    case 9: return "INV-" + random.shaped("###-##-####");
    case 10: return random.shaped("+999 ### ######");
    case 11: return random.shaped("N,###,### for N#.## USD");
    case 12: return "@" + random.from("abcdefgh", 6) + " and icon@2x.png";
    default: return "pedido " + random.shaped("N########") + " / ISBN 978-3-" + random.digits(9);
    }
}

} // namespace corpus
