// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/guardrail_text.h"
#include "gateway/config/literal_text.h"

#include <fmt/format.h>

namespace gateway::config {

namespace {

void readKind(MapReader &map, std::optional<GuardrailKind> &out)
{
    using enum GuardrailKind;
    const bool there = map.node().find("kind") != nullptr;
    GuardrailKind kind = MaxBytes;
    map.readChoice("kind", kind, {MaxBytes, MaxTokens, Forbid, Require, Injection, JsonSchema, Webhook});
    if (there)
        out = kind;
}

void readLimit(MapReader &map, Guardrail &guardrail)
{
    if (guardrail.kind != GuardrailKind::MaxTokens)
        return map.readSize("limit", guardrail.limit);
    std::optional<std::int64_t> tokens;
    map.read("limit", tokens);
    guardrail.limit = tokens.value_or(0);
}

} // namespace

std::string_view toText(GuardrailKind kind)
{
    switch (kind) {
    case GuardrailKind::MaxBytes: return "max_bytes";
    case GuardrailKind::MaxTokens: return "max_tokens";
    case GuardrailKind::Forbid: return "forbid";
    case GuardrailKind::Require: return "require";
    case GuardrailKind::Injection: return "injection";
    case GuardrailKind::JsonSchema: return "json_schema";
    case GuardrailKind::Webhook: return "webhook";
    }
    return "forbid";
}

std::string_view toText(GuardrailAction action)
{
    return action == GuardrailAction::Block ? "block" : "report";
}

std::string_view toText(LooksAt what)
{
    switch (what) {
    case LooksAt::Request: return "request";
    case LooksAt::Answers: return "answers";
    case LooksAt::Both: return "both";
    }
    return "request";
}

std::string_view toText(StreamWay way)
{
    return way == StreamWay::Check ? "check" : "hold";
}

void readThreshold(Reading &reading, MapReader &map, std::optional<double> &out)
{
    const bool there = map.node().find("threshold") != nullptr;
    const std::size_t problems = reading.problems.size();
    double value = 0;
    map.read("threshold", value);
    if (there && reading.problems.size() == problems)
        out = value;
}

Guardrail readGuardrail(Reading &reading, const Node &node, const std::string &field)
{
    Guardrail guardrail;
    MapReader map(reading, node, field, "guardrail");
    readKind(map, guardrail.kind);
    map.read("name", guardrail.name);
    map.readChoice("action", guardrail.action, {GuardrailAction::Block, GuardrailAction::Report});
    map.readChoice("looks_at", guardrail.looksAt, {LooksAt::Request, LooksAt::Answers, LooksAt::Both});
    readLimit(map, guardrail);
    readLiterals(reading, map, "patterns", guardrail.patterns);
    readLiterals(reading, map, "phrases", guardrail.phrases);
    readThreshold(reading, map, guardrail.threshold);
    readJson(reading, map, "schema", Node::Kind::Map, guardrail.schema.text);
    map.read("repair", guardrail.repair);
    map.readChoice("streams", guardrail.streams, {StreamWay::Check, StreamWay::Hold});
    map.read("url", guardrail.url);
    map.read("timeout", guardrail.timeout);
    map.readChoice("on_failure", guardrail.onFailure, {OnFailure::Block, OnFailure::Allow});
    map.read("enabled", guardrail.enabled);
    map.finish();
    return guardrail;
}

} // namespace gateway::config
