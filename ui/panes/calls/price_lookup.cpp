// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/price_lookup.h"

#include "resources/catalogue.h"

#include <algorithm>

namespace ui::calls {

using gateway::Prices;

std::optional<Prices> PriceLookup::find(const gateway::api::Gateway &gateway, const std::string &providerName, const std::string &model)
{
    if (!m_book)
        m_book = gateway::PriceBook::parse(resources::priceCatalogue()).value_or(gateway::PriceBook());
    const auto config = gateway.config();
    const auto provider = std::ranges::find(config->providers, providerName, &gateway::config::Provider::name);
    if (provider == config->providers.end())
        return std::nullopt;
    gateway::ModelOverrides own;
    for (const auto &each : provider->models)
        if (each.id == model)
            own = {each.inputPerMtok, each.outputPerMtok, each.cachedInputPerMtok, each.cacheWritePerMtok, each.cacheWrite1hPerMtok, each.context, each.maxOutput};
    return m_book->find(provider->kind, model, own).prices;
}

Prices atLength(const Prices &prices, std::int64_t input)
{
    if (!prices.tier || input <= prices.tier->above)
        return prices;
    const Prices::Tier &tier = *prices.tier;
    return {tier.input, tier.output, tier.cachedInput, tier.cacheWrite, tier.cacheWrite1h, {}};
}

} // namespace ui::calls
