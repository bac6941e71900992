// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/attempt.h"

#include "gateway/pipeline/exchange.h"
#include "gateway/providers/dialect.h"
#include "gateway/stages/attempts/stream_relay.h"
#include "gateway/stages/attempts/whole_answer.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace gateway::stages {

using pipeline::Exchange;
using pipeline::Task;

namespace {

constexpr Duration streamFirstByte = std::chrono::seconds {60}; // config.md, Timeouts: where nobody sets it

SteadyTime after(SteadyTime from, Duration limit)
{
    return limit < pipeline::never - from ? from + limit : pipeline::never;
}

pipeline::UpstreamLimits limitsOf(const Exchange &x, const AttemptBook &book)
{
    const pipeline::TimeLimits &own = book.target().limits;
    pipeline::UpstreamLimits limits;
    limits.connect = own.connect;
    // Silence is measured here, from first content on: before it the first-byte limit rules alone, however long.
    limits.idle = own.total;
    limits.deadline = std::min(after(book.startedAt(), own.total), x.deadline);
    limits.maxHead = static_cast<std::size_t>(x.config->gateway.maxHeader);
    limits.maxBody = static_cast<std::size_t>(x.config->gateway.maxAnswer);
    return limits;
}

std::optional<SteadyTime> firstByteBy(const Exchange &x, const AttemptBook &book)
{
    const std::optional<Duration> &own = book.target().limits.firstByte;
    if (own)
        return after(x.now(), *own);
    if (x.scan.stream)
        return after(x.now(), streamFirstByte);
    return std::nullopt; // a whole answer's head comes when it is done: the total limit rules
}

std::string joined(const std::vector<std::string> &names)
{
    std::string text;
    for (const std::string &name : names)
        text.append(text.empty() ? "" : ",").append(name);
    return text;
}

/// This target cannot take the request: nothing was sent.
AttemptEnd cannotEncode(AttemptBook &book, Error error)
{
    // A kind without this endpoint is as good as an unknown model there: the next target may have it.
    if (error.code == ErrorCode::NotSupported)
        error.code = ErrorCode::UpstreamModelNotFound;
    AttemptEnd end = failedBy(error, book.provider().name);
    if (error.code == ErrorCode::BadRequest) { // the caller's own mistake goes back as it is, with its parameter
        end.failure.code = ErrorCode::UpstreamBadRequest;
        end.failure.httpStatus = 400;
        end.words = wire::UpstreamError {.code = ErrorCode::UpstreamBadRequest, .httpStatus = 400, .message = error.message,
                                         .type = "invalid_request_error", .providerCode = "unsupported_parameter", .param = error.where};
    }
    book.failUnsent(end.failure);
    return end;
}

/// Waits for the status line and headers; comments go to the caller meanwhile.
Task<Result<void>> awaitHead(pipeline::UpstreamCall &call, Exchange &x, Keepalive &alive)
{
    for (;;) {
        Result<bool> there = co_await call.readHead(alive.due());
        if (!there)
            co_return std::unexpected(std::move(there.error()));
        if (*there)
            co_return Result<void>();
        if (x.now() < alive.due())
            continue;
        const bool listening = co_await alive.beat();
        if (!listening)
            co_return fail(ErrorCode::Cancelled, "The caller left.");
    }
}

} // namespace

Task<AttemptEnd> makeAttempt(Exchange &x, AttemptBook &book, Keepalive &alive)
{
    const pipeline::CompiledTarget &target = book.target();
    const providers::ProviderKind &kind = *book.provider().kind;
    book.begin();

    const providers::TargetOptions options {.model = book.model(), .override_ = target.overrides, .defaults = target.defaults,
                                            .drop = target.drops, .unsupported = x.route->unsupported};
    auto encoded = providers::encodeRequest(kind, x.endpoint, x.scan, options);
    const auto &head = book.credential().heads[static_cast<std::size_t>(x.endpoint)];
    if (encoded && !head)
        encoded = fail(ErrorCode::NotSupported, fmt::format("it has no {} endpoint.", toText(x.endpoint)));
    if (!encoded) {
        AttemptEnd unsent = cannotEncode(book, std::move(encoded.error()));
        co_return unsent;
    }
    x.record.dropped = joined(encoded->dropped);

    pipeline::UpstreamRequest request;
    request.address = &book.provider().address;
    request.head = head->text(encoded->body.size, x.scan.stream);
    request.body = encoded->body.pieces;
    request.limits = limitsOf(x, book);
    auto started = co_await x.worker.upstream.start(std::move(request), x.cancel);
    if (!started) {
        AttemptEnd end = failedBy(started.error(), book.provider().name);
        book.fail(end.failure);
        co_return end;
    }
    const std::unique_ptr<pipeline::UpstreamCall> call = std::move(*started);
    call->expectBy(firstByteBy(x, book));

    const Result<void> answering = co_await awaitHead(*call, x, alive);
    if (!answering) {
        AttemptEnd end = failedBy(answering.error(), book.provider().name);
        book.fail(end.failure);
        co_return end;
    }
    if (StreamRelay::fits(x, call->head())) {
        StreamRelay relay(x, book, *call, alive);
        AttemptEnd end = co_await relay.run();
        co_return end;
    }
    WholeAnswer whole(x, book, *call, alive);
    AttemptEnd end = co_await whole.run();
    co_return end;
}

} // namespace gateway::stages
