// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/token_usage.h"
#include "gateway/pipeline/task.h"
#include "gateway/stages/attempts/attempt_book.h"

#include <optional>
#include <string_view>

/// Responses that their provider keeps (wire.md 6.1): who goes on with one, reads or deletes it, is led to the provider and
/// credential that gave it. The gateway keeps where that is, for the tenant alone that asked, and never the response itself;
/// it changes no id, so that bytes pass as they are.
namespace gateway::stages {

/// Sends the call to where the response is that it needs, if it needs one: `x.plan` leads there alone. A call for a stored
/// response (`x.stored`) has no plan before.
/// @return false: the caller has been told why not (unknown, or the provider is gone)
pipeline::Task<bool> goHome(pipeline::Exchange &x);

/// A provider begins a response. Notes where it is, where the provider keeps it.
void noteHome(pipeline::Exchange &x, const AttemptBook &book, std::string_view id);

/// What the response of this call took has been counted now.
void noteBilled(pipeline::Exchange &x, const AttemptBook &book, std::string_view id);

/// A provider has answered a call for a stored response: one that it has deleted is forgotten, one that was made in the
/// background has been counted now, where its usage came.
void noteAnswer(pipeline::Exchange &x, const AttemptBook &book, const std::optional<TokenUsage> &usage);

} // namespace gateway::stages
