// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gateway::wire {

/// The models that a call to a provider's own API names.
struct NamedModels
{
    std::string model;            ///< what is asked: by the path, else the body's own `model`, else the query; empty: none is named
    std::vector<std::string> all; ///< every one that is named anywhere: in the path, the query, a form, the body at any depth
    bool readable = true;         ///< false: the body is neither JSON in UTF-8 nor a form, so nobody knows what it names
};

/// Reads them without knowing the API: /models/NAME:action, /deployments/NAME, /model/NAME, /engines/NAME in the path (Google,
/// Azure, Amazon, OpenAI); `model`, `model_id` and `modelId` in whatever case in query, form and JSON. "models/" before a name,
/// which Google writes, is taken off. Pure; one pass over the body.
/// @param path         below the provider's base URL, not decoded
/// @param query        may be empty
/// @param contentType  of the body; empty: none was sent
NamedModels namedModels(std::string_view path, std::string_view query, std::string_view body, std::string_view contentType);

} // namespace gateway::wire
