// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/attempt.h"

#include "gateway/pipeline/exchange.h"
#include "gateway/stages/attempts/attempt_limits.h"
#include "gateway/stages/attempts/byte_relay.h"
#include "gateway/stages/attempts/fan_out.h"
#include "gateway/stages/attempts/outgoing.h"
#include "gateway/stages/attempts/stream_relay.h"
#include "gateway/stages/attempts/whole_answer.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace gateway::stages {

using pipeline::Exchange;
using pipeline::Task;

namespace {

constexpr Duration streamFirstByte = std::chrono::seconds {60}; // config.md, Timeouts: where nobody sets it

std::optional<SteadyTime> firstByteBy(const Exchange &x, const AttemptBook &book)
{
    const std::optional<Duration> &own = book.target().limits.firstByte;
    if (own)
        return after(x.now(), *own);
    if (x.scan.stream)
        return after(x.now(), streamFirstByte);
    return std::nullopt; // a whole answer's head comes when it is done: the total limit rules
}

/// This target cannot take the request: nothing was sent.
/// @param providerCode  of a mistake that is the caller's own
void cannotEncode(AttemptBook &book, Error error, AttemptEnd &end, std::string_view providerCode)
{
    // A kind without this endpoint is as good as an unknown model there: the next target may have it.
    if (error.code == ErrorCode::NotSupported)
        error.code = ErrorCode::UpstreamModelNotFound;
    end = failedBy(error, book.provider().name);
    if (error.code == ErrorCode::BadRequest) { // the caller's own mistake goes back as it is, with its parameter
        end.failure.code = ErrorCode::UpstreamBadRequest;
        end.failure.httpStatus = 400;
        end.words = wire::UpstreamError {.code = ErrorCode::UpstreamBadRequest, .httpStatus = 400, .message = error.message,
                                         .type = "invalid_request_error", .providerCode = std::string(providerCode), .param = error.where};
    }
    book.failBlameless(end.failure);
}

void failOnTheWay(const Try &attempt, const Error &error)
{
    if (attempt.isLost())
        return attempt.book.lose();
    attempt.end = failedBy(error, attempt.book.provider().name);
    attempt.book.fail(attempt.end.failure);
}

} // namespace

Task<void> makeAttempt(const Try &attempt)
{
    Exchange &x = attempt.x;
    AttemptBook &book = attempt.book;
    book.begin();
    const auto out = std::make_unique<Outgoing>(attempt);
    out->form = formOf(x, book, out->rest != nullptr);
    const bool reads = hasToBeRead(x, book, out->form);
    std::unique_ptr<pipeline::UpstreamCall> call;
    do {
        call.reset(); // it points into what is encoded again
        if (reads) {
            Result<void> ready = co_await prepare(attempt, *out);
            if (!ready && attempt.isLost())
                co_return book.lose();
            if (!ready)
                co_return cannotEncode(book, std::move(ready.error()), attempt.end, out->mistake);
        }
        Result<void> encoded = encode(attempt, *out);
        if (!encoded)
            co_return cannotEncode(book, std::move(encoded.error()), attempt.end, out->mistake);
        if (out->encoded.calls > 1) {
            const auto many = std::make_unique<FanOut>(attempt, *out);
            co_return co_await many->run();
        }
        if (out->proof.isNeeded()) {
            const Result<void> shown = co_await out->proof.add(out->request, attempt.cancel);
            if (!shown)
                co_return failOnTheWay(attempt, shown.error());
        }
        auto started = co_await x.worker.upstream.start(std::move(out->request), attempt.cancel);
        if (!started)
            co_return failOnTheWay(attempt, started.error());
        call = std::move(*started);
        book.sent();
        call->expectBy(firstByteBy(x, book));
        for (bool waiting = true; waiting;) { // for the status line and headers; comments go to the caller meanwhile
            const Result<bool> there = co_await call->readHead(attempt.alive.due());
            if (!there)
                co_return failOnTheWay(attempt, there.error());
            waiting = !*there;
            if (waiting && x.now() >= attempt.alive.due()) {
                const bool listening = co_await attempt.alive.beat();
                if (!listening)
                    co_return failOnTheWay(attempt, Error {.code = ErrorCode::Cancelled, .message = "The caller left."});
            }
        }
    } while (out->proof.renew(call->head()));

    if (call->head().status < 300)
        book.noteLimits(call->head().headers);
    if (StreamRelay::fits(x, book, out->form, call->head())) {
        const auto relay = std::make_unique<StreamRelay>(attempt, out->form, *call);
        co_await relay->run();
    } else if (ByteRelay::fits(out->form, call->head())) {
        const auto relay = std::make_unique<ByteRelay>(x, book, *call, attempt.end);
        co_await relay->run();
    } else {
        const auto whole = std::make_unique<WholeAnswer>(attempt, out->form, *call);
        co_await whole->run();
    }
}

} // namespace gateway::stages
