// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/endpoint.h"
#include "gateway/wire/json_members.h"
#include "gateway/wire/request_scan.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gateway::wire {

/// What a request gets where its caller does not say it.
struct RequestDefaults
{
    std::string_view model {};               ///< empty: none, or the path names one
    std::span<const JsonMember> parameters {}; ///< by the names of OpenAI's chat API
    [[nodiscard]] bool empty() const { return model.empty() && parameters.empty(); }
};

/// The body with what it lacks of these. The model goes into each that names none, be it absent, null or empty. Parameters
/// go into those that ask for text, under the name and at the place that the caller's API has for them: max_tokens,
/// temperature, top_p, top_k, stop, seed and the penalties. What an API has no place for, and in other APIs than OpenAI's
/// chat and completions what has another name than those, is left out.
/// @return nullopt: it lacks nothing, and the caller's own bytes are the body
std::optional<std::string> withDefaults(const RequestScan &scan, Endpoint endpoint, const RequestDefaults &defaults);

} // namespace gateway::wire
