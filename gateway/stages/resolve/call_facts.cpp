// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/resolve/call_facts.h"

#include "gateway/wire/json_schema_wish.h"
#include "gateway/wire/token_estimate.h"

namespace gateway::stages {

routing::CallFacts callFacts(const wire::RequestScan &scan, Endpoint endpoint)
{
    constexpr std::int64_t usualAnswer = 256; // config.md, "The estimate"
    const bool isJson = endpoint != Endpoint::Transcriptions;
    return {.scan = isJson ? &scan : nullptr,
            .model = scan.model,
            .endpoint = toText(endpoint),
            .stream = scan.stream,
            .needs = {.vision = scan.prompt.images > 0,
                      .audio = scan.prompt.audios > 0,
                      .files = scan.prompt.files > 0,
                      .tools = scan.hasTools,
                      .jsonSchema = wire::wantsJsonSchema(scan)},
            .inputTokens = wire::estimateTokens(scan.prompt),
            .outputTokens = scan.maxTokens.value_or(usualAnswer) * scan.n,
            .maxOutput = scan.maxTokens};
}

} // namespace gateway::stages
