// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/endpoint.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <set>

namespace gateway::admin {

namespace {

using Json = nlohmann::ordered_json;

Json objectSchema(std::string_view about)
{
    return {{"type", "object"}, {"description", about}};
}

Json named(Json properties)
{
    return {{"type", "object"}, {"properties", std::move(properties)}};
}

/// Entries of the configuration have the fields of the configuration file: its reference is the schema.
Json schemas()
{
    const Json text {{"type", "string"}};
    const Json number {{"type", "integer"}};
    const Json textOrObject {{"oneOf", {{{"type", "string"}}, {{"type", "object"}}}}};
    Json error = named({{"error", named({{"message", text}, {"type", text}, {"param", {{"type", {"string", "null"}}}}, {"code", {{"type", {"string", "null"}}}}, {"problems", {{"type", "array"}, {"items", objectSchema("One field that is wrong.")}}}})}});
    Json all {{"error", std::move(error)},
              {"provider_test", named({{"credential", text}, {"model", text}})},
              {"key_rotation", named({{"grace", text}})},
              {"explain", named({{"body", textOrObject}, {"model", text}, {"endpoint", text}, {"headers", {{"type", {"object", "array"}}}}, {"key", text}, {"seed", number}, {"config", textOrObject}})},
              {"replay", named({{"config", textOrObject}, {"from", text}, {"to", text}, {"filter", text}, {"sample", {{"type", "number"}}}, {"seed", number}, {"listed", number}})},
              {"configuration", objectSchema("A configuration, as the file has it; YAML is taken too.")}};
    for (const char *kind : {"provider", "route", "team", "key", "tag"})
        all[kind] = objectSchema(fmt::format("A {}, with the fields of the configuration file; answers add id, origin and revision.", kind));
    return all;
}

Json parameter(std::string_view name, std::string_view in, bool required)
{
    return {{"name", name}, {"in", in}, {"required", required}, {"schema", {{"type", "string"}}}};
}

Json parametersOf(const Endpoint &endpoint)
{
    Json parameters = Json::array();
    for (std::size_t from = endpoint.path.find('{'); from != std::string::npos; from = endpoint.path.find('{', from + 1)) {
        const std::size_t end = endpoint.path.find('}', from);
        parameters.push_back(parameter(std::string_view(endpoint.path).substr(from + 1, end - from - 1), "path", true));
    }
    for (const std::string_view name : endpoint.query)
        parameters.push_back(parameter(name, "query", false));
    if (endpoint.ifMatch)
        parameters.push_back(parameter("If-Match", "header", true));
    return parameters;
}

Json operationOf(const Endpoint &endpoint)
{
    const auto errors = [](std::string_view about) { return Json {{"description", about}, {"content", {{"application/json", {{"schema", {{"$ref", "#/components/schemas/error"}}}}}}}}; };
    Json responses;
    responses[std::to_string(endpoint.status)] = {{"description", "Done."}};
    responses["400"] = errors("What is wrong, and where.");
    responses["401"] = errors("No admin token, or a wrong one.");
    responses["403"] = errors("The token's role is too low.");
    responses["404"] = errors("There is no such thing.");
    responses["409"] = errors("The name is taken, or the configuration file owns the entry.");
    responses["429"] = errors("Too many wrong tokens.");
    if (endpoint.ifMatch) {
        responses["412"] = errors("It was changed since it was read.");
        responses["428"] = errors("If-Match is missing.");
    }
    Json operation {{"summary", endpoint.summary}, {"x-role", toText(endpoint.least)}, {"parameters", parametersOf(endpoint)}, {"responses", std::move(responses)}};
    if (!endpoint.body.empty())
        operation["requestBody"] = {{"content", {{"application/json", {{"schema", {{"$ref", "#/components/schemas/" + endpoint.body}}}}}}}};
    return operation;
}

std::string lower(std::string_view method)
{
    std::string text(method);
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

} // namespace

std::string openApi()
{
    Json paths = Json::object();
    for (const Endpoint &endpoint : endpoints())
        paths[endpoint.path][lower(endpoint.method)] = operationOf(endpoint);
    const Json text {{"openapi", "3.1.0"},
                     {"info", {{"title", "Signalbox admin API"}, {"version", SIGNALBOX_VERSION}}},
                     {"security", {{{"token", Json::array()}}}},
                     {"paths", std::move(paths)},
                     {"components", {{"securitySchemes", {{"token", {{"type", "http"}, {"scheme", "bearer"}}}}}, {"schemas", schemas()}}}};
    return text.dump();
}

} // namespace gateway::admin
