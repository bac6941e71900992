// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/answers.h"
#include "gateway/admin/endpoint.h"
#include "gateway/admin/json_body.h"
#include "gateway/api/privacy_tools.h"
#include "gateway/config/config_json.h"
#include "gateway/core/text.h"
#include "gateway/privacy/webhook_text.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <utility>

/// Privacy policies tried out: on a text, and on calls of the past.
namespace gateway::admin {

namespace {

using Json = nlohmann::ordered_json;

constexpr int usualCalls = 100;

/// A name, or a policy with the fields of the configuration file.
Result<api::TriedPolicy> policyOf(const Json &request)
{
    const auto found = request.find("policy");
    if (found == request.end() || found->is_null())
        return api::TriedPolicy {};
    if (found->is_string())
        return api::TriedPolicy {.name = found->get<std::string>()};
    if (!found->is_object())
        return fail(ErrorCode::BadRequest, "policy is the name of a privacy policy, or one with the fields of the configuration file.", "policy");
    Json sent = *found;
    if (!sent.contains("name"))
        sent["name"] = "tried";
    for (const char *own : {"id", "origin", "revision"}) // what a program sends back of what it got
        sent.erase(own);
    auto policy = config::fromJson<config::PrivacyPolicy>(sent.dump(-1, ' ', false, Json::error_handler_t::replace));
    if (!policy)
        return std::unexpected(policy.error());
    return api::TriedPolicy {.name = policy->name, .given = std::move(*policy)};
}

Result<int> callsOf(const Json &request)
{
    const auto found = request.find("calls");
    if (found == request.end())
        return usualCalls;
    if (!found->is_number_integer() || found->get<std::int64_t>() < 1 || found->get<std::int64_t>() > api::PrivacyDryRun::mostCalls)
        return fail(ErrorCode::BadRequest, fmt::format("calls is a whole number from 1 to {}.", api::PrivacyDryRun::mostCalls), "calls");
    return found->get<int>();
}

/// What the request names beside these is a mistake that must be told.
Result<Json> readRequest(std::string_view body, std::initializer_list<std::string_view> known)
{
    auto request = readObject(body);
    if (!request)
        return std::unexpected(request.error());
    for (const auto &[name, value] : request->items()) {
        if (std::ranges::find(known, std::string_view(name)) == known.end())
            return fail(ErrorCode::BadRequest, fmt::format("{} is none of what is asked here.", name), name);
    }
    return std::move(*request);
}

Json jsonOf(const std::vector<api::GuardrailFinding> &findings, bool ofRun)
{
    Json list = Json::array();
    for (const api::GuardrailFinding &each : findings) {
        Json one {{"guardrail", each.guardrail}, {"kind", config::toText(each.kind)}, {"action", config::toText(each.action)}, {"found", each.found}};
        if (ofRun)
            one["calls"] = each.calls;
        else
            one["why"] = each.why;
        list.push_back(std::move(one));
    }
    return list;
}

Json jsonOf(const api::PrivacyTrial &trial)
{
    Json spans = Json::array();
    for (const api::PrivacySpan &span : trial.spans)
        spans.push_back({{"from", span.from}, {"to", span.to}, {"text", span.text}, {"rule", span.rule}, {"label", span.label}, {"score", span.score}, {"action", config::toText(span.action)}});
    return {{"policy", trial.policy}, {"spans", std::move(spans)}, {"guardrails", jsonOf(trial.guardrails, false)}, {"scrubbed", trial.scrubbed}, {"blocked_by", trial.blockedBy.empty() ? Json() : Json(trial.blockedBy)}, {"not_asked", trial.notAsked}};
}

Json jsonOf(const api::PrivacyDryRun &run)
{
    Json rules = Json::array();
    for (const api::PrivacyDryRun::OfRule &rule : run.rules)
        rules.push_back({{"rule", rule.rule}, {"action", config::toText(rule.action)}, {"found", rule.found}, {"calls", rule.calls}, {"samples", rule.samples}});
    return {{"policy", run.policy}, {"calls", run.calls}, {"without_body", run.withoutBody}, {"blocked", run.blocked}, {"scrubbed_before", run.scrubbedBefore}, {"rules", std::move(rules)}, {"guardrails", jsonOf(run.guardrails, true)}, {"not_asked", run.notAsked}};
}

template <typename T>
std::function<void(Result<T>)> answering(Done done)
{
    return [done = std::move(done)](const Result<T> &result) { done(result ? answer(jsonOf(*result)) : refusal(result.error())); };
}

pipeline::AdminReply noTools()
{
    return refusal({.code = ErrorCode::NotSupported, .message = "This process keeps no log, and tries no policies out."});
}

void tryPolicy(const Ask &ask, Done done)
{
    const auto request = readRequest(ask.body, {"text", "policy", "as"});
    if (!request)
        return done(refusal(request.error()));
    const auto text = request->find("text");
    if (text == request->end() || !text->is_string())
        return done(refusal({.code = ErrorCode::BadRequest, .message = "text is the text to try the policy on.", .where = "text"}));
    auto policy = policyOf(*request);
    if (!policy)
        return done(refusal(policy.error()));
    const auto as = request->find("as");
    if (as != request->end() && *as != "request" && *as != "answer")
        return done(refusal({.code = ErrorCode::BadRequest, .message = "as is request or answer: what guardrails take the text for.", .where = "as"}));
    policy->asAnswer = as != request->end() && *as == "answer";
    api::PrivacyTools *tools = ask.gateway.privacyTools();
    if (tools == nullptr)
        return done(noTools());
    tools->tryOut(std::move(*policy), text->get<std::string>(), ask.context, answering<api::PrivacyTrial>(std::move(done)));
}

void dryRun(const Ask &ask, Done done)
{
    const auto request = readRequest(ask.body, {"policy", "calls"});
    if (!request)
        return done(refusal(request.error()));
    auto policy = policyOf(*request);
    const auto calls = callsOf(*request);
    if (!policy || !calls)
        return done(refusal(policy ? calls.error() : policy.error()));
    api::PrivacyTools *tools = ask.gateway.privacyTools();
    if (tools == nullptr)
        return done(noTools());
    tools->dryRun(std::move(*policy), *calls, ask.context, answering<api::PrivacyDryRun>(std::move(done)));
}

/// What the receiver of a webhook's questions checks their signatures with.
void tellWebhookSecret(const Ask &ask, Done done)
{
    const auto request = readRequest(ask.body, {"url"});
    if (!request)
        return done(refusal(request.error()));
    const auto url = request->find("url");
    if (url == request->end() || !url->is_string() || url->get_ref<const std::string &>().empty())
        return done(refusal({.code = ErrorCode::BadRequest, .message = "url is the address of the guardrail's webhook, as the policy writes it.", .where = "url"}));
    const std::string address = url->get<std::string>();
    const Json told {{"url", address}, {"secret", toHex(ask.gateway.secretHash(privacy::webhookSecretText(address)))}};
    done(answer(told));
}

} // namespace

void addPrivacyEndpoints(std::vector<Endpoint> &table)
{
    table.push_back({.method = "POST", .path = "/admin/v1/privacy/try", .least = Role::Analyst, .handler = tryPolicy,
                     .summary = "What a privacy policy, named or given, finds in a text, what its guardrails have against it, and what would go on. External detectors and webhooks are not asked, and nothing is kept.", .body = "privacy_try", .answer = "privacy_tried"});
    table.push_back({.method = "POST", .path = "/admin/v1/privacy/dry-run", .handler = dryRun,
                     .summary = "What a privacy policy would have found in the requests of the last calls of the log. Samples are masked; nothing changes.", .body = "privacy_dry_run", .answer = "privacy_dry_ran"});
    table.push_back({.method = "POST", .path = "/admin/v1/privacy/webhook-secret", .least = Role::Owner, .handler = tellWebhookSecret,
                     .summary = "What questions to a guardrail's webhook are signed with: the key of the HMAC-SHA256 in x-signalbox-signature. It is of this installation and that address alone.", .body = "webhook_address",
                     .answer = "webhook_secret"});
}

} // namespace gateway::admin
