// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/prompt.h"
#include "gateway/core/endpoint.h"
#include "gateway/core/error.h"

#include <string_view>

namespace gateway::stages {

/// A prompt's version that asks what a request asked, with nothing in it to be filled in yet: its messages as they stand, its
/// model, tools, schema and parameters.
/// @param body      of chat, in any caller's format
/// @param endpoint  the request's
/// @return NotSupported: it is no chat; Invalid: it cannot be read, or has messages that are more than text
Result<config::PromptVersion> versionFromRequest(std::string_view body, Endpoint endpoint);

} // namespace gateway::stages
