// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_log_view.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// Fields of the call filter whose values are counted beside the list, in the order in which they are shown.
inline constexpr std::array<std::string_view, 11> facetFields {"state", "error", "status", "team", "route", "model", "provider", "key", "endpoint", "cache", "tag"};
inline constexpr std::size_t facetCount = facetFields.size();

struct FacetQuery
{
    TimeRange range;
    CallFilter filter;                 ///< empty: all
    /// A field that is counted under another filter: the one without what is already chosen of that field, so that all its
    /// values are there to be chosen too, or no longer left out.
    struct Other
    {
        std::string field;
        CallFilter filter;
    };
    std::vector<Other> others {};      ///< at most one for each field
    std::size_t most = 10;             ///< values of each field
};

/// What calls have of one field. A value is as the filter takes it after `field:`, and its count is what that term would find:
/// "" of team, route, provider and key: calls without one; of status "<400" stands for all that are no errors; a call counts
/// for the model that answered, and for one that was asked for.
struct CallFacet
{
    std::string_view field;            ///< one of facetFields
    std::vector<FieldValue> values {}; ///< most frequent first
    std::size_t more = 0;              ///< further values that there are
    std::uint64_t calls = 0;           ///< in which they were counted
    bool complete = true;              ///< false: counting stopped early; counts are "at least", of the newest calls
};

struct CallFacets
{
    std::vector<CallFacet> facets;     ///< in the order of facetFields
    std::uint64_t calls = 0;           ///< that the filter found in the range, or at least so many
    bool complete = true;              ///< false: of some fields not all calls were looked at
};

} // namespace gateway
