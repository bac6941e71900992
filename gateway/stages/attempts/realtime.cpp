// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/realtime.h"

#include "gateway/core/text.h"
#include "gateway/pipeline/exchange.h"
#include "gateway/stages/attempts/attempt_limits.h"
#include "gateway/stages/attempts/realtime_session.h"
#include "gateway/stages/attempts/upstream_opening.h"
#include "gateway/wire/query.h"
#include "gateway/wire/trace_context.h"
#include "gateway/wire/websocket/handshake.h"

#include <array>
#include <chrono>
#include <fmt/format.h>
#include <utility>

namespace gateway::stages {

using pipeline::Exchange;
using pipeline::Task;

namespace {

constexpr int switching = 101;
constexpr Duration usualFirstByte = std::chrono::seconds {60}; // config.md, Timeouts: as for streams
constexpr std::string_view betaHeader = "openai-beta";
constexpr std::string_view betaProtocol = "openai-beta.realtime-v1"; // how browsers say `OpenAI-Beta: realtime=v1`
constexpr std::string_view ownProtocol = "realtime";

/// What of the query names the model, is Azure's own business, or may hold a key.
constexpr std::array<std::string_view, 5> ownParameters {"model", "deployment", "api-version", "api-key", "key"};

std::string linesFor(const Exchange &x, std::string_view key)
{
    std::string lines = fmt::format("Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {}\r\n", key);
    if (const auto beta = findHeader(x.request.headers, betaHeader))
        lines.append("OpenAI-Beta: ").append(*beta).append("\r\n");
    else if (wire::websocket::offeredProtocol(x.request.headers, betaProtocol) == betaProtocol)
        lines.append("OpenAI-Beta: realtime=v1\r\n");
    if (!x.record.trace.empty())
        lines += wire::traceLines(x.request.headers);
    return lines;
}

pipeline::UpstreamRequest requestFor(const Exchange &x, const AttemptBook &book, std::string_view key)
{
    std::string room;
    std::string target(book.provider().site->target(Endpoint::Realtime, book.model(), false, room));
    const std::string more = wire::withoutParameters(x.request.query, ownParameters);
    if (!more.empty())
        target.append(target.find('?') == std::string::npos ? "?" : "&").append(more);
    const std::string lines = linesFor(x, key);
    pipeline::UpstreamRequest request;
    request.address = &book.provider().address;
    request.head = book.credential().head.text({.method = "GET", .target = target, .accept = "*/*", .more = lines});
    request.limits = limitsOf(x, book);
    request.upgrades = true;
    return request;
}

/// The answer to the caller's own handshake.
std::string answerTo(const Exchange &x)
{
    const auto key = wire::websocket::readHandshake(x.request.headers);
    std::string lines = fmt::format("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {}\r\n", wire::websocket::acceptFor(key.value_or("")));
    if (wire::websocket::offeredProtocol(x.request.headers, ownProtocol) == ownProtocol)
        lines.append("Sec-WebSocket-Protocol: ").append(ownProtocol).append("\r\n");
    return lines;
}

void failWith(AttemptBook &book, AttemptEnd &end, AttemptEnd failure)
{
    end = std::move(failure);
    book.fail(end.failure);
}

/// The provider answered, but did not switch.
Task<void> takeRefusal(Exchange &x, AttemptBook &book, pipeline::UpstreamCall &call, AttemptEnd &end)
{
    const std::string &provider = book.provider().name;
    const int status = call.head().status;
    if (status < 400) {
        const Error error {.code = status >= 300 ? ErrorCode::Redirect : ErrorCode::Malformed, .message = fmt::format("it answered {} in place of switching to a WebSocket.", status)};
        failWith(book, end, failedBy(error, provider, status));
        co_return;
    }
    std::string body;
    const Result<bool> read = co_await readErrorBody(x, book, call, body);
    if (!read && body.empty() && read.error().code == ErrorCode::Cancelled)
        failWith(book, end, failedBy(read.error(), provider, status));
    else // what came of its words is enough
        failWith(book, end, failedBy(wire::classifyUpstreamError(status, call.head().headers, body, x.worker.clock.wallNow(), book.provider().secrets), provider));
}

} // namespace

Task<void> openRealtime(Exchange &x, AttemptBook &book, AttemptEnd &end)
{
    book.begin();
    const std::string &provider = book.provider().name;
    if (!book.provider().site->has(Endpoint::Realtime)) { // as good as an unknown model: the next target may have it
        end = failedBy(Error {.code = ErrorCode::UpstreamModelNotFound, .message = "it has no realtime endpoint."}, provider);
        book.failBlameless(end.failure);
        co_return;
    }
    const std::string key = wire::websocket::makeKey({x.worker.random(), x.worker.random()});
    const pipeline::UpstreamRequest request = requestFor(x, book, key);
    Result<std::unique_ptr<pipeline::UpstreamCall>> call = co_await openUpstream(x, book, request, book.target().limits.firstByte.value_or(usualFirstByte));
    if (!call) {
        failWith(book, end, failedBy(call.error(), provider));
        co_return;
    }
    if ((*call)->head().status != switching) {
        co_await takeRefusal(x, book, **call, end);
        co_return;
    }
    if (const Result<void> good = wire::websocket::checkAnswer((*call)->head().headers, key); !good) {
        failWith(book, end, failedBy(good.error(), provider, switching));
        co_return;
    }
    const auto session = std::make_unique<RealtimeSession>(x, book);
    const std::string lines = answerTo(x);
    const bool held = co_await session->run(std::move(*call), lines);
    if (held)
        end.kind = AttemptEnd::Kind::Answered;
}

} // namespace gateway::stages
