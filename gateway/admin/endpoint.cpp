// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/endpoint.h"

#include "gateway/wire/percent.h"

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
    addEntryEndpoints(table);
    addRuleEndpoints(table);
    addPriceEndpoints(table);
    addActionEndpoints(table);
    addPlanEndpoints(table);
    addConfigEndpoints(table);
    addAuditEndpoints(table);
    addCallEndpoints(table);
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

} // namespace gateway::admin
