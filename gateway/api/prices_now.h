// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "gateway/core/cost_savings.h"

namespace gateway::api {

/// What a configuration and the catalogue say of prices and first choices. The functions hold the configuration; any thread.
[[nodiscard]] PricesNow pricesNow(ConfigPtr config);

} // namespace gateway::api
