// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net_harness.h"

namespace nettest {

struct Stream
{
    int count = 0;
    std::size_t size = 0;
    std::shared_ptr<std::atomic<int>> sent;
};

/// Streams `count` chunks of `size`, and says in `sent` how many the kernel has taken.
inline Handle streamer(int count, std::size_t size, std::shared_ptr<std::atomic<int>> sent = std::make_shared<std::atomic<int>>(0))
{
    return with(Stream {count, size, std::move(sent)}, [](Stream stream, net::Worker &, const HttpRequest &, CallerStream &caller) -> Task<void> {
        HttpHead head;
        head.contentType = "text/event-stream";
        const std::string chunk(stream.size, 'x');
        bool there = co_await caller.begin(head, chunk);
        for (int i = 1; there && i < stream.count; ++i) {
            ++*stream.sent;
            there = co_await caller.write(chunk);
        }
        if (there)
            co_await caller.end("last");
    });
}

/// Waits until the caller leaves or is told to go on.
struct Gate
{
    std::atomic<bool> entered {false};
    std::atomic<bool> left {false};
    std::atomic<bool> open {false};
};
using GatePtr = std::shared_ptr<Gate>;

inline Handle waiting(GatePtr gate)
{
    return with(std::move(gate), [](GatePtr own, net::Worker &worker, const HttpRequest &request, CallerStream &caller) -> Task<void> {
        CancelSource cancel;
        caller.onGone([&cancel] { cancel.cancel(); });
        const std::string path(request.path);
        own->entered = true;
        bool on = true;
        while (on && !own->open)
            on = co_await worker.timers().pause(10ms, cancel);
        own->left = !on;
        HttpHead head;
        co_await caller.send(head, path);
    });
}

} // namespace nettest
