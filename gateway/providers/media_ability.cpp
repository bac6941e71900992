// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/providers/media_ability.h"

namespace gateway::providers {

wire::MediaAbility mediaAbility(const ProviderSite &site, Endpoint endpoint, std::string_view model)
{
    const bool google = site.kind().auth == Auth::GoogleToken;
    switch (site.format(endpoint, model)) {
    case wire::WireFormat::OpenAiChat: return {.imageUrls = site.kind().dialect.imageUrls};
    case wire::WireFormat::OpenAiResponses: return {.imageUrls = true, .fileUrls = true};
    case wire::WireFormat::Anthropic: return {.imageUrls = !google, .fileUrls = !google}; // Claude at Google takes bytes alone
    case wire::WireFormat::Gemini: return {.imageUrls = google, .fileUrls = google};
    case wire::WireFormat::BedrockConverse:
    case wire::WireFormat::CohereV2:
    case wire::WireFormat::OllamaChat: break;
    }
    return {};
}

} // namespace gateway::providers
