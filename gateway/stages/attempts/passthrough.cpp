// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/passthrough.h"

#include "gateway/pipeline/exchange.h"
#include "gateway/providers/header_relay.h"
#include "gateway/stages/attempts/attempt_limits.h"
#include "gateway/stages/attempts/byte_relay.h"
#include "gateway/stages/attempts/upstream_opening.h"
#include "gateway/wire/media_type.h"
#include "gateway/wire/provider_words.h"

#include <algorithm>
#include <utility>

namespace gateway::stages {

using pipeline::Exchange;
using pipeline::Task;

namespace {

constexpr int rejected = 401;

pipeline::UpstreamRequest requestOf(const Exchange &x, const AttemptBook &book)
{
    const providers::RequestHead &head = book.credential().head;
    const providers::ProviderSite &site = *book.provider().site;
    const std::string target = x.stored ? site.storedTarget(x.stored->id, x.stored->below, x.request.query) : site.targetOf(x.pathRest, x.request.query);
    const std::string more = providers::headersToProvider(x.request.headers, head);
    const bool hasBody = !x.body().empty() || x.request.method == "POST" || x.request.method == "PUT" || x.request.method == "PATCH";
    pipeline::UpstreamRequest request;
    request.address = &book.provider().address;
    request.head = head.text({.method = x.request.method,
                              .target = target,
                              .accept = findHeader(x.request.headers, "accept").value_or("*/*"),
                              .contentType = findHeader(x.request.headers, "content-type").value_or(""),
                              .contentLength = hasBody ? std::optional(x.body().size()) : std::nullopt,
                              .more = more});
    request.body = {x.body()};
    request.limits = limitsOf(x, book);
    return request;
}

/// Whether another credential may get another answer.
bool mayBeCredentials(ErrorCode code)
{
    return code == ErrorCode::UpstreamAuth || code == ErrorCode::Quota || code == ErrorCode::RateLimited;
}

AttemptEnd::Own kept(const pipeline::UpstreamHead &head, std::string body, const AttemptBook &book)
{
    return {.status = head.status,
            .type = std::string(findHeader(head.headers, "content-type").value_or("")),
            .headers = providers::headersToCaller(head.headers),
            .body = wire::withoutValues(std::move(body), book.provider().secrets)};
}

/// An answer that is an error.
Task<void> takeError(Exchange &x, AttemptBook &book, pipeline::UpstreamCall &call, AttemptEnd &end)
{
    const pipeline::UpstreamHead &head = call.head();
    std::string body;
    const Result<bool> whole = co_await readErrorBody(x, book, call, body);
    if (!whole) {
        end = failedBy(whole.error(), book.provider().name, head.status);
        book.fail(end.failure);
        co_return;
    }
    end = failedBy(wire::classifyUpstreamError(head.status, head.headers, body, x.worker.clock.wallNow(), book.provider().secrets), book.provider().name);
    if (!*whole) {
        x.answerError = Error {.code = end.failure.code, .message = end.failure.message};
        const auto relay = std::make_unique<ByteRelay>(x, book, call, end);
        co_await relay->run(std::move(body));
        co_return;
    }
    book.failBlameless(end.failure);
    if (head.status != rejected)
        end.own = kept(head, std::move(body), book);
    if (!end.own || mayBeCredentials(end.failure.code))
        co_return;
    const AttemptEnd::Own own = std::move(*end.own);
    x.answerError = Error {.code = end.failure.code, .message = end.failure.message};
    co_await sendOwn(x, own);
    end.kind = AttemptEnd::Kind::Answered;
}

} // namespace

bool passesThrough(const Exchange &x)
{
    return x.endpoint == Endpoint::Passthrough || x.stored;
}

Task<void> passThrough(Exchange &x, AttemptBook &book, AttemptEnd &end)
{
    book.begin();
    const pipeline::UpstreamRequest request = requestOf(x, book);
    const Result<std::unique_ptr<pipeline::UpstreamCall>> call = co_await openUpstream(x, book, request, book.target().limits.firstByte);
    if (!call) {
        end = failedBy(call.error(), book.provider().name);
        book.fail(end.failure);
        co_return;
    }
    if ((*call)->head().status >= 400) {
        co_await takeError(x, book, **call, end);
        co_return;
    }
    const auto relay = std::make_unique<ByteRelay>(x, book, **call, end);
    co_await relay->run();
}

Task<void> sendOwn(Exchange &x, const AttemptEnd::Own &answer)
{
    x.answerStatus = answer.status;
    x.answerType = answer.type;
    x.answerIsText = wire::isText(answer.type);
    x.extraHeaders += answer.headers;
    co_await x.send(answer.body);
}

} // namespace gateway::stages
