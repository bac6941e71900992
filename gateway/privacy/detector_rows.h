// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/privacy/detector.h"

#include <span>

/// Every built-in detector: a file in detectors/ that defines it, and its row here, in the order of config.md.
#define SIGNALBOX_DETECTORS(ROW) \
    ROW(email) \
    ROW(phone) \
    ROW(creditCard) \
    ROW(iban) \
    ROW(usSsn) \
    ROW(usItin) \
    ROW(ukNino) \
    ROW(ukNhs) \
    ROW(deTaxId) \
    ROW(frNir) \
    ROW(esDni) \
    ROW(esNie) \
    ROW(itCodiceFiscale) \
    ROW(inAadhaar) \
    ROW(inPan) \
    ROW(brCpf) \
    ROW(brCnpj) \
    ROW(passport) \
    ROW(drivingLicence) \
    ROW(ipAddress) \
    ROW(macAddress) \
    ROW(urlCredentials) \
    ROW(dateOfBirth) \
    ROW(streetAddress) \
    ROW(bankAccount) \
    ROW(cryptoWallet) \
    ROW(apiKey) \
    ROW(privateKey)

namespace gateway::privacy {

#define SIGNALBOX_DECLARE(name) extern const Detector name;
SIGNALBOX_DETECTORS(SIGNALBOX_DECLARE)
#undef SIGNALBOX_DECLARE

/// All rows. Thread-safe; they hold for ever.
[[nodiscard]] std::span<const Detector *const> detectors();

/// The row of that name in the configuration, or nullptr.
[[nodiscard]] const Detector *findDetector(std::string_view name);

} // namespace gateway::privacy
