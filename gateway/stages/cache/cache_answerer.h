// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/cached_answer.h"
#include "gateway/pipeline/stage.h"
#include "gateway/stages/cache/cache_key.h"
#include "gateway/stages/cache/call_scope.h"

#include <memory>
#include <optional>

namespace gateway::stages {

/// Gives answers again to who asks the same, or something much like it (architecture.md, step 8): around whoever asks providers.
/// One for each worker.
///
/// A call whose route keeps answers is looked for by its key. Where it is not there, calls that ask the same at the same time
/// wait for the first of them. That one looks for a question much like its own, if the route says so, and then asks; what
/// its caller gets is kept. Calls of all other routes pass, and cost nothing.
class CacheAnswerer final : public pipeline::Answerer
{
public:
    /// @param hasher  the installation's; outlives it
    CacheAnswerer(const KeyHasher &hasher, std::unique_ptr<pipeline::Answerer> next) : m_next(std::move(next)), m_keys(hasher) {}

    /// Not a coroutine itself.
    pipeline::Task<Result<void>> answer(pipeline::Exchange &x) override;

private:
    struct Look;
    pipeline::Task<Result<void>> answerWithout(pipeline::Exchange &x);
    pipeline::Task<Result<void>> answerFrom(pipeline::Exchange &x);
    bool begin(pipeline::Exchange &x, Look &look);
    pipeline::Task<bool> giveExact(Look &look);
    pipeline::Task<bool> giveAlike(Look &look);
    pipeline::Task<bool> waitForOthers(Look &look);
    pipeline::Task<Result<void>> ask(Look &look);

    std::unique_ptr<pipeline::Answerer> m_next;
    CallScopes m_scopes;
    CacheKeys m_keys;
};

} // namespace gateway::stages
