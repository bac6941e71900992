// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/privacy/call_judges.h"

#include "gateway/pipeline/judges.h"

#include <optional>
#include <utility>

namespace gateway::stages {

using pipeline::Exchange;
using pipeline::Task;

Task<Result<>> askJudges(Exchange &x, const privacy::Policy &policy, std::string_view about, const std::vector<std::string> &texts, std::vector<std::uint32_t> &counts)
{
    const pipeline::AnalyzerAsk ask {.upstream = x.worker.upstream, .clock = x.worker.clock, .circuits = x.worker.services.analyzers, .gateway = x.config->gateway, .cancel = x.cancel, .deadline = x.deadline};
    for (std::uint32_t i = 0; i < counts.size(); ++i) {
        const privacy::Guard &guard = policy.guards().all()[i];
        if (guard.kind != config::GuardrailKind::Webhook || !(about == "request" ? guard.requests : guard.answers))
            continue;
        const privacy::Judged judged {.about = about, .callId = x.record.id, .policy = policy.name(), .guardrail = guard.name, .endpoint = toText(x.endpoint), .model = x.scan.model,
                                      .key = x.record.key, .team = x.record.team, .texts = texts};
        Result<std::optional<std::string>> against = co_await pipeline::askJudge(ask, guard, x.worker.services.keyHasher, judged);
        if (!against)
            co_return std::unexpected(std::move(against.error()));
        if (!*against)
            continue;
        ++counts[i];
        if (guard.blocks()) {
            const privacy::GuardFinding finding {.guard = i, .why = std::move(**against)};
            co_return std::unexpected(stoppedBy(policy, finding, about == "request" ? "The request" : "The answer"));
        }
    }
    co_return Result<>();
}

} // namespace gateway::stages
