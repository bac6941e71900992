// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/price_cache.h"

#include <charconv>

namespace gateway::pipeline {

const PriceCache::Known &PriceCache::known(const std::shared_ptr<const CompiledConfig> &config, std::uint32_t provider, std::string_view model)
{
    // The owner, not the address: a new configuration may come to lie where a former one was.
    const bool same = !m_config.owner_before(config) && !config.owner_before(m_config);
    if (!same || m_prices.size() >= capacity) {
        m_prices.clear();
        m_config = config;
    }
    char digits[16];
    const auto end = std::to_chars(digits, digits + sizeof digits, provider).ptr;
    m_key.assign(digits, end).append(1, ' ').append(model);
    const auto known = m_prices.find(m_key);
    if (known != m_prices.end())
        return known->second;
    Known found;
    if (config->prices) {
        ModelFacts facts = config->providers[provider].facts(*config->prices, model);
        found = {.prices = std::move(facts.prices), .maxOutput = facts.maxOutput};
    }
    return m_prices.emplace(m_key, std::move(found)).first->second;
}

} // namespace gateway::pipeline
