// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/pipeline/compiled_config.h"
#include "gateway/pipeline/http.h"

#include <memory>
#include <string>
#include <string_view>

namespace gateway::stages {

/// Where a call to a provider's own API goes.
struct PassthroughChoice
{
    std::shared_ptr<const routing::Plan> plan; ///< keeps the configuration that it is part of
    const pipeline::CompiledProvider *provider = nullptr;
    std::string model;                         ///< that the call names; empty: none
};

/// Finds the provider, looks at the path, and at the models that the call names. A key with an allow-list reaches there what
/// its routes reach: a model that is a target of one of them; what names none is open to it, what cannot be read is not.
/// @param path  below the provider, as sent
/// @param key   null: a call without a key may ask for everything
/// Errors: NotFound (no such provider, or one that is off), BadRequest (a path that leads elsewhere, an upgrade to WebSocket, a
/// body that cannot be read for a key with an allow-list), ModelNotAllowed.
Result<PassthroughChoice> choosePassthrough(const std::shared_ptr<const pipeline::CompiledConfig> &config, const pipeline::CompiledKey *key, std::string_view provider,
                                            std::string_view path, const pipeline::HttpRequest &request);

} // namespace gateway::stages
