// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/upstream_proof.h"

#include "gateway/pipeline/exchange.h"
#include "gateway/pipeline/token_source.h"
#include "gateway/wire/retry_after.h"

#include <utility>
#include <variant>

namespace gateway::stages {

using pipeline::Task;

Task<Result<void>> UpstreamProof::add(pipeline::UpstreamRequest &request, pipeline::CancelSource &cancel)
{
    const pipeline::CompiledCredential &credential = m_book.credential();
    if (const auto *signer = std::get_if<providers::AwsSigner>(&credential.proof)) {
        const WallTime theirs = m_x.worker.services.clocks.at(request.address->authority, m_x.worker.clock.wallNow());
        providers::addLines(request.head, signer->lines(request.head, request.body, theirs));
        co_return Result<void>();
    }
    Result<state::TokenStore::Token> token = co_await pipeline::tokenFor(m_x.worker, credential, request.limits, cancel);
    if (!token)
        co_return std::unexpected(std::move(token.error()));
    m_token = std::move(*token);
    providers::addLines(request.head, providers::bearerLine(*m_token));
    co_return Result<void>();
}

bool UpstreamProof::renew(const pipeline::UpstreamHead &answer)
{
    if (!isNeeded() || std::exchange(m_renewed, true))
        return false;
    if (const auto *grant = std::get_if<providers::TokenGrant>(&m_book.credential().proof)) {
        if (answer.status != 401)
            return false;
        m_x.worker.services.tokens.forget(grant->key(), m_token);
        return true;
    }
    return answer.status == 403 && correctClock(answer);
}

bool UpstreamProof::correctClock(const pipeline::UpstreamHead &answer)
{
    const auto text = findHeader(answer.headers, "date");
    const auto date = text ? wire::parseHttpDate(*text) : std::nullopt;
    return date && m_x.worker.services.clocks.learn(m_book.provider().address.authority, *date, m_x.worker.clock.wallNow());
}

} // namespace gateway::stages
