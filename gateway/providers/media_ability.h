// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/providers/provider_site.h"
#include "gateway/wire/image_urls.h"

#include <string_view>

namespace gateway::providers {

/// What the provider fetches by itself, of the addresses that a request for this model may name (wire.md 2.2): by the
/// format that is spoken with it, and by its kind where that differs.
wire::MediaAbility mediaAbility(const ProviderSite &site, Endpoint endpoint, std::string_view model);

} // namespace gateway::providers
