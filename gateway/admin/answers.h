// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "gateway/pipeline/admin_door.h"

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <vector>

/// Answers of the admin API: JSON, errors in OpenAI's shape.
namespace gateway::admin {

pipeline::AdminReply answer(const nlohmann::json &body, int status = 200);
pipeline::AdminReply answer(const nlohmann::ordered_json &body, int status = 200);
pipeline::AdminReply nothing(); ///< 204

/// @param status  0: that of the error's class
pipeline::AdminReply refusal(const Error &error, int status = 0);

/// An edit that was refused: its first error in the usual shape, all of them under `problems`.
pipeline::AdminReply refusal(const std::vector<api::FieldError> &problems);

/// `read(text)`'s number from 1 to `most`; `otherwise` where the text is empty; else BadRequest with that name.
Result<int> numberOf(std::string_view text, std::string_view name, int otherwise, int most);

} // namespace gateway::admin
