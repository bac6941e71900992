// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace gateway::net {

/// Takes gzip or zstd off a request's body.
/// @param maxBytes  of what comes out @param maxRatio  of out to in, counted from 1 MiB on: a bomb is not unpacked
/// Errors: BodyTooLarge; UnsupportedMediaType for another coding, damaged data or a ratio above the cap.
Result<std::string> decodeContent(std::string_view coding, std::string_view body, std::size_t maxBytes, std::size_t maxRatio);

} // namespace gateway::net
