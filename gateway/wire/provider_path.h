// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"

#include <string_view>

namespace gateway::wire {

/// Whether a path of a provider's own API, as a caller wrote it, may be put behind the provider's base URL. Nothing in it may
/// lead out from there, however a server on the way reads it: no "." or ".." as a segment, be they encoded, encoded twice, cut
/// off by a backslash or followed by ";"; no "//" at its front, which some read as another host; no control characters.
/// @param path  as sent, not decoded: empty, or with a slash at its front
/// @return BadRequest in words
Result<void> checkProviderPath(std::string_view path);

} // namespace gateway::wire
