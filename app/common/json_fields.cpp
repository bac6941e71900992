// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/json_fields.h"

#include <nlohmann/json.hpp>

namespace app {

using nlohmann::json;

std::string textOf(const json &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool isTrue(const json &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_boolean() && found->get<bool>();
}

json listOf(const json &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_array() ? *found : json::array();
}

} // namespace app
