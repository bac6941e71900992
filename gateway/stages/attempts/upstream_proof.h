// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/http.h"
#include "gateway/state/token_store.h"
#include "gateway/stages/attempts/attempt_book.h"

namespace gateway::stages {

/// Shows the provider who calls, where the head alone does not: with an access token or a signature (wire.md section 10). One
/// for each attempt, on its worker.
class UpstreamProof
{
public:
    /// Both outlive it.
    UpstreamProof(pipeline::Exchange &x, const AttemptBook &book) : m_x(x), m_book(book) {}

    /// False: the head says it all, and add() need not be awaited.
    [[nodiscard]] bool isNeeded() const { return m_book.credential().proof.index() != 0; }
    /// Puts the proof into a request that is otherwise as it will be sent. Errors: as pipeline::tokenFor().
    /// @param cancel  ends the wait for a token
    pipeline::Task<Result<void>> add(pipeline::UpstreamRequest &request, pipeline::CancelSource &cancel);

    /// Whether the provider refused the proof and another may do: a token that ended early, a signature by a wrong clock.
    /// Then what made it is put right, and the request is worth sending once more, as a whole; but only once.
    [[nodiscard]] bool renew(const pipeline::UpstreamHead &answer);

private:
    [[nodiscard]] bool correctClock(const pipeline::UpstreamHead &answer);

    pipeline::Exchange &m_x;
    const AttemptBook &m_book;
    state::TokenStore::Token m_token; ///< that was shown last
    bool m_renewed = false;
};

} // namespace gateway::stages
