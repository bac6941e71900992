// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/call_tree.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace gateway {

namespace {

std::int64_t startOf(const CallRow &row) { return row.record.startedAt.time_since_epoch().count(); }
std::int64_t endOf(const CallRow &row) { return startOf(row) + std::max(row.record.latencyUs, 0); }

/// By start, the longer of two first: a call comes after all that may hold it.
bool before(const CallRow &a, const CallRow &b)
{
    return std::tuple(startOf(a), -endOf(a), a.cursor.row) < std::tuple(startOf(b), -endOf(b), b.cursor.row);
}

/// Of each call the place of the one that it is below; -1: none.
std::vector<int> parentsOf(const std::vector<CallRow> &rows)
{
    std::unordered_map<std::string_view, int> byId;
    for (std::size_t i = 0; i < rows.size(); ++i)
        byId.emplace(rows[i].record.id, static_cast<int>(i));
    std::vector<int> parents(rows.size(), -1);
    std::map<std::string_view, std::vector<int>> underWay; // of each trace: calls that have not ended when the next one begins
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const CallRecord &record = rows[i].record;
        if (record.shadow) {
            const auto copied = byId.find(record.shadowOf);
            if (copied != byId.end() && !rows[static_cast<std::size_t>(copied->second)].record.shadow)
                parents[i] = copied->second;
            continue; // nobody made calls while waiting for a copy
        }
        if (record.trace.empty())
            continue;
        std::vector<int> &under = underWay[record.trace];
        const auto end = [&rows](int place) { return endOf(rows[static_cast<std::size_t>(place)]); };
        const auto length = [&rows](int place) { return rows[static_cast<std::size_t>(place)].record.latencyUs; };
        std::erase_if(under, [&](int place) { return end(place) < startOf(rows[i]); });
        for (const int place : under) {
            if (end(place) >= endOf(rows[i]) && (parents[i] < 0 || length(place) <= length(parents[i])))
                parents[i] = place;
        }
        under.push_back(static_cast<int>(i));
    }
    return parents;
}

} // namespace

std::string_view toText(Bond bond)
{
    return bond == Bond::Session ? "session" : "trace";
}

std::vector<TreeCall> treeOf(std::vector<CallRow> rows)
{
    std::ranges::sort(rows, before);
    const std::vector<int> parents = parentsOf(rows);
    std::vector<std::vector<int>> below(rows.size());
    std::vector<std::pair<int, int>> next; // place and depth; the last one is taken first
    for (std::size_t i = rows.size(); i-- > 0;) {
        if (parents[i] >= 0)
            below[static_cast<std::size_t>(parents[i])].push_back(static_cast<int>(i));
        else
            next.emplace_back(static_cast<int>(i), 0);
    }
    std::vector<TreeCall> calls;
    calls.reserve(rows.size());
    std::vector<int> placeOf(rows.size(), -1);
    while (!next.empty()) {
        const auto [i, depth] = next.back();
        next.pop_back();
        const int parent = parents[static_cast<std::size_t>(i)];
        placeOf[static_cast<std::size_t>(i)] = static_cast<int>(calls.size());
        calls.push_back({.row = std::move(rows[static_cast<std::size_t>(i)]), .depth = depth, .parent = parent < 0 ? -1 : placeOf[static_cast<std::size_t>(parent)]});
        for (const int child : below[static_cast<std::size_t>(i)])
            next.emplace_back(child, depth + 1);
    }
    return calls;
}

} // namespace gateway
