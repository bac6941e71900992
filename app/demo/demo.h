// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/daemon.h"

#include <memory>

/// --demo: providers that are simulated on loopback, teams and keys that are made up, and traffic between them, in a data
/// folder of its own. Everything goes the way that real calls go: over the gateway's own listener and its upstream client.
namespace app::demo {

/// Starts it all over `gateway`, which has a data folder that is the demo's. Ends with the companion. On the gateway's thread.
Companion start(gateway::api::EmbeddedGateway &gateway, Log &log);

} // namespace app::demo
