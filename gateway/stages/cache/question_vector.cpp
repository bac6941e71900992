// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/cache/question_vector.h"

#include "gateway/pipeline/answer_caches.h"
#include "gateway/pipeline/exchange.h"
#include "gateway/pipeline/no_caller.h"
#include "gateway/state/lexical_vector.h"
#include "gateway/wire/json_cursor.h"
#include "gateway/wire/json_writer.h"

#include <charconv>
#include <cmath>
#include <memory>
#include <string>
#include <utility>

namespace gateway::stages {

using pipeline::Exchange;
using pipeline::Task;

namespace {

constexpr std::size_t longestVector = 16'384; // numbers
constexpr std::string_view attemptNote = "embeddings of the question, for the cache";

/// Takes the answer, which nobody else waits for.
class VectorCaller final : public pipeline::NoCaller
{
public:
    int status = 0;
    std::string body;

    Task<bool> send(const pipeline::HttpHead &head, std::string_view bytes) override
    {
        status = head.status;
        body = bytes;
        co_return true;
    }
};

/// No books of its own: they are those of the call that it is made for.
class NoBooks final : public pipeline::Accountant
{
public:
    void settle(Exchange &x) noexcept override { x.settled = true; }
    Task<void> settleDurably(Exchange &x) override
    {
        x.settled = true;
        co_return;
    }
};

std::string bodyOf(std::string_view model, std::string_view text)
{
    std::string body;
    wire::JsonWriter(body).object().textMember("model", model).textMember("input", text).endObject();
    return body;
}

/// One call for a vector, with all that it needs.
struct VectorCall
{
    VectorCall(Exchange &of, std::string_view model, std::string_view text)
        : body(bodyOf(model, text) + std::string(pipeline::bodyPadding, '\0'))
        , request {.method = "POST", .path = "/v1/embeddings", .query = {}, .headers = {}, .body = std::string_view(body).substr(0, body.size() - pipeline::bodyPadding), .peer = of.request.peer, .receivedAt = of.now()}
        , x(of.worker, books, of.config, request, caller, Exchange::Purpose::Shadow)
    {
        x.endpoint = Endpoint::Embeddings;
        x.authenticated = true;
        x.route = of.config->embedder.get();
        x.plan = {of.config, &x.route->plan};
        x.deadline = of.deadline;
    }

    std::string body;
    pipeline::HttpRequest request;
    VectorCaller caller;
    NoBooks books;
    Exchange x;
};

/// `data[0].embedding` of OpenAI's answer. Empty: there is none.
std::vector<float> readVector(std::string_view answer)
{
    std::vector<float> vector;
    bool good = true;
    wire::JsonCursor cursor(answer);
    const auto number = [&] {
        std::string_view raw;
        float value = 0;
        good = cursor.type() == wire::JsonCursor::Type::Number && cursor.skip(raw) && std::from_chars(raw.data(), raw.data() + raw.size(), value).ec == std::errc() && std::isfinite(value) && vector.size() < longestVector;
        vector.push_back(value);
        return good;
    };
    const auto embedding = [&](std::string_view name) { return name == "embedding" && vector.empty() && cursor.type() == wire::JsonCursor::Type::Array ? cursor.elements(number) : cursor.skip(); };
    const bool read = cursor.type() == wire::JsonCursor::Type::Object && cursor.members([&](std::string_view name) {
        if (name != "data" || cursor.type() != wire::JsonCursor::Type::Array)
            return cursor.skip();
        return cursor.elements([&] { return cursor.type() == wire::JsonCursor::Type::Object ? cursor.members(embedding) : cursor.skip(); });
    });
    return read && good ? std::move(vector) : std::vector<float>();
}

/// The attempts that took something, as the call's own.
void addAttempts(Exchange &x, CallRecord &of, std::int32_t startedUs)
{
    for (AttemptRecord &attempt : of.attempts) {
        if (!attempt.ok)
            continue; // the cache's trouble, not the call's
        attempt.startedUs += startedUs;
        attempt.endedUs += startedUs;
        attempt.firstByteUs += attempt.firstByteUs < 0 ? 0 : startedUs;
        attempt.detail = attemptNote;
        x.record.attempts.push_back(std::move(attempt));
    }
}

std::string whyNone(const CallRecord &record)
{
    return !record.errorMessage.empty() ? record.errorMessage : "there is no vector in its answer.";
}

Task<std::vector<float>> askProvider(Exchange &x, pipeline::Answerer &ask, std::string_view question)
{
    const auto call = std::make_unique<VectorCall>(x, x.config->cache.semantic->embedWith.model, question);
    auto scan = wire::scanRequest(call->request.body, Endpoint::Embeddings);
    if (!scan)
        co_return std::vector<float>();
    call->x.scan = std::move(*scan);
    const std::int32_t startedUs = x.elapsedUs(x.now());
    x.cancel.setHook([inner = &call->x.cancel] { inner->cancel(); });
    const Result<void> answered = co_await ask.answer(call->x);
    x.cancel.setHook({});
    addAttempts(x, call->x.record, startedUs);
    constexpr int fine = 200;
    std::vector<float> vector = answered && call->caller.status == fine ? readVector(call->caller.body) : std::vector<float>();
    if (!vector.empty())
        x.worker.services.caches->embedderAnswered();
    else if (!x.callerLeft())
        x.worker.services.caches->embedderFailed(x.now(), whyNone(call->x.record));
    co_return vector;
}

} // namespace

Task<std::vector<float>> vectorOf(Exchange &x, pipeline::Answerer &ask, std::string_view question)
{
    if (x.config->cache.semantic->embedWith.lexical)
        co_return state::lexicalVector(question);
    if (!x.config->embedder || x.worker.services.caches->embedderRests(x.now()))
        co_return std::vector<float>();
    std::vector<float> vector = co_await askProvider(x, ask, question);
    co_return vector;
}

} // namespace gateway::stages
