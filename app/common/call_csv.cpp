// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/call_csv.h"

#include "gateway/storage/call_json.h"

#include <nlohmann/json.hpp>

#include <array>
#include <string_view>

namespace app {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 43> columns {
    "/id", "/started_at", "/endpoint", "/status", "/http_status", "/error", "/error_message", "/key", "/team", "/customer", "/session", "/tags", "/asked_model", "/route", "/provider", "/model",
    "/stream", "/latency_ms", "/first_byte_ms", "/usage/input", "/usage/output", "/usage/cached_input", "/usage/cache_write", "/usage/reasoning", "/usage/estimated", "/cost", "/cost_nanos", "/peer",
    "/cache", "/cached/from", "/cached/saved", "/prompt", "/policy", "/test", "/shadow", "/shadow_of", "/continued", "/repeats", "/decisions", "/metadata", "/dropped", "/trace", "/key_id"};
constexpr std::string_view attempts = "attempts";
constexpr std::array<std::string_view, 4> bodyColumns {"/request/text", "/answer/text", "/sent/text", "/received/text"};

/// "/usage/input" is headed "usage.input".
std::string heading(std::string_view pointer)
{
    std::string name(pointer.substr(1));
    for (char &c : name)
        c = c == '/' ? '.' : c;
    return name;
}

std::string csvField(std::string_view text)
{
    constexpr std::string_view formula = "=+-@\t\r";
    std::string field = !text.empty() && formula.find(text.front()) != std::string_view::npos ? "'" : "";
    field += text;
    if (field.find_first_of(",\"\r\n") == std::string::npos)
        return field;
    std::string out = "\"";
    for (const char c : field)
        out.append(c == '"' ? 2 : 1, c);
    return out + '"';
}

std::string fieldAt(const Json &json, std::string_view pointer)
{
    const Json::json_pointer place {std::string(pointer)};
    if (!json.contains(place) || json.at(place).is_null())
        return {};
    const Json &value = json.at(place);
    if (value.is_string())
        return csvField(value.get_ref<const std::string &>());
    const std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
    return value.is_structured() ? csvField(text) : text;
}

} // namespace

std::string csvHead(bool bodies)
{
    std::string line;
    for (const std::string_view column : columns)
        line += heading(column) + ',';
    line += attempts;
    if (bodies) {
        for (const std::string_view column : bodyColumns)
            line += ",bodies." + heading(column).substr(0, heading(column).find('.'));
    }
    return line;
}

std::string csvLine(const gateway::CallRecord &record, bool bodies)
{
    Json json = gateway::storage::callJson(record);
    gateway::storage::addCallDetails(json, record);
    std::string line;
    for (const std::string_view column : columns)
        line += fieldAt(json, column) + ',';
    line += std::to_string(record.attempts.size());
    if (bodies) {
        const Json all = gateway::storage::bodiesJson(record.bodies);
        for (const std::string_view column : bodyColumns)
            line += ',' + fieldAt(all, column);
    }
    return line;
}

} // namespace app
