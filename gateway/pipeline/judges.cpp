// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/judges.h"

#include <fmt/format.h>
#include <utility>

namespace gateway::pipeline {

namespace {

constexpr std::size_t largestVerdict = 64 * 1024;

Task<Result<privacy::WebhookVerdict>> verdictOf(const AnalyzerAsk &ask, const privacy::Guard &guard, const KeyHasher &hasher, const privacy::Judged &judged)
{
    const Result<SidePlace> place = sidePlaceOf(guard.url, "/", "judge", ask.gateway);
    if (!place)
        co_return std::unexpected(place.error());
    const std::string body = privacy::webhookRequest(judged);
    const std::string lines = fmt::format("x-signalbox-signature: {}\r\n", privacy::webhookSignature(privacy::webhookSecret(hasher, guard.url), ask.clock.wallNow(), body));
    const SideQuestion question {.body = body, .lines = lines, .patience = guard.timeout, .largestAnswer = largestVerdict};
    const Result<std::string> answer = co_await askAside(ask, *place, question);
    if (!answer)
        co_return std::unexpected(answer.error());
    co_return privacy::readWebhookAnswer(*answer);
}

} // namespace

Task<Result<std::optional<std::string>>> askJudge(const AnalyzerAsk &ask, const privacy::Guard &guard, const KeyHasher &hasher, const privacy::Judged &judged)
{
    Result<privacy::WebhookVerdict> verdict = fail(ErrorCode::PolicyUnavailable, "it has failed several times in a row, and rests for a moment.");
    if (ask.mayAsk(guard.url)) {
        verdict = co_await verdictOf(ask, guard, hasher, judged);
        if (verdict)
            ask.succeeded(guard.url);
        else
            ask.failed(guard.url);
    }
    if (ask.cancel.cancelled())
        co_return fail(ErrorCode::Cancelled, "The caller left.");
    if (verdict) {
        if (verdict->allows)
            co_return std::optional<std::string>();
        co_return std::optional(verdict->reason.empty() ? std::string("its webhook says so") : fmt::format("its webhook says \"{}\"", verdict->reason));
    }
    if (guard.onFailure == config::OnFailure::Allow || !guard.blocks())
        co_return std::optional<std::string>();
    co_return fail(ErrorCode::PolicyUnavailable, fmt::format("The guardrail \"{}\" of the privacy policy \"{}\" asks a webhook, which gives no verdict, and lets no call through without one: {}", guard.name,
                                                             judged.policy, verdict.error().message));
}

} // namespace gateway::pipeline
