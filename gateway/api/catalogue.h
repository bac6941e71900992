// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/core/price_book.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The built-in price catalogue, for whoever shows it. It is read at the first call and never changes. Any thread; cheap
/// afterwards.
namespace gateway::api {

/// What the catalogue says of a model under this provider kind: prices and limits, absent where it says nothing.
[[nodiscard]] config::ModelSettings catalogueModel(std::string_view kind, std::string_view model);

/// The models that the catalogue lists for a provider kind, sorted. Others may be known all the same, by a rule of
/// PriceBook::find().
[[nodiscard]] std::vector<std::string> catalogueModels(std::string_view kind);

/// What calls are priced by.
struct ModelPrice
{
    config::ModelSettings effective {};       ///< the catalogue's figures with the configuration's over them
    std::optional<Prices::Tier> tier {};      ///< of long calls
    std::string source {}, sourceDate {};     ///< of the catalogue's; empty: it does not know the model
    bool priced = false;                      ///< false: its calls' costs are unknown
};
/// @param own  what the provider's `models` say of it; its id is the model's
[[nodiscard]] ModelPrice effectiveModel(std::string_view kind, const config::ModelSettings &own);

/// By what a provider's calls of a model are priced: the catalogue with the provider's own figures over it. nullopt: unknown.
[[nodiscard]] std::optional<Prices> pricesOf(const config::Provider &provider, std::string_view model);

} // namespace gateway::api
