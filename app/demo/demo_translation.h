// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"

namespace app::demo {

/// Makes a finished chat call one of a program that speaks Anthropic's format, which the demo's providers do not: sets its
/// endpoint, what was lost, and (for a whole answer) the bodies of both sides.
void speakAnthropic(gateway::CallRecord &record, bool withBodies);

} // namespace app::demo
