// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/endpoint.h"

namespace ui::bridge {

/// Whether its calls are messages that a model answers: what prompts are made of.
inline bool asksChat(gateway::Endpoint endpoint)
{
    using gateway::Endpoint;
    return endpoint == Endpoint::ChatCompletions || endpoint == Endpoint::Messages || endpoint == Endpoint::Responses || endpoint == Endpoint::GenerateContent;
}

} // namespace ui::bridge
