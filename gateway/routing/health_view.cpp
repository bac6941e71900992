// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/routing/health_view.h"

namespace gateway::routing {

std::string_view toText(Rest::Why why)
{
    switch (why) {
    case Rest::Why::CircuitOpen: return "circuit open";
    case Rest::Why::RateLimited: return "rate limited";
    case Rest::Why::LimitUsedUp: return "limit used up";
    case Rest::Why::KeyRejected: return "key rejected";
    case Rest::Why::QuotaGone: return "quota gone";
    case Rest::Why::LimitReached: return "its own rpm or tpm is used up";
    case Rest::Why::BudgetUsedUp: return "a budget has no room for what it costs there";
    case Rest::Why::PlacesTaken: return "all of its connections are in use";
    case Rest::Why::NoVision: return "takes no images";
    case Rest::Why::NoAudio: return "takes no audio";
    case Rest::Why::NoTools: return "takes no tools";
    case Rest::Why::NoJsonSchema: return "takes no JSON schema";
    case Rest::Why::WindowTooSmall: return "the prompt is longer than its context window";
    case Rest::Why::OtherRegion: return "is in another region, or in none that is known";
    }
    return "resting";
}

} // namespace gateway::routing
