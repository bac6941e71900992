// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace resources {

/// The price catalogue as it was built in (resources/prices.csv): for gateway::PriceBook::parse. Lives for ever.
[[nodiscard]] std::string_view priceCatalogue();

} // namespace resources
