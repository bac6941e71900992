// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/exchange.h"
#include "gateway/stages/attempts/attempt_book.h"
#include "gateway/stages/attempts/attempt_end.h"
#include "gateway/stages/attempts/call_media.h"
#include "gateway/stages/attempts/continuation.h"
#include "gateway/stages/attempts/keepalive.h"

namespace gateway::stages {

/// Stands before the first byte for the caller where several tries are under way at a time: one of them passes.
class Gate
{
public:
    /// Waits until the other tries are ended. False: another one has passed, or the caller left; this one is over.
    virtual pipeline::Task<bool> pass() = 0;

protected:
    ~Gate() = default;
};

/// What one try at one target works with. All of it outlives the try.
struct Try
{
    pipeline::Exchange &x;
    AttemptBook &book;
    CallMedia &media;                     ///< what the target needs as bytes is fetched first
    Keepalive &alive;
    AttemptEnd &end;                      ///< how it ended; untouched where the caller left
    pipeline::CancelSource &cancel;       ///< ends it
    Continuation *continuation = nullptr; ///< null where the route rescues no streams; once it has begun, the rest of its answer is asked for
    Gate *gate = nullptr;                 ///< null: it is alone

    /// Another one was faster.
    [[nodiscard]] bool isLost() const { return gate && cancel.cancelled() && !x.callerLeft(); }
};

} // namespace gateway::stages
