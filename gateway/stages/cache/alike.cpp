// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/cache/alike.h"

#include "gateway/pipeline/worker_wait.h"

#include <mutex>
#include <utility>

namespace gateway::stages {

using pipeline::Task;
using Match = state::SemanticIndex::Match;

namespace {

/// What the index's thread leaves behind; nobody may wait any more by then.
struct Found
{
    std::mutex mutex;
    std::optional<Match> match; ///< guarded
    std::move_only_function<void()> signal;
};

} // namespace

Task<std::optional<Match>> findAlike(std::shared_ptr<state::SemanticIndex> index, AnswerKey scope, std::vector<float> vector, double least, pipeline::Timers &timers,
                                     Duration longest, pipeline::CancelSource &cancel)
{
    const auto found = std::make_shared<Found>();
    const pipeline::WorkerWait there(timers);
    found->signal = there.signal();
    index->find(scope, std::move(vector), least, [found](std::optional<Match> match) {
        {
            const std::lock_guard lock(found->mutex);
            found->match = std::move(match);
        }
        found->signal();
    });
    co_await there.done(longest, cancel);
    const std::lock_guard lock(found->mutex);
    co_return found->match;
}

} // namespace gateway::stages
