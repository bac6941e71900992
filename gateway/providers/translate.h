// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/providers/dialect.h"
#include "gateway/providers/provider_site.h"
#include "gateway/wire/neutral/chat_request.h"

namespace gateway::providers {

/// The format that a caller of this endpoint speaks.
wire::WireFormat callerFormat(Endpoint endpoint);

/// What a caller asked for, in the neutral form: parameters of the gateway's own are taken out.
/// @param scan  of the same body, which outlives the answer
Result<wire::ChatRequest> readAsked(Endpoint endpoint, const wire::RequestScan &scan);

/// Encodes a request for a provider of another format than the caller's (wire.md sections 2, 5, 6). A target's overrides,
/// defaults and drops are named as OpenAI names them; those that no format shares go into the provider's body as they are.
/// @param asked  is used up: its parameters are merged with the target's
/// Errors: as encodeRequest().
Result<EncodedRequest> translateRequest(const ProviderSite &site, Endpoint endpoint, wire::ChatRequest asked, const TargetOptions &target);

/// Encodes a request for a provider of the caller's own format: its bytes, with what the gateway and the target change.
Result<EncodedRequest> passRequest(const ProviderSite &site, Endpoint endpoint, const wire::RequestScan &scan, TargetOptions target);

} // namespace gateway::providers
