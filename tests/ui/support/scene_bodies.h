// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"

namespace tests {

/// What went over the wire in a call of the scene, on both sides: programs of some keys speak Anthropic's, Gemini's or
/// the Responses' format, and providers their own. Sets the endpoint too.
void addBodies(gateway::CallRecord &record);

} // namespace tests
