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

void failOnTheWay(AttemptBook &book, const Error &error, AttemptEnd &end)
{
    end = failedBy(error, book.provider().name);
    book.fail(end.failure);
}

} // namespace

Task<void> makeAttempt(Exchange &x, AttemptBook &book, CallMedia &media, Keepalive &alive, AttemptEnd &end)
{
    book.begin();
    const auto out = std::make_unique<Outgoing>(x, book);
    out->form = formOf(x, book);
    const bool reads = hasToBeRead(x, book, out->form);
    std::unique_ptr<pipeline::UpstreamCall> call;
    do {
        call.reset(); // it points into what is encoded again
        if (reads) {
            Result<void> ready = co_await prepare(x, book, media, *out);
            if (!ready)
                co_return cannotEncode(book, std::move(ready.error()), end, out->mistake);
        }
        Result<void> encoded = encode(x, book, media, *out);
        if (!encoded)
            co_return cannotEncode(book, std::move(encoded.error()), end, out->mistake);
        if (out->encoded.calls > 1) {
            const auto many = std::make_unique<FanOut>(x, book, *out, alive, end);
            co_return co_await many->run();
        }
        if (out->proof.isNeeded()) {
            const Result<void> shown = co_await out->proof.add(out->request, x.cancel);
            if (!shown)
                co_return failOnTheWay(book, shown.error(), end);
        }
        auto started = co_await x.worker.upstream.start(std::move(out->request), x.cancel);
        if (!started)
            co_return failOnTheWay(book, started.error(), end);
        call = std::move(*started);
        call->expectBy(firstByteBy(x, book));
        for (bool waiting = true; waiting;) { // for the status line and headers; comments go to the caller meanwhile
            const Result<bool> there = co_await call->readHead(alive.due());
            if (!there)
                co_return failOnTheWay(book, there.error(), end);
            waiting = !*there;
            if (waiting && x.now() >= alive.due()) {
                const bool listening = co_await alive.beat();
                if (!listening)
                    co_return failOnTheWay(book, Error {.code = ErrorCode::Cancelled, .message = "The caller left."}, end);
            }
        }
    } while (out->proof.renew(call->head()));

    if (call->head().status < 300)
        book.noteLimits(call->head().headers);
    if (StreamRelay::fits(x, book, out->form, call->head())) {
        const auto relay = std::make_unique<StreamRelay>(x, book, out->form, *call, alive, end);
        co_await relay->run();
    } else if (ByteRelay::fits(out->form, call->head())) {
        const auto relay = std::make_unique<ByteRelay>(x, book, *call, end);
        co_await relay->run();
    } else {
        const auto whole = std::make_unique<WholeAnswer>(x, book, out->form, *call, alive, end);
        co_await whole->run();
    }
}

} // namespace gateway::stages
