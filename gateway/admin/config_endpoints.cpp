// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/answers.h"
#include "gateway/admin/endpoint.h"
#include "gateway/config/diff.h"
#include "gateway/config/duration.h"
#include "gateway/config/file_layer.h"
#include "gateway/config/yaml_reader.h"
#include "gateway/config/yaml_writer.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <utility>

namespace gateway::admin {

namespace {

using Json = nlohmann::ordered_json;

void exportConfig(const Ask &ask, const Done &done)
{
    done({.contentType = "application/yaml", .body = config::toYaml(*ask.gateway.config())});
}

std::vector<api::FieldError> fieldErrors(const config::Problems &problems)
{
    std::vector<api::FieldError> errors;
    for (const config::Problem &problem : problems)
        errors.push_back({.field = problem.field, .message = problem.line > 0 ? fmt::format("line {}: {}", problem.line, problem.message) : problem.message, .warning = problem.warning});
    return errors;
}

/// What the sent text names is added or replaced, all else stays; with ?dry_run=true it is only said what would change.
void applyConfig(Ask ask, const Done &done)
{
    std::vector<std::string> kinds;
    for (const api::ProviderKindInfo &kind : ask.gateway.providerKinds())
        kinds.push_back(kind.kind);
    const auto read = config::readConfig(ask.body, {.kinds = std::move(kinds), .local = false});
    if (!read)
        return done(refusal(fieldErrors(read.error())));
    const std::uint64_t base = ask.gateway.revision().number;
    const api::ConfigPtr now = ask.gateway.config();
    auto next = config::withApplied(*now, *read);
    if (!next)
        return done(refusal(fieldErrors(next.error())));
    const std::string changes = config::diffText(*now, *next);
    if (ask.asked("dry_run") == "true") {
        ask.gateway.check(std::move(*next), ask.context, [changes, done](const std::vector<api::FieldError> &problems) {
            if (std::ranges::any_of(problems, [](const api::FieldError &problem) { return !problem.warning; }))
                return done(refusal(problems));
            done(answer(Json {{"applied", false}, {"changes", changes}}));
        });
        return;
    }
    ask.gateway.apply(std::move(*next), base, {std::string(ask.asked("note")), ask.author}, ask.context, [changes, done](const api::ApplyOutcome &outcome) {
        if (!outcome.applied)
            return done(refusal(outcome.problems));
        Json warnings = Json::array();
        for (const api::FieldError &problem : outcome.problems)
            warnings.push_back({{"field", problem.field}, {"message", problem.message}});
        done(answer(Json {{"applied", true}, {"revision", outcome.revision}, {"changes", changes}, {"warnings", std::move(warnings)}}));
    });
}

void listVersions(const Ask &ask, const Done &done)
{
    ask.gateway.revisions(ask.context, [done](const Result<std::vector<api::Revision>> &revisions) {
        if (!revisions)
            return done(refusal(revisions.error()));
        Json data = Json::array();
        for (const api::Revision &revision : *revisions)
            data.push_back({{"revision", revision.number}, {"at", config::dateText(std::chrono::floor<std::chrono::seconds>(revision.at))}, {"author", revision.author}, {"note", revision.note}});
        done(answer(Json {{"data", std::move(data)}}));
    });
}

} // namespace

void addConfigEndpoints(std::vector<Endpoint> &table)
{
    table.push_back({.method = "GET", .path = "/admin/v1/config/export", .least = Role::Analyst, .handler = exportConfig, .summary = "The configuration as YAML, without secrets."});
    table.push_back({.method = "POST", .path = "/admin/v1/config/apply", .handler = applyConfig,
                     .summary = "Adds or replaces what a configuration in YAML or JSON names; with dry_run=true it is only said what would change.", .query = {"dry_run", "note"}, .body = "configuration"});
    table.push_back({.method = "GET", .path = "/admin/v1/config/versions", .least = Role::Analyst, .handler = listVersions, .summary = "The versions of the configuration, newest first."});
}

} // namespace gateway::admin
