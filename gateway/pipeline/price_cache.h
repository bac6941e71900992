// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/compiled_config.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace gateway::pipeline {

/// Prices of models that only a call names (wildcard routes): the catalogue is searched once for each, not once a call.
/// One for each worker, on its thread; bounded, since callers choose the names; begins anew with a new configuration.
class PriceCache
{
public:
    static constexpr std::size_t capacity = 512;

    /// @return nullopt: unknown
    [[nodiscard]] const std::optional<Prices> &find(const std::shared_ptr<const CompiledConfig> &config, std::uint32_t provider, std::string_view model)
    {
        return known(config, provider, model).prices;
    }
    /// The most tokens that the model answers with; nullopt: unknown
    [[nodiscard]] std::optional<std::int64_t> maxOutput(const std::shared_ptr<const CompiledConfig> &config, std::uint32_t provider, std::string_view model)
    {
        return known(config, provider, model).maxOutput;
    }

private:
    struct Known { std::optional<Prices> prices; std::optional<std::int64_t> maxOutput; };
    [[nodiscard]] const Known &known(const std::shared_ptr<const CompiledConfig> &config, std::uint32_t provider, std::string_view model);

    std::weak_ptr<const CompiledConfig> m_config;
    std::unordered_map<std::string, Known, TextHash, std::equal_to<>> m_prices; ///< by provider's index and model
    std::string m_key;
};

} // namespace gateway::pipeline
