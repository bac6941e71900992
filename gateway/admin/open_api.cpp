// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/answers.h"
#include "gateway/admin/endpoint.h"
#include "gateway/config/entry_lists.h"
#include "gateway/config/names.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <string>

namespace gateway::admin {

namespace {

using Json = nlohmann::ordered_json;

Json objectSchema(std::string_view about)
{
    return {{"type", "object"}, {"description", about}};
}

Json textSchema()
{
    return {{"type", "string"}};
}

Json numberSchema()
{
    return {{"type", "integer"}};
}

Json flagSchema()
{
    return {{"type", "boolean"}};
}

Json orNull(std::string_view type)
{
    return {{"type", {type, "null"}}};
}

Json listOf(Json item)
{
    return {{"type", "array"}, {"items", std::move(item)}};
}

Json reference(std::string_view name)
{
    return {{"$ref", fmt::format("#/components/schemas/{}", name)}};
}

Json named(Json properties)
{
    return {{"type", "object"}, {"properties", std::move(properties)}};
}

/// An object of an answer: all that is named is there.
Json answered(Json properties)
{
    Json required = Json::array();
    for (const auto &[name, schema] : properties.items())
        required.push_back(name);
    Json object = named(std::move(properties));
    object["required"] = std::move(required);
    return object;
}

Json page(Json item)
{
    return answered({{"data", listOf(std::move(item))}, {"has_more", flagSchema()}, {"next", orNull("string")}});
}

/// Entries of the configuration have the fields of the configuration file: its reference is the schema, and here only what
/// all of a kind have.
Json entrySchema(std::string_view kind)
{
    Json properties {{"name", {{"type", "string"}, {"minLength", 1}}}};
    Json required = Json::array({"name"});
    if (kind == "key") {
        properties["team"] = textSchema();
        properties["models"] = listOf(textSchema());
        properties["expires"] = textSchema();
        properties["allow_from"] = listOf(textSchema());
    } else if (kind == "admin-token") {
        properties["role"] = {{"enum", {"owner", "admin", "analyst"}}};
        properties["secret"] = textSchema();
        required.push_back("role");
    } else if (kind == "provider") {
        properties["kind"] = textSchema();
        properties["base_url"] = textSchema();
        required.push_back("kind");
    } else if (kind == "route") {
        properties["plan"] = objectSchema("The plan's first node.");
        required.push_back("plan");
    }
    Json schema = named(std::move(properties));
    schema["required"] = std::move(required);
    schema["description"] = fmt::format("A {}, with the fields of the configuration file; answers add id, origin and revision.", kind);
    return schema;
}

void addEntrySchemas(Json &all)
{
    config::forEachList([&](const auto &list) {
        const std::string kind(list.kind);
        all[kind] = entrySchema(kind);
        Json one = named({{"id", textSchema()}, {"name", textSchema()}, {"origin", textSchema()}, {"revision", numberSchema()}, {"secret", textSchema()}});
        one["required"] = {"id", "name", "revision"};
        all[kind + ".answer"] = std::move(one);
        all[kind + ".page"] = page(reference(kind + ".answer"));
    });
}

Json errorSchema()
{
    Json problem = answered({{"field", textSchema()}, {"message", textSchema()}, {"warning", flagSchema()}});
    Json error = named({{"message", textSchema()}, {"type", textSchema()}, {"param", orNull("string")}, {"code", orNull("string")}, {"problems", listOf(std::move(problem))}});
    error["required"] = {"message", "type", "code"};
    return answered({{"error", std::move(error)}});
}

Json auditSchema()
{
    Json entry = answered({{"row", numberSchema()}, {"at", textSchema()}, {"who", textSchema()}, {"from", textSchema()}, {"kind", textSchema()}, {"name", textSchema()},
                           {"action", textSchema()}, {"revision", numberSchema()}, {"diff", textSchema()}});
    return page(std::move(entry));
}

Json appliedSchema()
{
    Json warning = answered({{"field", textSchema()}, {"message", textSchema()}});
    Json applied = named({{"applied", flagSchema()}, {"revision", numberSchema()}, {"changes", textSchema()}, {"warnings", listOf(std::move(warning))}});
    applied["required"] = {"applied", "changes"};
    return applied;
}

Json rollbackSchema()
{
    Json rollback = named({{"revision", {{"type", "integer"}, {"minimum", 1}}}, {"note", {{"type", "string"}, {"maxLength", longestNote}}}});
    rollback["required"] = Json::array({"revision"});
    rollback["additionalProperties"] = false;
    return rollback;
}

Json schemas()
{
    const Json text = textSchema();
    const Json number = numberSchema();
    const Json figure {{"type", "number"}};
    const Json textOrObject {{"oneOf", {{{"type", "string"}}, {{"type", "object"}}}}};
    Json call = named({{"id", text}, {"started_at", text}, {"endpoint", text}, {"status", text}, {"http_status", number}, {"latency_ms", orNull("number")}, {"cost", orNull("string")}});
    call["required"] = {"id", "started_at", "endpoint", "status", "http_status"};
    Json all {{"error", errorSchema()},
              {"provider_test", named({{"credential", text}, {"model", text}})},
              {"key_rotation", named({{"grace", text}})},
              {"probe", answered({{"ok", flagSchema()}, {"ms", figure}, {"steps", listOf(answered({{"step", text}, {"state", text}, {"headline", text}, {"detail", text}, {"ms", figure}}))}})},
              {"rotated", answered({{"id", text}, {"name", text}, {"prefix", text}, {"secret", text}})},
              {"explain", named({{"body", textOrObject}, {"model", text}, {"endpoint", text}, {"headers", {{"type", {"object", "array"}}}}, {"key", text}, {"seed", number}, {"config", textOrObject}})},
              {"explanation", answered({{"steps", listOf(objectSchema("A node of the plan."))}, {"candidates", listOf(objectSchema("A target."))}, {"summary", text}})},
              {"replay", named({{"config", textOrObject}, {"from", text}, {"to", text}, {"filter", text}, {"sample", figure}, {"seed", number}, {"listed", number}})},
              {"replayed", answered({{"calls", number}, {"unchanged", number}, {"rerouted", number}, {"refused", number}, {"targets", listOf(objectSchema("A target."))}, {"changed", listOf(objectSchema("A call."))}})},
              {"configuration", objectSchema("A configuration, as the file has it; YAML is taken too.")},
              {"applied", appliedSchema()},
              {"rollback", rollbackSchema()},
              {"versions", answered({{"data", listOf(answered({{"revision", number}, {"at", text}, {"author", text}, {"note", text}}))}})},
              {"audit", auditSchema()},
              {"calls", page(call)},
              {"usage", objectSchema("What was used, by group and time.")},
              {"call", call},
              {"text", answered({{"openapi", text}, {"info", objectSchema("What this is.")}, {"paths", objectSchema("Endpoints.")}})}};
    addEntrySchemas(all);
    return all;
}

Json parameter(std::string_view name, std::string_view in, bool required)
{
    return {{"name", name}, {"in", in}, {"required", required}, {"schema", textSchema()}};
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
        success["content"] = {{"application/yaml", {{"schema", objectSchema("A configuration, as the file has it.")}}}};
    else if (!endpoint.answer.empty())
        success["content"] = {{"application/json", {{"schema", reference(endpoint.answer)}}}};
    Json responses;
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
