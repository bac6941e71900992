// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/wire/token_estimate.h"

#include <string_view>

namespace gateway::wire {

/// Adds up what the JSON of `messages` holds: text by script, tool calls, images, audio and files. Embedded media count
/// as one each, not by their bytes. BadRequest with `where` for what is not an array of objects.
Result<void> scanMessages(std::string_view json, PromptSize &size);

/// The same for `prompt` or `input`: a string, an array of strings, token ids, or an array of those.
Result<void> scanInput(std::string_view json, std::string_view name, PromptSize &size);

} // namespace gateway::wire
