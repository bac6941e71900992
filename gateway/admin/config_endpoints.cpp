// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/answers.h"
#include "gateway/admin/endpoint.h"
#include "gateway/admin/if_match.h"
#include "gateway/admin/json_body.h"
#include "gateway/api/secret_mask.h"
#include "gateway/config/diff.h"
#include "gateway/config/duration.h"
#include "gateway/config/file_layer.h"
#include "gateway/config/names.h"
#include "gateway/config/yaml_reader.h"
#include "gateway/config/yaml_writer.h"
#include "gateway/core/text.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace gateway::admin {

namespace {

using Json = nlohmann::ordered_json;

Error forOwners(std::string_view what, Role role)
{
    return {.code = ErrorCode::NotPermitted, .message = fmt::format("The token has the role {}; {} wants owner.", toText(role), what)};
}

void exportConfig(const Ask &ask, const Done &done)
{
    constexpr std::string_view yaml = "application/yaml";
    const auto secrets = truthOf(ask.asked("secrets"), "secrets");
    if (!secrets)
        return done(refusal(secrets.error()));
    if (!*secrets)
        return done({.contentType = yaml, .body = config::toYaml(*ask.gateway.config())});
    if (ask.role < Role::Owner)
        return done(refusal(forOwners("an export with secrets", ask.role)));
    ask.gateway.exportSecrets(ask.context, [done](const Result<config::Config> &whole) {
        if (!whole)
            return done(refusal(whole.error()));
        done({.contentType = yaml, .headers = "cache-control: no-store\r\n", .body = config::toYaml(*whole, config::Secrets::Include)});
    });
}

std::vector<api::FieldError> fieldErrors(const config::Problems &problems)
{
    std::vector<api::FieldError> errors;
    for (const config::Problem &problem : problems)
        errors.push_back({.field = problem.field, .message = problem.line > 0 ? fmt::format("line {}: {}", problem.line, problem.message) : problem.message, .warning = problem.warning});
    return errors;
}

/// Refuses an edit that began at another revision than the one that holds.
std::optional<pipeline::AdminReply> refusedAsStale(const Ask &ask, std::uint64_t now)
{
    const auto wanted = readIfMatch(ask.ifMatch);
    if (!wanted)
        return refusal(wanted.error());
    if (*wanted != anyRevision && *wanted != now)
        return stale(*wanted, now);
    return std::nullopt;
}

/// @param base  the revision at which the edit began
void answerOutcome(const api::ApplyOutcome &outcome, std::uint64_t base, const std::string &changes, const Done &done)
{
    if (!outcome.applied && outcome.revision != base)
        return done(refusal({.code = ErrorCode::Conflict, .message = fmt::format("Another edit came between: revision {} is there now. Nothing was changed; try again.", outcome.revision)}));
    if (!outcome.applied)
        return done(refusal(outcome.problems));
    Json warnings = Json::array();
    for (const api::FieldError &problem : outcome.problems)
        warnings.push_back({{"field", problem.field}, {"message", problem.message}});
    done(answer(Json {{"applied", true}, {"revision", outcome.revision}, {"changes", changes}, {"warnings", std::move(warnings)}}));
}

/// What the sent text names is added or replaced, all else stays; with ?dry_run=true it is only said what would change.
void applyConfig(const Ask &ask, const Done &done)
{
    const auto note = noteOf(ask.asked("note"));
    const auto dry = truthOf(ask.asked("dry_run"), "dry_run");
    if (!note || !dry)
        return done(refusal(note ? dry.error() : note.error()));
    std::vector<std::string> kinds;
    for (const api::ProviderKindInfo &kind : ask.gateway.providerKinds())
        kinds.push_back(kind.kind);
    const auto read = config::readConfig(ask.body, {.kinds = std::move(kinds), .local = false});
    if (!read)
        return done(refusal(fieldErrors(read.error())));
    const std::uint64_t base = ask.gateway.revision().number;
    const api::ConfigPtr now = ask.gateway.config();
    if (auto refused = refusedAsStale(ask, base))
        return done(std::move(*refused));
    auto next = config::withApplied(*now, *read);
    if (!next)
        return done(refusal(fieldErrors(next.error())));
    if (ask.role < Role::Owner && next->adminTokens != now->adminTokens)
        return done(refusal(forOwners("an edit of admin.tokens", ask.role)));
    const std::string changes = config::diffText(*now, api::maskedAsStored(*next, ask.gateway));
    if (*dry) {
        ask.gateway.check(std::move(*next), ask.context, [changes, done](const std::vector<api::FieldError> &problems) {
            if (std::ranges::any_of(problems, [](const api::FieldError &problem) { return !problem.warning; }))
                return done(refusal(problems));
            done(answer(Json {{"applied", false}, {"changes", changes}}));
        });
        return;
    }
    api::EditNote edit = ask.note(*note);
    edit.applied = true;
    ask.gateway.apply(std::move(*next), base, std::move(edit), ask.context, [base, changes, done](const api::ApplyOutcome &outcome) { answerOutcome(outcome, base, changes, done); });
}

struct RollbackRequest
{
    std::uint64_t revision = 0;
    std::string note;
};

Result<RollbackRequest> readRollback(std::string_view text)
{
    const auto body = readObject(text);
    if (!body)
        return std::unexpected(body.error());
    for (const auto &[name, value] : body->items()) {
        if (name != "revision" && name != "note")
            return fail(ErrorCode::BadRequest, fmt::format("A rollback does not take {}; it takes revision and note.", jsonQuoted(truncatedUtf8(name, 40))), name);
    }
    const auto revision = body->find("revision");
    if (revision == body->end() || !revision->is_number_unsigned() || *revision == 0U)
        return fail(ErrorCode::BadRequest, "revision is the number of the version to go back to.", "revision");
    const auto note = body->find("note");
    if (note != body->end() && !note->is_string())
        return fail(ErrorCode::BadRequest, "note is a text.", "note");
    auto words = noteOf(note == body->end() ? std::string() : note->get<std::string>());
    if (!words)
        return std::unexpected(words.error());
    return RollbackRequest {.revision = revision->get<std::uint64_t>(), .note = std::move(*words)};
}

/// What a rollback brings back: those of the file stay, and so do secrets.
bool sameTokens(const config::Config &a, const config::Config &b)
{
    const auto listed = [](const config::Config &config) {
        std::vector<config::AdminToken> tokens;
        for (const config::AdminToken &token : config.adminTokens) {
            if (token.origin == config::Origin::Database)
                tokens.push_back({.id = token.id, .name = token.name, .role = token.role});
        }
        return tokens;
    };
    return listed(a) == listed(b);
}

void compareRollback(const Ask &ask, std::uint64_t to, const Done &done)
{
    ask.gateway.rolledBack(to, ask.context, [ask, done](const Result<config::Config> &then) {
        if (!then)
            return done(refusal(then.error()));
        done(answer(Json {{"applied", false}, {"changes", config::diffText(*ask.gateway.config(), *then)}}));
    });
}

void rollBack(const Ask &ask, const Done &done)
{
    auto asked = readRollback(ask.body);
    const auto dry = truthOf(ask.asked("dry_run"), "dry_run");
    if (!asked || !dry)
        return done(refusal(asked ? dry.error() : asked.error()));
    const std::uint64_t base = ask.gateway.revision().number;
    if (auto refused = refusedAsStale(ask, base))
        return done(std::move(*refused));
    if (*dry)
        return compareRollback(ask, asked->revision, done);
    const std::uint64_t to = asked->revision;
    ask.gateway.configAt(to, ask.context, [ask, base, done, asked = std::move(*asked)](const Result<config::Config> &then) {
        if (!then)
            return done(refusal(then.error()));
        const api::ConfigPtr now = ask.gateway.config();
        if (ask.role < Role::Owner && !sameTokens(*then, *now))
            return done(refusal(forOwners(fmt::format("going back to revision {}, which had other admin tokens,", asked.revision), ask.role)));
        ask.gateway.rollback(asked.revision, base, ask.note(asked.note), ask.context, [ask, before = now, base, done](const api::ApplyOutcome &outcome) {
            answerOutcome(outcome, base, outcome.applied ? config::diffText(*before, *ask.gateway.config()) : std::string(), done);
        });
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
    table.push_back({.method = "GET", .path = "/admin/v1/config/export", .least = Role::Analyst, .handler = exportConfig, .summary = "The configuration as YAML, without secrets; with secrets=true with those of providers, for owners alone.", .query = {"secrets"}, .answer = "yaml"});
    table.push_back({.method = "POST", .path = "/admin/v1/config/apply", .handler = applyConfig,
                     .summary = "Adds or replaces what a configuration in YAML or JSON names; with dry_run=true it is only said what would change.", .query = {"dry_run", "note"}, .body = "configuration", .answer = "applied", .ifMatch = IfMatch::May});
    table.push_back({.method = "POST", .path = "/admin/v1/config/rollback", .handler = rollBack,
                     .summary = "Goes back to a version, as a new one. Secrets, keys' states and entries of the configuration file stay as they are now. With dry_run=true it is only said what would change.", .query = {"dry_run"}, .body = "rollback", .answer = "applied", .ifMatch = IfMatch::May});
    table.push_back({.method = "GET", .path = "/admin/v1/config/versions", .least = Role::Analyst, .handler = listVersions, .summary = "The versions of the configuration, newest first.", .answer = "versions"});
}

} // namespace gateway::admin
