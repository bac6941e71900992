// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace resources {

/// The price catalogue as it was built in (resources/prices.csv): for gateway::PriceBook::parse. Lives for ever.
[[nodiscard]] std::string_view priceCatalogue();

/// How phone numbers are made up, by region (resources/phone_numbers.csv): calling code, the prefix of calls within the
/// country, how many digits a national number has, and how it begins ([2-9]: one of these digits). Lives for ever.
[[nodiscard]] std::string_view phoneNumbers();

/// Phrases of texts that try to take a model over, in several languages (resources/injection_phrases.txt, which says how a line
/// is read). Lives for ever.
[[nodiscard]] std::string_view injectionPhrases();

} // namespace resources
