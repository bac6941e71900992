// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/exchange.h"
#include "gateway/routing/surroundings.h"

namespace gateway::stages {

/// Prices of the models that one call's wildcards stand for, by its worker's cache.
class CallPrices final : public routing::PriceView
{
public:
    explicit CallPrices(pipeline::Exchange &x) : m_x(x) {}
    [[nodiscard]] std::optional<Prices> pricesOf(const routing::Target &target, std::string_view model) override
    {
        return m_x.worker.prices.find(m_x.config, target.provider, model);
    }

private:
    pipeline::Exchange &m_x;
};

} // namespace gateway::stages
