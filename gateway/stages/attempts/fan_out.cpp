// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/fan_out.h"

#include "gateway/core/text.h"
#include "gateway/pipeline/exchange.h"
#include "gateway/pipeline/task_group.h"
#include "gateway/providers/embeddings_translation.h"
#include "gateway/stages/attempts/answer_conversion.h"
#include "gateway/stages/attempts/attempt_limits.h"
#include "gateway/stages/attempts/embeddings_answer.h"
#include "gateway/stages/attempts/upstream_proof.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <span>
#include <utility>

namespace gateway::stages {

using pipeline::Exchange;
using pipeline::Task;
using pipeline::UpstreamBytes;

namespace {

constexpr std::size_t enoughOfAnError = 64 * 1024;
constexpr Duration longestPause = std::chrono::seconds {60};
constexpr Duration patience = std::chrono::seconds {1}; // with calls that are told to end

bool isFine(int status)
{
    return status >= 200 && status < 300;
}

struct Answer
{
    std::string body {};
    AnswerConversion::Form came = AnswerConversion::Form::Whole;
    int status = 0;
    bool whole = false;
};

} // namespace

struct FanOut::State
{
    State(Exchange &exchange, AttemptBook &attempt, Outgoing &outgoing)
        : x(exchange), book(attempt), out(outgoing), answers(outgoing.encoded.calls), cancels(outgoing.encoded.calls)
    {
    }

    Exchange &x;
    AttemptBook &book;
    Outgoing &out;
    std::vector<Answer> answers;
    std::vector<pipeline::CancelSource> cancels; ///< one for each call: they wait side by side
    std::size_t next = 0;                        ///< the first call that has not begun
    std::size_t lanes = 0;                       ///< that have not ended
    std::size_t bytes = 0;                       ///< of all answers
    std::optional<AttemptEnd> failure {};        ///< the first one
    std::optional<pipeline::CancelSource> wake {}; ///< ends the pause of whoever awaits them

    void cancelAll()
    {
        next = answers.size();
        for (pipeline::CancelSource &cancel : cancels)
            cancel.cancel();
    }

    void fail(AttemptEnd end)
    {
        if (!failure)
            failure = std::move(end);
        cancelAll();
    }

    void fail(const Error &error, int httpStatus = 0) { fail(failedBy(error, book.provider().name, httpStatus)); }

    /// One of those that make the calls; tells of its end, however that comes.
    class Lane
    {
    public:
        explicit Lane(State &state) : m_state(state) {}
        ~Lane()
        {
            if (--m_state.lanes == 0 && m_state.wake)
                m_state.wake->cancel();
        }
        Lane(const Lane &) = delete;
        Lane &operator=(const Lane &) = delete;

    private:
        State &m_state;
    };

    /// What a read brought. @return whether more is to come
    bool take(Answer &answer, const Result<UpstreamBytes> &read)
    {
        if (!read) {
            if (isFine(answer.status)) // of an error, what came of its words is enough
                fail(read.error(), answer.status);
            return false;
        }
        if (read->kind == UpstreamBytes::Kind::Woken)
            fail({.code = ErrorCode::IdleTimeout, .message = "the answer stood still."}, answer.status);
        if (read->kind != UpstreamBytes::Kind::Data)
            return false;
        answer.body.append(read->data);
        bytes += read->data.size();
        if (bytes > static_cast<std::size_t>(x.config->gateway.maxAnswer))
            fail({.code = ErrorCode::AnswerTooLarge, .message = fmt::format("the answers are larger than {} bytes.", x.config->gateway.maxAnswer)}, answer.status);
        return !failure && (isFine(answer.status) || answer.body.size() < enoughOfAnError);
    }

    /// An answer's body is here, as far as it came.
    void judge(Answer &answer, const pipeline::UpstreamHead &head)
    {
        if (failure)
            return;
        if (!isFine(answer.status))
            return fail(failedBy(wire::classifyUpstreamError(answer.status, head.headers, answer.body, x.worker.clock.wallNow(), book.provider().secrets), book.provider().name));
        const auto coding = findHeader(head.headers, "content-encoding");
        if (coding && !equalsIgnoringCase(*coding, "identity"))
            return fail({.code = ErrorCode::Malformed, .message = "the answer is compressed, though that was not asked for."}, answer.status);
        answer.came = AnswerConversion::formOf(book, out.form, findHeader(head.headers, "content-type").value_or(std::string_view()));
        answer.whole = true;
    }
};

FanOut::FanOut(const Try &attempt, Outgoing &out)
    : m_try(attempt), m_x(attempt.x), m_book(attempt.book), m_out(out), m_state(std::make_unique<State>(attempt.x, attempt.book, out))
{
}

FanOut::~FanOut() = default;

Task<void> FanOut::run()
{
    pipeline::TaskGroup lanes;
    start(lanes);
    co_await awaitAll();
    co_await lanes.done();
    if (!judge())
        co_return;
    if (m_try.gate) {
        const bool mine = co_await passGate();
        if (!mine)
            co_return;
    }
    accepted();
    const bool asStream = m_x.scan.stream && m_out.form.how != AnswerForm::How::Embeddings;
    if (asStream || m_x.begun)
        co_await m_x.end(m_body);
    else
        co_await m_x.send(m_body);
}

void FanOut::start(pipeline::TaskGroup &group)
{
    const auto places = static_cast<std::size_t>(std::max(m_book.provider().address.maxConnections, 1));
    const std::size_t lanes = std::min({mostAtOnce, m_out.encoded.calls, places});
    m_state->lanes = lanes;
    for (std::size_t i = 0; i < lanes; ++i)
        group.add(lane(*m_state));
}

Task<void> FanOut::lane(State &state)
{
    const State::Lane own(state);
    while (state.next < state.answers.size()) {
        const std::size_t number = state.next++;
        co_await call(state, number);
    }
}

Task<void> FanOut::call(State &state, std::size_t number)
{
    pipeline::CancelSource &cancel = state.cancels[number];
    Answer &answer = state.answers[number];
    UpstreamProof proof(state.x, state.book);
    std::unique_ptr<pipeline::UpstreamCall> call;
    do {
        call.reset();
        pipeline::UpstreamRequest request = requestOf(state.x, state.book, state.out, number);
        if (proof.isNeeded()) {
            const Result<void> shown = co_await proof.add(request, cancel);
            if (!shown)
                co_return state.fail(shown.error());
        }
        auto started = co_await state.x.worker.upstream.start(std::move(request), cancel);
        if (!started)
            co_return state.fail(started.error());
        call = std::move(*started);
        state.book.sent();
        if (const auto &limit = state.book.target().limits.firstByte)
            call->expectBy(after(state.x.now(), *limit));
        const Result<bool> there = co_await call->readHead(pipeline::never);
        if (!there)
            co_return state.fail(there.error());
    } while (proof.renew(call->head()));
    answer.status = call->head().status;
    if (isFine(answer.status)) {
        call->expectBy(std::nullopt);
        state.book.noteLimits(call->head().headers);
    }
    for (bool more = true; more;) {
        const Result<UpstreamBytes> read = co_await call->read(state.x.now() + state.book.target().limits.idle);
        more = state.take(answer, read);
    }
    state.judge(answer, call->head());
}

Task<void> FanOut::awaitAll()
{
    while (m_state->lanes > 0) {
        const bool over = m_x.callerLeft() || m_try.cancel.cancelled();
        if (over)
            m_state->cancelAll();
        const Duration longest = over ? patience : std::min(m_try.alive.due() - m_x.now(), longestPause);
        co_await pause(std::max(longest, Duration::zero()));
        if (m_state->lanes > 0 && !over && m_x.now() >= m_try.alive.due())
            co_await m_try.alive.beat(); // a caller who has left is seen above
    }
}

/// Until every call has ended, the try is over, or the time is.
Task<void> FanOut::pause(Duration longest)
{
    m_state->wake.emplace();
    if (!m_try.cancel.cancelled())
        m_try.cancel.setHook([this] { m_state->wake->cancel(); });
    co_await m_x.worker.timers.pause(longest, *m_state->wake);
    m_try.cancel.setHook(nullptr);
    m_state->wake.reset();
}

/// @return whether m_body is what the caller gets; else the try's end says how it ended
bool FanOut::judge()
{
    if (m_x.callerLeft() || m_try.isLost()) {
        stop();
        return false;
    }
    std::optional<AttemptEnd> failure = m_state->failure ? std::move(m_state->failure) : putTogether();
    if (failure) {
        countWhatCame();
        m_try.end = std::move(*failure);
        m_book.fail(m_try.end.failure);
        return false;
    }
    return true;
}

/// Nobody waits for this try's answer any more.
void FanOut::stop()
{
    countWhatCame();
    if (m_x.callerLeft())
        m_book.cancel();
    else
        m_book.lose();
}

/// False: the answer of another try came first.
Task<bool> FanOut::passGate()
{
    const bool mine = co_await m_try.gate->pass();
    if (mine) {
        tell(m_x, std::exchange(m_out.form.told, {}));
        m_x.capture.received(m_received);
    } else {
        stop();
    }
    co_return mine;
}

void FanOut::accepted()
{
    m_book.firstContent(m_x.now());
    m_book.answers();
    m_book.succeed(m_state->answers.front().status);
    m_try.end.kind = AttemptEnd::Kind::Answered;
}

/// @return why they make no answer
std::optional<AttemptEnd> FanOut::putTogether()
{
    if (m_out.form.how == AnswerForm::How::Embeddings)
        return putVectorsTogether();
    const std::vector<Answer> &answers = m_state->answers;
    AnswerConversion conversion(m_x, m_book, m_out.form, static_cast<std::uint32_t>(answers.size()), m_try.gate ? &m_received : nullptr);
    for (const Answer &answer : answers)
        if (auto failure = conversion.add(answer.body, answer.came, answer.status))
            return failure;
    if (conversion.isWithheld() && m_x.plan->fallbackOnContentPolicy)
        return failedBy(Error {.code = ErrorCode::ContentPolicy, .message = "an answer was withheld for its content."}, m_book.provider().name, answers.front().status);
    m_body = conversion.take();
    return std::nullopt;
}

std::optional<AttemptEnd> FanOut::putVectorsTogether()
{
    std::vector<std::string_view> bodies;
    for (const Answer &answer : m_state->answers) {
        bodies.push_back(answer.body);
        if (m_try.gate)
            m_received += answer.body;
        else
            m_x.capture.received(answer.body);
    }
    auto written = embeddingsAnswer(m_x, m_book, bodies, m_state->answers.front().status);
    if (!written)
        return std::move(written.error());
    m_body = std::move(*written);
    return std::nullopt;
}

/// Answers that came before another failed were billed.
void FanOut::countWhatCame()
{
    TokenUsage sum;
    for (const Answer &answer : m_state->answers) {
        if (!answer.whole)
            continue;
        if (m_out.form.how == AnswerForm::How::Embeddings) {
            const std::string_view body = answer.body;
            const auto read = providers::readEmbeddings(*m_book.provider().site, std::span(&body, 1), 1);
            sum += read && read->usage ? *read->usage : TokenUsage {};
            continue;
        }
        AnswerWatch watch(m_x, m_book, m_out.form, nullptr);
        decoderFor(m_x, m_book, m_out.form)->onBody(answer.body, watch);
        sum += watch.usage();
    }
    if (sum.total() > 0)
        m_book.use(sum);
}

} // namespace gateway::stages
