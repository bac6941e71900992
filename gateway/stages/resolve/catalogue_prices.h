// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/compiled_config.h"
#include "gateway/routing/surroundings.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace gateway::stages {

/// Prices of what wildcards stand for, for calls that are not made. Each is looked up once. One thread.
class CataloguePrices final : public routing::PriceView
{
public:
    /// @param config  outlives it
    explicit CataloguePrices(const pipeline::CompiledConfig &config) : m_config(config) {}
    [[nodiscard]] std::optional<Prices> pricesOf(const routing::Target &target, std::string_view model) override;

private:
    static constexpr std::size_t mostKept = 10'000; ///< callers name models

    const pipeline::CompiledConfig &m_config;
    std::map<std::pair<std::uint32_t, std::string>, std::optional<Prices>> m_known;
};

} // namespace gateway::stages
