// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/resolve/catalogue_prices.h"

namespace gateway::stages {

std::optional<Prices> CataloguePrices::pricesOf(const routing::Target &target, std::string_view model)
{
    if (!m_config.prices)
        return std::nullopt;
    std::pair key(target.provider, std::string(model));
    if (const auto known = m_known.find(key); known != m_known.end())
        return known->second;
    if (m_known.size() >= mostKept)
        m_known.clear();
    return m_known.emplace(std::move(key), m_config.providers[target.provider].facts(*m_config.prices, model).prices).first->second;
}

} // namespace gateway::stages
