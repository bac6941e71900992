// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "gateway/core/price_book.h"

#include <optional>
#include <string>

namespace ui::calls {

/// Today's prices of a model at a provider, as the catalogue and the configuration have them. On the window's thread.
class PriceLookup
{
public:
    /// @return nullopt: the provider is gone, or no price is known
    [[nodiscard]] std::optional<gateway::Prices> find(const gateway::api::Gateway &gateway, const std::string &provider, const std::string &model);

private:
    std::optional<gateway::PriceBook> m_book; ///< read at the first question
};

/// The prices that hold for so many input tokens: the tier's, where the call was above its border.
[[nodiscard]] gateway::Prices atLength(const gateway::Prices &prices, std::int64_t input);

} // namespace ui::calls
