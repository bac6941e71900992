// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/privacy_trials.h"

#include "gateway/config/check.h"
#include "gateway/core/text.h"
#include "gateway/privacy/answer_guard.h"
#include "gateway/privacy/body_scrub.h"
#include "gateway/privacy/request_guard.h"
#include "gateway/privacy/scrubber.h"
#include "gateway/storage/call_log_reader.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <set>
#include <span>

namespace gateway::api {

namespace {

constexpr std::size_t longestSample = 60;
constexpr int page = 200; ///< calls with their bodies at once

std::vector<std::string> namesNotAsked(const privacy::Policy &policy)
{
    std::vector<std::string> names;
    for (const privacy::ExternalDetector &detector : policy.external())
        names.push_back(detector.name);
    for (const privacy::Guard &guard : policy.guards().all()) {
        if (guard.kind == config::GuardrailKind::Webhook)
            names.push_back(guard.name);
    }
    return names;
}

GuardrailFinding findingOf(const privacy::Guard &guard)
{
    return {.guardrail = guard.name, .kind = guard.kind, .action = guard.action};
}

/// Counts what a policy finds in request after request.
class DryRun
{
public:
    DryRun(const std::shared_ptr<const privacy::Policy> &policy, const KeyHasher &hasher) : m_policy(policy), m_hasher(hasher), m_rules(policy->rules().size())
    {
        m_report.policy = policy->name();
        m_report.notAsked = namesNotAsked(*policy);
        for (std::size_t i = 0; i < m_rules.size(); ++i) {
            m_rules[i].rule = policy->rules()[i].name;
            m_rules[i].action = policy->rules()[i].action;
        }
        for (const privacy::Guard &guard : policy->guards().all())
            m_guardrails.push_back(findingOf(guard));
    }

    void add(const CallRecord &call)
    {
        if (call.bodies.request.empty()) {
            ++m_report.withoutBody;
            return;
        }
        ++m_report.calls;
        m_report.scrubbedBefore += call.policy.empty() ? 0 : 1;
        const privacy::BodyScrub body(call.bodies.request, {});
        privacy::PlaceholderMap map;
        privacy::Scrubber scrubber(m_policy, m_hasher, map);
        std::set<std::uint32_t> seen;
        bool blocked = false;
        for (std::size_t i = 0; i < body.textCount(); ++i) {
            const std::string text = body.plain(i);
            std::vector<privacy::Edit> edits;
            blocked = scrubber.scrub(text, privacy::TextForm::Plain, edits, {}, body.about(i)) != nullptr || blocked;
            for (const privacy::Hit &hit : scrubber.found())
                count(hit, text, seen.insert(hit.rule).second);
        }
        blocked = isStopped(body) || blocked;
        m_report.blocked += blocked ? 1 : 0;
    }

    PrivacyDryRun report()
    {
        for (PrivacyDryRun::OfRule &rule : m_rules) {
            if (rule.found > 0)
                m_report.rules.push_back(std::move(rule));
        }
        std::ranges::copy_if(m_guardrails, std::back_inserter(m_report.guardrails), [](const GuardrailFinding &each) { return each.calls > 0; });
        std::ranges::stable_sort(m_report.rules, std::greater(), &PrivacyDryRun::OfRule::found);
        return std::move(m_report);
    }

private:
    /// Whether a guardrail would not have let the request through.
    bool isStopped(const privacy::BodyScrub &body)
    {
        if (!m_policy->guards().looksAtRequests())
            return false;
        privacy::RequestGuard guard(m_policy->guards());
        guard.look(body);
        const std::vector<privacy::GuardFinding> findings = guard.finish();
        for (const privacy::GuardFinding &finding : findings) {
            m_guardrails[finding.guard].found += finding.times;
            ++m_guardrails[finding.guard].calls;
        }
        return blocking(m_policy->guards(), findings) != nullptr;
    }

    void count(const privacy::Hit &hit, std::string_view text, bool first)
    {
        PrivacyDryRun::OfRule &rule = m_rules[hit.rule];
        ++rule.found;
        rule.calls += first ? 1 : 0;
        if (rule.samples.size() == PrivacyDryRun::mostSamples)
            return;
        const std::string masked = privacy::maskOf(toValidUtf8(hit.in(text)));
        std::string sample(truncatedUtf8(masked, longestSample));
        if (std::ranges::find(rule.samples, sample) == rule.samples.end())
            rule.samples.push_back(std::move(sample));
    }

    std::shared_ptr<const privacy::Policy> m_policy;
    const KeyHasher &m_hasher;
    std::vector<PrivacyDryRun::OfRule> m_rules;
    std::vector<GuardrailFinding> m_guardrails; ///< of Guards::all()
    PrivacyDryRun m_report;
};

std::vector<privacy::GuardFinding> guardedRequest(const privacy::Guards &guards, std::string_view text)
{
    privacy::RequestGuard guard(guards);
    guard.look(text);
    return guard.finish();
}

/// Whether the last one could be saved as it is.
Result<> checkLast(const std::vector<config::PrivacyPolicy> &policies)
{
    config::Config config;
    config.privacyPolicies = policies;
    const std::string place = fmt::format("privacy.policies[{}]", policies.size() - 1);
    for (const config::Problem &problem : config::check(config)) {
        if (!problem.warning && problem.field.starts_with(place))
            return fail(ErrorCode::Invalid, problem.message, "policy" + problem.field.substr(place.size()));
    }
    return {};
}

} // namespace

Result<std::shared_ptr<const privacy::Policy>> compileTried(std::vector<config::PrivacyPolicy> stored, const TriedPolicy &policy)
{
    std::string name = policy.name;
    if (policy.given) {
        config::PrivacyPolicy given = *policy.given;
        if (given.name.empty())
            given.name = "tried";
        name = given.name;
        std::erase_if(stored, [&](const config::PrivacyPolicy &other) { return other.name == name; });
        stored.push_back(std::move(given));
        if (Result<> fine = checkLast(stored); !fine)
            return std::unexpected(fine.error());
    } else if (name.empty()) {
        name = config::usualPolicy;
    }
    if (config::findPolicy(stored, name) == nullptr)
        return fail(ErrorCode::NotFound, fmt::format("There is no privacy policy {}.", jsonQuoted(name)), "policy");
    auto made = privacy::Policy::compile(stored, name);
    if (!made)
        return fail(ErrorCode::Invalid, made.error().front().message, made.error().front().field);
    return std::move(*made);
}

PrivacyTrial tryPolicy(const std::shared_ptr<const privacy::Policy> &policy, const KeyHasher &hasher, const std::string &text, bool asAnswer)
{
    PrivacyTrial trial {.policy = policy->name(), .spans = {}, .guardrails = {}, .scrubbed = text, .blockedBy = {}, .notAsked = namesNotAsked(*policy)};
    const privacy::Guards &guards = policy->guards();
    const std::vector<privacy::GuardFinding> findings = asAnswer ? judgeText(guards, text) : guardedRequest(guards, text);
    for (const privacy::GuardFinding &finding : findings) {
        trial.guardrails.push_back(findingOf(guards.all()[finding.guard]));
        trial.guardrails.back().found = finding.times;
        trial.guardrails.back().why = finding.why;
    }
    privacy::PlaceholderMap map;
    privacy::Scrubber scrubber(policy, hasher, map);
    std::vector<privacy::Edit> edits;
    if (const privacy::Rule *blocks = scrubber.scrub(text, privacy::TextForm::Plain, edits))
        trial.blockedBy = blocks->name;
    else
        trial.scrubbed = privacy::edited(text, edits);
    if (const privacy::GuardFinding *stops = blocking(guards, findings)) {
        trial.blockedBy = guards.all()[stops->guard].name;
        trial.scrubbed = text;
    }
    for (const privacy::Hit &hit : scrubber.found()) {
        const privacy::Rule &rule = policy->rules()[hit.rule];
        trial.spans.push_back({.from = hit.from, .to = hit.to, .text = std::string(hit.in(text)), .rule = rule.name, .label = rule.label, .score = hit.score, .action = rule.action});
    }
    return trial;
}

Result<PrivacyDryRun> dryRunPolicy(storage::CallLogReader &log, const std::shared_ptr<const privacy::Policy> &policy, const KeyHasher &hasher, int calls)
{
    const auto last = log.lastRow();
    if (!last)
        return std::unexpected(last.error());
    DryRun run(policy, hasher);
    std::uint64_t row = *last - std::min<std::uint64_t>(*last, static_cast<std::uint64_t>(calls));
    while (row < *last) {
        const auto stored = log.storedAfter(row, page, true);
        if (!stored)
            return std::unexpected(stored.error());
        if (stored->empty())
            break;
        for (const storage::StoredCall &call : *stored)
            run.add(call.record);
        row = stored->back().row;
    }
    return run.report();
}

} // namespace gateway::api
