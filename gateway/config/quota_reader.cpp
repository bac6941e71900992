// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/quota_text.h"

#include "gateway/core/text.h"

#include <charconv>
#include <fmt/format.h>

namespace gateway::config {

namespace {

constexpr std::string_view routeBreach = "route:";

void readBreach(Reading &reading, MapReader &map, Breach &out)
{
    std::string text;
    map.read("on_breach", text);
    if (text.empty() || text == "block")
        return;
    if (text == "warn")
        out.what = Breach::What::Warn;
    else if (text.starts_with(routeBreach) && text.size() > routeBreach.size())
        out = {.what = Breach::What::Route, .route = text.substr(routeBreach.size())};
    else
        reading.error(*map.node().find("on_breach"), map.at("on_breach"), fmt::format("{} is not what a breach can do; write block, warn or route:NAME", jsonQuoted(text)));
}

void readWarnAt(Reading &reading, MapReader &map, std::vector<double> &out)
{
    const Node *list = map.takeSequence("warn_at");
    if (list == nullptr)
        return;
    for (const Node &item : list->items) {
        const std::string field = fmt::format("{}[{}]", map.at("warn_at"), out.size());
        double share = 0;
        const char *end = item.text.data() + item.text.size();
        const auto read = std::from_chars(item.text.data(), end, share);
        if (read.ec != std::errc() || read.ptr != end || share <= 0 || share > 1)
            reading.error(item, field, fmt::format("{} is no share of a budget; write one above 0 and at most 1, such as 0.8", jsonQuoted(item.text)));
        out.push_back(share);
    }
}

std::optional<Raise> readRaise(Reading &reading, MapReader &parent)
{
    const Node *node = parent.takeMap("raise");
    if (node == nullptr)
        return std::nullopt;
    Raise raise;
    std::optional<Money> to;
    MapReader map(reading, *node, parent.at("raise"), "raise");
    map.read("to", to);
    map.read("until", raise.until);
    map.finish();
    raise.to = to.value_or(Money());
    return raise;
}

} // namespace

std::string_view toText(UnknownPrice unknown)
{
    return unknown == UnknownPrice::Block ? "block" : "allow";
}

Budget readBudget(Reading &reading, const Node &node, const std::string &field)
{
    Budget budget;
    MapReader map(reading, node, field, "budget");
    map.read("amount", budget.amount);
    map.readChoice("per", budget.per, {Period::Hour, Period::Day, Period::Week, Period::Month, Period::Total});
    map.read("time_zone", budget.timeZone);
    readWarnAt(reading, map, budget.warnAt);
    readBreach(reading, map, budget.onBreach);
    map.read("exact", budget.exact);
    map.readChoice("unknown_price", budget.unknownPrice, {UnknownPrice::Allow, UnknownPrice::Block});
    budget.raise = readRaise(reading, map);
    map.read("endpoint", budget.endpoint);
    map.finish();
    return budget;
}

Limit readLimit(Reading &reading, const Node &node, const std::string &field)
{
    Limit limit;
    MapReader map(reading, node, field, "limit");
    map.read("rpm", limit.rpm);
    map.read("tpm", limit.tpm);
    map.read("tpd", limit.tpd);
    map.read("parallel", limit.parallel);
    map.read("endpoint", limit.endpoint);
    map.finish();
    return limit;
}

void readQuota(Reading &reading, MapReader &parent, Quota &out)
{
    if (const Node *list = parent.takeSequence("budgets")) {
        for (const Node &item : list->items)
            out.budgets.push_back(readBudget(reading, item, fmt::format("{}[{}]", parent.at("budgets"), out.budgets.size())));
    }
    if (const Node *list = parent.takeSequence("limits")) {
        for (const Node &item : list->items)
            out.limits.push_back(readLimit(reading, item, fmt::format("{}[{}]", parent.at("limits"), out.limits.size())));
    }
}

} // namespace gateway::config
