// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/exchange.h"

#include "gateway/core/text.h"
#include "gateway/pipeline/quota_hold.h"
#include "gateway/wire/caller_errors.h"
#include "gateway/wire/retry_after.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <limits>
#include <ranges>

namespace gateway::pipeline {

namespace {

constexpr std::size_t longestError = 500;      // CallRecord::errorMessage
constexpr int switching = 101;
constexpr Duration comeBack = std::chrono::seconds {5}; // a drain or a full disk: when a new try is worth it

/// The value of a header line, and its end. Values that callers or providers named must not end the line.
void addValue(PooledText &lines, std::string_view value)
{
    const std::size_t from = lines.size();
    lines.append(value.substr(0, 512));
    for (std::size_t at = from; at < lines.size(); ++at) {
        const auto byte = static_cast<unsigned char>(lines[at]);
        if (byte < 0x20 || byte == 0x7f)
            lines[at] = '?';
    }
    lines.append("\r\n");
}

void addValue(PooledText &lines, std::int64_t value)
{
    std::array<char, 20> digits {};
    char *end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    lines.append(digits.data(), end).append("\r\n");
}

const AttemptRecord *lastAsked(const CallRecord &record)
{
    const auto reversed = std::views::reverse(record.attempts);
    const auto found = std::ranges::find_if(reversed, [](const AttemptRecord &attempt) { return !attempt.skipped; });
    return found == reversed.end() ? nullptr : &*found;
}

CallStatus statusOf(const Error &error, bool tried, bool contentSent)
{
    if (error.code == ErrorCode::Cancelled)
        return CallStatus::Cancelled;
    if (contentSent)
        return CallStatus::Cut;
    const bool ours = error.code == ErrorCode::Internal || error.code == ErrorCode::NoTarget || error.code == ErrorCode::TotalTimeout;
    return tried || ours ? CallStatus::Failed : CallStatus::Refused;
}

} // namespace

Exchange::Exchange(Worker &ofWorker, Accountant &accountant, std::shared_ptr<const CompiledConfig> current, const HttpRequest &asked,
                   CallerStream &stream, Purpose why)
    : worker(ofWorker)
    , account(accountant)
    , config(std::move(current))
    , request(asked)
    , caller(stream)
    , purpose(why)
    , capture(worker.services.captures, config->gateway.log.bodies, static_cast<std::size_t>(std::max<std::int64_t>(config->gateway.log.maxBody, 0)))
{
    record.startedAt = worker.clock.wallNow();
    record.id = worker.callIds.next(record.startedAt);
    record.peer = asked.peer;
    record.shadow = purpose == Purpose::Shadow;
    if (purpose == Purpose::Call)
        worker.stats.callStarted();
    caller.onGone([this] { cancel.cancel(); });
}

Exchange::~Exchange()
{
    caller.onGone({});
    if (settled)
        return;
    if (callerLeft())
        outcome(CallStatus::Cancelled, begun ? answerStatus : 0);
    else if (!record.error)
        outcome(Error {.code = ErrorCode::Internal, .message = "The call ended before it had a reply."}, begun ? answerStatus : 0);
    account.settle(*this);
}

std::int32_t Exchange::elapsedUs(SteadyTime at) const
{
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(at - request.receivedAt).count();
    return static_cast<std::int32_t>(std::clamp<std::int64_t>(micros, 0, std::numeric_limits<std::int32_t>::max()));
}

std::optional<Money> Exchange::cost() const
{
    Money sum;
    for (const AttemptRecord &attempt : record.attempts) {
        if (attempt.cost)
            sum += *attempt.cost;
        else if (attempt.usage.total() > 0)
            return std::nullopt;
    }
    return sum;
}

void Exchange::writeHeaders(bool streaming)
{
    PooledText &lines = m_lines;
    lines.clear();
    lines.reserve(320 + extraHeaders.size());
    lines.append("x-signalbox-call-id: ").append(record.id).append("\r\n");
    const bool kept = !record.cachedFrom.empty(); // of an answer of the cache: who made it stands in extraHeaders
    if (kept && !streaming)
        lines.append("x-signalbox-cost: ").append(cost().value_or(Money()).toDecimal()).append("\r\n");
    if (kept)
        lines.append("x-signalbox-attempts: 0\r\n");
    else if (const AttemptRecord *last = answering ? &record.attempts[*answering] : lastAsked(record)) {
        addValue(lines.append("x-signalbox-provider: "), last->provider);
        if (!last->model.empty())
            addValue(lines.append("x-signalbox-model: "), last->model);
        addValue(lines.append("x-signalbox-attempts: "), std::int64_t {attempts});
        const auto known = cost();
        if (!streaming && known)
            lines.append("x-signalbox-cost: ").append(known->toDecimal()).append("\r\n");
    }
    lines.append("x-signalbox-cache: ").append(toText(record.cache)).append("\r\n");
    addValue(lines.append("x-signalbox-latency-ms: "), std::int64_t {elapsedUs(now()) / 1000});
    if (!record.dropped.empty())
        addValue(lines.append("x-signalbox-dropped: "), record.dropped);
    if (quota)
        quota->addHeaders(lines);
    if (streaming)
        lines.append(endpoint == Endpoint::Passthrough ? "x-accel-buffering: no\r\n" : "cache-control: no-cache\r\nx-accel-buffering: no\r\n");
    lines.append(extraHeaders);
}

const HttpHead &Exchange::head()
{
    m_head.headers = m_lines;
    return m_head;
}

void Exchange::outcome(CallStatus status, int httpStatus)
{
    record.status = status;
    record.httpStatus = static_cast<std::int16_t>(httpStatus);
    if (status == CallStatus::Cancelled && !record.error)
        record.error = ErrorCode::Cancelled;
}

void Exchange::outcome(const Error &error, int httpStatus)
{
    outcome(statusOf(error, attempts > 0, record.firstByteUs >= 0), httpStatus);
    record.error = error.code;
    record.errorMessage = truncatedUtf8(error.message, longestError);
}

/// A provider's answer has come to its end.
void Exchange::outcomeOfAnswer()
{
    if (callerLeft())
        outcome(CallStatus::Cancelled, begun ? answerStatus : 0);
    else if (answerError)
        outcome(*answerError, answerStatus);
    else
        outcome(CallStatus::Ok, answerStatus);
}

bool Exchange::settlesDurably() const
{
    return config->gateway.durability == config::Durability::Strict || account.logBehind();
}

Task<void> Exchange::settle()
{
    if (settlesDurably())
        co_await account.settleDurably(*this);
    else
        account.settle(*this);
}

/// Not a coroutine itself: one frame less for every call but the durable ones.
Task<bool> Exchange::send(std::string_view body)
{
    if (isFiltered())
        return sendFiltered(body);
    if (answerIsText)
        capture.answer(body);
    m_head.status = answerStatus;
    m_head.length = answerLength;
    m_head.contentType = answerType;
    writeHeaders(false);
    outcomeOfAnswer();
    if (settlesDurably())
        return sendDurably(body);
    account.settle(*this);
    replied = true;
    return caller.send(head(), body);
}

Task<bool> Exchange::sendDurably(std::string_view body)
{
    co_await account.settleDurably(*this);
    replied = true;
    const bool there = co_await caller.send(head(), body);
    co_return there;
}

/// Whether an answer that has come to its end may go on. Else its caller has been told, unless another answer is to be asked for.
/// @param read  what the check says of it
Task<bool> Exchange::passes(Result<> read)
{
    if (read && check->hasToAsk()) {
        read = co_await check->ask();
        if (!read)
            m_checked.clear();
    }
    if (read)
        co_return true;
    if (check->wantsAnother())
        co_return false;
    m_stopped = std::move(read.error());
    Error error = *m_stopped;
    co_await refuse(std::move(error));
    co_return false;
}

/// Looked at, then logged and kept, then given back what only the caller may see.
Task<bool> Exchange::sendFiltered(std::string_view body)
{
    if (check) {
        m_checked.clear();
        const Result<> read = check->whole(body, m_checked);
        const bool passed = co_await passes(read);
        if (!passed)
            co_return true;
        body = m_checked;
    }
    if (answerIsText)
        capture.answer(body);
    if (tap)
        tap->whole(body);
    if (restore && restore->whole(body, m_restored))
        body = m_restored;
    m_head.status = answerStatus;
    m_head.contentType = answerType;
    writeHeaders(false);
    outcomeOfAnswer();
    co_await settle();
    replied = true;
    const bool there = co_await caller.send(head(), body);
    co_return there;
}

Task<void> Exchange::reply(Reply answer)
{
    if (answer.error)
        outcome(*answer.error, answer.status);
    else
        outcome(CallStatus::Ok, answer.status);
    m_head.status = answer.status;
    m_head.contentType = answer.contentType;
    writeHeaders(false);
    m_lines += answer.headers;
    co_await settle();
    replied = true;
    co_await caller.send(head(), answer.body);
}

Task<void> Exchange::refuse(Error error, std::optional<Duration> retryAfter)
{
    std::string body = begun ? std::string() : wire::errorBody(error, format);
    const int status = wire::callerStatus(error.code);
    co_await tell(error, status, std::move(body), retryAfter);
}

Task<void> Exchange::breakOff(Error error, std::string event)
{
    co_await tell(error, wire::callerStatus(error.code), std::move(event), std::nullopt);
}

Task<void> Exchange::refuse(Error error, int httpStatus, std::string body)
{
    if (begun)
        body.clear(); // a stream tells it in its own way
    co_await tell(error, httpStatus, std::move(body), std::nullopt);
}

/// What the filters of a stream that ends early have not let go yet; of one that was stopped what came before that.
std::string Exchange::heldBack()
{
    std::string checked, restored;
    if (m_stopped)
        checked = std::move(m_checked);
    else if (check && (!check->finish(checked) || check->hasToAsk()))
        checked.clear();
    if (answerIsText)
        capture.answer(checked);
    if (!restore)
        return checked;
    (void)restore->piece(checked, restored);
    (void)restore->finish(restored);
    return restored;
}

Task<void> Exchange::tell(const Error &given, int httpStatus, std::string body, std::optional<Duration> retryAfter)
{
    const Error &error = m_stopped ? *m_stopped : given;
    if (m_stopped) {
        httpStatus = wire::callerStatus(error.code);
        if (!begun)
            body = wire::errorBody(error, format);
    }
    if (callerLeft()) {
        outcome(CallStatus::Cancelled, begun ? answerStatus : 0);
        co_await settle();
        replied = true;
        co_return;
    }
    if (begun) {
        const std::string event = body.empty() ? wire::errorEvent(error, format) : std::move(body);
        std::string last = check || restore ? heldBack() : std::string();
        last += event;
        capture.answer(event);
        outcome(error, 200);
        co_await settle();
        replied = true;
        co_await caller.write(last);
        caller.cut();
        co_return;
    }
    capture.answer(body);
    if (restore) { // a provider's words may have quoted the request
        answerType = "application/json";
        m_restored.clear();
        if (restore->whole(body, m_restored))
            body = m_restored;
    }
    m_head.contentType = "application/json";
    m_head.status = httpStatus;
    writeHeaders(false);
    if (!retryAfter && (error.code == ErrorCode::ShuttingDown || error.code == ErrorCode::StoreUnavailable))
        retryAfter = comeBack;
    if (retryAfter)
        addValue(m_lines.append("retry-after: "), wire::retryAfterSeconds(*retryAfter));
    outcome(error, httpStatus);
    co_await settle();
    replied = true;
    co_await caller.send(head(), body);
}

Task<void> Exchange::cut(Error error)
{
    const std::string last = (check || restore) && answerIsText && !callerLeft() ? heldBack() : std::string();
    if (callerLeft())
        outcome(CallStatus::Cancelled, answerStatus);
    else
        outcome(m_stopped ? *m_stopped : error, answerStatus);
    co_await settle();
    replied = true;
    if (!last.empty())
        co_await caller.write(last);
    caller.cut();
}

Task<bool> Exchange::stream(std::string_view bytes)
{
    if (isFiltered())
        return streamFiltered(bytes);
    if (answerIsText)
        capture.answer(bytes);
    return write(bytes);
}

/// Looked at, logged and kept, given back: each piece as it comes.
Task<bool> Exchange::streamFiltered(std::string_view bytes)
{
    if (check) {
        m_checked.clear();
        if (auto passed = check->piece(bytes, m_checked); !passed) {
            m_stopped = std::move(passed.error());
            co_return false; // told once the attempt's own books are closed
        }
        bytes = m_checked;
    }
    if (check || restore)
        answerLength.reset(); // of before
    if (answerIsText)
        capture.answer(bytes);
    if (tap)
        tap->piece(bytes);
    if (restore) {
        m_restored.clear();
        (void)restore->piece(bytes, m_restored);
        bytes = m_restored;
    }
    if (bytes.empty() && begun)
        co_return !callerLeft();
    const bool there = co_await write(bytes);
    co_return there;
}

Task<bool> Exchange::write(std::string_view bytes)
{
    bool there = false;
    if (begun) {
        there = co_await caller.write(bytes);
    } else {
        m_head.status = answerStatus;
        m_head.length = answerLength;
        m_head.contentType = streamType;
        writeHeaders(true);
        begun = true;
        there = co_await caller.begin(head(), bytes);
    }
    if (!there)
        cancel.cancel();
    co_return there;
}

Task<std::unique_ptr<Tunnel>> Exchange::join(std::unique_ptr<UpstreamCall> call, std::string_view lines)
{
    answerStatus = switching;
    writeHeaders(true);
    m_lines.append(lines);
    begun = true;
    std::unique_ptr<Tunnel> tunnel = co_await caller.join(m_lines, std::move(call), cancel);
    co_return tunnel;
}

Task<void> Exchange::close(CallStatus status, std::optional<Error> error)
{
    outcome(status, answerStatus);
    if (error) {
        record.error = error->code;
        record.errorMessage = truncatedUtf8(error->message, longestError);
    }
    replied = true;
    co_await settle();
}

Task<void> Exchange::endFiltered(std::string_view last)
{
    if (check) {
        m_checked.clear();
        Result<> read = check->piece(last, m_checked);
        if (read)
            read = check->finish(m_checked);
        const bool passed = co_await passes(std::move(read));
        if (!passed)
            co_return;
        last = m_checked;
    }
    if (answerIsText)
        capture.answer(last);
    if (tap)
        tap->end(last);
    if (restore) {
        m_restored.clear();
        (void)restore->piece(last, m_restored);
        (void)restore->finish(m_restored);
        last = m_restored;
    }
    if (!begun) {
        const bool there = co_await write({});
        if (!there)
            co_return;
    }
    outcomeOfAnswer();
    co_await settle();
    replied = true;
    co_await caller.end(last);
}

Task<void> Exchange::end(std::string_view last)
{
    if (isFiltered()) {
        co_await endFiltered(last);
        co_return;
    }
    if (!begun) {
        const bool there = co_await stream({});
        if (!there)
            co_return;
    }
    if (answerIsText)
        capture.answer(last);
    outcomeOfAnswer();
    co_await settle();
    replied = true;
    co_await caller.end(last);
}

} // namespace gateway::pipeline
