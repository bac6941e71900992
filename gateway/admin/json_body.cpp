// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/json_body.h"

#include "gateway/core/text.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace gateway::admin {

namespace {

constexpr int mostLevels = 64;

bool nestsTooDeep(std::string_view text)
{
    int depth = 0;
    bool inText = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (inText && c == '\\')
            ++i;
        else if (c == '"')
            inText = !inText;
        else if (!inText && (c == '{' || c == '['))
            ++depth;
        else if (!inText && (c == '}' || c == ']'))
            --depth;
        if (depth > mostLevels)
            return true;
    }
    return false;
}

} // namespace

Result<nlohmann::ordered_json> readObject(std::string_view body, bool orNothing)
{
    using Json = nlohmann::ordered_json;
    if (orNothing && trimmed(body).empty())
        return Json::object();
    if (nestsTooDeep(body))
        return fail(ErrorCode::BadRequest, fmt::format("The body nests deeper than {} levels.", mostLevels));
    Json read;
    try {
        read = Json::parse(body);
    } catch (const Json::parse_error &problem) {
        return fail(ErrorCode::BadRequest, fmt::format("The body is no JSON: {}", toValidUtf8(problem.what())));
    }
    if (!read.is_object())
        return fail(ErrorCode::BadRequest, fmt::format("The body must be a JSON object, but is {} {}.", read.is_array() ? "an" : "a", read.type_name()));
    return read;
}

} // namespace gateway::admin
