// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/pipeline/admin_door.h"

#include <cstdint>
#include <string_view>

/// If-Match: which revision a program read before its edit, so that nobody else's is lost.
namespace gateway::admin {

inline constexpr std::uint64_t anyRevision = 0;

/// 7, "7" or W/"7"; * is any, as is an empty header. Errors: BadRequest.
Result<std::uint64_t> readIfMatch(std::string_view header);

/// 412: it was another that the program read.
pipeline::AdminReply stale(std::uint64_t wanted, std::uint64_t now);

} // namespace gateway::admin
