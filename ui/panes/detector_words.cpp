// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/detector_words.h"

#include "ui/bridge/text.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace ui::panes {

namespace {

using Group = DetectorGroup;

constexpr std::array words {
    DetectorWords {"all", QT_TRANSLATE_NOOP("ui::panes", "Everything built in"), Group::Everything, true},
    DetectorWords {"email", QT_TRANSLATE_NOOP("ui::panes", "E-mail address"), Group::Contact},
    DetectorWords {"phone", QT_TRANSLATE_NOOP("ui::panes", "Phone number"), Group::Contact, true},
    DetectorWords {"street_address", QT_TRANSLATE_NOOP("ui::panes", "Street address"), Group::Contact},
    DetectorWords {"date_of_birth", QT_TRANSLATE_NOOP("ui::panes", "Date of birth"), Group::Contact},
    DetectorWords {"credit_card", QT_TRANSLATE_NOOP("ui::panes", "Credit card number"), Group::Money},
    DetectorWords {"iban", QT_TRANSLATE_NOOP("ui::panes", "IBAN"), Group::Money},
    DetectorWords {"bank_account", QT_TRANSLATE_NOOP("ui::panes", "Bank account"), Group::Money},
    DetectorWords {"crypto_wallet", QT_TRANSLATE_NOOP("ui::panes", "Crypto wallet address"), Group::Money},
    DetectorWords {"passport", QT_TRANSLATE_NOOP("ui::panes", "Passport number"), Group::Identity, true},
    DetectorWords {"driving_licence", QT_TRANSLATE_NOOP("ui::panes", "Driving licence number"), Group::Identity, true},
    DetectorWords {"us_ssn", QT_TRANSLATE_NOOP("ui::panes", "US social security number"), Group::Identity},
    DetectorWords {"us_itin", QT_TRANSLATE_NOOP("ui::panes", "US taxpayer number (ITIN)"), Group::Identity},
    DetectorWords {"uk_nino", QT_TRANSLATE_NOOP("ui::panes", "UK national insurance number"), Group::Identity},
    DetectorWords {"uk_nhs", QT_TRANSLATE_NOOP("ui::panes", "UK NHS number"), Group::Identity},
    DetectorWords {"de_tax_id", QT_TRANSLATE_NOOP("ui::panes", "German tax number (IdNr.)"), Group::Identity},
    DetectorWords {"fr_nir", QT_TRANSLATE_NOOP("ui::panes", "French social security number (NIR)"), Group::Identity},
    DetectorWords {"es_dni", QT_TRANSLATE_NOOP("ui::panes", "Spanish identity number (DNI)"), Group::Identity},
    DetectorWords {"es_nie", QT_TRANSLATE_NOOP("ui::panes", "Spanish foreigner number (NIE)"), Group::Identity},
    DetectorWords {"it_codice_fiscale", QT_TRANSLATE_NOOP("ui::panes", "Italian tax code (codice fiscale)"), Group::Identity},
    DetectorWords {"in_aadhaar", QT_TRANSLATE_NOOP("ui::panes", "Indian Aadhaar number"), Group::Identity},
    DetectorWords {"in_pan", QT_TRANSLATE_NOOP("ui::panes", "Indian tax number (PAN)"), Group::Identity},
    DetectorWords {"br_cpf", QT_TRANSLATE_NOOP("ui::panes", "Brazilian tax number (CPF)"), Group::Identity},
    DetectorWords {"br_cnpj", QT_TRANSLATE_NOOP("ui::panes", "Brazilian company number (CNPJ)"), Group::Identity},
    DetectorWords {"ip_address", QT_TRANSLATE_NOOP("ui::panes", "IP address"), Group::Network},
    DetectorWords {"mac_address", QT_TRANSLATE_NOOP("ui::panes", "MAC address"), Group::Network},
    DetectorWords {"api_key", QT_TRANSLATE_NOOP("ui::panes", "API key or token"), Group::Secrets},
    DetectorWords {"private_key", QT_TRANSLATE_NOOP("ui::panes", "Private key"), Group::Secrets},
    DetectorWords {"url_credentials", QT_TRANSLATE_NOOP("ui::panes", "Web address with a password"), Group::Secrets},
    DetectorWords {"regex", QT_TRANSLATE_NOOP("ui::panes", "Regular expression"), Group::Own},
    DetectorWords {"dictionary", QT_TRANSLATE_NOOP("ui::panes", "List of words"), Group::Own},
    DetectorWords {"external", QT_TRANSLATE_NOOP("ui::panes", "External service"), Group::Own},
};

} // namespace

std::span<const DetectorWords> detectorWords() { return words; }

const DetectorWords *findDetector(std::string_view id)
{
    const auto found = std::ranges::find_if(words, [id](const DetectorWords &row) { return id == row.id; });
    return found == words.end() ? nullptr : &*found;
}

QString detectorTitle(std::string_view id)
{
    const DetectorWords *known = findDetector(id);
    return known ? QCoreApplication::translate("ui::panes", known->title) : bridge::qt(id);
}

QString groupTitle(DetectorGroup group)
{
    switch (group) {
    case Group::Everything: return QCoreApplication::translate("ui::panes", "All");
    case Group::Contact: return QCoreApplication::translate("ui::panes", "People");
    case Group::Money: return QCoreApplication::translate("ui::panes", "Money");
    case Group::Identity: return QCoreApplication::translate("ui::panes", "Documents and numbers");
    case Group::Network: return QCoreApplication::translate("ui::panes", "Network");
    case Group::Secrets: return QCoreApplication::translate("ui::panes", "Keys and passwords");
    case Group::Own: return QCoreApplication::translate("ui::panes", "Your own");
    }
    return {};
}

} // namespace ui::panes
