// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/command_line.h"
#include "app/common/logging.h"

#include <functional>
#include <memory>

namespace gateway::api {
class EmbeddedGateway;
}

namespace app {

/// What runs beside the gateway while it serves, such as the demo; destroyed before it.
using Companion = std::shared_ptr<void>;
using StartCompanion = std::function<Companion(gateway::api::EmbeddedGateway &, Log &)>;

/// Runs the gateway without a window until SIGTERM, SIGINT or the command shutdown: then no new calls, running ones get
/// gateway.drain_timeout, and all is stored (faults.md G03); a second signal ends at once. Needs a QCoreApplication; to be
/// called before any thread is started.
/// @param start  called once the gateway is up, with --demo; empty: nothing
/// @return the exit code
int serve(const Invocation &invocation, Log &log, const StartCompanion &start);

} // namespace app
