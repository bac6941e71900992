// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/routing/capability.h"

#include "gateway/core/text.h"
#include "gateway/routing/plan.h"

namespace gateway::routing {

bool isWithin(std::string_view region, std::string_view wanted)
{
    const auto startsWith = [&](std::string_view beginning) {
        return region.size() >= beginning.size() && equalsIgnoringCase(region.substr(0, beginning.size()), beginning)
            && (region.size() == beginning.size() || region[beginning.size()] == '-');
    };
    return startsWith(wanted) || (equalsIgnoringCase(wanted, "eu") && startsWith("europe"));
}

std::optional<Rest::Why> incapacityOf(const Target &target, const CallFacts &call)
{
    const auto lacks = [](bool needed, const std::optional<bool> &can) { return needed && can == false; };
    if (!call.region.empty() && !isWithin(target.region, call.region))
        return Rest::Why::OtherRegion;
    if (lacks(call.needs.vision, target.can.vision))
        return Rest::Why::NoVision;
    if (lacks(call.needs.audio, target.can.audio))
        return Rest::Why::NoAudio;
    if (lacks(call.needs.tools, target.can.tools))
        return Rest::Why::NoTools;
    if (lacks(call.needs.jsonSchema, target.can.jsonSchema))
        return Rest::Why::NoJsonSchema;
    if (target.contextWindow && call.inputTokens > *target.contextWindow)
        return Rest::Why::WindowTooSmall;
    return std::nullopt;
}

} // namespace gateway::routing
