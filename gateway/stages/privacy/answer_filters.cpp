// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/privacy/answer_filters.h"

#include "gateway/core/finding_action.h"
#include "gateway/pipeline/quota_hold.h"
#include "gateway/stages/privacy/call_judges.h"
#include "gateway/stages/privacy/scrubbed_request.h"
#include "gateway/wire/added_turns.h"
#include "gateway/wire/codecs.h"

#include <algorithm>
#include <utility>

namespace gateway::stages {

using pipeline::Exchange;
using pipeline::Task;

namespace {

Result<> rewriteWhole(const Exchange &x, privacy::AnswerRewriter &rewriter, std::string_view body, std::string &out)
{
    if (x.answerIsText)
        return rewriter.whole(body, x.answerType, out);
    out += body;
    return {};
}

Result<> rewritePiece(const Exchange &x, privacy::AnswerRewriter &rewriter, std::string_view bytes, std::string &out)
{
    if (!rewriter.hasBegun() && bytes.empty())
        return {};
    if (!rewriter.hasBegun())
        rewriter.begin(x.answerIsText ? x.streamType : std::string_view("application/octet-stream"));
    return rewriter.piece(bytes, out);
}

} // namespace

namespace {

/// What the rules, or the guardrails, of a policy found: where two of them have one name and action, they count together.
/// @param mark  before the word of an action
template <typename Named>
void note(CallRecord &record, std::string_view mark, const std::vector<Named> &all, const std::vector<std::uint32_t> &counts, std::uint32_t PrivacyFinding::*where)
{
    for (PrivacyFinding &finding : record.findings) {
        if (isGuardrails(finding) == !mark.empty())
            finding.*where = 0;
    }
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (counts[i] == 0)
            continue;
        const std::string_view word = config::toText(all[i].action);
        auto found = std::ranges::find_if(record.findings, [&](const PrivacyFinding &each) { return isGuardrails(each) == !mark.empty() && each.rule == all[i].name && actionWord(each) == word; });
        if (found == record.findings.end())
            found = record.findings.insert(found, {.rule = all[i].name, .action = std::string(mark).append(word)});
        (*found).*where += counts[i];
    }
}

void add(std::vector<std::uint32_t> &to, const std::vector<std::uint32_t> &counts)
{
    for (std::size_t i = 0; i < to.size(); ++i)
        to[i] += counts[i];
}

std::vector<std::uint32_t> sum(std::vector<std::uint32_t> a, const std::vector<std::uint32_t> &b)
{
    add(a, b);
    return a;
}

} // namespace

void noteFindings(CallRecord &record, const privacy::Policy &policy, const std::vector<std::uint32_t> &counts, std::uint32_t PrivacyFinding::*where)
{
    note(record, {}, policy.rules(), counts, where);
}

void noteGuards(CallRecord &record, const privacy::Guards &guards, const std::vector<std::uint32_t> &counts, std::uint32_t PrivacyFinding::*where)
{
    note(record, guardrailMark, guards.all(), counts, where);
}

CheckFilter::CheckFilter(Exchange &x, std::shared_ptr<const privacy::Policy> policy, bool wholly)
    : m_x(x), m_policy(std::move(policy)), m_wholly(wholly && m_policy->guards().readsAnswers() && wire::AnswerText::reads(x.endpoint) && !x.stored)
    , m_guardCounts(m_policy->guards().all().size(), 0), m_ruleCounts(m_policy->rules().size(), 0)
{
    m_holds = m_wholly && m_policy->guards().holdsStreams();
    beginAnew();
}

void CheckFilter::beginAnew()
{
    m_rewriter.reset(); // it works on the changes
    m_changes.emplace(m_policy, m_x.worker.services.keyHasher);
    m_rewriter.emplace(*m_changes);
    if (m_wholly)
        m_text = std::make_unique<wire::AnswerText>(m_x.endpoint);
    m_held.clear();
    m_asks = m_again = false;
}

/// The record may be settled before the next byte.
Result<> CheckFilter::noted(Result<> result)
{
    noteFindings(m_x.record, *m_policy, sum(m_ruleCounts, m_changes->counts().rules), &PrivacyFinding::answered);
    if (!m_policy->guards().empty())
        noteGuards(m_x.record, m_policy->guards(), sum(m_guardCounts, m_changes->counts().guards), &PrivacyFinding::answered);
    return result;
}

/// The answer has come to its end.
/// @param mayAskAgain  nothing of it has gone to the caller
Result<> CheckFilter::judged(bool mayAskAgain)
{
    const privacy::Guards &guards = m_policy->guards();
    m_verdict = privacy::judgeAnswer(guards, *m_text);
    for (const privacy::GuardFinding &finding : m_verdict.findings)
        m_guardCounts[finding.guard] += finding.times;
    if (const privacy::GuardFinding *blocks = blocking(guards, m_verdict.findings)) {
        m_again = mayAskAgain && !m_askedAgain && !m_verdict.repair.empty();
        return std::unexpected(stoppedBy(*m_policy, *blocks, m_askedAgain ? "The answer, and the one before it," : "The answer"));
    }
    m_asks = guards.asks() && std::ranges::any_of(guards.all(), [](const privacy::Guard &guard) { return guard.answers && guard.kind == config::GuardrailKind::Webhook; });
    return {};
}

/// A stream that was broken off, or is longer than what is read: nobody can say of it whether it fits, which is no finding. What
/// would have to be judged before it goes on stays here.
Result<> CheckFilter::unjudged() const
{
    const privacy::AnswerVerdict verdict = privacy::judgeAnswer(m_policy->guards(), *m_text);
    const privacy::GuardFinding *blocks = blocking(m_policy->guards(), verdict.findings);
    return blocks == nullptr ? Result<>() : std::unexpected(stoppedBy(*m_policy, *blocks, "The answer"));
}

Result<> CheckFilter::whole(std::string_view body, std::string &out)
{
    const std::size_t from = out.size();
    Result<> passed = rewriteWhole(m_x, *m_rewriter, body, out);
    if (passed && m_text) {
        m_text->whole(std::string_view(out).substr(from));
        passed = judged(true);
    }
    return noted(std::move(passed));
}

/// A stream whose end has gone out can no longer be said to have failed.
bool CheckFilter::isHeld() const
{
    return m_holds || (m_text && m_text->isEnding());
}

Result<> CheckFilter::piece(std::string_view bytes, std::string &out)
{
    const std::size_t from = out.size();
    Result<> passed = rewritePiece(m_x, *m_rewriter, bytes, out);
    if (m_text)
        m_text->piece(std::string_view(out).substr(from), m_x.streamType.starts_with("application/json"));
    if (isHeld()) {
        m_held.append(out, from);
        out.resize(from);
    }
    if (m_holds)
        showLife(out);
    return noted(std::move(passed));
}

/// Who waits for a stream that is held hears that it is there.
void CheckFilter::showLife(std::string &out)
{
    const Duration beat = m_x.config->gateway.keepalive;
    if (beat <= Duration::zero() || m_x.now() < m_lastLife + beat)
        return;
    if (m_lastLife != SteadyTime {})
        out += wire::keepaliveBytes(m_x.format);
    m_lastLife = m_x.now();
}

Result<> CheckFilter::finish(std::string &out)
{
    const std::size_t from = out.size();
    Result<> passed = m_rewriter->finish(out);
    if (!m_text)
        return noted(std::move(passed));
    m_text->piece(std::string_view(out).substr(from), m_x.streamType.starts_with("application/json"));
    m_text->finish();
    if (isHeld()) {
        m_held.append(out, from);
        out.resize(from);
    }
    if (passed && !m_text->isEnding())
        passed = unjudged();
    else if (passed)
        passed = judged(m_holds);
    if (passed)
        out += std::exchange(m_held, {});
    return noted(std::move(passed));
}

Task<Result<>> CheckFilter::ask()
{
    m_asks = false;
    std::vector<std::string> texts;
    for (const wire::AnswerText::Choice &choice : m_text->choices())
        texts.push_back(choice.text());
    Result<> allowed = co_await askJudges(m_x, *m_policy, "answer", texts, m_guardCounts);
    co_return noted(std::move(allowed));
}

/// One attempt more, which knows what was wrong with the last answer.
Result<> CheckFilter::askAgain()
{
    add(m_ruleCounts, m_changes->counts().rules);
    add(m_guardCounts, m_changes->counts().guards);
    const privacy::AnswerVerdict verdict = std::exchange(m_verdict, {});
    const privacy::GuardFinding *blocks = blocking(m_policy->guards(), verdict.findings);
    m_askedAgain = true;
    beginAnew();
    for (std::size_t i = 0; m_x.quota && i < m_x.record.attempts.size(); ++i) // paid for, whoever got it: there is that much less for the next one
        m_x.quota->failed(i, m_x.record, m_x.now());
    m_x.answering.reset(); // nobody got it
    m_x.record.firstByteUs = -1;
    auto body = wire::withTurns(m_x.endpoint, m_x.body(), verdict.said, verdict.repair);
    if (!body)
        return std::unexpected(stoppedBy(*m_policy, *blocks, "The answer"));
    m_asked = std::move(m_x.filledBody);
    return putBody(m_x, std::move(*body));
}

/// Nobody gets the copy's answer: it is only looked at for what must not be logged.
std::unique_ptr<pipeline::AnswerFilter> CheckFilter::forCopy(Exchange &copy) const
{
    return std::make_unique<CheckFilter>(copy, m_policy, false);
}

RestoreFilter::RestoreFilter(Exchange &x, std::shared_ptr<const privacy::PlaceholderMap> map, bool answersJson) : m_x(x), m_changes(std::move(map), answersJson) {}

Result<> RestoreFilter::whole(std::string_view body, std::string &out)
{
    return rewriteWhole(m_x, m_rewriter, body, out);
}

Result<> RestoreFilter::piece(std::string_view bytes, std::string &out)
{
    return rewritePiece(m_x, m_rewriter, bytes, out);
}

Result<> RestoreFilter::finish(std::string &out)
{
    return m_rewriter.finish(out);
}

/// Nobody gets the copy's answer.
std::unique_ptr<pipeline::AnswerFilter> RestoreFilter::forCopy(Exchange &) const
{
    return nullptr;
}

} // namespace gateway::stages
