// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/litellm/errors.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

namespace gateway::admin::litellm {

namespace {

using Json = nlohmann::ordered_json;

std::string_view typeOf(int status)
{
    switch (status) {
    case 401:
    case 403: return "auth_error";
    case 404: return "not_found_error";
    case 429: return "throttling_error";
    default: return status < 500 ? "bad_request_error" : "internal_server_error";
    }
}

/// Its name for a field of the configuration, where that is what was wrong.
std::string_view itsField(std::string_view field, bool ofTeam)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 6> known {{{"secret", "key"}, {"team", "team_id"}, {"expires", "duration"}, {"limits[0].rpm", "rpm_limit"}, {"limits[0].tpm", "tpm_limit"},
                                                                                   {"budgets[0].amount", "max_budget"}}};
    if (field == "name")
        return ofTeam ? "team_alias" : "key_alias";
    const auto row = std::ranges::find(known, field, &std::pair<std::string_view, std::string_view>::first);
    return row == known.end() ? field : row->second;
}

} // namespace

bool isManagementPath(std::string_view path)
{
    return !path.starts_with("/admin");
}

pipeline::AdminReply inItsShape(pipeline::AdminReply reply, std::string_view path)
{
    constexpr int firstError = 400;
    if (reply.status < firstError)
        return reply;
    Json body = Json::parse(reply.body, nullptr, false);
    if (!body.is_object() || !body.contains("error") || !body["error"].is_object())
        return reply;
    Json &error = body["error"];
    const auto param = error.find("param");
    const std::string field = param != error.end() && param->is_string() ? param->get<std::string>() : std::string();
    error["type"] = typeOf(reply.status);
    error["param"] = field.empty() ? std::string_view("None") : itsField(field, path.starts_with("/team")); // its word for nothing
    error["code"] = std::to_string(reply.status);
    reply.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
    return reply;
}

} // namespace gateway::admin::litellm
