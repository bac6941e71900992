// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/keyed_find.h"

#include "gateway/pipeline/worker.h"
#include "gateway/pipeline/worker_wait.h"

#include <memory>
#include <mutex>
#include <utility>

namespace gateway::pipeline {

using state::KeyedStore;

namespace {

/// What the store says, on whatever thread.
struct Answer
{
    std::mutex mutex;
    std::optional<KeyedStore::Values> values; ///< guarded

    std::optional<KeyedStore::Values> take()
    {
        const std::lock_guard lock(mutex);
        return std::exchange(values, std::nullopt);
    }
};

} // namespace

Task<std::optional<KeyedStore::Values>> findValues(Worker &worker, KeyedStore &store, std::vector<KeyedStore::Key> keys, Duration patience, CancelSource &cancel)
{
    const std::size_t count = keys.size();
    const WorkerWait wait(worker.timers);
    const auto answer = std::make_shared<Answer>();
    store.find(std::move(keys), worker.clock.steadyNow(), [answer, signal = wait.signal()](KeyedStore::Values found) mutable {
        {
            const std::lock_guard lock(answer->mutex);
            answer->values = std::move(found);
        }
        signal();
    });
    std::optional<KeyedStore::Values> values = answer->take();
    if (!values) {
        co_await wait.done(patience, cancel);
        values = answer->take();
    }
    if (values && values->size() != count)
        values.reset();
    co_return values;
}

} // namespace gateway::pipeline
