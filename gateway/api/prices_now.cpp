// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/prices_now.h"

#include "gateway/api/catalogue.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace gateway::api {

namespace {

using Target = std::optional<std::pair<std::string, std::string>>;

constexpr int routesDeep = 8; ///< a route may lead to another

Target firstOf(const config::Config &config, std::string_view route, int deep);

/// The target that stands first below a node, as it is written.
struct FirstTarget
{
    const config::Config &config;
    int deep;

    Target operator()(const config::PlanNode &node) const { return std::visit(*this, node.node); }
    Target operator()(const config::TargetNode &target) const
    {
        if (target.provider.empty() || target.model.empty() || target.model.find('*') != std::string::npos)
            return std::nullopt;
        return std::pair(target.provider, target.model);
    }
    Target operator()(const config::FallbackNode &node) const { return node.children.empty() ? std::nullopt : (*this)(node.children.front()); }
    Target operator()(const config::SplitNode &node) const { return node.branches.empty() ? std::nullopt : (*this)(node.branches.front().to); }
    Target operator()(const config::BalanceNode &node) const { return node.among.empty() ? std::nullopt : (*this)(node.among.front().to); }
    Target operator()(const config::WhenNode &node) const { return node.branches.empty() ? std::nullopt : (*this)(node.branches.front().then); }
    Target operator()(const config::LimitNode &node) const { return node.then ? (*this)(*node.then) : std::nullopt; }
    Target operator()(const config::RouteNode &node) const { return firstOf(config, node.route, deep - 1); }
};

Target firstOf(const config::Config &config, std::string_view route, int deep)
{
    const auto found = std::ranges::find(config.routes, route, [](const config::Route &each) -> std::string_view { return each.name; });
    if (found == config.routes.end() || deep <= 0)
        return std::nullopt;
    return FirstTarget {config, deep}(found->plan);
}

} // namespace

PricesNow pricesNow(ConfigPtr config)
{
    return {.prices = [config](std::string_view provider, std::string_view model) -> std::optional<Prices> {
                const auto found = std::ranges::find(config->providers, provider, [](const config::Provider &each) -> std::string_view { return each.name; });
                return found == config->providers.end() ? std::nullopt : pricesOf(*found, model);
            },
            .firstChoice = [config](std::string_view route) { return firstOf(*config, route, routesDeep); }};
}

} // namespace gateway::api
