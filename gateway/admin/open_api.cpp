// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/endpoint.h"
#include "gateway/admin/schemas.h"
#include "gateway/config/names.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <string>

namespace gateway::admin {

namespace {

using Json = nlohmann::ordered_json;

Json reference(std::string_view name)
{
    return {{"$ref", fmt::format("#/components/schemas/{}", name)}};
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
    if (endpoint.ifMatch != IfMatch::No)
        parameters.push_back(parameter("If-Match", "header", endpoint.ifMatch == IfMatch::Must));
    return parameters;
}

Json responsesOf(const Endpoint &endpoint)
{
    const auto errors = [](std::string_view about) { return Json {{"description", about}, {"content", {{"application/json", {{"schema", reference("error")}}}}}}; };
    Json success {{"description", "Done."}};
    if (endpoint.answer == "yaml")
        success["content"] = {{"application/yaml", {{"schema", {{"type", "object"}, {"description", "A configuration, as the file has it."}}}}}};
    else if (!endpoint.answer.empty())
        success["content"] = {{"application/json", {{"schema", reference(endpoint.answer)}}}};
    Json responses;
    if (endpoint.otherStatus != 0)
        responses[std::to_string(endpoint.otherStatus)] = success;
    responses[std::to_string(endpoint.status)] = std::move(success);
    responses["400"] = errors("What is wrong, and where.");
    responses["401"] = errors("No admin token, or a wrong one.");
    responses["403"] = errors("The token's role is too low.");
    responses["404"] = errors("There is no such thing.");
    responses["405"] = errors("The path does not take that method.");
    responses["409"] = errors("The name is taken, the configuration file owns the entry, or another edit came between.");
    responses["413"] = errors("The body is larger than gateway.max_body.");
    responses["415"] = errors("The body's encoding is not known.");
    responses["429"] = errors("Too many wrong tokens.");
    responses["431"] = errors("The head is larger than gateway.max_header.");
    responses["503"] = errors("Signalbox starts or ends.");
    if (endpoint.ifMatch != IfMatch::No)
        responses["412"] = errors("It was changed since it was read.");
    if (endpoint.ifMatch == IfMatch::Must)
        responses["428"] = errors("If-Match is missing.");
    return responses;
}

Json operationOf(const Endpoint &endpoint)
{
    Json operation {{"summary", endpoint.summary}, {"x-role", toText(endpoint.least)}, {"parameters", parametersOf(endpoint)}, {"responses", responsesOf(endpoint)}};
    if (!endpoint.body.empty()) {
        const Json content {{"schema", reference(endpoint.body)}};
        operation["requestBody"] = {{"content", {{"application/json", content}}}};
    }
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
