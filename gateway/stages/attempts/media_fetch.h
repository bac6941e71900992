// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/pipeline/http.h"
#include "gateway/wire/image_urls.h"

#include <cstddef>
#include <string>

namespace gateway::pipeline {
struct CompiledConfig;
}

namespace gateway::stages {

/// What one call may fetch, over all its addresses.
struct FetchAllowance
{
    const pipeline::CompiledConfig &config;
    SteadyTime deadline;
    std::size_t bytes; ///< that may still come
};

/// Fetches what lies at an address that a caller named. On the worker, over its upstream client: without any credential
/// or cookie, over a connection of its own, from public addresses alone (`gateway.media.private_networks` beside them),
/// which holds for every redirect anew.
/// @param allowance  what came is taken off; shared by those who fetch at the same time
/// @return BadRequest in words that say which address and why; Busy where this computer lacks something; Cancelled
pipeline::Task<Result<wire::FetchedMedia>> fetchMedia(pipeline::Upstream &upstream, std::string url, FetchAllowance &allowance, pipeline::CancelSource &cancel);

} // namespace gateway::stages
