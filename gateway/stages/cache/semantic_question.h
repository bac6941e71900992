// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/endpoint.h"
#include "gateway/wire/request_scan.h"
#include "gateway/wire/span.h"

#include <optional>
#include <string>

namespace gateway::stages {

/// The words of the last turn of a conversation, and where the turn stands in the body.
struct SemanticQuestion
{
    std::string text;
    wire::Span turn {}; ///< of the body: all else of it must be equal for two questions to be compared
};

/// The question that a chat request ends with, where its answer may be looked for by likeness: the last turn is the user's,
/// is text alone, and has no member that is not known here. Never a tool's result, an image, a file or sound: what is like
/// there cannot be told. nullopt: there is none.
[[nodiscard]] std::optional<SemanticQuestion> semanticQuestion(Endpoint endpoint, const wire::RequestScan &scan);

} // namespace gateway::stages
