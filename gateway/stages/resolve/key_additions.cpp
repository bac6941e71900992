// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/resolve/key_additions.h"

#include <nlohmann/json.hpp>

namespace gateway::stages {

wire::RequestDefaults defaultsOf(const pipeline::CompiledKey *key, std::string_view pathModel)
{
    if (!key || !key->adds)
        return {};
    return {.model = pathModel.empty() ? std::string_view(key->adds->route) : std::string_view(), .parameters = key->adds->parameters};
}

std::string withMetadataOf(const pipeline::CompiledKey *key, std::string callers)
{
    using Json = nlohmann::ordered_json;
    if (!key || !key->adds || key->adds->metadata.empty())
        return callers;
    if (callers.empty())
        return key->adds->metadata;
    Json joined = Json::parse(callers, nullptr, false);
    joined.update(Json::parse(key->adds->metadata, nullptr, false));
    return joined.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace gateway::stages
