// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/admin/json_body.h"
#include "gateway/config/config_json.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

/// Entries of the configuration as the admin API shows and takes them: the fields of the file, and id, origin and revision.
namespace gateway::admin {

/// Takes out what a program sends back of what it got, and what no edit may change.
void dropState(nlohmann::ordered_json &entry);

/// Gives `next`, which a body made, the state that `former` has and no body tells. Secrets that are left out stay as they are.
void keepState(config::Provider &next, const config::Provider &former);
void keepState(config::VirtualKey &next, const config::VirtualKey &former);
void keepState(config::AdminToken &next, const config::AdminToken &former);
void keepState(config::Prompt &next, const config::Prompt &former); ///< whose versions are, and since when
void keepState(config::Alert &next, const config::Alert &former);
template <typename T>
void keepState(T &, const T &)
{
}

/// @param entry  of a configuration without secrets: masks are shown
template <typename T>
nlohmann::ordered_json entryJson(const T &entry, std::uint64_t revision)
{
    auto body = nlohmann::ordered_json::parse(config::toJson(entry, config::Secrets::Include));
    body.erase("hash");
    body.erase("former_hash");
    body["revision"] = revision;
    return body;
}

/// Errors: BadRequest, Invalid with the field.
template <typename T>
Result<T> readEntry(std::string_view body)
{
    auto object = readObject(body);
    if (!object)
        return std::unexpected(object.error());
    dropState(*object);
    return config::fromJson<T>(object->dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

} // namespace gateway::admin
