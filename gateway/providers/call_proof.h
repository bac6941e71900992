// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/providers/aws_signer.h"
#include "gateway/providers/provider_site.h"
#include "gateway/providers/token_grant.h"

#include <string>
#include <string_view>
#include <variant>

namespace gateway::providers {

/// How calls with a credential show who calls, where that does not stand in every head already: with an access token, or
/// with a signature over each.
using CallProof = std::variant<std::monostate, TokenGrant, AwsSigner>;

/// The proof that a credential of this provider gives: none for a key that is sent as it is.
/// @param provider    whose values are there: after withEnvironment()
/// @return Invalid where a token or signature cannot be made of what is there; the words follow "credential "x" of provider
///         "y" " and show no secret
Result<CallProof> makeCallProof(const ProviderSite &site, const config::Provider &provider, const config::Credential &credential);

/// The provider with what its credentials take from the environment of this process put in: AWS_ACCESS_KEY_ID and its kin.
/// For whoever compiles a configuration; never on a worker.
config::Provider withEnvironment(config::Provider provider);

/// "Authorization: Bearer ...", with its CRLF.
std::string bearerLine(std::string_view token);
/// Puts further header lines into a finished head.
template <typename Text>
void addLines(Text &head, std::string_view lines)
{
    head.insert(head.size() - std::string_view("\r\n").size(), lines);
}

} // namespace gateway::providers
