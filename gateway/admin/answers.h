// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "gateway/pipeline/admin_door.h"

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
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

/// A date, such as 2026-11-01; nullopt where the text is empty; else BadRequest with that name.
Result<std::optional<WallTime>> timeOf(std::string_view text, const char *name);

/// "true" or "false"; false where the text is empty; else BadRequest with that name.
Result<bool> truthOf(std::string_view text, const char *name);

/// A note for the list of revisions: what is longer than `longestNote` is a BadRequest.
inline constexpr std::size_t longestNote = 1000; ///< bytes
Result<std::string> noteOf(std::string_view text);

} // namespace gateway::admin
