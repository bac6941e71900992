// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/neutral/tool_arguments.h"

#include "gateway/wire/json_cursor.h"
#include "gateway/wire/json_members.h"

namespace gateway::wire {

bool writeToolArguments(JsonWriter &json, Json arguments)
{
    if (arguments.empty() || arguments.raw == "null") {
        json.value(Json {"{}"});
        return true;
    }
    if (JsonCursor(arguments.raw).type() == JsonCursor::Type::Object && isJson(arguments.raw)) {
        json.value(arguments);
        return true;
    }
    json.object().textMember("_raw", arguments.raw).endObject();
    return false;
}

} // namespace gateway::wire
