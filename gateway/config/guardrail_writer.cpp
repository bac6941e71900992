// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/guardrail_text.h"
#include "gateway/config/literal_text.h"

#include <fmt/format.h>

namespace gateway::config {

void writeThreshold(MapWriter &map, const std::optional<double> &threshold)
{
    if (threshold)
        map.addAlways("threshold", Node::plain(fmt::format("{}", *threshold)));
}

Node toNode(const Guardrail &guardrail, const WriteOptions &options)
{
    MapWriter map(options);
    if (guardrail.kind)
        map.addAlways("kind", Node::string(std::string(toText(*guardrail.kind))));
    map.write("name", guardrail.name);
    map.writeChoice("action", guardrail.action, GuardrailAction::Block);
    map.writeChoice("looks_at", guardrail.looksAt, LooksAt::Request);
    if (guardrail.kind == GuardrailKind::MaxTokens && guardrail.limit != 0)
        map.write("limit", std::optional(guardrail.limit));
    else
        map.writeSize("limit", guardrail.limit, 0);
    writeLiterals(map, "patterns", guardrail.patterns);
    writeLiterals(map, "phrases", guardrail.phrases);
    writeThreshold(map, guardrail.threshold);
    writeJson(map, "schema", guardrail.schema.text);
    map.write("repair", guardrail.repair, true);
    map.writeChoice("streams", guardrail.streams, StreamWay::Check);
    map.write("url", guardrail.url);
    map.write("timeout", guardrail.timeout, Guardrail::standardTimeout);
    map.writeChoice("on_failure", guardrail.onFailure, OnFailure::Block);
    map.write("enabled", guardrail.enabled, true);
    return map.take();
}

} // namespace gateway::config
