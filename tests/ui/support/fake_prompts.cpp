// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/fake_prompts.h"

#include "tests/ui/support/scene_prompts.h"

#include <QRegularExpression>
#include <QTimer>

#include <utility>

using namespace gateway;
using namespace gateway::api;

namespace tests {
namespace {

/// Runs from the context's event loop, and not once the context is gone.
void later(QObject *context, int milliseconds, std::function<void()> work) { QTimer::singleShot(milliseconds, context, std::move(work)); }

PromptAnswer answerOf(const std::string &route)
{
    PromptAnswer answer;
    answer.route = route;
    for (const std::string &piece : sceneAnswer(route))
        answer.text += piece;
    const bool slow = route == "smart";
    answer.callId = "call_01JD2K7Q0000000000000PR" + std::string(slow ? "02" : "01");
    answer.firstTextUs = slow ? 902'000 : 588'000;
    answer.latencyUs = slow ? 2'340'000 : 1'620'000;
    answer.cost = Money::fromNanos(slow ? 2'900'000 : 2'200'000);
    answer.inputTokens = slow ? 701 : 684;
    answer.outputTokens = slow ? 53 : 47;
    return answer;
}

TestResult resultOf(const TestOrder &order, const config::PromptVersion &version, const config::PromptTestCase &test)
{
    TestResult result {.version = version.version, .testCase = test.name, .run = true, .passed = true, .failures = {}, .answer = answerOf(order.route.empty() ? version.model : order.route)};
    const QString text = QString::fromStdString(result.answer.text);
    for (const std::string &pattern : test.matches)
        if (!QRegularExpression(QString::fromStdString(pattern)).match(text).hasMatch())
            result.failures.push_back("does not match " + pattern);
    for (const std::string &pattern : test.notMatches)
        if (QRegularExpression(QString::fromStdString(pattern)).match(text).hasMatch())
            result.failures.push_back("matches " + pattern);
    result.passed = result.failures.empty();
    return result;
}

} // namespace

Result<std::string> FakePrompts::render(const std::string &, const config::PromptVersion &version, const std::string &) const
{
    return version.messages.empty() ? std::string() : version.messages.front().content;
}

void FakePrompts::run(PromptRun run, QObject *context, std::function<void(PromptPiece)> onPiece, Answer<std::vector<PromptAnswer>> done)
{
    m_runs.push_back(run);
    if (m_runError) {
        later(context, 0, [done, error = *std::exchange(m_runError, std::nullopt)] { done(std::unexpected(error)); });
        return;
    }
    int at = 0;
    std::vector<PromptAnswer> answers;
    for (std::size_t call = 0; call < run.routes.size(); ++call) {
        answers.push_back(answerOf(run.routes[call]));
        for (const std::string &text : sceneAnswer(run.routes[call])) {
            later(context, at++, [onPiece, call, text] { onPiece({call, text}); });
            if (m_held)
                return;
        }
    }
    later(context, at, [done, answers] { done(answers); });
}

void FakePrompts::runTests(TestOrder order, QObject *context, std::function<void(std::size_t)> onResult, Answer<std::vector<TestResult>> done)
{
    m_testRuns.push_back(order);
    if (m_runError) {
        later(context, 0, [done, error = *std::exchange(m_runError, std::nullopt)] { done(std::unexpected(error)); });
        return;
    }
    std::vector<TestResult> results;
    for (const config::PromptVersion &version : order.versions)
        for (const config::PromptTestCase &test : order.set.cases)
            results.push_back(resultOf(order, version, test));
    int at = 0;
    for (std::size_t i = 0; i < results.size(); ++i) {
        later(context, at++, [onResult, count = i + 1] { onResult(count); });
        if (m_held)
            return;
    }
    later(context, at, [done, results] { done(results); });
}

void FakePrompts::imported(std::string callId, QObject *context, Answer<config::PromptVersion> done)
{
    m_importedCall = std::move(callId);
    config::PromptVersion version;
    version.model = "gpt-4o";
    version.messages = {{"system", "You answer support tickets."}, {"user", "My scanner does not start."}};
    later(context, 0, [done, result = m_imported.value_or(version)] { done(result); });
}

void FakePrompts::results(std::string prompt, TimeRange, QObject *context, Answer<std::vector<PromptFigures>> done)
{
    if (m_waiting)
        return;
    later(context, 0, [done, prompt, failing = m_failing, figures = m_figures]() {
        if (failing)
            done(fail(ErrorCode::Io, "Cannot read the call log. The disk has no space left (calls.db, 41.2 GB)."));
        else
            done(figures.value_or(sceneFigures(prompt)));
    });
}

void FakePrompts::giveFeedback(FeedbackGiven, QObject *context, Answer<bool> done)
{
    later(context, 0, [done] { done(true); });
}

} // namespace tests
