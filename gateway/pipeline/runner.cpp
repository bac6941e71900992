// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/runner.h"

#include "gateway/core/text.h"
#include "gateway/pipeline/admin_door.h"
#include "gateway/pipeline/control_endpoints.h"
#include "gateway/pipeline/exchange.h"
#include "gateway/pipeline/front_door.h"
#include "gateway/pipeline/worker_wait.h"
#include "gateway/wire/caller_errors.h"
#include "gateway/wire/path.h"
#include "gateway/wire/trace_context.h"

#include <utility>

namespace gateway::pipeline {

namespace {

/// What stops every new call, whoever sends it.
std::optional<Error> refusalOfGateway(const Services &services, const CompiledConfig &config)
{
    if (services.draining.load(std::memory_order_relaxed))
        return Error {.code = ErrorCode::ShuttingDown, .message = "This gateway is shutting down and takes no new calls. Try again."};
    if (config.gateway.durability == config::Durability::Strict && !services.records.healthy())
        return Error {.code = ErrorCode::StoreUnavailable,
                      .message = "The call log cannot be written, and durability is strict: no calls are taken until it can."};
    return std::nullopt;
}

ErrorCode codeOfStatus(int status)
{
    switch (status) {
    case 408:
        return ErrorCode::RequestTimeout;
    case 413:
        return ErrorCode::BodyTooLarge;
    case 415:
        return ErrorCode::UnsupportedMediaType;
    case 431:
        return ErrorCode::HeaderTooLarge;
    case 500:
        return ErrorCode::Internal;
    case 503:
        return ErrorCode::ShuttingDown;
    default:
        return ErrorCode::BadRequest;
    }
}

constexpr Duration adminPatience = std::chrono::minutes {2};

/// Where the admin API's thread leaves its answer; the worker may have given up by then.
struct AdminAnswer
{
    AdminReply reply;
    std::atomic<bool> there {false};
};

Exchange::Purpose purposeOf(wire::PathKind kind)
{
    switch (kind) {
    case wire::PathKind::CallLog: return Exchange::Purpose::LogRead;
    case wire::PathKind::Feedback: return Exchange::Purpose::Feedback;
    default: return Exchange::Purpose::Call;
    }
}

AdminRequest adminRequest(const HttpRequest &request)
{
    const auto header = [&](std::string_view name) { return std::string(findHeader(request.headers, name).value_or("")); };
    return {.method = request.method == "HEAD" ? "GET" : std::string(request.method),
            .path = std::string(request.path),
            .query = std::string(request.query),
            .authorization = header("authorization"),
            .ifMatch = header("if-match"),
            .peer = std::string(request.peer),
            .body = std::string(request.body)};
}

} // namespace

Runner::Runner(std::unique_ptr<Worker> worker, StageList stages)
    : m_worker(std::move(worker))
    , m_list(std::move(stages))
{
}

Runner::~Runner() = default;

/// All that is decided before a call goes out: a plain function, since no part of it waits.
Verdict Runner::prepare(Exchange &x, const wire::PathMatch &path)
{
    x.extraHeaders = doorHeaders(*x.config, x.request, path);
    x.pathArgument = path.argument;
    x.pathModel = path.model;
    x.pathStreams = path.streams;
    x.pathRest = path.rest;
    if (const auto parent = findHeader(x.request.headers, "traceparent"))
        x.record.trace = wire::traceIdOf(*parent);
    std::optional<Error> refused = refusalAtDoor(*x.config, x.request, path);
    if (!refused)
        refused = refusalOfGateway(m_worker->services, *x.config);
    if (refused)
        return Verdict::refuse(std::move(*refused));
    for (const auto &stage : m_list.stages) { // auth, models, resolve, quota: see stages/stage_table.cpp
        Verdict verdict = stage->onRequest(x);
        if (!verdict.isProceed())
            return verdict;
    }
    return Verdict::proceed();
}

/// What the gateway itself answers.
Task<void> Runner::say(Exchange &x, Verdict verdict)
{
    if (verdict.reply())
        co_await x.reply(std::move(*verdict.reply()));
    else
        co_await x.refuse(std::move(*verdict.error()), verdict.retryAfter());
}

/// The life of a call. The Exchange settles itself on every way out: one reply, one record.
Task<void> Runner::handle(const HttpRequest &request, CallerStream &caller)
{
    const wire::PathMatch path = wire::matchPath(request.method, request.path);
    const std::shared_ptr<const CompiledConfig> &config = m_worker->config.current();
    if (!config || isControl(path.kind) || request.method == "OPTIONS") {
        co_await control(request, caller, path);
        co_return;
    }
    if (path.kind == wire::PathKind::Admin) {
        co_await admin(request, caller, *config, path);
        co_return;
    }
    const auto purpose = purposeOf(path.kind);
    const auto call = std::make_unique<Exchange>(*m_worker, *m_list.account, config, request, caller, purpose);
    Exchange &x = *call;
    x.endpoint = path.endpoint;
    x.format = path.format;
    if (path.kind == wire::PathKind::Stored)
        x.stored.emplace(StoredCall {.id = path.argument, .below = path.rest});
    x.record.endpoint = path.kind == wire::PathKind::Models || path.kind == wire::PathKind::Model ? Endpoint::Models : path.endpoint;

    bool broken = false;
    try {
        Verdict verdict = prepare(x, path);
        if (verdict.isProceed()) {
            Result<void> answered = co_await m_list.attempts->answer(x); // upstream, decode, relay
            if (!answered)
                verdict = Verdict::refuse(std::move(answered.error()));
        } else if (verdict.asks()) {
            Verdict read = co_await readLog(x);
            verdict = std::move(read);
        }
        if (!verdict.isProceed())
            co_await say(x, std::move(verdict));
    } catch (...) {
        broken = true; // a library threw, or memory ran out: this call fails, the process lives (faults.md G08)
    }
    if (broken && !x.replied) {
        Error error {.code = ErrorCode::Internal, .message = "The gateway failed on this call. It is in the call log under its id."};
        co_await x.refuse(std::move(error));
    }
}

void Runner::abort()
{
    m_worker->sideCalls.cancelAll();
}

bool Runner::isIdle() const
{
    return m_worker->sideCalls.isEmpty();
}

std::string Runner::refuse(int status, std::string_view path, std::string_view peer, std::string_view why)
{
    const wire::PathMatch match = wire::matchPath("POST", path);
    const Error error {.code = codeOfStatus(status), .message = toValidUtf8(why)};
    Services &services = m_worker->services;
    // A call that ended without an answer has its record already: its Exchange saw to that.
    if (error.code != ErrorCode::Internal && services.refusals.admit(peer, services.clock.steadyNow())) {
        CallRecord record;
        record.startedAt = services.clock.wallNow();
        record.id = m_worker->callIds.next(record.startedAt);
        record.endpoint = match.endpoint;
        record.peer = peer;
        record.status = CallStatus::Refused;
        record.httpStatus = static_cast<std::int16_t>(status);
        record.error = error.code;
        record.errorMessage = truncatedUtf8(error.message, 500);
        record.cost = Money();
        services.records.push(std::move(record), {});
    }
    return wire::errorBody(error, match.format);
}

Task<void> Runner::control(const HttpRequest &request, CallerStream &caller, const wire::PathMatch &path)
{
    const auto &config = m_worker->config.current();
    Reply reply;
    std::optional<Error> refused;
    if (config)
        refused = refusalAtDoor(*config, request, path);
    else if (!isControl(path.kind))
        refused = Error {.code = ErrorCode::ShuttingDown, .message = "This gateway is still starting. Try again."};
    if (refused) {
        reply.status = wire::callerStatus(refused->code);
        reply.body = wire::errorBody(*refused, path.format);
        if (!config)
            reply.headers = "retry-after: 1\r\n";
    } else {
        std::optional<Reply> options = preflight(request, path);
        reply = options ? std::move(*options) : controlReply(m_worker->services, config.get(), request, path);
    }
    const std::string headers = reply.headers + (config ? doorHeaders(*config, request, path) : std::string());
    const HttpHead head {.status = reply.status, .contentType = reply.contentType, .headers = headers};
    co_await caller.send(head, reply.body);
}

/// Asks the control thread. Errors: UnknownPath where nobody answers there, TotalTimeout.
Task<Result<AdminReply>> Runner::ask(AdminRequest request, CancelSource &gone)
{
    if (!m_worker->services.admin)
        co_return fail(ErrorCode::UnknownPath, "This process serves no admin API.");
    const auto answer = std::make_shared<AdminAnswer>();
    const WorkerWait wait(m_worker->timers);
    m_worker->services.admin->ask(std::move(request), [answer, signal = std::make_shared<std::move_only_function<void()>>(wait.signal())](AdminReply given) {
        answer->reply = std::move(given);
        answer->there.store(true, std::memory_order_release);
        (*signal)();
    });
    co_await wait.done(adminPatience, gone);
    if (!answer->there.load(std::memory_order_acquire))
        co_return fail(ErrorCode::TotalTimeout, "The answer took too long. What was asked may still be done.");
    co_return std::move(answer->reply);
}

/// What the admin API answers, on its own thread: no call, so it leaves no record.
Task<void> Runner::admin(const HttpRequest &request, CallerStream &caller, const CompiledConfig &config, const wire::PathMatch &path)
{
    std::optional<Error> refused = refusalAtDoor(config, request, path);
    AdminReply reply;
    if (!refused) {
        CancelSource gone;
        caller.onGone([&gone] { gone.cancel(); });
        Result<AdminReply> answered = co_await ask(adminRequest(request), gone);
        caller.onGone({});
        if (answered)
            reply = std::move(*answered);
        else
            refused = std::move(answered.error());
    }
    if (refused) {
        reply.status = wire::callerStatus(refused->code);
        reply.body = wire::errorBody(*refused, path.format);
    }
    const std::string headers = reply.headers + doorHeaders(config, request, path);
    const HttpHead head {.status = reply.status, .contentType = reply.contentType, .headers = headers};
    co_await caller.send(head, reply.body);
}

/// A key's question about its own calls, or its word about one: answered where the admin API is, with the key in the place of a token.
Task<Verdict> Runner::readLog(Exchange &x)
{
    AdminRequest request = adminRequest(x.request);
    request.authorization.clear(); // the key itself travels no further
    request.keyId = x.key->id;
    Result<AdminReply> answered = co_await ask(std::move(request), x.cancel);
    if (!answered)
        co_return Verdict::refuse(std::move(answered.error()));
    co_return Verdict::reply({.status = answered->status, .contentType = answered->contentType, .headers = std::move(answered->headers), .body = std::move(answered->body)});
}

} // namespace gateway::pipeline
