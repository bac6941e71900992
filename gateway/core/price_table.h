// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/price_book.h"

#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// One row of the price catalogue.
struct PriceRow
{
    std::string provider; ///< a provider kind
    ModelFacts facts;
};

/// Reads the catalogue's CSV (RFC 4180). Columns are found by their names in the first line, in any order; ones that
/// are not known are passed over. Errors: Invalid, `where` says line and column.
Result<std::vector<PriceRow>> readPriceTable(std::string_view csv);

} // namespace gateway
