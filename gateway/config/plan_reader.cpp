// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/plan_text.h"

#include "gateway/config/condition_text.h"
#include "gateway/config/names.h"
#include "gateway/core/text.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace gateway::config {

void readRetry(Reading &reading, const Node &node, const std::string &field, Retry &out)
{
    MapReader map(reading, node, field, "retry");
    map.read("attempts", out.attempts);
    map.read("on", out.on.items);
    if (const Node *backoff = map.takeMap("backoff")) {
        MapReader inner(reading, *backoff, map.at("backoff"), "backoff");
        inner.read("base", out.backoff.base);
        inner.read("max", out.backoff.max);
        inner.finish();
    }
    map.finish();
}

namespace {

constexpr std::array<std::string_view, 6> forms {"fallback", "split", "balance", "when", "limit", "route"};

class PlanReader
{
public:
    PlanReader(Reading &reading, const Retry &routeRetry) : m_reading(reading), m_routeRetry(routeRetry) {}

    PlanNode read(const Node &node, const std::string &field)
    {
        std::vector<std::string_view> found;
        for (const Entry &entry : node.entries) {
            if (std::find(forms.begin(), forms.end(), entry.key) != forms.end())
                found.push_back(entry.key);
        }
        if (node.kind != Node::Kind::Map || node.entries.empty()) {
            m_reading.error(node, field, fmt::format("`{}` must be a target {{ provider: NAME, model: NAME }}, or a map with one of {}{}", field, fmt::join(forms, ", "),
                                                     node.kind == Node::Kind::Scalar ? fmt::format("; this is the text {}", jsonQuoted(truncatedUtf8(node.text, 60))) : ""));
            return {};
        }
        if (found.empty() && node.find("else") != nullptr) {
            m_reading.error(node, field, fmt::format("`{}` has `else` without `when`; write when: [{{ if: CONDITION, then: PLAN }}] before it", field));
            return {};
        }
        if (found.empty())
            return {readTarget(node, field)};
        if (found.size() > 1) {
            m_reading.error(node, field, fmt::format("`{}` has both `{}` and `{}`; a plan node is one of them, with others inside it", field, found[0], found[1]));
            return {};
        }
        MapReader map(m_reading, node, field, "plan");
        PlanNode plan = readForm(map, found.front());
        map.finish();
        return plan;
    }

private:
    PlanNode readForm(MapReader &map, std::string_view form)
    {
        if (form == "fallback")
            return {readFallback(map)};
        if (form == "split")
            return {readSplit(map)};
        if (form == "balance")
            return {readBalance(map)};
        if (form == "when")
            return {readWhen(map)};
        if (form == "limit")
            return {readLimit(map)};
        RouteNode route;
        map.read("route", route.route);
        return {std::move(route)};
    }

    TargetNode readTarget(const Node &node, const std::string &field)
    {
        TargetNode target;
        MapReader map(m_reading, node, field, "target");
        map.read("provider", target.provider);
        map.read("model", target.model);
        map.read("credential", target.credential);
        if (const Node *timeouts = map.takeMap("timeouts")) {
            MapReader inner(m_reading, *timeouts, map.at("timeouts"), "timeouts");
            inner.read("connect", target.timeouts.connect);
            inner.read("first_byte", target.timeouts.firstByte);
            inner.read("idle", target.timeouts.idle);
            inner.read("total", target.timeouts.total);
            inner.finish();
        }
        if (const Node *retry = map.takeMap("retry")) {
            target.retry = m_routeRetry;
            readRetry(m_reading, *retry, map.at("retry"), *target.retry);
        }
        map.read("override", target.override_);
        map.read("defaults", target.defaults);
        map.read("drop", target.drop);
        map.read("rpm", target.rpm);
        map.read("tpm", target.tpm);
        map.read("region", target.region);
        for (const std::string_view form : forms)
            map.take(form); // not there, but offered for a misspelt one
        map.finish();
        return target;
    }

    FallbackNode readFallback(MapReader &parent)
    {
        FallbackNode fallback;
        if (const Node *list = parent.takeSequence("fallback")) {
            for (const Node &item : list->items)
                fallback.children.push_back(read(item, fmt::format("{}[{}]", parent.at("fallback"), fallback.children.size())));
        }
        return fallback;
    }

    SplitNode readSplit(MapReader &parent)
    {
        SplitNode split;
        if (const Node *list = parent.takeSequence("split")) {
            for (const Node &item : list->items) {
                auto [weight, to] = readWeighted(item, fmt::format("{}[{}]", parent.at("split"), split.branches.size()), "split branch");
                split.branches.push_back({.weight = weight, .to = std::move(to)});
            }
        }
        return split;
    }

    /// "{ weight: 3, to: PLAN }"
    std::pair<int, PlanNode> readWeighted(const Node &item, const std::string &field, std::string_view section)
    {
        std::pair<int, PlanNode> branch {1, {}};
        MapReader map(m_reading, item, field, section);
        map.read("weight", branch.first);
        if (const Node *to = map.take("to"))
            branch.second = read(*to, map.at("to"));
        else if (map.isMap())
            m_reading.error(item, map.at("to"), fmt::format("a {} needs `to`: a target or another plan node", section));
        map.finish();
        return branch;
    }

    BalanceNode readBalance(MapReader &parent)
    {
        BalanceNode balance;
        const Node *node = parent.takeMap("balance");
        if (node == nullptr)
            return balance;
        MapReader map(m_reading, *node, parent.at("balance"), "balance");
        map.readChoice("by", balance.by,
                       {BalanceBy::Latency, BalanceBy::Cost, BalanceBy::LeastBusy, BalanceBy::Usage, BalanceBy::Weight, BalanceBy::RoundRobin, BalanceBy::Hash});
        map.read("hash_on", balance.hashOn);
        if (const Node *among = map.takeSequence("among")) {
            for (const Node &item : among->items)
                balance.among.push_back(readBranch(item, fmt::format("{}[{}]", map.at("among"), balance.among.size())));
        }
        map.finish();
        return balance;
    }

    /// A plan as it is, or one with a weight.
    BalanceBranch readBranch(const Node &item, const std::string &field)
    {
        if (item.find("to") == nullptr && item.find("weight") == nullptr)
            return {.to = read(item, field)};
        auto [weight, to] = readWeighted(item, field, "weighted branch");
        return {.weight = weight, .to = std::move(to)};
    }

    WhenNode readWhen(MapReader &parent)
    {
        WhenNode when;
        if (const Node *list = parent.takeSequence("when")) {
            for (const Node &item : list->items)
                when.branches.push_back(readCase(item, fmt::format("{}[{}]", parent.at("when"), when.branches.size())));
        }
        when.otherwise = readOptional(parent, "else");
        return when;
    }

    WhenBranch readCase(const Node &item, const std::string &field)
    {
        WhenBranch branch;
        MapReader map(m_reading, item, field, "when branch");
        if (const Node *condition = map.take("if"))
            branch.condition = readCondition(m_reading, *condition, map.at("if"));
        else if (map.isMap())
            m_reading.error(item, map.at("if"), "a branch of `when` needs `if`: a condition such as { metadata.tier: free }");
        if (const Node *then = map.take("then"))
            branch.then = read(*then, map.at("then"));
        else if (map.isMap())
            m_reading.error(item, map.at("then"), "a branch of `when` needs `then`: a target or another plan node");
        map.finish();
        return branch;
    }

    LimitNode readLimit(MapReader &parent)
    {
        LimitNode limit;
        const Node *node = parent.takeMap("limit");
        if (node == nullptr)
            return limit;
        MapReader map(m_reading, *node, parent.at("limit"), "limit");
        map.read("rpm", limit.rpm);
        map.read("tpm", limit.tpm);
        map.read("tpd", limit.tpd);
        map.read("parallel", limit.parallel);
        map.read("amount", limit.amount);
        map.readChoice("per", limit.per, {Period::Hour, Period::Day, Period::Week, Period::Month, Period::Total});
        map.readChoice("each", limit.each, {LimitEach::Route, LimitEach::Key, LimitEach::Team, LimitEach::Customer});
        limit.then = readOptional(map, "then");
        if (!limit.then && map.isMap())
            m_reading.error(*node, map.at("then"), "a limit needs `then`: where calls go while it is not used up");
        limit.otherwise = readOptional(map, "else");
        map.finish();
        return limit;
    }

    Boxed<PlanNode> readOptional(MapReader &map, std::string_view key)
    {
        const Node *node = map.take(key);
        return node == nullptr ? Boxed<PlanNode>() : Boxed<PlanNode>(read(*node, map.at(key)));
    }

    Reading &m_reading;
    const Retry &m_routeRetry;
};

} // namespace

PlanNode readPlan(Reading &reading, const Node &node, const std::string &field, const Retry &routeRetry)
{
    return PlanReader(reading, routeRetry).read(node, field);
}

} // namespace gateway::config
