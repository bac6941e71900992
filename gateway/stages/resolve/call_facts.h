// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"
#include "gateway/routing/call_facts.h"
#include "gateway/wire/request_scan.h"

namespace gateway::stages {

/// What planning may look at of a request: all that its body says. Who asks, what its options and headers say, and when,
/// is left for the caller to fill in.
/// @param scan  outlives the facts
[[nodiscard]] routing::CallFacts callFacts(const wire::RequestScan &scan, Endpoint endpoint);

} // namespace gateway::stages
