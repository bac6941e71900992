// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"

#include <QString>

namespace ui::calls {

/// The call as a Python program for the gateway's own address, with the placeholder key: with the OpenAI or the Anthropic SDK
/// where these speak the caller's format, else with httpx. Where the body was not kept whole, a small one with the asked model
/// stands in.
QString pythonOf(const gateway::CallRecord &record, const gateway::api::Gateway &gateway);

} // namespace ui::calls
