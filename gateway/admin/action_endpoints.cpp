// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/answers.h"
#include "gateway/admin/endpoint.h"
#include "gateway/admin/find_entry.h"
#include "gateway/admin/json_body.h"
#include "gateway/config/duration.h"

#include <array>
#include <chrono>
#include <nlohmann/json.hpp>

namespace gateway::admin {

namespace {

using Json = nlohmann::ordered_json;

// --- keys

/// A key by id or name, also one that the file gives.
Result<std::string> keyId(const Ask &ask)
{
    const api::ConfigPtr now = ask.gateway.config();
    const auto found = findEntry(now->keys, ask.argument());
    if (found == now->keys.end())
        return std::unexpected(noSuchEntry("key", ask.argument(), now->keys));
    return found->id;
}

/// How long the former secret works on, by a body of {"grace": "24h"}; none where it says nothing.
Result<config::Millis> graceOf(std::string_view body)
{
    const auto asked = readObject(body, true);
    if (!asked)
        return std::unexpected(asked.error());
    const auto grace = asked->find("grace");
    if (grace == asked->end() || grace->is_null())
        return config::Millis {};
    auto read = grace->is_string() ? config::parseDuration(grace->get<std::string>()) : fail(ErrorCode::BadRequest, "grace is a duration, such as \"24h\".", "grace");
    if (!read)
        return fail(ErrorCode::BadRequest, read.error().message, "grace");
    return read;
}

/// {"grace": "24h"}: so long the former secret works on.
void rotateKey(const Ask &ask, const Done &done)
{
    const auto id = keyId(ask);
    if (!id)
        return done(refusal(id.error()));
    const auto grace = graceOf(ask.body);
    if (!grace)
        return done(refusal(grace.error()));
    ask.gateway.rotateKey(*id, *grace, ask.context, [done, grace = *grace](const Result<api::CreatedKey> &rotated) {
        if (!rotated)
            return done(refusal(rotated.error()));
        Json body {{"id", rotated->key.id}, {"name", rotated->key.name}, {"prefix", rotated->key.prefix}, {"secret", rotated->secret}};
        if (grace.count() > 0 && !rotated->key.formerHash.empty())
            body["grace_ends"] = config::dateText(std::chrono::floor<std::chrono::seconds>(rotated->key.formerUntil));
        done(answer(body));
    }, ask.note({}));
}

void revokeKey(const Ask &ask, const Done &done)
{
    const auto id = keyId(ask);
    if (!id)
        return done(refusal(id.error()));
    ask.gateway.revokeKey(*id, ask.context, [done](const Result<bool> &revoked) { done(revoked ? nothing() : refusal(revoked.error())); }, ask.note({}));
}

// --- providers

Json stepJson(const api::ProbeStep &step)
{
    constexpr std::array kinds {"dns", "connect", "tls", "key", "model"};
    constexpr std::array states {"ok", "failed", "not_tried"};
    return {{"step", kinds[static_cast<std::size_t>(step.kind)]}, {"state", states[static_cast<std::size_t>(step.state)]}, {"headline", step.headline}, {"detail", step.detail},
            {"ms", std::chrono::duration<double, std::milli>(step.took).count()}};
}

/// Real calls to the provider: {"credential": "main", "model": "gpt-4o"}, both may be missing.
void testProvider(const Ask &ask, const Done &done)
{
    const auto body = readObject(ask.body, true);
    if (!body)
        return done(refusal(body.error()));
    const api::ConfigPtr now = ask.gateway.config();
    const auto found = findEntry(now->providers, ask.argument());
    if (found == now->providers.end())
        return done(refusal(noSuchEntry("provider", ask.argument(), now->providers)));
    std::string credential = textOf(*body, "credential");
    if (credential.empty() && !found->credentials.empty())
        credential = found->credentials.front().name;
    ask.gateway.testProvider(*found, credential, textOf(*body, "model"), ask.context, [](const api::ProbeStep &) {}, [done](const Result<api::ProbeReport> &report) {
        if (!report)
            return done(refusal(report.error()));
        Json steps = Json::array();
        for (const api::ProbeStep &step : report->steps)
            steps.push_back(stepJson(step));
        done(answer(Json {{"ok", report->ok}, {"ms", std::chrono::duration<double, std::milli>(report->took).count()}, {"steps", std::move(steps)}}));
    });
}

} // namespace

void addActionEndpoints(std::vector<Endpoint> &table)
{
    table.push_back({.method = "POST", .path = "/admin/v1/keys/{id}/rotate", .handler = rotateKey, .summary = "Gives a key a new secret; the former one works on for the grace, if one is asked for.", .body = "key_rotation", .answer = "rotated"});
    table.push_back({.method = "POST", .path = "/admin/v1/keys/{id}/revoke", .handler = revokeKey, .summary = "Refuses a key from now on.", .status = 204});
    table.push_back({.method = "POST", .path = "/admin/v1/providers/{id}/test", .handler = testProvider, .summary = "Asks a provider, step by step, whether it works.", .body = "provider_test", .answer = "probe"});
}

} // namespace gateway::admin
