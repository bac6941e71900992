// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/routing/call_facts.h"
#include "gateway/routing/health_view.h"

#include <optional>
#include <string_view>

namespace gateway::routing {

/// Why the target cannot answer this call, by what is known of it: a region that is asked for, images, audio, tools, a JSON
/// schema, an estimate of the prompt that is over its context window. nullopt: nothing is known against it. Pure.
[[nodiscard]] std::optional<Rest::Why> incapacityOf(const Target &target, const CallFacts &call);

/// "eu" holds "eu", "eu-central-1" and Google's "europe-west1"; "us-east-1" holds itself alone. Case does not count.
[[nodiscard]] bool isWithin(std::string_view region, std::string_view wanted);

} // namespace gateway::routing
