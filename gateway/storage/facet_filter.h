// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/filter_sql.h"

#include <optional>

namespace gateway::storage {

/// A call filter over sums by day (day_sums.h).
struct FacetFilter
{
    Sql facets;                     ///< over `facets AS f` and `dims AS d`
    std::optional<Sql> customers {}; ///< and over `customers AS u`; nullopt: any call, also without a customer
    bool tags = false;              ///< it asks about them
};

/// The condition over `facets AS f` and `dims AS d` alone; nullopt: some of its fields are not there.
std::optional<Sql> facetCondition(const CallFilter::Node &node);

/// nullopt: sums by day do not tell its calls from others.
std::optional<FacetFilter> facetFilter(const CallFilter::Node &root);

} // namespace gateway::storage
