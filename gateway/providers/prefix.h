// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/providers/translate.h"

#include <cstdint>
#include <string_view>

/// Answers that go on from what has been said already: the conversation ends with the assistant's own words, and the model
/// adds to them (an "assistant prefix", or "prefill").
namespace gateway::providers {

/// Whether this model of the site goes on from an assistant's last turn. Others answer it, or refuse it: OpenAI, Google,
/// Cohere and Claude from 4.6 on.
/// @param model  the provider's name; one with a star: whether any may
[[nodiscard]] bool takesPrefix(const ProviderSite &site, Endpoint endpoint, std::string_view model);

/// Whether an answer to this request may be gone on with by another model: not one of several choices, and none that has to
/// be JSON, since two models' halves need not fit.
[[nodiscard]] bool mayBeContinued(const wire::ChatRequest &asked);

/// What has been said of an answer so far.
struct Said
{
    std::string_view text;   ///< plain; not empty
    std::int64_t tokens = 0; ///< an estimate of its size: taken off the caller's maximum
};

/// Asks for the rest of an answer. As translateRequest(), also where the provider speaks the caller's format.
/// Errors: NotSupported too, where the model takes no prefix.
Result<EncodedRequest> continueRequest(const ProviderSite &site, Endpoint endpoint, wire::ChatRequest asked, const Said &said, const TargetOptions &target);

} // namespace gateway::providers
