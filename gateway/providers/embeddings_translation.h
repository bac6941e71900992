// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/providers/dialect.h"
#include "gateway/providers/provider_site.h"
#include "gateway/wire/embeddings/answer_readers.h"

namespace gateway::providers {

/// Whether the provider's embeddings are OpenAI's, so that bodies pass as they are.
bool embedsAsOpenAi(const ProviderSite &site);

/// OpenAI's embeddings request in the provider's format (wire.md 7). Bedrock's Titan takes one text a call, so that several
/// take as many calls.
Result<EncodedRequest> translateEmbeddings(const ProviderSite &site, const wire::RequestScan &scan, const TargetOptions &target);

/// The answer to it.
/// @param bodies  of each of the calls that it took
/// @param texts   how many were asked for
Result<wire::embeddings::EmbeddingsAnswer> readEmbeddings(const ProviderSite &site, std::span<const std::string_view> bodies, std::size_t texts);

} // namespace gateway::providers
