// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gateway/privacy/corpus.h"

#include <array>
#include <map>

namespace corpus {

namespace {

/// What a detector's values are called, in the four languages.
const std::map<std::string_view, std::array<std::string_view, 4>> &subjects()
{
    static const std::map<std::string_view, std::array<std::string_view, 4>> all {
        {"email", {"my e-mail", "meine E-Mail", "mon adresse mail", "mi correo"}},
        {"phone", {"my phone number", "meine Telefonnummer", "mon t\xc3\xa9l\xc3\xa9phone", "mi tel\xc3\xa9" "fono"}},
        {"credit_card", {"my credit card", "meine Kreditkarte", "ma carte bancaire", "mi tarjeta"}},
        {"iban", {"my IBAN", "meine IBAN", "mon IBAN", "mi IBAN"}},
        {"us_ssn", {"my SSN", "meine US-SSN", "mon SSN", "mi SSN"}},
        {"us_itin", {"my ITIN", "meine ITIN", "mon ITIN", "mi ITIN"}},
        {"uk_nino", {"my national insurance number", "meine NINO", "mon NINO", "mi NINO"}},
        {"uk_nhs", {"my NHS number", "meine NHS-Nummer", "mon NHS", "mi NHS"}},
        {"de_tax_id", {"my German tax ID", "meine Steuer-ID", "mon identifiant fiscal", "mi n\xc3\xbamero fiscal"}},
        {"fr_nir", {"my French social security number", "meine NIR", "mon num\xc3\xa9ro de s\xc3\xa9" "curit\xc3\xa9 sociale", "mi NIR"}},
        {"es_dni", {"my Spanish DNI", "meine DNI", "mon DNI", "mi DNI"}},
        {"es_nie", {"my NIE", "meine NIE", "mon NIE", "mi NIE"}},
        {"it_codice_fiscale", {"my codice fiscale", "mein Codice Fiscale", "mon code fiscal", "mi c\xc3\xb3" "digo fiscal"}},
        {"in_aadhaar", {"my Aadhaar", "meine Aadhaar", "mon Aadhaar", "mi Aadhaar"}},
        {"in_pan", {"my PAN", "meine PAN", "mon PAN", "mi PAN"}},
        {"br_cpf", {"my CPF", "meine CPF", "mon CPF", "mi CPF"}},
        {"br_cnpj", {"the CNPJ", "die CNPJ", "le CNPJ", "el CNPJ"}},
        {"passport", {"my passport", "mein Reisepass", "mon passeport", "mi pasaporte"}},
        {"driving_licence", {"my driving licence", "mein F\xc3\xbchrerschein", "mon permis de conduire", "mi carnet de conducir"}},
        {"ip_address", {"the server", "der Server", "le serveur", "el servidor"}},
        {"mac_address", {"the device", "das Ger\xc3\xa4t", "l'appareil", "el equipo"}},
        {"url_credentials", {"the database", "die Datenbank", "la base", "la base de datos"}},
        {"date_of_birth", {"my date of birth", "mein Geburtsdatum", "ma date de naissance", "mi fecha de nacimiento"}},
        {"street_address", {"my address", "meine Adresse", "mon adresse", "mi direcci\xc3\xb3n"}},
        {"bank_account", {"my bank account", "mein Konto", "mon compte", "mi cuenta"}},
        {"crypto_wallet", {"my wallet", "mein Wallet", "mon portefeuille", "mi monedero"}},
        {"api_key", {"my API key", "mein API-Schl\xc3\xbcssel", "ma cl\xc3\xa9 API", "mi clave API"}},
        {"private_key", {"the key", "der Schl\xc3\xbcssel", "la cl\xc3\xa9", "la clave"}},
    };
    return all;
}

/// "%s" the subject, "%v" the value.
constexpr std::array<std::array<std::string_view, 5>, 4> withEntity {{
    {"Please note that %s is %v.", "Hello, %s: %v, could you check it?", "{\"note\": \"%s\", \"value\": \"%v\"}", "I wrote down %s (%v) yesterday.", "%s\n%v\nThank you!"},
    {"Bitte beachten Sie, dass %s %v ist.", "Guten Tag, %s: %v, k\xc3\xb6nnen Sie das pr\xc3\xbc" "fen?", "{\"notiz\": \"%s\", \"wert\": \"%v\"}", "Gestern habe ich %s (%v) aufgeschrieben.", "%s\n%v\nVielen Dank!"},
    {"Veuillez noter que %s est %v.", "Bonjour, %s : %v, pouvez-vous v\xc3\xa9rifier ?", "{\"note\": \"%s\", \"valeur\": \"%v\"}", "J'ai not\xc3\xa9 %s (%v) hier.", "%s\n%v\nMerci !"},
    {"Le informo de que %s es %v.", "Hola, %s: %v, \xc2\xbfpuede comprobarlo?", "{\"nota\": \"%s\", \"valor\": \"%v\"}", "Ayer apunt\xc3\xa9 %s (%v).", "%s\n%v\n\xc2\xa1Gracias!"},
}};

constexpr std::array<std::array<std::string_view, 3>, 4> withNegative {{
    {"Can you summarise the report about %v for the meeting?", "We shipped it with %v on Monday.", "The log says: %v, and nothing else happened."},
    {"K\xc3\xb6nnen Sie den Bericht zu %v zusammenfassen?", "Wir haben es mit %v am Montag geliefert.", "Im Protokoll steht: %v, sonst nichts."},
    {"Pouvez-vous r\xc3\xa9sumer le rapport sur %v ?", "Nous l'avons livr\xc3\xa9 avec %v lundi.", "Le journal dit : %v, rien d'autre."},
    {"\xc2\xbfPuede resumir el informe sobre %v?", "Lo enviamos con %v el lunes.", "El registro dice: %v, nada m\xc3\xa1s."},
}};

std::string replaced(std::string_view form, std::string_view mark, std::string_view value)
{
    std::string out(form);
    const std::size_t at = out.find(mark);
    return at == std::string::npos ? out : out.replace(at, mark.size(), value);
}

Sentence sentenceWith(std::string_view detector, const std::array<std::string_view, 4> &names, Random &random)
{
    const std::size_t language = random.below(4);
    const std::string form = replaced(random.of(withEntity[language]), "%s", names[language]);
    const std::string value = valueOf(detector, random);
    const std::size_t from = form.find("%v");
    return {replaced(form, "%v", value), {{detector, from, from + value.size()}}};
}

} // namespace

std::vector<Sentence> sentences(std::uint64_t seed, std::size_t count)
{
    Random random(seed);
    std::vector<Sentence> out;
    while (out.size() < count) {
        for (const auto &[detector, names] : subjects()) {
            out.push_back(sentenceWith(detector, names, random));
            if (random.oneIn(3))
                out.push_back({replaced(random.of(withNegative[random.below(4)]), "%v", hardNegative(random)), {}});
        }
    }
    return out;
}

} // namespace corpus
