// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/privacy/privacy_answerer.h"

#include "gateway/pipeline/analyzers.h"
#include "gateway/pipeline/call_policy.h"
#include "gateway/pipeline/exchange.h"
#include "gateway/privacy/body_scrub.h"
#include "gateway/stages/privacy/answer_filters.h"
#include "gateway/wire/media_type.h"
#include "gateway/wire/multipart.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

namespace gateway::stages {

using pipeline::Exchange;
using pipeline::Task;

namespace {

/// A call's request on its way through its policy.
struct Passage
{
    explicit Passage(Exchange &x)
        : policy(pipeline::policyOf(x)), body(x.body(), contentTypeOf(x)), metadata(x.record.metadata, {}, privacy::Take::Data), scrubber(policy, x.worker.services.keyHasher, *map)
    {
        for (std::size_t i = 0; !policy->external().empty() && i < body.textCount(); ++i)
            texts.push_back(body.plain(i));
    }

    static std::string_view contentTypeOf(const Exchange &x) { return findHeader(x.request.headers, "content-type").value_or(""); }

    std::shared_ptr<const privacy::Policy> policy;
    std::shared_ptr<privacy::PlaceholderMap> map = std::make_shared<privacy::PlaceholderMap>();
    privacy::BodyScrub body;
    privacy::BodyScrub metadata;
    privacy::Scrubber scrubber;
    std::vector<std::string> texts; ///< for external detectors
};

/// Whether it has more to do than to count.
bool actsOnTexts(const privacy::Policy &policy)
{
    return std::ranges::any_of(policy.rules(), [](const privacy::Rule &rule) { return rule.action != config::PrivacyAction::Report; });
}

/// Whether the texts of the answer are to be JSON, so that values have to be written into it as such.
bool asksForJson(const wire::RequestScan &scan)
{
    return std::ranges::any_of(std::array {"response_format", "text", "generationConfig", "output_format", "output_config"}, [&](const char *name) {
        const wire::Member *member = scan.find(name);
        return member != nullptr && member->value.in(scan.body).find("json") != std::string_view::npos;
    });
}

/// The request with another body.
Result<> putBody(Exchange &x, std::string body)
{
    body.reserve(body.size() + pipeline::bodyPadding);
    if (x.endpoint == Endpoint::Passthrough || x.stored) {
        x.filledBody = std::move(body);
        return {};
    }
    const bool stream = x.scan.stream, isForm = x.scan.isForm;
    x.scan = {}; // it lies in the body of before
    x.filledBody = std::move(body);
    auto scan = isForm ? wire::scanMultipart(x.filledBody, Passage::contentTypeOf(x), x.pathModel) : wire::scanRequest(x.filledBody, x.endpoint, x.pathModel);
    if (!scan)
        return fail(ErrorCode::Internal, fmt::format("The request could not be read again without what its privacy policy takes out: {}", scan.error().message));
    x.scan = std::move(*scan);
    x.scan.stream = stream;
    x.facts.model = x.scan.model;
    x.facts.inputTokens = x.promptTokens = wire::estimateTokens(x.scan.prompt);
    return {};
}

/// As resolve does it for a call without a policy.
void capture(Exchange &x)
{
    const bool isFile = x.scan.isForm || (x.endpoint == Endpoint::Passthrough && !wire::isText(findHeader(x.request.headers, "content-type").value_or("application/json")));
    if (!isFile)
        x.capture.request(x.body());
}

/// @param external  by text of the body
Result<> scrub(Exchange &x, Passage &passage, const std::vector<std::vector<privacy::Hit>> &external)
{
    const privacy::Rule *blocks = passage.body.scrub(passage.scrubber, external);
    const std::vector<std::uint32_t> counts = passage.scrubber.counts(); // metadata mostly stands in the body too
    if (blocks == nullptr)
        blocks = passage.metadata.scrub(passage.scrubber);
    noteFindings(x.record, *passage.policy, blocks == nullptr ? counts : passage.scrubber.counts(), &PrivacyFinding::asked);
    if (blocks != nullptr)
        return std::unexpected(privacy::blockedBy(*passage.policy, *blocks, "The request"));
    if (passage.body.isChanged()) {
        if (Result<> put = putBody(x, passage.body.result()); !put)
            return put;
    }
    if (passage.metadata.isChanged()) {
        x.record.metadata = passage.metadata.result();
        x.facts.metadata = x.record.metadata;
    }
    capture(x);
    if (passage.policy->looksAtAnswers() && !passage.policy->rules().empty()) {
        x.check = std::make_unique<CheckFilter>(x, passage.policy);
        x.capture.leaveOutReceived();
    }
    if (!passage.map->empty())
        x.restore = std::make_unique<RestoreFilter>(x, passage.map, asksForJson(x.scan));
    return {};
}

} // namespace

/// Not a coroutine itself: a call without a policy pays nothing.
Task<Result<void>> PrivacyAnswerer::answer(Exchange &x)
{
    return pipeline::policyOf(x) ? answerUnderPolicy(x) : m_next->answer(x);
}

Task<Result<void>> PrivacyAnswerer::answerUnderPolicy(Exchange &x)
{
    x.record.policy = pipeline::policyOf(x)->name();
    if (x.endpoint == Endpoint::Realtime) {
        if (actsOnTexts(*pipeline::policyOf(x)))
            co_return fail(ErrorCode::NotSupported, fmt::format("This call runs under the privacy policy \"{}\", and nobody can carry it out on a realtime session. Ask over another endpoint, or with a key whose policy only reports.", x.record.policy));
        Result<void> joined = co_await m_next->answer(x);
        co_return joined;
    }
    auto passage = std::make_unique<Passage>(x);
    const pipeline::AnalyzerAsk ask {.upstream = x.worker.upstream, .clock = x.worker.clock, .circuits = x.worker.services.analyzers, .gateway = x.config->gateway, .cancel = x.cancel, .deadline = x.deadline};
    const Result<std::vector<std::vector<privacy::Hit>>> external = co_await pipeline::askAnalyzers(ask, *passage->policy, passage->texts);
    if (!external)
        co_return std::unexpected(external.error());
    if (const Result<> scrubbed = scrub(x, *passage, *external); !scrubbed)
        co_return std::unexpected(scrubbed.error());
    passage.reset();
    Result<void> answered = co_await m_next->answer(x);
    co_return answered;
}

} // namespace gateway::stages
