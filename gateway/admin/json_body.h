// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace gateway::admin {

/// A request's body: a JSON object, of not more than 64 levels. Errors: BadRequest.
/// @param orNothing  an empty body counts as {}
Result<nlohmann::ordered_json> readObject(std::string_view body, bool orNothing = false);

/// The text under that name; empty: there is none, or it is no text.
template <typename Json>
std::string textOf(const Json &object, const char *name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->template get<std::string>() : std::string();
}

} // namespace gateway::admin
