// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/cache/cache_answerer.h"

#include "gateway/core/text.h"
#include "gateway/pipeline/answer_caches.h"
#include "gateway/pipeline/exchange.h"
#include "gateway/stages/cache/alike.h"
#include "gateway/stages/cache/answer_keeper.h"
#include "gateway/stages/cache/answer_wait.h"
#include "gateway/stages/cache/cache_wish.h"
#include "gateway/stages/cache/kept_delivery.h"
#include "gateway/stages/cache/question_vector.h"
#include "gateway/stages/cache/semantic_question.h"
#include "gateway/wire/caller_errors.h"
#include "gateway/wire/codecs.h"

#include <algorithm>
#include <utility>

namespace gateway::stages {

using pipeline::Exchange;
using pipeline::Task;
using Role = state::SingleFlight::Role;

namespace {

constexpr Duration longestFind = std::chrono::milliseconds {50};    // in a store that replicas share
constexpr Duration longestWait = std::chrono::minutes {2};          // for another call's answer; then it asks itself
constexpr Duration longestPause = std::chrono::minutes {1};
constexpr std::size_t longestQuestion = 2'000;                      // bytes that are kept for eyes
constexpr int gatewayTimeout = 504;

Task<void> refuseUncached(Exchange &x, CacheOutcome outcome)
{
    x.record.cache = outcome;
    Error error {.code = ErrorCode::NotFound, .message = "No answer to this is kept, and x-signalbox-cache says only-if-cached: nobody was asked."};
    std::string body = wire::errorBody(error, x.format);
    co_await x.refuse(std::move(error), gatewayTimeout, std::move(body));
}

} // namespace

/// What is known of one call as it is looked for.
struct CacheAnswerer::Look
{
    explicit Look(Exchange &of) : x(of), caches(*of.worker.services.caches) {}

    Exchange &x;
    pipeline::AnswerCaches &caches;
    CacheControl wish {};
    CallScope scope;
    AnswerKey key {};
    std::unique_ptr<state::SingleFlight::Seat> seat; ///< null: it asks for itself alone
    std::optional<KeptQuestion> question {};         ///< its own, once there is a vector of it
};

Task<Result<void>> CacheAnswerer::answer(Exchange &x)
{
    const bool keeps = x.route && x.route->cache && x.worker.services.caches && x.purpose == Exchange::Purpose::Call && isKeepable(x);
    if (keeps)
        return answerFrom(x);
    return hasCacheWish(x) ? answerWithout(x) : m_next->answer(x);
}

/// Nothing is kept of such a call; what its caller wishes must be a wish all the same.
Task<Result<void>> CacheAnswerer::answerWithout(Exchange &x)
{
    Result<CacheControl> wish = cacheWishOf(x);
    if (!wish)
        co_return std::unexpected(std::move(wish.error()));
    if (wish->onlyIfCached) {
        co_await refuseUncached(x, CacheOutcome::Off);
        co_return Result<void>();
    }
    Result<void> answered = co_await m_next->answer(x);
    co_return answered;
}

/// @return false: the call has no key, so that nothing is kept of it
bool CacheAnswerer::begin(Exchange &x, Look &look)
{
    m_scopes.find(x, look.scope);
    const auto key = m_keys.keyOf(look.scope.view(), x.scan.body);
    look.key = key.value_or(AnswerKey {});
    return key.has_value();
}

Task<Result<void>> CacheAnswerer::answerFrom(Exchange &x)
{
    Result<CacheControl> wish = cacheWishOf(x);
    if (!wish)
        co_return std::unexpected(std::move(wish.error()));
    const auto look = std::make_unique<Look>(x);
    look->wish = *wish;
    if (!begin(x, *look)) {
        Result<void> answered = co_await m_next->answer(x);
        co_return answered;
    }
    if (wish->read) {
        const bool exact = co_await giveExact(*look);
        if (exact)
            co_return Result<void>();
    }
    if (wish->onlyIfCached) {
        const bool alike = co_await giveAlike(*look);
        if (!alike)
            co_await refuseUncached(x, CacheOutcome::Miss);
        co_return Result<void>();
    }
    if (wish->read && wish->store) {
        const bool shared = co_await waitForOthers(*look);
        if (shared)
            co_return Result<void>();
        if (x.callerLeft())
            co_return fail(ErrorCode::Cancelled, "The caller left.");
    }
    if (wish->read) {
        const bool alike = co_await giveAlike(*look);
        if (alike)
            co_return Result<void>();
    }
    Result<void> answered = co_await ask(*look);
    co_return answered;
}

Task<bool> CacheAnswerer::giveExact(Look &look)
{
    Exchange &x = look.x;
    SharedAnswer answer = co_await findAnswer(look.caches.answers(), look.key, x.worker.timers, longestFind, x.cancel);
    if (!answer)
        co_return false;
    const bool given = co_await give(x, std::move(answer), std::nullopt);
    co_return given;
}

/// Those who ask the same right now. True: one of them had an answer, and the call has got it.
Task<bool> CacheAnswerer::waitForOthers(Look &look)
{
    Exchange &x = look.x;
    look.seat = look.caches.flights().board(look.key);
    if (look.seat->role() == Role::Leads) { // whose flight may have landed a moment ago
        SharedAnswer landed = co_await findAnswer(look.caches.answers(), look.key, x.worker.timers, longestFind, x.cancel);
        if (!landed)
            co_return false;
        look.seat->land(landed);
        const bool given = co_await give(x, std::move(landed), std::nullopt);
        co_return given;
    }
    const Duration beat = x.scan.stream ? Duration(x.config->gateway.keepalive) : Duration::zero();
    const Duration step = beat > Duration::zero() ? beat : longestPause;
    const SteadyTime until = std::min(x.deadline, x.now() + longestWait);
    while (look.seat->role() == Role::Waits && !x.callerLeft() && x.now() < until) {
        const Role role = co_await awaitTurn(*look.seat, x.worker.timers, std::min(step, until - x.now()), x.cancel);
        if (role == Role::Waits && beat > Duration::zero() && x.now() < until)
            co_await x.stream(wire::keepaliveBytes(x.format)); // a caller who has left is seen above
    }
    SharedAnswer answer = look.seat->answer();
    if (answer && !x.callerLeft()) {
        const std::optional<double> similarity = look.seat->similarity(); // the leader's question is this one
        const bool given = co_await give(x, std::move(answer), similarity);
        co_return given;
    }
    if (look.seat->role() != Role::Leads)
        look.seat.reset();
    co_return false;
}

/// The answer to the question that is nearest, if it is near enough.
Task<bool> CacheAnswerer::giveAlike(Look &look)
{
    Exchange &x = look.x;
    const std::optional<config::SemanticCache> &settings = x.config->cache.semantic;
    if (x.route->cache->mode != config::CacheMode::Semantic || !settings || !look.scope.isConvertible())
        co_return false;
    const std::optional<SemanticQuestion> question = semanticQuestion(x.endpoint, x.scan);
    const std::optional<AnswerKey> conversation = question ? m_keys.conversationOf(look.scope.view(), x.scan.body, question->turn) : std::nullopt;
    if (!conversation)
        co_return false;
    std::vector<float> vector = co_await vectorOf(x, *m_next, question->text);
    std::string embedder = pipeline::nameOf(settings);
    const std::shared_ptr<state::SemanticIndex> index = look.caches.questions(embedder, vector.size());
    if (!index || x.callerLeft())
        co_return false;
    look.question = KeptQuestion {.text = std::string(truncatedUtf8(question->text, longestQuestion)), .conversation = *conversation, .embedder = std::move(embedder), .vector = vector};

    const double least = x.route->cache->threshold.value_or(settings->threshold);
    const auto match = co_await findAlike(index, *conversation, std::move(vector), least, x.worker.timers, look.caches.patience(), x.cancel);
    if (!match)
        co_return false;
    const SharedAnswer answer = co_await findAnswer(look.caches.answers(), match->answer, x.worker.timers, longestFind, x.cancel);
    if (!answer || !answer->question) {
        index->remove(match->answer); // it has gone
        co_return false;
    }
    SemanticHit hit {.at = x.record.startedAt, .callId = x.record.id, .answerFrom = answer->callId, .team = x.record.team, .route = x.route->name, .embedder = look.question->embedder,
                     .similarity = match->similarity, .threshold = least, .asked = look.question->text, .kept = answer->question->text};
    if (look.seat)
        look.seat->land(answer, match->similarity); // it is as good for who asks the very same
    const bool given = co_await give(x, answer, match->similarity);
    if (given)
        look.caches.noteSemanticHit(std::move(hit));
    co_return given;
}

Task<Result<void>> CacheAnswerer::ask(Look &look)
{
    Exchange &x = look.x;
    if (look.wish.read)
        x.record.cache = CacheOutcome::Miss;
    if (look.wish.store) {
        const auto ttl = look.wish.ttl ? std::chrono::milliseconds(*look.wish.ttl) : x.route->cache->ttl;
        KeepOrder order {.key = look.key, .ttl = ttl, .seat = std::move(look.seat), .question = std::move(look.question)};
        x.tap = std::make_unique<AnswerKeeper>(x, std::move(order));
    }
    Result<void> answered = co_await m_next->answer(x);
    x.tap.reset(); // lets go of those who wait for what has not come
    co_return answered;
}

} // namespace gateway::stages
