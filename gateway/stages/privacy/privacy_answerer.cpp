// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/privacy/privacy_answerer.h"

#include "gateway/pipeline/analyzers.h"
#include "gateway/pipeline/call_policy.h"
#include "gateway/pipeline/exchange.h"
#include "gateway/privacy/body_scrub.h"
#include "gateway/privacy/request_guard.h"
#include "gateway/stages/privacy/answer_filters.h"
#include "gateway/stages/privacy/call_judges.h"
#include "gateway/stages/privacy/scrubbed_request.h"
#include "gateway/wire/media_type.h"

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
    return policy.guards().blocks() || std::ranges::any_of(policy.rules(), [](const privacy::Rule &rule) { return rule.action != config::PrivacyAction::Report; });
}

/// Whether the texts of the answer are to be JSON, so that values have to be written into it as such.
bool wantsJson(const wire::RequestScan &scan, const privacy::Guards &guards)
{
    if (std::ranges::any_of(guards.all(), [](const privacy::Guard &guard) { return guard.kind == config::GuardrailKind::JsonSchema && guard.blocks(); }))
        return true;
    return std::ranges::any_of(std::array {"response_format", "text", "generationConfig", "output_format", "output_config"}, [&](const char *name) {
        const wire::Member *member = scan.find(name);
        return member != nullptr && member->value.in(scan.body).find("json") != std::string_view::npos;
    });
}

/// As resolve does it for a call without a policy.
void capture(Exchange &x)
{
    const bool isFile = x.scan.isForm || (x.endpoint == Endpoint::Passthrough && !wire::isText(findHeader(x.request.headers, "content-type").value_or("application/json")));
    if (!isFile)
        x.capture.request(x.body());
}

/// What its guardrails have against the request as it came.
/// @param counts  of Guards::all()
Result<> guard(Exchange &x, const Passage &passage, std::vector<std::uint32_t> &counts)
{
    const privacy::Guards &guards = passage.policy->guards();
    if (!guards.looksAtRequests())
        return {};
    privacy::RequestGuard guarded(guards);
    guarded.look(passage.body);
    const std::vector<privacy::GuardFinding> findings = guarded.finish();
    for (const privacy::GuardFinding &finding : findings)
        counts[finding.guard] += finding.times;
    noteGuards(x.record, guards, counts, &PrivacyFinding::asked);
    if (const privacy::GuardFinding *blocks = blocking(guards, findings))
        return std::unexpected(stoppedBy(*passage.policy, *blocks, "The request"));
    return {};
}

/// The texts of the request as it goes on.
std::vector<std::string> textsOf(const Exchange &x)
{
    const privacy::BodyScrub body(x.body(), contentTypeOf(x));
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < body.textCount(); ++i) {
        if (body.role(i) != privacy::TextRole::AboutTheCall)
            texts.push_back(body.plain(i));
    }
    return texts;
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
    if (CheckFilter::isNeeded(*passage.policy)) {
        x.check = std::make_unique<CheckFilter>(x, passage.policy, true);
        x.capture.leaveOutReceived();
    }
    if (!passage.map->empty())
        x.restore = std::make_unique<RestoreFilter>(x, passage.map, wantsJson(x.scan, passage.policy->guards()));
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
    const std::shared_ptr<const privacy::Policy> policy = passage->policy;
    std::vector<std::uint32_t> counts(policy->guards().all().size(), 0);
    if (const Result<> guarded = guard(x, *passage, counts); !guarded)
        co_return std::unexpected(guarded.error());
    const pipeline::AnalyzerAsk ask {.upstream = x.worker.upstream, .clock = x.worker.clock, .circuits = x.worker.services.analyzers, .gateway = x.config->gateway, .cancel = x.cancel, .deadline = x.deadline};
    const Result<std::vector<std::vector<privacy::Hit>>> external = co_await pipeline::askAnalyzers(ask, *passage->policy, passage->texts);
    if (!external)
        co_return std::unexpected(external.error());
    if (const Result<> scrubbed = scrub(x, *passage, *external); !scrubbed)
        co_return std::unexpected(scrubbed.error());
    passage.reset();
    if (policy->guards().asks()) {
        const std::vector<std::string> texts = textsOf(x);
        const Result<> allowed = co_await askJudges(x, *policy, "request", texts, counts);
        noteGuards(x.record, policy->guards(), counts, &PrivacyFinding::asked);
        if (!allowed)
            co_return std::unexpected(allowed.error());
    }
    Result<void> answered = co_await m_next->answer(x);
    co_return answered;
}

} // namespace gateway::stages
