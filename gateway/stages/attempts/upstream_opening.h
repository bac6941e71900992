// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/http.h"

#include <memory>

namespace gateway::pipeline {
struct Exchange;
}

namespace gateway::stages {

class AttemptBook;

/// Sends a request as it is, with the credential's proof put in, and waits for the answer's head within the attempt's
/// limits; once more where a proof had ended early (UpstreamProof). For calls whose body nothing is done to.
/// @param request  its views hold as long as the call
/// Errors: those of Upstream, UpstreamCall::readHead() and pipeline::tokenFor().
pipeline::Task<Result<std::unique_ptr<pipeline::UpstreamCall>>> openUpstream(pipeline::Exchange &x, const AttemptBook &book, const pipeline::UpstreamRequest &request);

} // namespace gateway::stages
