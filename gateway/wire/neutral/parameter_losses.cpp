// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/neutral/parameter_losses.h"

#include "gateway/wire/neutral/tell_loss.h"

namespace gateway::wire {

void tellParameterLosses(const ChatRequest &request, std::string_view why, std::vector<Loss> &losses)
{
    if (request.choices.value_or(1) > 1)
        tellLoss(losses, "n", "the provider gives one answer");
    if (!request.logitBias.empty())
        tellLoss(losses, "logit_bias", why);
    if (!request.user.empty())
        tellLoss(losses, "user", why);
    if (!request.metadata.empty())
        tellLoss(losses, "metadata", why);
    if (!request.serviceTier.empty() && request.serviceTier.raw != "auto")
        tellLoss(losses, "service_tier", why);
    if (!request.verbosity.empty())
        tellLoss(losses, "verbosity", why);
    for (const UnknownMember &member : request.unknown)
        if (!member.value.empty())
            tellLoss(losses, member.shownName(), why);
}

} // namespace gateway::wire
