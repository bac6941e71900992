// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/whole_answer.h"

#include "gateway/core/text.h"
#include "gateway/pipeline/exchange.h"
#include "gateway/providers/answer_rewrite.h"
#include "gateway/stages/attempts/answer_watch.h"
#include "gateway/stages/attempts/embeddings_answer.h"
#include "gateway/wire/answer_scan.h"
#include "gateway/wire/chat_stream_scan.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <fmt/format.h>
#include <span>
#include <utility>

namespace gateway::stages {

using pipeline::Task;

namespace {

constexpr std::size_t enoughOfAnError = 64 * 1024;
constexpr std::size_t largestReserve = 1024 * 1024; // a Content-Length is a claim, not yet bytes

bool isFine(int status)
{
    return status >= 200 && status < 300;
}

std::size_t claimedSize(const pipeline::UpstreamHead &head)
{
    std::size_t size = 0;
    if (const auto text = findHeader(head.headers, "content-length"))
        std::from_chars(text->data(), text->data() + text->size(), size);
    return std::min(size, largestReserve);
}

} // namespace

WholeAnswer::WholeAnswer(const Try &attempt, AnswerForm &form, pipeline::UpstreamCall &call)
    : m_try(attempt)
    , m_x(attempt.x)
    , m_book(attempt.book)
    , m_form(form)
    , m_call(call)
    , m_status(call.head().status)
    , m_headAt(attempt.x.now())
    , m_lastBytes(m_headAt)
{
    if (isFine(m_status))
        call.expectBy(std::nullopt);
}

SteadyTime WholeAnswer::silentAt() const
{
    return m_lastBytes + m_book.target().limits.idle;
}

Task<void> WholeAnswer::run()
{
    for (Next next = Next::Read; next != Next::Judge;) {
        const Result<pipeline::UpstreamBytes> read = co_await m_call.read(std::min(silentAt(), m_try.alive.due()));
        next = take(read);
        if (next == Next::Beat) {
            const bool there = co_await m_try.alive.beat();
            next = there ? Next::Read : failWith(ErrorCode::Cancelled, "The caller left.");
        }
    }
    if (m_came.empty())
        m_came = m_body;
    m_answer = m_came;
    if (!judge())
        co_return;
    if (m_try.gate) {
        const bool mine = co_await passGate();
        if (!mine)
            co_return;
    }
    accepted();
    if (m_asStream || m_x.begun)
        co_await m_x.end(m_answer);
    else
        co_await m_x.send(m_answer);
}

/// False: the answer of another try came first.
Task<bool> WholeAnswer::passGate()
{
    const bool mine = co_await m_try.gate->pass();
    if (mine) {
        tell(m_x, std::exchange(m_form.told, {}));
        m_x.capture.received(m_received);
    } else {
        lose();
    }
    co_return mine;
}

void WholeAnswer::lose()
{
    if (m_x.callerLeft())
        m_book.cancel();
    else
        m_book.lose();
}

WholeAnswer::Next WholeAnswer::take(const Result<pipeline::UpstreamBytes> &read)
{
    using Kind = pipeline::UpstreamBytes::Kind;
    if (!read) {
        m_error = read.error();
        return Next::Judge;
    }
    if (read->kind == Kind::End)
        return Next::Judge;
    const SteadyTime now = m_x.now();
    if (read->kind == Kind::Data) {
        m_lastBytes = now;
        if (read->last && m_body.empty()) { // all at once, as most do: it is passed on from where it stands
            m_came = read->data;
            return Next::Judge;
        }
        if (m_body.empty())
            m_body.reserve(claimedSize(m_call.head()));
        m_body.append(read->data);
        return !isFine(m_status) && m_body.size() >= enoughOfAnError ? Next::Judge : Next::Read;
    }
    if (now >= silentAt()) {
        const auto limit = std::chrono::duration_cast<std::chrono::milliseconds>(m_book.target().limits.idle);
        return failWith(ErrorCode::IdleTimeout, fmt::format("the answer stood still for {} ms.", limit.count()));
    }
    return now >= m_try.alive.due() ? Next::Beat : Next::Read;
}

WholeAnswer::Next WholeAnswer::failWith(ErrorCode code, std::string message)
{
    m_error = Error {.code = code, .message = std::move(message)};
    return Next::Judge;
}

void WholeAnswer::fail(AttemptEnd end)
{
    m_try.end = std::move(end);
    m_book.fail(m_try.end.failure);
}

/// @return whether m_answer is what the caller gets; else the try's end says how it ended
bool WholeAnswer::judge()
{
    const std::string &provider = m_book.provider().name;
    if (m_x.callerLeft() || m_try.isLost()) {
        lose();
        return false;
    }
    if (!isFine(m_status)) { // what came of its words is enough
        const WallTime now = m_x.worker.clock.wallNow();
        fail(failedBy(wire::classifyUpstreamError(m_status, m_call.head().headers, m_came, now, m_book.provider().secrets), provider));
        return false;
    }
    if (m_error) {
        fail(failedBy(*m_error, provider, m_status));
        return false;
    }
    return accept();
}

/// The answer is here to its last byte.
bool WholeAnswer::accept()
{
    const auto coding = findHeader(m_call.head().headers, "content-encoding");
    if (coding && !equalsIgnoringCase(*coding, "identity")) {
        fail(failedBy(Error {.code = ErrorCode::Malformed, .message = "the answer is compressed, though that was not asked for."}, m_book.provider().name, m_status));
        return false;
    }
    switch (m_form.how) {
    case AnswerForm::How::Embeddings: return acceptEmbeddings();
    case AnswerForm::How::Opaque: return acceptOpaque();
    case AnswerForm::How::Scanned:
    case AnswerForm::How::Watched:
    case AnswerForm::How::Translated: break;
    }
    return m_x.endpoint == Endpoint::Embeddings ? acceptScanned() : acceptChat();
}

bool WholeAnswer::acceptChat()
{
    using Form = AnswerConversion::Form;
    const Form came = AnswerConversion::formOf(m_book, m_form, findHeader(m_call.head().headers, "content-type").value_or(std::string_view()));
    m_asStream = m_x.scan.stream;
    if (m_try.continuation && m_try.continuation->hasBegun()) {
        fail(failedBy(Error {.code = ErrorCode::Malformed, .message = "a whole answer came where the rest of a stream was asked for."}, m_book.provider().name, m_status));
        return false;
    }
    if (m_x.endpoint == Endpoint::Completions)
        return m_asStream ? acceptCompletionStream() : acceptScanned();
    if (m_asStream || came == Form::Stream || m_form.how == AnswerForm::How::Translated)
        return acceptConverted(came);
    return m_form.how == AnswerForm::How::Watched ? acceptWatched() : acceptScanned();
}

bool WholeAnswer::acceptScanned()
{
    const pipeline::CompiledProvider &provider = m_book.provider();
    const providers::ProviderKind &kind = provider.kind();
    const wire::AnswerScan scan = wire::scanAnswer(m_came, m_x.endpoint, kind.dialect.reasoning);
    if (scan.kind == wire::AnswerScan::Kind::ErrorObject) {
        fail(failedBy(wire::classifyErrorObject(m_came, m_x.worker.clock.wallNow(), provider.secrets), provider.name));
        return false;
    }
    if (scan.kind == wire::AnswerScan::Kind::Malformed) {
        fail(failedBy(Error {.code = ErrorCode::Malformed, .message = scan.why}, provider.name, m_status));
        return false;
    }
    m_book.use(scan.usageOrEstimate(m_x.promptTokens, m_x.endpoint));
    if (scan.finishReason == "content_filter" && failWithheld())
        return false;
    if (auto rewritten = providers::rewriteAnswer(kind, m_x.endpoint, m_came, scan.shape))
        m_answer = m_made = std::move(*rewritten);
    return true;
}

/// A text completion in a stream's one chunk: the two have the same members.
bool WholeAnswer::acceptCompletionStream()
{
    if (!acceptScanned())
        return false;
    std::string event = "data: ";
    event += m_answer;
    std::ranges::replace_if(event, [](char c) { return c == '\r' || c == '\n'; }, ' '); // its data is one line
    event += "\n\n";
    if (m_x.scan.includeUsage) {
        const auto created = std::chrono::duration_cast<std::chrono::seconds>(m_x.record.startedAt.time_since_epoch()).count();
        event += wire::makeUsageChunk({}, m_book.model(), created, m_book.record().usage, m_x.cost(), m_x.endpoint);
    }
    event += "data: [DONE]\n\n";
    m_answer = m_made = std::move(event);
    return true;
}

/// Its bytes pass, with a decoder looking on.
bool WholeAnswer::acceptWatched()
{
    const auto decoder = decoderFor(m_x, m_book, m_form);
    AnswerWatch watch(m_x, m_book, m_form, nullptr);
    decoder->onBody(m_came, watch);
    if (!watch.failed() && !watch.ended())
        decoder->onEnd(watch);
    const pipeline::CompiledProvider &provider = m_book.provider();
    if (watch.failed() && !watch.errorObject().empty()) {
        fail(failedBy(wire::classifyErrorObject(watch.errorObject(), m_x.worker.clock.wallNow(), provider.secrets), provider.name));
        return false;
    }
    if (watch.failed() || !watch.ended()) {
        fail(failedBy(Error {.code = ErrorCode::Malformed, .message = "the answer is not of the provider's format, or not whole."}, provider.name, m_status));
        return false;
    }
    return !(watch.isWithheld() && failWithheld());
}

bool WholeAnswer::acceptConverted(AnswerConversion::Form came)
{
    AnswerConversion conversion(m_x, m_book, m_form, 1, m_try.gate ? &m_received : nullptr);
    if (auto failed = conversion.add(m_came, came, m_status)) {
        fail(std::move(*failed));
        return false;
    }
    if (conversion.isWithheld() && failWithheld())
        return false;
    m_answer = m_made = conversion.take();
    return true;
}

bool WholeAnswer::acceptEmbeddings()
{
    if (m_try.gate)
        m_received = m_came;
    else
        m_x.capture.received(m_came);
    auto written = embeddingsAnswer(m_x, m_book, std::span(&m_came, 1), m_status);
    if (!written) {
        fail(std::move(written.error()));
        return false;
    }
    m_answer = m_made = std::move(*written);
    return true;
}

/// Images, sound, lists: whatever came is the answer, but for an error that says so.
bool WholeAnswer::acceptOpaque()
{
    const pipeline::CompiledProvider &provider = m_book.provider();
    const auto type = findHeader(m_call.head().headers, "content-type");
    if (m_came.empty()) {
        fail(failedBy(Error {.code = ErrorCode::Malformed, .message = "the answer is empty."}, provider.name, m_status));
        return false;
    }
    const bool json = m_came.front() == '{';
    const wire::AnswerScan scan = json ? wire::scanAnswer(m_came, Endpoint::Other) : wire::AnswerScan {};
    if (scan.kind == wire::AnswerScan::Kind::ErrorObject) {
        fail(failedBy(wire::classifyErrorObject(m_came, m_x.worker.clock.wallNow(), provider.secrets), provider.name));
        return false;
    }
    if (type && type->find_first_of("\r\n") == std::string_view::npos)
        m_x.answerType = *type;
    m_book.use(scan.usage ? *scan.usage : TokenUsage {.input = m_x.promptTokens, .estimated = true});
    return true;
}

/// The provider's rules for content ended the answer, whatever stands in it. @return whether that is this try's failure (F19)
bool WholeAnswer::failWithheld()
{
    if (!m_x.plan->fallbackOnContentPolicy)
        return false;
    fail(failedBy(Error {.code = ErrorCode::ContentPolicy, .message = "the answer was withheld for its content."}, m_book.provider().name, m_status));
    return true;
}

void WholeAnswer::accepted()
{
    m_book.firstContent(m_headAt);
    m_book.answers();
    m_book.succeed(m_status);
    m_try.end.kind = AttemptEnd::Kind::Answered;
}

} // namespace gateway::stages
