// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/quota_text.h"

#include <fmt/format.h>

namespace gateway::config {

namespace {

std::string breachText(const Breach &breach)
{
    switch (breach.what) {
    case Breach::What::Block: return "block";
    case Breach::What::Warn: return "warn";
    case Breach::What::Route: return "route:" + breach.route;
    }
    return "block";
}

Node raiseNode(const Raise &raise, const WriteOptions &options)
{
    MapWriter map(options);
    map.write("to", std::optional(raise.to));
    map.writeDate("until", raise.until);
    return map.take();
}

} // namespace

Node budgetNode(const Budget &budget, const WriteOptions &options)
{
    const Budget standard;
    MapWriter map(options);
    map.write("amount", budget.amount);
    map.addAlways("per", Node::string(std::string(toText(budget.per))));
    map.write("time_zone", budget.timeZone);
    if (!budget.warnAt.empty()) {
        Node list = Node::sequence();
        for (const double share : budget.warnAt)
            list.items.push_back(Node::plain(fmt::format("{}", share)));
        map.add("warn_at", std::move(list));
    }
    map.write("on_breach", breachText(budget.onBreach), "block");
    map.write("exact", budget.exact, standard.exact);
    map.writeChoice("unknown_price", budget.unknownPrice, standard.unknownPrice);
    if (budget.raise)
        map.add("raise", raiseNode(*budget.raise, options));
    map.write("endpoint", budget.endpoint);
    return map.take();
}

Node limitNode(const Limit &limit, const WriteOptions &options)
{
    MapWriter map(options);
    map.write("rpm", limit.rpm);
    map.write("tpm", limit.tpm);
    map.write("tpd", limit.tpd);
    map.write("parallel", limit.parallel);
    map.write("endpoint", limit.endpoint);
    return map.take();
}

void writeQuota(MapWriter &parent, const Quota &quota)
{
    Node budgets = Node::sequence();
    for (const Budget &budget : quota.budgets)
        budgets.items.push_back(budgetNode(budget, parent.options()));
    parent.add("budgets", std::move(budgets));
    Node limits = Node::sequence();
    for (const Limit &limit : quota.limits)
        limits.items.push_back(limitNode(limit, parent.options()));
    parent.add("limits", std::move(limits));
}

} // namespace gateway::config
