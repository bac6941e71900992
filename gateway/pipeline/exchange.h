// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"
#include "gateway/pipeline/answer_filter.h"
#include "gateway/pipeline/capture.h"
#include "gateway/pipeline/compiled_config.h"
#include "gateway/pipeline/http.h"
#include "gateway/pipeline/reply.h"
#include "gateway/pipeline/stage.h"
#include "gateway/pipeline/worker.h"
#include "gateway/routing/call_facts.h"
#include "gateway/routing/limit_claims.h"
#include "gateway/wire/caller_format.h"
#include "gateway/wire/request_scan.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::pipeline {

class QuotaHold;

/// What is asked of a response that a provider keeps.
struct StoredCall
{
    std::string id;              ///< plain
    std::string_view below {};   ///< "", "/input_items" or "/cancel"
    bool unbilled = false;       ///< what it took has not been counted yet: it was made in the background
};

/// One call, from its request to its record. Lives as long as the runner's frame, on one worker; stages read and fill it.
///
/// Whatever way it ends, the caller gets exactly one reply and the log exactly one record: the functions below settle
/// before the last byte leaves, and the destructor settles what nobody settled (a destroyed frame, an exception).
struct Exchange : Pooled
{
    /// A caller's call; a copy of one that nobody waits for, which counts in no figures, budgets or health; or a question about
    /// the caller's own calls, or a word about one of them, which count nowhere and have no record unless their key is refused.
    enum class Purpose : std::uint8_t { Call, Shadow, LogRead, Feedback };

    Exchange(Worker &worker, Accountant &account, std::shared_ptr<const CompiledConfig> config, const HttpRequest &request, CallerStream &caller,
             Purpose purpose = Purpose::Call);
    ~Exchange();
    Exchange(const Exchange &) = delete;
    Exchange &operator=(const Exchange &) = delete;

    // --- what it works with
    Worker &worker;
    Accountant &account;
    const std::shared_ptr<const CompiledConfig> config; ///< of the moment it began; kept to its end
    const HttpRequest &request;
    CallerStream &caller;
    CancelSource cancel;                  ///< fires when the caller leaves
    const Purpose purpose;

    // --- what is asked; front door and auth
    Endpoint endpoint = Endpoint::Other;
    wire::CallerFormat format = wire::CallerFormat::OpenAi;
    std::string pathArgument {};          ///< of /v1/models/{id} and its kin
    std::string pathModel {};             ///< where the path names the model (Gemini's and Azure's forms)
    std::string_view pathRest {};         ///< of passthrough: the provider's own path, as sent
    bool pathStreams = false;             ///< the path asks for a stream (Gemini's)
    std::optional<StoredCall> stored {};  ///< no model is asked: a response is read, deleted or cancelled
    const CompiledKey *key = nullptr;     ///< null: none was needed (or none was right)
    bool authenticated = false;           ///< auth let it in, with or without a key

    // --- where it goes; resolve
    std::string filledBody {};            ///< the request's, with what its prompt and its key set in it, and without what privacy takes out; empty: it is as the caller sent it
    wire::RequestScan scan {};            ///< of the one or the other
    std::shared_ptr<const routing::Plan> plan {};
    const CompiledRoute *route = nullptr;
    std::string star {};                  ///< what a wildcard's star stands for; empty: no wildcard
    std::int64_t promptTokens = 0;        ///< estimate
    std::string region {};                ///< where the answer must come from; empty: anywhere
    SteadyTime deadline = SteadyTime::max(); ///< of the whole call (x-signalbox-timeout)
    routing::CallFacts facts {};          ///< what its plan may look at
    routing::LimitClaims limitClaims {};  ///< what it holds of its plan's limit nodes
    std::unique_ptr<QuotaHold> quota;     ///< what it holds of its scopes' budgets and limits; null: no rule holds for it
    std::size_t decided = 0;              ///< bytes of record.decisions that stand before what its plan decides
    std::size_t lostBefore = 0;           ///< of record.losses that stand before those of an attempt: of the prompt's version

    // --- how it goes; attempts
    int attempts = 0;                     ///< asked, not skipped
    std::uint32_t target = 0;             ///< of the last attempt, or the one that answers, into config->targets; meaningful where attempts > 0
    std::optional<std::size_t> answering {}; ///< into record.attempts: whose content goes to the caller
    bool begun = false;                   ///< a stream's head has gone to the caller
    bool replied = false;                 ///< the reply is complete, or was cut
    std::string extraHeaders {};          ///< for every answer: CORS, Allow; each "name: value\r\n"
    std::string_view streamType = "text/event-stream; charset=utf-8"; ///< Content-Type of a stream
    std::string_view answerType = "application/json"; ///< of a whole answer of a provider; holds until it is sent
    int answerStatus = 200;               ///< of a provider's answer, whole or streamed
    std::optional<Error> answerError {};  ///< what a provider's answer tells where it is passed on though it is an error: for the record
    std::optional<std::uint64_t> answerLength {}; ///< of a streamed answer, where it is known
    bool answerIsText = true;             ///< false: sound, pictures: not kept for the log
    std::unique_ptr<AnswerFilter> check {};   ///< of an answer before it is logged and kept; null: there is nothing to look for
    std::unique_ptr<AnswerTap> tap {};        ///< keeps it as it is logged; null: nobody does
    std::unique_ptr<AnswerFilter> restore {}; ///< puts back what was taken out of the request, for the caller alone; null: nothing was
    Capture capture;
    CallRecord record;                    ///< filled on the way; account finishes it
    bool settled = false;                 ///< the books are closed, `record` has gone

    [[nodiscard]] SteadyTime now() const { return worker.clock.steadyNow(); }
    /// Why nothing more of the answer may go to the caller, who has not been told yet: a filter said so.
    [[nodiscard]] const std::optional<Error> &stopped() const { return m_stopped; }
    /// The request's body as it goes on.
    [[nodiscard]] std::string_view body() const { return filledBody.empty() ? request.body : std::string_view(filledBody); }
    /// Microseconds from the moment the request was read.
    [[nodiscard]] std::int32_t elapsedUs(SteadyTime at) const;
    [[nodiscard]] bool callerLeft() const { return cancel.cancelled() || caller.gone(); }
    /// What the call has cost so far, over all attempts; nullopt: tokens were used whose price is not known.
    [[nodiscard]] std::optional<Money> cost() const;

    // --- the one reply. Each settles before its last byte leaves, and resumes once the bytes are with the kernel.

    /// A whole answer of a provider. `body` holds until the exchange ends. False: the caller has left.
    Task<bool> send(std::string_view body);
    /// A reply of the gateway's own.
    Task<void> reply(Reply reply);
    /// Tells the caller of an error in its format: a whole answer, or the last event of a stream that has begun, which is
    /// then cut so that nobody takes it for whole.
    Task<void> refuse(Error error, std::optional<Duration> retryAfter = std::nullopt);
    /// The same with a body made elsewhere (a provider's own 400); in a begun stream `error` is told instead.
    Task<void> refuse(Error error, int httpStatus, std::string body);
    /// Ends a stream that has begun with an error.
    /// @param event  the bytes that tell it; empty: those of the caller's format
    Task<void> breakOff(Error error, std::string event);
    /// Ends a stream that has begun so that the caller sees that it is not whole, without a word in it: for what is no text.
    Task<void> cut(Error error);
    /// Begins a stream, or goes on with it. `bytes` hold until it is done. False: the caller has left, or nothing more may go to it
    /// (whatever refuse() is then asked to tell, it tells that).
    Task<bool> stream(std::string_view bytes);
    /// The last bytes of a whole stream, and its clean end.
    Task<void> end(std::string_view last);
    /// Answers 101 and joins the caller's connection with a call's (CallerStream::join). Null: the caller has left.
    /// @param lines  of the answer, beside the gateway's own
    Task<std::unique_ptr<Tunnel>> join(std::unique_ptr<UpstreamCall> call, std::string_view lines);
    /// Closes the books of a tunnel that ends.
    /// @param error  why, where it did not end as its two ends wanted
    Task<void> close(CallStatus status, std::optional<Error> error);

private:
    void outcome(CallStatus status, int httpStatus);
    void outcome(const Error &error, int httpStatus);
    void outcomeOfAnswer();
    [[nodiscard]] bool settlesDurably() const;
    Task<void> settle();
    const HttpHead &head();
    Task<bool> sendDurably(std::string_view body);
    Task<void> tell(const Error &error, int httpStatus, std::string body, std::optional<Duration> retryAfter);
    void writeHeaders(bool streaming);
    [[nodiscard]] bool isFiltered() const { return check || tap || restore; }
    Task<bool> passes(Result<> read);
    Task<bool> sendFiltered(std::string_view body);
    Task<bool> streamFiltered(std::string_view bytes);
    Task<void> endFiltered(std::string_view last);
    [[nodiscard]] std::string heldBack();
    Task<bool> write(std::string_view bytes);

    std::string m_checked, m_restored;    ///< what filters make of a body or a piece
    std::optional<Error> m_stopped;       ///< why nothing more of the answer may go on; the caller has not been told yet
    HttpHead m_head;                      ///< of the one answer
    PooledText m_lines;                   ///< its further headers
};

} // namespace gateway::pipeline
