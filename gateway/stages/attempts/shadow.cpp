// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/shadow.h"

#include "gateway/pipeline/call_policy.h"
#include "gateway/pipeline/no_caller.h"
#include "gateway/pipeline/side_calls.h"
#include "gateway/privacy/policy.h"
#include "gateway/stages/attempts/attempt.h"

#include <array>
#include <memory>
#include <optional>
#include <utility>

namespace gateway::stages {

using pipeline::Exchange;
using pipeline::Task;

namespace {

/// Headers that travel on to a provider.
constexpr std::array<std::string_view, 2> headersThatMatter {"content-type", "anthropic-beta"};

/// A request that nobody else holds, with the bytes behind it.
struct OwnRequest
{
    OwnRequest(const pipeline::HttpRequest &request, std::string_view asked, SteadyTime now)
        : body(asked), path(request.path), query(request.query), peer(request.peer)
    {
        const std::size_t size = body.size();
        body.resize(size + pipeline::bodyPadding);
        for (const std::string_view name : headersThatMatter) {
            if (const auto value = findHeader(request.headers, name))
                values.emplace_back(name, *value);
        }
        for (const auto &[name, value] : values)
            headers.push_back({name, value});
        copy = {.method = "POST", .path = path, .query = query, .headers = headers, .body = std::string_view(body).substr(0, size), .peer = peer, .receivedAt = now};
    }
    OwnRequest(const OwnRequest &) = delete;
    OwnRequest &operator=(const OwnRequest &) = delete;

    std::string body, path, query, peer;
    std::vector<std::pair<std::string_view, std::string>> values;
    std::vector<HeaderView> headers;
    pipeline::HttpRequest copy;
};

struct ShadowCall
{
    ShadowCall(Exchange &of, std::string callId)
        : slot(of.worker.services.shadows, of.scan.body.size())
        , request(of.request, of.scan.body, of.now())
        , x(of.worker, of.account, of.config, request.copy, caller, Exchange::Purpose::Shadow)
        , entry(of.worker.sideCalls, x.cancel)
        , alive(x)
        , media(x)
    {
        x.endpoint = of.endpoint;
        x.format = of.format;
        x.pathModel = of.pathModel;
        x.authenticated = true;
        x.route = of.route;
        x.plan = of.plan;
        x.star = of.star;
        x.promptTokens = of.promptTokens;
        x.record.endpoint = of.endpoint;
        x.record.shadowOf = std::move(callId);
        x.record.askedModel = of.scan.model;
        x.record.route = of.route->name;
        x.record.stream = of.scan.stream;
        x.capture.request(x.request.body);
        if (const auto &policy = pipeline::policyOf(of))
            x.record.policy = policy->name();
        if (of.check) {
            x.check = of.check->forCopy(x);
            x.capture.leaveOutReceived();
        }
        alive.hold(true);
    }

    state::ShadowSlots::Slot slot;
    OwnRequest request;
    pipeline::NoCaller caller;
    Exchange x;
    pipeline::SideCalls::Entry entry;
    Keepalive alive;
    CallMedia media;
    std::optional<AttemptBook> book;
    AttemptEnd end;
};

/// One of the target's credentials that does not rest; nullopt: all do.
std::optional<routing::Attempt> attemptFor(const Exchange &x)
{
    const routing::Target &target = *x.route->shadow->target;
    for (const routing::CredentialRef &credential : target.credentials) {
        const routing::Attempt attempt {.target = &target, .credential = &credential, .model = target.modelId};
        if (!x.worker.services.health.resting(attempt.subject(), x.now()))
            return attempt;
    }
    return std::nullopt;
}

Task<void> run(std::unique_ptr<ShadowCall> call)
{
    Exchange &x = call->x;
    const Try alone {.x = x, .book = *call->book, .media = call->media, .alive = call->alive, .end = call->end, .cancel = x.cancel};
    co_await makeAttempt(alone);
    call->book.reset();
    if (call->end.kind == AttemptEnd::Kind::Failed && !x.replied) {
        Error error {.code = call->end.failure.code, .message = std::move(call->end.failure.message)};
        co_await x.refuse(std::move(error));
    }
}

/// Whether there is something better to do.
bool isBusy(const Exchange &x)
{
    return x.worker.services.draining.load(std::memory_order_relaxed) || x.account.logBehind();
}

} // namespace

bool Shadow::isDrawn(Exchange &x)
{
    constexpr double whole = 4294967296.0;
    return static_cast<double>(x.worker.random() >> 32) < x.route->shadow->sample * whole && (isChat(x.endpoint) || x.endpoint == Endpoint::Completions);
}

void Shadow::send(Exchange &x) const
{
    const auto attempt = isBusy(x) ? std::nullopt : attemptFor(x);
    if (!attempt)
        return x.worker.services.shadows.countDropped();
    auto call = std::make_unique<ShadowCall>(x, m_callId);
    auto scan = wire::scanRequest(call->x.request.body, call->x.endpoint, call->x.pathModel);
    if (!call->slot.taken() || !scan) {
        call->x.settled = true; // no call, and no record of one
        return;
    }
    call->x.scan = std::move(*scan);
    call->x.scan.stream = x.scan.stream;
    call->book.emplace(call->x, *attempt);
    x.worker.sideCalls.run(run(std::move(call)));
}

} // namespace gateway::stages
