// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/auth/auth_stage.h"

#include "gateway/config/duration.h"
#include "gateway/core/admin_secret.h"
#include "gateway/core/text.h"
#include "gateway/pipeline/exchange.h"
#include "gateway/wire/websocket/handshake.h"

#include <fmt/format.h>

namespace gateway::stages {

using pipeline::Exchange;
using pipeline::Verdict;

namespace {

constexpr std::string_view defaultTeam = "default";

struct Permit
{
    bool pipeline::CompiledKey::*has;
    std::string_view what, word;
};

Permit permitFor(const Exchange &x)
{
    if (x.purpose == Exchange::Purpose::LogRead)
        return {.has = &pipeline::CompiledKey::mayReadLog, .what = "read its calls in the log", .word = "read_log"};
    if (x.endpoint == Endpoint::Passthrough)
        return {.has = &pipeline::CompiledKey::mayPassthrough, .what = "use providers' own APIs", .word = "passthrough"};
    return {.has = &pipeline::CompiledKey::mayCall, .what = "call models", .word = "call"};
}

/// What the key itself does not allow; nullopt: it may.
std::optional<Error> refusalOf(const pipeline::CompiledKey &key, const Exchange &x)
{
    if (key.revoked)
        return Error {.code = ErrorCode::RevokedKey, .message = fmt::format("The key \"{}\" was revoked. Ask for a new one.", key.name)};
    if (key.formerUntil && *key.formerUntil <= x.record.startedAt)
        return Error {.code = ErrorCode::RevokedKey,
                      .message = fmt::format("The key \"{}\" was rotated, and this secret of it ended at {}. Use the new one.", key.name, config::dateText(std::chrono::floor<std::chrono::seconds>(*key.formerUntil)))};
    if (key.expires && *key.expires <= x.record.startedAt)
        return Error {.code = ErrorCode::ExpiredKey, .message = fmt::format("The key \"{}\" has expired. Ask for a new one, or for a later date.", key.name)};
    if (!key.allowFrom.empty() && !pipeline::containsAddress(key.allowFrom, x.request.peer))
        return Error {.code = ErrorCode::NetworkNotAllowed,
                      .message = fmt::format("The key \"{}\" may not be used from {}.", key.name, toValidUtf8(x.request.peer))};
    const Permit permit = permitFor(x);
    if (!(key.*permit.has))
        return Error {.code = ErrorCode::NotPermitted, .message = fmt::format("The key \"{}\" may not {}: it lacks the permission `{}`.", key.name, permit.what, permit.word)};
    return std::nullopt;
}

/// Whether this process itself calls, through its own listener: it shows a token that never leaves it.
bool isOwnCall(const Exchange &x, const pipeline::Services &services)
{
    if (x.purpose != Exchange::Purpose::Call || x.endpoint == Endpoint::Passthrough)
        return false;
    const auto mark = services.testToken.empty() ? std::nullopt : findHeader(x.request.headers, "x-signalbox-test");
    return mark && services.keyHasher.same(*mark, services.testToken);
}

} // namespace

std::string_view presentedKey(std::span<const HeaderView> headers)
{
    constexpr std::string_view bearer = "bearer ";
    if (const auto header = findHeader(headers, "authorization")) {
        const std::string_view value = trimmed(*header);
        if (value.size() > bearer.size() && equalsIgnoringCase(value.substr(0, bearer.size()), bearer))
            return trimmed(value.substr(bearer.size()));
    }
    for (const std::string_view name : {"x-api-key", "api-key", "x-goog-api-key"}) {
        const auto header = findHeader(headers, name);
        if (header && !trimmed(*header).empty())
            return trimmed(*header);
    }
    return {};
}

std::string_view subprotocolKey(std::span<const HeaderView> headers)
{
    constexpr std::string_view prefix = "openai-insecure-api-key.";
    const std::string_view offered = wire::websocket::offeredProtocol(headers, prefix);
    return offered.empty() ? offered : offered.substr(prefix.size());
}

Verdict AuthStage::onRequest(Exchange &x)
{
    const auto refuse = [&](Error error, std::optional<Duration> retryAfter = std::nullopt) {
        m_services.wrongKeys.fetch_add(1, std::memory_order_relaxed);
        return Verdict::refuse(std::move(error), retryAfter);
    };
    std::string_view secret = presentedKey(x.request.headers);
    if (secret.empty() && x.endpoint == Endpoint::Realtime)
        secret = subprotocolKey(x.request.headers);
    const bool required = x.config->gateway.requireKey;
    if (secret.empty() && required && isOwnCall(x, m_services)) {
        x.record.team = defaultTeam;
        x.authenticated = true;
        return Verdict::proceed();
    }
    if (secret.empty() && required)
        return refuse({.code = ErrorCode::MissingKey, .message = "No key was sent. Send a Signalbox key as \"Authorization: Bearer sb-...\"."});

    const KeyHasher::Digest digest = secret.empty() ? KeyHasher::Digest {} : m_digests.of(secret);
    if (required && m_services.keyAttempts.isSlowed(x.request.peer, digest, x.request.receivedAt))
        return refuse({.code = ErrorCode::RateLimitExceeded, .message = "Too many wrong keys came from this address: for a minute, it may only go on with those that it used before."},
                      state::KeyAttempts::slowFor);
    const pipeline::CompiledKey *key = secret.empty() ? nullptr : x.config->findKey(digest);
    if (!key && required) {
        m_services.keyAttempts.wrong(x.request.peer, digest, x.request.receivedAt);
        return refuse({.code = ErrorCode::InvalidKey,
                       .message = secret.starts_with(adminSecretPrefix) ? "This is an admin token, and calls need a virtual key: make one with `signalboxd key create`, or under Keys."
                                                                        : "This key is not known here. Signalbox takes its own keys (sb-...), not those of providers."});
    }
    if (!key && x.purpose == Exchange::Purpose::LogRead)
        return refuse({.code = ErrorCode::NotPermitted, .message = "The call log is for keys with the permission `read_log`, also where other calls need no key."});
    if (!key && x.purpose == Exchange::Purpose::Feedback)
        return refuse({.code = ErrorCode::NotPermitted, .message = "Feedback is given with the key that made the call, or another one of its team, also where calls need no key."});
    if (!key && x.endpoint == Endpoint::Passthrough)
        return refuse({.code = ErrorCode::NotPermitted, .message = "Providers' own APIs are for keys with the permission `passthrough`, also where other calls need no key."});
    if (!key) {
        x.record.team = defaultTeam;
        x.authenticated = true;
        return Verdict::proceed();
    }
    x.record.key = key->name;
    x.record.keyId = key->id;
    x.record.team = key->team;
    if (auto refused = refusalOf(*key, x))
        return refuse(std::move(*refused));
    m_services.keyAttempts.right(x.request.peer, digest);
    x.key = key;
    x.authenticated = true;
    return Verdict::proceed();
}

} // namespace gateway::stages
