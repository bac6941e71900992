// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/core/price_book.h"

namespace gateway::pipeline {

/// What a provider's `models` say of one, for the price book. Pure.
[[nodiscard]] ModelOverrides overridesOf(const config::ModelSettings &model);

} // namespace gateway::pipeline
