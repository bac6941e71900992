// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/embedded_prompts.h"

#include "gateway/api/control_thread.h"
#include "gateway/api/prompt_checks.h"
#include "gateway/core/text.h"
#include "gateway/stages/prompt/prompt_import.h"
#include "gateway/stages/prompt/prompt_request.h"
#include "gateway/storage/call_log_writer.h"
#include "gateway/storage/feedback_rows.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <utility>

namespace gateway::api {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t mostRoutes = 20;
constexpr std::size_t mostCalls = 2'000;
constexpr Duration noLimit = std::chrono::hours {1};

Result<std::string> rendered(const std::string &name, const config::PromptVersion &version, const std::string &variables, std::string_view body = "{}")
{
    const auto prompt = pipeline::CompiledPrompt::compile(name, version);
    if (!prompt)
        return std::unexpected(prompt.error());
    const auto values = variables.empty() ? nlohmann::json::object() : nlohmann::json::parse(variables, nullptr, false);
    if (values.is_discarded())
        return fail(ErrorCode::BadRequest, "The values are not valid JSON.", std::string(stages::promptVariablesMember));
    auto request = stages::promptRequest(*prompt, values, body, Endpoint::ChatCompletions);
    if (!request)
        return std::unexpected(request.error());
    return std::move(request->body);
}

/// A streamed call of a version at a route.
Result<PromptRunner::Order> orderOf(const std::string &name, config::PromptVersion version, const std::string &route, const std::string &variables)
{
    if (!route.empty())
        version.model = route;
    if (version.model.empty())
        return fail(ErrorCode::BadRequest, fmt::format("Version {} names no model. Name a route to ask.", version.version), "route");
    auto body = rendered(name, version, variables, R"({"stream":true,"stream_options":{"include_usage":true}})");
    if (!body)
        return std::unexpected(body.error());
    return PromptRunner::Order {.route = version.model, .body = std::move(*body)};
}

std::optional<Error> wrongFeedback(const Feedback &feedback)
{
    const auto wrong = [](const char *field, std::string words) { return Error {.code = ErrorCode::BadRequest, .message = std::move(words), .where = field}; };
    if (!(feedback.value >= -1 && feedback.value <= 1))
        return wrong("value", "value is from -1 (bad) to 1 (good).");
    if (!(feedback.weight > 0 && feedback.weight <= 1))
        return wrong("weight", "weight is above 0, to 1.");
    if (feedback.comment.size() > Feedback::longestComment)
        return wrong("comment", fmt::format("A comment has at most {} bytes; this has {}.", Feedback::longestComment, feedback.comment.size()));
    if (feedback.metadata.size() > Feedback::longestMetadata)
        return wrong("metadata", fmt::format("metadata has at most {} bytes; this has {}.", Feedback::longestMetadata, feedback.metadata.size()));
    return std::nullopt;
}

/// A table while it is filled.
struct Table
{
    std::vector<TestResult> cells;
    std::vector<const config::PromptTestCase *> cases; ///< of each cell
    std::vector<std::size_t> cellOf;                   ///< of each call
    std::size_t done = 0;
    config::PromptTestSet set;
};

} // namespace

EmbeddedPrompts::EmbeddedPrompts(Needs needs) : m_needs(std::make_unique<const Needs>(std::move(needs))) {}
EmbeddedPrompts::~EmbeddedPrompts() = default;

Result<std::string> EmbeddedPrompts::render(const std::string &name, const config::PromptVersion &version, const std::string &variables) const
{
    return rendered(name, version, variables);
}

/// Runs until the context goes. Sinks are called on the control thread.
void EmbeddedPrompts::start(QObject *context, const OwnListener &listener, Orders orders, Duration limit, PromptRunner::Sinks sinks)
{
    auto cancelled = std::make_shared<std::atomic<bool>>(false);
    QObject::connect(context, &QObject::destroyed, [cancelled] { *cancelled = true; });
    m_needs->control.post([cancelled, jobs = m_needs->jobs, listener, orders = std::move(orders), limit, sinks = std::move(sinks)] {
        if (QObject *parent = jobs())
            (new PromptRunner(listener, orders, limit, cancelled, sinks, parent))->start();
    });
}

void EmbeddedPrompts::run(PromptRun run, QObject *context, std::function<void(PromptPiece)> onPiece, Answer<std::vector<PromptAnswer>> done)
{
    using Answers = std::vector<PromptAnswer>;
    const auto deliver = m_needs->deliverer.to<Result<Answers>>(context, std::move(done));
    const auto tell = m_needs->deliverer.to<PromptPiece>(context, onPiece ? std::move(onPiece) : std::function<void(PromptPiece)>([](const PromptPiece &) {}));
    const auto listener = m_needs->listener();
    if (!listener)
        return deliver(std::unexpected(listener.error()));
    if (run.routes.empty() || run.routes.size() > mostRoutes)
        return deliver(fail(ErrorCode::BadRequest, fmt::format("Name 1 to {} routes to ask.", mostRoutes), "routes"));
    Orders orders;
    for (const std::string &route : run.routes) {
        auto order = orderOf(run.name, run.version, route, run.variables);
        if (!order)
            return deliver(std::unexpected(order.error()));
        orders.push_back(std::move(*order));
    }
    auto answers = std::make_shared<Answers>(orders.size());
    start(context, *listener, std::move(orders), noLimit,
          {.text = [tell](std::size_t call, const std::string &text) { tell({.call = call, .text = text}); },
           .answer = [answers](std::size_t call, PromptAnswer answer) { (*answers)[call] = std::move(answer); },
           .done = [answers, deliver] { deliver(std::move(*answers)); }});
}

void EmbeddedPrompts::runTests(TestOrder order, QObject *context, std::function<void(std::size_t)> onResult, Answer<std::vector<TestResult>> done)
{
    const auto deliver = m_needs->deliverer.to<Result<std::vector<TestResult>>>(context, std::move(done));
    const auto tell = m_needs->deliverer.to<std::size_t>(context, onResult ? std::move(onResult) : std::function<void(std::size_t)>([](std::size_t) {}));
    const auto listener = m_needs->listener();
    if (!listener)
        return deliver(std::unexpected(listener.error()));
    if (order.versions.empty() || order.versions.size() > mostRoutes || order.versions.size() * order.set.cases.size() > mostCalls)
        return deliver(fail(ErrorCode::BadRequest, fmt::format("Name 1 to {} versions, and no more than {} calls in all.", mostRoutes, mostCalls), "versions"));
    auto table = std::make_shared<Table>();
    table->set = std::move(order.set);
    Orders orders;
    for (const config::PromptVersion &version : order.versions) {
        for (const config::PromptTestCase &test : table->set.cases) {
            TestResult cell {.version = version.version, .testCase = test.name};
            auto call = orderOf(order.name, version, order.route, test.variables.text);
            if (call) {
                table->cellOf.push_back(table->cells.size());
                orders.push_back(std::move(*call));
            } else { // values that this version does not take, for one
                cell.run = true;
                cell.failures.push_back(call.error().message);
            }
            table->cells.push_back(std::move(cell));
            table->cases.push_back(&test);
        }
    }
    start(context, *listener, std::move(orders), order.limit,
          {.text = [](std::size_t, const std::string &) {},
           .answer =
               [table, tell](std::size_t call, PromptAnswer answer) {
                   const std::size_t index = table->cellOf[call];
                   TestResult &cell = table->cells[index];
                   cell.run = true;
                   cell.failures = answer.error ? std::vector<std::string> {answer.error->message} : failuresOf(*table->cases[index], answer.text);
                   cell.passed = cell.failures.empty();
                   cell.answer = std::move(answer);
                   tell(++table->done);
               },
           .done = [table, deliver] { deliver(std::move(table->cells)); }});
}

void EmbeddedPrompts::imported(std::string callId, QObject *context, Answer<config::PromptVersion> done)
{
    m_needs->queries.ask<config::PromptVersion>(
        QueryService::Length::Short, {}, context,
        [callId = std::move(callId)](storage::CallLogReader &log) -> Result<config::PromptVersion> {
            const auto call = log.call(callId);
            if (!call)
                return std::unexpected(call.error());
            const CapturedBodies &bodies = call->record.bodies;
            if (bodies.request.empty() || bodies.requestCut)
                return fail(ErrorCode::Invalid, bodies.request.empty() ? "The log does not hold that call's request (any more)." : "The log holds that call's request only in part.", "call_id");
            auto version = stages::versionFromRequest(bodies.request, call->record.endpoint);
            if (version && version->model.empty()) // where the call's path named it
                version->model = call->record.askedModel;
            return version;
        },
        std::move(done));
}

void EmbeddedPrompts::results(std::string prompt, TimeRange range, QObject *context, Answer<std::vector<PromptFigures>> done)
{
    m_needs->queries.ask<std::vector<PromptFigures>>(
        QueryService::Length::Long, {}, context, [prompt = std::move(prompt), range](storage::CallLogReader &log) { return log.promptResults(prompt, range); }, std::move(done));
}

void EmbeddedPrompts::giveFeedback(FeedbackGiven given, QObject *context, Answer<bool> done)
{
    const auto deliver = m_needs->deliverer.to<Result<bool>>(context, std::move(done));
    if (const auto wrong = wrongFeedback(given.feedback))
        return deliver(std::unexpected(*wrong));
    storage::FeedbackOrder order {.callId = std::move(given.callId), .feedback = std::move(given.feedback), .who = {}, .ofAnyCall = given.keyId.empty(), .keyId = given.keyId};
    order.feedback.at = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    order.who = order.feedback.by;
    if (!order.ofAnyCall) {
        const ConfigPtr now = m_needs->config();
        const auto key = std::ranges::find(now->keys, given.keyId, &config::VirtualKey::id);
        if (key == now->keys.end())
            return deliver(fail(ErrorCode::NotFound, "The key was removed meanwhile.", "key"));
        order.who = key->id;
        order.team = key->team;
        order.feedback.by = key->name;
    }
    m_needs->writer.keepFeedback(std::move(order), [deliver](Result<> kept) { deliver(kept ? Result<bool>(true) : Result<bool>(std::unexpected(kept.error()))); });
}

} // namespace gateway::api
