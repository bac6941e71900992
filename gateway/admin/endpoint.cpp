// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/endpoint.h"

#include "gateway/admin/mark_endpoints.h"
#include "gateway/admin/reprice_requests.h"
#include "gateway/core/text.h"
#include "gateway/wire/percent.h"

#include <algorithm>
#include <fmt/format.h>

namespace gateway::admin {

namespace {

std::string_view takeSegment(std::string_view &path)
{
    const std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), segment.size() + 1));
    return segment;
}

bool fits(std::string_view pattern, std::string_view path, std::vector<std::string> &arguments)
{
    while (!pattern.empty() && !path.empty()) {
        const std::string_view wanted = takeSegment(pattern);
        const std::string_view given = takeSegment(path);
        if (wanted.starts_with('{') && !given.empty())
            arguments.push_back(wire::percentDecoded(given));
        else if (wanted != given)
            return false;
    }
    return pattern.empty() && path.empty();
}

std::vector<Endpoint> makeTable()
{
    std::vector<Endpoint> table;
    addAlertEndpoints(table); // before the lists: "alerts/state" is no alert called so
    addReportEndpoints(table); // likewise
    addEntryEndpoints(table);
    addRuleEndpoints(table);
    addPriceEndpoints(table);
    addActionEndpoints(table);
    addPlanEndpoints(table);
    addBillEndpoints(table);
    addCostEndpoints(table);
    addRepriceEndpoints(table);
    addPrivacyEndpoints(table);
    addConfigEndpoints(table);
    addAuditEndpoints(table);
    addCacheEndpoints(table);
    addCallEndpoints(table);
    addPromptEndpoints(table);
    addMarkEndpoints(table);
    addLiteLlmKeyEndpoints(table);
    addLiteLlmTeamEndpoints(table);
    addLiteLlmSpendEndpoints(table);
    addLiteLlmModelEndpoints(table);
    table.push_back({.method = "GET",
                     .path = "/admin/v1/openapi.json",
                     .least = Role::Analyst,
                     .handler = [](const Ask &, const Done &done) { done({.body = openApi()}); },
                     .summary = "This text: what the admin API takes and gives.",
                     .answer = "text"});
    return table;
}

} // namespace

const std::vector<Endpoint> &endpoints()
{
    static const std::vector<Endpoint> table = makeTable();
    return table;
}

Match match(std::string_view method, std::string_view path)
{
    Match found;
    for (const Endpoint &endpoint : endpoints()) {
        std::vector<std::string> arguments;
        if (!fits(endpoint.path, path, arguments))
            continue;
        if (endpoint.method == method) {
            found.endpoint = &endpoint;
            found.arguments = std::move(arguments);
            return found;
        }
        found.allow += (found.allow.empty() ? "" : ", ") + std::string(endpoint.method);
    }
    return found;
}

std::map<std::string, std::string, std::less<>> queryFields(std::string_view query)
{
    std::map<std::string, std::string, std::less<>> fields;
    while (!query.empty()) {
        const std::string_view field = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), field.size() + 1));
        const std::size_t equals = std::min(field.find('='), field.size());
        std::string value(field.substr(std::min(field.size(), equals + 1)));
        std::ranges::replace(value, '+', ' ');
        fields.try_emplace(wire::percentDecoded(field.substr(0, equals)), wire::percentDecoded(value));
    }
    return fields;
}

std::optional<Error> unknownField(const Endpoint &endpoint, std::string_view path, const std::map<std::string, std::string, std::less<>> &fields)
{
    for (const auto &[name, value] : fields) {
        if (std::ranges::find(endpoint.query, name) != endpoint.query.end())
            continue;
        const std::string_view near = nearestName(name, endpoint.query);
        return Error {.code = ErrorCode::BadRequest,
                      .message = fmt::format("{} does not take {}{}.", path, jsonQuoted(truncatedUtf8(name, 40)), near.empty() ? "" : fmt::format("; did you mean {}?", near)),
                      .where = name};
    }
    return std::nullopt;
}

} // namespace gateway::admin
