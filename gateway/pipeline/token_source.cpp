// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/token_source.h"

#include "gateway/pipeline/worker.h"
#include "gateway/pipeline/worker_wait.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>
#include <variant>

namespace gateway::pipeline {

namespace {

using state::TokenStore;

constexpr std::size_t largestAnswer = 64 * 1024;
constexpr std::size_t largestHead = 64 * 1024;
constexpr int connections = 8;                               // of all workers: tokens are asked for one at a time
constexpr Duration longest = std::chrono::seconds {10};      // for a token without which the call cannot go on
constexpr Duration longestEarly = std::chrono::seconds {3};  // for one in place of another that still holds

const providers::TokenGrant &grantOf(const CompiledCredential &credential)
{
    return std::get<providers::TokenGrant>(credential.proof);
}

/// A failure of the way to the token server.
Error notHad(const CompiledCredential &credential, Error error)
{
    if (error.code == ErrorCode::Cancelled)
        return error;
    if (error.code == ErrorCode::IdleTimeout || error.code == ErrorCode::TotalTimeout)
        error.code = ErrorCode::FirstByteTimeout; // the attempt itself has not been made
    error.message = fmt::format("The token server {} was asked in vain: {}", grantOf(credential).url().authority, error.message);
    error.where = tokenPlace;
    return error;
}

struct Answer
{
    int status = 0;
    std::string body;
};

Task<Result<Answer>> converse(Upstream &upstream, UpstreamRequest request, CancelSource &cancel)
{
    auto call = co_await upstream.start(std::move(request), cancel);
    if (!call)
        co_return std::unexpected(std::move(call.error()));
    const Result<bool> head = co_await (*call)->readHead(never);
    if (!head)
        co_return std::unexpected(head.error());
    Answer answer {.status = (*call)->head().status, .body = {}};
    for (;;) {
        Result<UpstreamBytes> bytes = co_await (*call)->read(never);
        if (!bytes)
            co_return std::unexpected(std::move(bytes.error()));
        if (bytes->kind == UpstreamBytes::Kind::End)
            co_return answer;
        answer.body.append(bytes->data);
    }
}

/// Does the errand. @return the token, or the one that still holds; the error where there is neither
Task<Result<TokenStore::Token>> run(TokenStore::Errand errand, Worker &worker, const CompiledCredential &credential, const UpstreamLimits &attempt, CancelSource &cancel)
{
    const SteadyTime patience = worker.clock.steadyNow() + (errand.current() ? longestEarly : longest);
    UpstreamLimits limits = attempt;
    limits.deadline = std::min(attempt.deadline, patience);
    Result<providers::AccessToken> token = co_await askForToken(worker.upstream, credential, limits, worker.clock.wallNow(), cancel);
    const SteadyTime now = worker.clock.steadyNow();
    if (token)
        co_return std::move(errand).bring(std::move(token->value), token->lifetime, now);
    // A caller who left or was in a hurry says nothing about the server: the next one asks.
    const bool ownEnd = cancel.cancelled() || (attempt.deadline < patience && now >= attempt.deadline);
    TokenStore::Token current = errand.current();
    if (!ownEnd)
        std::move(errand).fail(token.error(), now);
    if (current && !cancel.cancelled())
        co_return current;
    co_return std::unexpected(std::move(token.error()));
}

} // namespace

UpstreamAddress tokenAddress(const providers::TokenGrant &grant, const config::GatewaySettings &gateway)
{
    const providers::EndpointUrl &url = grant.url();
    UpstreamAddress address;
    address.host = url.host;
    address.authority = url.authority;
    address.port = url.port;
    address.tls = url.tls;
    address.proxy = grant.isLocal() ? std::string() : gateway.proxy;
    address.maxConnections = connections;
    address.allowPrivate = grant.isLocal() || gateway.allowPrivateUpstreams;
    address.pool = fmt::format("token|{}://{}:{}|{}|{}", url.tls ? "https" : "http", url.host, url.port, address.proxy, address.allowPrivate ? "any" : "public");
    return address;
}

Task<Result<providers::AccessToken>> askForToken(Upstream &upstream, const CompiledCredential &credential, UpstreamLimits limits, WallTime now, CancelSource &cancel)
{
    const Result<providers::TokenRequest> asked = grantOf(credential).request(now);
    if (!asked)
        co_return fail(asked.error().code, asked.error().message, std::string(tokenPlace));
    limits.idle = longest;
    limits.maxHead = largestHead;
    limits.maxBody = largestAnswer;
    UpstreamRequest request {.address = &credential.tokenAddress, .head = PooledText(asked->head), .body = {}, .limits = limits};
    if (!asked->body.empty())
        request.body.push_back(asked->body);
    const Result<Answer> answer = co_await converse(upstream, std::move(request), cancel);
    if (!answer)
        co_return std::unexpected(notHad(credential, answer.error()));
    Result<providers::AccessToken> token = providers::readToken(answer->status, answer->body, grantOf(credential).url().authority, asked->secrets);
    if (!token)
        token.error().where = tokenPlace;
    co_return token;
}

Task<Result<TokenStore::Token>> tokenFor(Worker &worker, const CompiledCredential &credential, const UpstreamLimits &limits, CancelSource &cancel)
{
    TokenStore &store = worker.services.tokens;
    const std::string &key = grantOf(credential).key();
    for (;;) {
        const SteadyTime now = worker.clock.steadyNow();
        TokenStore::Found found = store.take(key, now);
        if (auto *token = std::get_if<TokenStore::Token>(&found))
            co_return std::move(*token);
        if (auto *error = std::get_if<Error>(&found))
            co_return std::unexpected(std::move(*error));
        if (auto *errand = std::get_if<TokenStore::Errand>(&found)) {
            Result<TokenStore::Token> token = co_await run(std::move(*errand), worker, credential, limits, cancel);
            co_return token;
        }
        const WorkerWait wait(worker.timers);
        if (!store.await(key, wait.signal()))
            continue;
        co_await wait.done(std::min<Duration>(longest, limits.deadline - now), cancel);
        if (cancel.cancelled())
            co_return fail(ErrorCode::Cancelled, "The caller left.");
        if (worker.clock.steadyNow() >= std::min(limits.deadline, now + longest))
            co_return std::unexpected(notHad(credential, {.code = ErrorCode::FirstByteTimeout, .message = "no answer came in time."}));
    }
}

} // namespace gateway::pipeline
