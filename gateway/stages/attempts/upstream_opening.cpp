// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/upstream_opening.h"

#include "gateway/pipeline/exchange.h"
#include "gateway/stages/attempts/attempt_limits.h"
#include "gateway/stages/attempts/upstream_proof.h"

#include <utility>

namespace gateway::stages {

using pipeline::Task;

namespace {

constexpr std::size_t largestError = 64 * 1024;

} // namespace

Task<Result<std::unique_ptr<pipeline::UpstreamCall>>> openUpstream(pipeline::Exchange &x, const AttemptBook &book, const pipeline::UpstreamRequest &request,
                                                                   std::optional<Duration> firstByte)
{
    UpstreamProof proof(x, book);
    std::unique_ptr<pipeline::UpstreamCall> call;
    do {
        call.reset();
        pipeline::UpstreamRequest shown = request;
        if (proof.isNeeded()) {
            const Result<void> added = co_await proof.add(shown, x.cancel);
            if (!added)
                co_return std::unexpected(added.error());
        }
        auto started = co_await x.worker.upstream.start(std::move(shown), x.cancel);
        if (!started)
            co_return std::unexpected(std::move(started.error()));
        call = std::move(*started);
        if (firstByte)
            call->expectBy(after(x.now(), *firstByte));
        const Result<bool> there = co_await call->readHead(pipeline::never);
        if (!there)
            co_return std::unexpected(there.error());
    } while (proof.renew(call->head()));
    co_return call;
}

Task<Result<bool>> readErrorBody(const pipeline::Exchange &x, const AttemptBook &book, pipeline::UpstreamCall &call, std::string &body)
{
    while (body.size() <= largestError) {
        const Result<pipeline::UpstreamBytes> read = co_await call.read(after(x.now(), book.target().limits.idle));
        if (!read)
            co_return std::unexpected(read.error());
        if (read->kind == pipeline::UpstreamBytes::Kind::Woken)
            co_return fail(ErrorCode::IdleTimeout, "the answer stood still.");
        if (read->kind == pipeline::UpstreamBytes::Kind::End)
            co_return true;
        body += read->data;
    }
    co_return false;
}

} // namespace gateway::stages
