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
void cannotEncode(AttemptBook &book, Error error, AttemptEnd &end)
{
    // A kind without this endpoint is as good as an unknown model there: the next target may have it.
    if (error.code == ErrorCode::NotSupported)
        error.code = ErrorCode::UpstreamModelNotFound;
    end = failedBy(error, book.provider().name);
    if (error.code == ErrorCode::BadRequest) { // the caller's own mistake goes back as it is, with its parameter
        end.failure.code = ErrorCode::UpstreamBadRequest;
        end.failure.httpStatus = 400;
        end.words = wire::UpstreamError {.code = ErrorCode::UpstreamBadRequest, .httpStatus = 400, .message = error.message,
                                         .type = "invalid_request_error", .providerCode = "unsupported_parameter", .param = error.where};
    }
    book.failUnsent(end.failure);
}

/// What goes out, and the bytes that it points to.
struct Outgoing
{
    providers::EncodedRequest encoded;
    pipeline::UpstreamRequest request;
};

/// @return false: `end` says why this target cannot take the request
bool encode(Exchange &x, AttemptBook &book, Outgoing &out, AttemptEnd &end)
{
    const pipeline::CompiledTarget &target = book.target();
    const providers::TargetOptions options {.model = book.model(), .override_ = target.overrides, .defaults = target.defaults,
                                            .drop = target.drops, .unsupported = x.route->unsupported};
    auto encoded = providers::encodeRequest(*book.provider().kind, x.endpoint, x.scan, options);
    const auto &head = book.credential().heads[static_cast<std::size_t>(x.endpoint)];
    if (encoded && !head)
        encoded = fail(ErrorCode::NotSupported, fmt::format("it has no {} endpoint.", toText(x.endpoint)));
    if (!encoded) {
        cannotEncode(book, std::move(encoded.error()), end);
        return false;
    }
    out.encoded = std::move(*encoded);
    x.record.dropped = joined(out.encoded.dropped);
    out.request.address = &book.provider().address;
    out.request.head = head->text(out.encoded.body.size, x.scan.stream);
    out.request.body = std::move(out.encoded.body.pieces);
    out.request.limits = limitsOf(x, book);
    return true;
}

void failOnTheWay(AttemptBook &book, const Error &error, AttemptEnd &end)
{
    end = failedBy(error, book.provider().name);
    book.fail(end.failure);
}

} // namespace

Task<void> makeAttempt(Exchange &x, AttemptBook &book, Keepalive &alive, AttemptEnd &end)
{
    book.begin();
    const auto out = x.worker.memory.make<Outgoing>();
    if (!encode(x, book, *out, end))
        co_return;
    auto started = co_await x.worker.upstream.start(std::move(out->request), x.cancel);
    if (!started)
        co_return failOnTheWay(book, started.error(), end);
    pipeline::UpstreamCall &call = **started;
    call.expectBy(firstByteBy(x, book));

    for (bool waiting = true; waiting;) { // for the status line and headers; comments go to the caller meanwhile
        const Result<bool> there = co_await call.readHead(alive.due());
        if (!there)
            co_return failOnTheWay(book, there.error(), end);
        waiting = !*there;
        if (waiting && x.now() >= alive.due()) {
            const bool listening = co_await alive.beat();
            if (!listening)
                co_return failOnTheWay(book, Error {.code = ErrorCode::Cancelled, .message = "The caller left."}, end);
        }
    }
    if (StreamRelay::fits(x, call.head())) {
        const auto relay = x.worker.memory.make<StreamRelay>(x, book, call, alive, end);
        co_await relay->run();
    } else {
        const auto whole = x.worker.memory.make<WholeAnswer>(x, book, call, alive, end);
        co_await whole->run();
    }
}

} // namespace gateway::stages
