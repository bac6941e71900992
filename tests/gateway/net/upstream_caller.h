// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net_harness.h"

#include <future>
#include <optional>

/// Calls to providers from a test's thread: what is asked, and what came of it.
namespace nettest {

struct Asked
{
    pipeline::UpstreamAddress address;
    pipeline::UpstreamLimits limits;
    std::string body = "question";
    std::string method = "POST";
    std::optional<Duration> expectIn;
    Duration wakeEvery {};          ///< 0: never
    std::optional<Duration> cancelIn;
    bool ownConnection = false;
};

struct Outcome
{
    std::optional<Error> error;
    int status = 0;
    std::string header; ///< of "x-a"
    std::string body;
    int wakes = 0;
    Duration took {};
};

/// Calls an upstream from a worker and waits for what comes of it.
class Caller
{
public:
    explicit Caller(net::WorkerPoolOptions options = {.workers = 1})
        : pool(std::move(options), [](net::Worker &worker) { return std::make_unique<FunctionHandler>(worker, echo()); })
    {
        pool.start();
    }

    std::future<Outcome> begin(Asked asked, int worker = 0)
    {
        auto state = std::make_shared<State>();
        state->asked = std::move(asked);
        std::future<Outcome> future = state->promise.get_future();
        net::Worker &on = pool.worker(worker);
        on.post([&on, state] { on.start(run(on, state)); });
        return future;
    }
    Outcome call(Asked asked)
    {
        std::future<Outcome> future = begin(std::move(asked));
        if (future.wait_for(std::chrono::milliseconds(patience)) != std::future_status::ready)
            return {.error = Error {.code = ErrorCode::Internal, .message = "no answer in time"}};
        return future.get();
    }
    net::Counters &counters() { return pool.counters(); }

    net::WorkerPool pool;

private:
    struct State
    {
        Asked asked;
        std::promise<Outcome> promise;
        CancelSource cancel;
        CancelSource pauseCancel;
    };

    static Task<void> cancelLater(net::Worker &worker, std::shared_ptr<State> state)
    {
        const bool whole = co_await worker.timers().pause(*state->asked.cancelIn, state->pauseCancel);
        if (whole)
            state->cancel.cancel();
    }

    static Task<void> run(net::Worker &worker, std::shared_ptr<State> state)
    {
        const SteadyTime start = std::chrono::steady_clock::now();
        if (state->asked.cancelIn)
            worker.start(cancelLater(worker, state));
        Outcome outcome;
        co_await talk(worker, *state, outcome);
        outcome.took = std::chrono::steady_clock::now() - start;
        state->pauseCancel.cancel();
        state->promise.set_value(std::move(outcome));
    }

    static Task<void> talk(net::Worker &worker, State &state, Outcome &outcome)
    {
        const Asked &asked = state.asked;
        pipeline::UpstreamRequest request;
        request.address = &asked.address;
        request.head = asked.method + " /v1 HTTP/1.1\r\nHost: " + asked.address.authority + "\r\nContent-Length: " + std::to_string(asked.body.size()) + "\r\n\r\n";
        request.body = {std::string_view(asked.body).substr(0, asked.body.size() / 2), std::string_view(asked.body).substr(asked.body.size() / 2)};
        request.limits = asked.limits;
        request.ownConnection = asked.ownConnection;
        auto call = co_await worker.upstream().start(std::move(request), state.cancel);
        if (!call) {
            outcome.error = call.error();
            co_return;
        }
        if (asked.expectIn)
            (*call)->expectBy(std::chrono::steady_clock::now() + *asked.expectIn);
        for (;;) {
            const SteadyTime wake = asked.wakeEvery == Duration {} ? pipeline::never : std::chrono::steady_clock::now() + asked.wakeEvery;
            const Result<bool> got = co_await (*call)->readHead(wake);
            if (!got) {
                outcome.error = got.error();
                co_return;
            }
            if (*got)
                break;
            ++outcome.wakes;
        }
        outcome.status = (*call)->head().status;
        outcome.header = pipeline::findHeader((*call)->head().headers, "x-a").value_or("");
        for (;;) {
            const SteadyTime wake = asked.wakeEvery == Duration {} ? pipeline::never : std::chrono::steady_clock::now() + asked.wakeEvery;
            const Result<UpstreamBytes> bytes = co_await (*call)->read(wake);
            if (!bytes) {
                outcome.error = bytes.error();
                co_return;
            }
            if (bytes->kind == UpstreamBytes::Kind::End)
                co_return;
            if (bytes->kind == UpstreamBytes::Kind::Woken)
                ++outcome.wakes;
            else
                outcome.body += bytes->data;
        }
    }
};

inline std::string codeOf(const Outcome &outcome)
{
    return outcome.error ? std::string(toText(outcome.error->code)) : "none";
}

} // namespace nettest
