// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/http.h"

#include <memory>
#include <optional>
#include <string>

namespace gateway::pipeline {
struct Exchange;
}

namespace gateway::stages {

class AttemptBook;

/// Sends a request as it is, with the credential's proof put in, and waits for the answer's head within the attempt's
/// limits; once more where a proof had ended early (UpstreamProof). For calls whose body nothing is done to.
/// @param request    its views hold as long as the call
/// @param firstByte  how long the head may take; nullopt: as long as the whole attempt
/// Errors: those of Upstream, UpstreamCall::readHead() and pipeline::tokenFor().
pipeline::Task<Result<std::unique_ptr<pipeline::UpstreamCall>>> openUpstream(pipeline::Exchange &x, const AttemptBook &book, const pipeline::UpstreamRequest &request,
                                                                             std::optional<Duration> firstByte);

/// Reads an error's body into `body`. False: it is larger than errors are; what came is there.
pipeline::Task<Result<bool>> readErrorBody(const pipeline::Exchange &x, const AttemptBook &book, pipeline::UpstreamCall &call, std::string &body);

} // namespace gateway::stages
