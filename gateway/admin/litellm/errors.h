// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/admin_door.h"

#include <string_view>

namespace gateway::admin::litellm {

/// Whether a path is one of LiteLLM's management calls (wire/path.h lets through no others beside /admin).
[[nodiscard]] bool isManagementPath(std::string_view path);

/// An answer of the admin API as LiteLLM would give it: of errors, the code is the status as a text, the type LiteLLM's word,
/// and param names the field of its bodies. Others stay as they are.
[[nodiscard]] pipeline::AdminReply inItsShape(pipeline::AdminReply reply, std::string_view path);

} // namespace gateway::admin::litellm
