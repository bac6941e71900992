// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/stages/cache/cache_control.h"

namespace gateway::pipeline {
struct Exchange;
}

namespace gateway::stages {

/// Whether the caller says anything of the cache. False for nearly all: nothing is parsed.
[[nodiscard]] bool hasCacheWish(const pipeline::Exchange &x);

/// What it says, in the header `x-signalbox-cache` or else in the body's `signalbox.cache`. Errors: as parseCacheControl().
Result<CacheControl> cacheWishOf(const pipeline::Exchange &x);

/// Whether an answer to the call may be given to another one: it says the same to who asks the same, and it leaves nothing
/// behind at the provider that the other one would miss. Not of sound, pictures and files, which are large; of Responses
/// those alone that are not stored.
[[nodiscard]] bool isKeepable(const pipeline::Exchange &x);

} // namespace gateway::stages
