// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/compiled_config.h"
#include "gateway/pipeline/http.h"
#include "gateway/providers/token_grant.h"
#include "gateway/state/token_store.h"

namespace gateway::pipeline {

struct Worker;

/// Where access tokens of that grant are asked for, and over what.
UpstreamAddress tokenAddress(const providers::TokenGrant &grant, const config::GatewaySettings &gateway);

/// `Error::where` of all errors of the two functions below: it was the token that could not be had, and not the provider
/// that failed.
inline constexpr std::string_view tokenPlace = "token";

/// Asks the token server of a credential whose proof is a token. On a worker.
/// @param limits  how long it may take to connect, and until when the answer must be there; all else is fixed
/// @param now     of the wall clock
/// @return the errors of Upstream and of readToken(), in words that say that it was the token; a time limit is
///         FirstByteTimeout or ConnectTimeout
Task<Result<providers::AccessToken>> askForToken(Upstream &upstream, const CompiledCredential &credential, UpstreamLimits limits, WallTime now, CancelSource &cancel);

/// The token of a credential for one call: from the store, or asked for now by one call for all that wait. An old one that
/// still holds is given where no other can be had. Errors: as askForToken(); after a failure the same for a few seconds.
/// @param limits  of the attempt that it is for
Task<Result<state::TokenStore::Token>> tokenFor(Worker &worker, const CompiledCredential &credential, const UpstreamLimits &limits, CancelSource &cancel);

} // namespace gateway::pipeline
