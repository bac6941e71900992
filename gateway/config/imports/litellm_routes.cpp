// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/imports/litellm_parts.h"

#include "gateway/config/names.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>

/// Groups of model_list as routes: balance, fallback chains, aliases, retries.
namespace gateway::config::imports {

namespace {

constexpr std::array<std::pair<std::string_view, BalanceBy>, 6> strategies {{{"simple-shuffle", BalanceBy::Weight}, {"latency-based-routing", BalanceBy::Latency},
                                                                            {"least-busy", BalanceBy::LeastBusy}, {"usage-based-routing", BalanceBy::Usage},
                                                                            {"usage-based-routing-v2", BalanceBy::Usage}, {"cost-based-routing", BalanceBy::Cost}}};

class RouteMaker
{
public:
    RouteMaker(Gathered &gathered, const Node &root)
        : m_all(gathered), m_account(gathered.account), m_router(root.find("router_settings")), m_litellm(root.find("litellm_settings")), m_root(root)
    {
    }

    void make()
    {
        readStrategy();
        readRetry();
        readDrop();
        readLists();
        std::vector<Route> &routes = m_all.result.text.config.routes;
        for (const ModelGroup &group : m_all.groups)
            routes.push_back(routeOf(group));
        readAliases(routes);
    }

private:
    struct Fallback
    {
        std::string group;
        const Node *said;
    };
    using Lists = std::map<std::string, std::vector<Fallback>, std::less<>>;

    const Node *router(std::string_view key) const { return m_router ? m_router->find(key) : nullptr; }
    const Node *litellm(std::string_view key) const { return m_litellm ? m_litellm->find(key) : nullptr; }

    void readStrategy()
    {
        const Node *node = router("routing_strategy");
        if (node == nullptr)
            return;
        const auto row = std::ranges::find(strategies, node->text, &std::pair<std::string_view, BalanceBy>::first);
        if (row == strategies.end())
            return m_account.left(*node, "Signalbox balances by latency, cost, least-busy, usage, weight, round-robin or hash; entries of one model are drawn by weight");
        m_by = row->second;
        m_account.taken(*node, fmt::format("balance by {}", toText(m_by)));
    }

    void readRetry()
    {
        if (const Node *retries = firstOf(m_all, m_root, {"router_settings", "litellm_settings"}, "num_retries")) {
            if (const auto count = m_account.whole(*retries, 0)) {
                m_retry.attempts = static_cast<int>(std::min<std::int64_t>(*count + 1, 10));
                m_account.taken(*retries, "retry.attempts of every route, which counts the first try too");
            }
        }
        if (const Node *after = router("retry_after")) {
            if (const auto base = m_account.seconds(*after); base && *base >= Millis {1} && *base <= std::chrono::minutes {10}) {
                m_retry.backoff.base = *base;
                m_retry.backoff.max = std::max(m_retry.backoff.max, *base);
                m_account.taken(*after, "retry.backoff.base of every route");
            } else if (base) {
                m_account.left(*after, "a pause between tries is from 1 ms to 10 minutes");
            }
        }
        if (const Node *most = router("max_fallbacks")) {
            if (const auto count = m_account.whole(*most, 0)) {
                m_most = static_cast<std::size_t>(*count);
                m_account.taken(*most, "no chain has more");
            }
        }
    }

    void readDrop()
    {
        const Node *drop = litellm("drop_params");
        const auto said = drop ? m_account.truth(*drop) : std::nullopt;
        if (!said)
            return;
        m_unsupported = *said ? Unsupported::Drop : Unsupported::Reject;
        m_account.taken(*drop, *said ? "unsupported: drop, for every route" : "unsupported: reject, for every route");
    }

    void readLists()
    {
        for (const auto &[key, lists] : {std::pair("fallbacks", &m_general), std::pair("context_window_fallbacks", &m_context), std::pair("content_policy_fallbacks", &m_policy)}) {
            if (const Node *list = firstOf(m_all, m_root, {"router_settings", "litellm_settings"}, key))
                readList(*list, *lists);
        }
        const Node *rest = firstOf(m_all, m_root, {"router_settings", "litellm_settings"}, "default_fallbacks");
        if (rest == nullptr)
            return;
        for (const Node &name : rest->items) {
            if (known(name))
                m_default.push_back({name.text, &name});
        }
    }

    /// [{"gpt-4o": ["claude", "local"]}, ...]
    void readList(const Node &list, Lists &lists)
    {
        for (const Node &item : list.items) {
            for (const Entry &entry : item.entries) {
                if (m_all.group(entry.key, false) == nullptr) {
                    m_account.left(entry.value, "model_list has no such model");
                    continue;
                }
                for (const Node &name : entry.value.items) {
                    if (known(name))
                        lists[entry.key].push_back({name.text, &name});
                }
            }
        }
    }

    bool known(const Node &name)
    {
        if (name.kind == Node::Kind::Scalar && m_all.group(name.text, false) != nullptr)
            return true;
        m_account.left(name, "model_list has no model of that name");
        return false;
    }

    PlanNode nodeOf(const Deployment &deployment) const
    {
        PlanNode target {.node = deployment.target};
        if (!deployment.limit)
            return target;
        LimitNode limit = *deployment.limit;
        limit.then = std::move(target);
        return {.node = std::move(limit)};
    }

    /// Without fallbacks: the deployments by their order, and those of one order balanced.
    PlanNode baseOf(const ModelGroup &group) const
    {
        if (group.router)
            return *group.router;
        std::map<std::int64_t, std::vector<const Deployment *>> byOrder;
        for (const Deployment &deployment : group.deployments)
            byOrder[deployment.order].push_back(&deployment);
        FallbackNode chain;
        for (const auto &[order, deployments] : byOrder) {
            if (deployments.size() == 1) {
                chain.children.push_back(nodeOf(*deployments.front()));
                continue;
            }
            BalanceNode balance;
            balance.by = m_by;
            for (const Deployment *deployment : deployments)
                balance.among.push_back({.weight = m_by == BalanceBy::Weight ? deployment->weight : 1, .to = nodeOf(*deployment)});
            chain.children.push_back({.node = std::move(balance)});
        }
        return chain.children.size() == 1 ? chain.children.front() : PlanNode {.node = std::move(chain)};
    }

    static void append(FallbackNode &chain, PlanNode node)
    {
        if (auto *inner = std::get_if<FallbackNode>(&node.node))
            std::ranges::move(inner->children, std::back_inserter(chain.children));
        else
            chain.children.push_back(std::move(node));
    }

    /// Puts the groups behind the chain that are not in it yet.
    void follow(FallbackNode &chain, const std::vector<Fallback> &fallbacks, std::set<std::string> &in, const char *words, bool exact)
    {
        for (const Fallback &fallback : fallbacks) {
            if (in.size() > m_most) {
                m_account.left(*fallback.said, "max_fallbacks says that a chain has no more");
                continue;
            }
            if (in.insert(fallback.group).second)
                append(chain, baseOf(*m_all.group(fallback.group, false)));
            if (exact)
                m_account.taken(*fallback.said, words);
            else
                m_account.changed(*fallback.said, words);
        }
    }

    Route routeOf(const ModelGroup &group)
    {
        Route route;
        route.name = group.name;
        route.retry = m_retry;
        route.unsupported = group.drops ? Unsupported::Drop : m_unsupported;
        FallbackNode chain;
        append(chain, baseOf(group));
        const bool single = chain.children.size() == 1;
        std::set<std::string> in {group.name};
        const auto listOf = [&](const Lists &lists) {
            const auto found = lists.find(group.name);
            return found == lists.end() ? std::vector<Fallback>() : found->second;
        };
        const auto general = listOf(m_general);
        const auto context = listOf(m_context);
        const auto policy = listOf(m_policy);
        follow(chain, general, in, "a target behind it in the chain", true);
        if (general.empty() && context.empty() && policy.empty())
            follow(chain, m_default, in, "behind every route that has no fallbacks of its own", true);
        const bool alone = general.empty() && policy.empty() && single; // then the chain can be for that failure alone
        follow(chain, context, in, alone ? "behind it in the chain, for context_window alone" : "behind it in the chain, which serves every failure", alone);
        if (alone && !context.empty())
            route.fallbackOn.items = {"context_window"};
        follow(chain, policy, in, "on_content_policy: fallback, along the same chain", false);
        if (!policy.empty())
            route.onContentPolicy = OnContentPolicy::Fallback;
        route.plan = chain.children.size() == 1 ? chain.children.front() : PlanNode {.node = std::move(chain)};
        return route;
    }

    void readAliases(std::vector<Route> &routes)
    {
        const Node *aliases = router("model_group_alias");
        if (aliases == nullptr)
            return;
        for (const Entry &entry : aliases->entries) {
            const Node *target = entry.value.kind == Node::Kind::Map ? entry.value.find("model") : &entry.value;
            const auto route = std::ranges::find(routes, target ? target->text : std::string(), &Route::name);
            const bool taken = m_all.group(entry.key, false) != nullptr;
            if (route == routes.end() || taken) {
                m_account.left(entry.value, taken ? "a model of model_list has that name" : "model_list has no such model");
                continue;
            }
            route->aliases.push_back(entry.key);
            m_account.taken(*target, fmt::format("alias of route {}", route->name));
            if (const Node *hidden = entry.value.find("hidden"))
                m_account.left(*hidden, "aliases are always listed by /v1/models");
        }
    }

    Gathered &m_all;
    Account &m_account;
    const Node *m_router;
    const Node *m_litellm;
    const Node &m_root;
    BalanceBy m_by = BalanceBy::Weight;
    Retry m_retry;
    Unsupported m_unsupported = Unsupported::Drop;
    std::size_t m_most = 5; ///< LiteLLM's own
    Lists m_general, m_context, m_policy;
    std::vector<Fallback> m_default;
};

} // namespace

void makeRoutes(Gathered &gathered, const Node &root)
{
    RouteMaker(gathered, root).make();
}

} // namespace gateway::config::imports
