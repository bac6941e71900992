// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/costly_calls.h"

#include <algorithm>
#include <functional>
#include <queue>
#include <tuple>

namespace gateway::storage {

namespace {

struct Costly
{
    std::int64_t cost = 0;
    CallFinder::Place place {};
    bool operator>(const Costly &other) const { return std::tuple(cost, place) > std::tuple(other.cost, other.place); }
};

} // namespace

Result<std::vector<CallFinder::Place>> costliestCalls(ReaderSession &session, const CallFilter &filter, Span span, int limit)
{
    auto finder = CallFinder::make(session, filter, span);
    if (!finder)
        return std::unexpected(finder.error());
    std::priority_queue<Costly, std::vector<Costly>, std::greater<>> kept; // the cheapest on top
    const auto asked = finder->each("c.cost, c.started_us, c.row", span, [&](const Statement &row) -> Result<> {
        const Costly call {.cost = row.isNull(0) ? 0 : row.integer(0), .place = {.startedUs = row.integer(1), .row = row.integer(2)}};
        if (call.cost <= 0)
            return {};
        kept.push(call);
        if (kept.size() > static_cast<std::size_t>(limit))
            kept.pop();
        return {};
    });
    if (!asked)
        return std::unexpected(asked.error());
    std::vector<CallFinder::Place> places;
    for (; !kept.empty(); kept.pop())
        places.push_back(kept.top().place);
    std::ranges::reverse(places);
    return places;
}

} // namespace gateway::storage
