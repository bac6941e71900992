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

/// Keeps so many of what it is shown.
class Costliest
{
public:
    void look(const Costly &call, std::size_t limit)
    {
        if (m_kept.size() == limit && !(call > m_kept.top()))
            return;
        m_kept.push(call);
        if (m_kept.size() > limit)
            m_kept.pop();
    }

    /// From the most costly on; nothing is left.
    std::vector<CallFinder::Place> take()
    {
        std::vector<CallFinder::Place> places;
        for (; !m_kept.empty(); m_kept.pop())
            places.push_back(m_kept.top().place);
        std::ranges::reverse(places);
        return places;
    }

private:
    std::priority_queue<Costly, std::vector<Costly>, std::greater<>> m_kept; ///< the cheapest on top
};

} // namespace

Result<CostlyPlaces> costliestCalls(ReaderSession &session, const CallFilter &filter, Span span, int limit)
{
    auto finder = CallFinder::make(session, filter, span);
    if (!finder)
        return std::unexpected(finder.error());
    const auto most = static_cast<std::size_t>(limit);
    Costliest all;
    std::map<std::int64_t, Costliest> teams;
    const auto asked = finder->each("c.cost, c.started_us, c.row, c.team", span, [&](const Statement &row) -> Result<> {
        const Costly call {.cost = row.isNull(0) ? 0 : row.integer(0), .place = {.startedUs = row.integer(1), .row = row.integer(2)}};
        if (call.cost <= 0)
            return {};
        all.look(call, most);
        teams[row.isNull(3) ? 0 : row.integer(3)].look(call, most);
        return {};
    });
    if (!asked)
        return std::unexpected(asked.error());
    CostlyPlaces places {.all = all.take()};
    for (auto &[team, kept] : teams)
        places.teams.emplace(team, kept.take());
    return places;
}

} // namespace gateway::storage
