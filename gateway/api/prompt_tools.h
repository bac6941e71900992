// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "gateway/config/prompt.h"
#include "gateway/core/feedback.h"
#include "gateway/core/prompt_results.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace gateway::api {

/// A version of a prompt, which may be a draft, asked of one or more routes with the same values.
struct PromptRun
{
    std::string name;                  ///< the prompt's: for messages
    config::PromptVersion version;
    std::string variables;             ///< a JSON object
    std::vector<std::string> routes;   ///< in place of the version's model; 1 to 20
};

/// Text that came of one of a run's calls.
struct PromptPiece
{
    std::size_t call = 0;              ///< index into the routes
    std::string text;
};

/// What one call came to.
struct PromptAnswer
{
    std::string route;
    std::string text;
    std::optional<Error> error {};     ///< what was told in place of an answer, or of its end
    std::string callId {};             ///< in the log, marked as a test
    std::int64_t firstTextUs = -1;     ///< from sending to the first text; -1: none came
    std::int64_t latencyUs = 0;        ///< to the end
    std::optional<Money> cost {};
    std::int64_t inputTokens = 0, outputTokens = 0;
};

/// A test set run over versions.
struct TestOrder
{
    std::string name;                  ///< the prompt's
    std::vector<config::PromptVersion> versions; ///< 1 to 20
    std::string route {};              ///< in place of their models; empty: theirs
    config::PromptTestSet set;
    Duration limit = std::chrono::seconds(100); ///< calls that have not begun by then are not made
};

/// One cell of its table.
struct TestResult
{
    std::int64_t version = 0;
    std::string testCase;
    bool run = false;                  ///< false: there was no time left
    bool passed = false;
    std::vector<std::string> failures {}; ///< what the answer lacks, in words; where the call failed, why
    PromptAnswer answer {};
};

/// Feedback on any call, by an administrator or by a key.
struct FeedbackGiven
{
    std::string callId;
    Feedback feedback;
    std::string keyId {};              ///< the virtual key's that gives it: only of its own calls and its team's; empty: an administrator's
};

/// What is done with prompts beside editing them, and what people say of answers. On the gateway's thread, as the facade
/// itself, and answered as there; EmbeddedGateway makes it (Gateway::promptTools()).
class PromptTools
{
public:
    virtual ~PromptTools() = default;

    /// The request of OpenAI's chat API that a version makes of these values, as JSON. BadRequest whose `where` is the variable;
    /// Invalid: a template cannot be read.
    [[nodiscard]] virtual Result<std::string> render(const std::string &name, const config::PromptVersion &version, const std::string &variables) const = 0;

    /// Real calls through the gateway's own listener, marked as tests; a few at once. Ends with the context.
    /// @param onPiece  as text comes; may be empty
    /// Errors: those of render(); Io where the listener is not up. What fails at one route stands with its answer.
    virtual void run(PromptRun run, QObject *context, std::function<void(PromptPiece)> onPiece, Answer<std::vector<PromptAnswer>> done) = 0;

    /// The same for each case of a test set and each version: version by version, in the cases' order.
    /// @param onResult  as each ends, how many are done; may be empty
    virtual void runTests(TestOrder order, QObject *context, std::function<void(std::size_t)> onResult, Answer<std::vector<TestResult>> done) = 0;

    /// A version that asks what a logged call asked. NotFound; Invalid where its body is not kept, or is more than text.
    virtual void imported(std::string callId, QObject *context, Answer<config::PromptVersion> done) = 0;

    /// What came of a prompt's versions in that time.
    virtual void results(std::string prompt, TimeRange range, QObject *context, Answer<std::vector<PromptFigures>> done) = 0;

    /// Keeps it with the call, in the place of a former word of the same speaker. NotFound: there is no such call, or it is none
    /// of theirs; BadRequest with the field.
    virtual void giveFeedback(FeedbackGiven given, QObject *context, Answer<bool> done) = 0;
};

} // namespace gateway::api
