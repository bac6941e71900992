// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/exchange.h"
#include "gateway/privacy/answer_changes.h"
#include "gateway/privacy/answer_guard.h"
#include "gateway/privacy/answer_rewriter.h"
#include "gateway/privacy/policy.h"
#include "gateway/wire/answer_text.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::stages {

/// Tells a call's record what rules found, in place of what was told before. @param counts  of Policy::rules(), from the call's beginning
void noteFindings(CallRecord &record, const privacy::Policy &policy, const std::vector<std::uint32_t> &counts, std::uint32_t PrivacyFinding::*where);
/// The same for guardrails. @param counts  of Guards::all(), from the call's beginning
void noteGuards(CallRecord &record, const privacy::Guards &guards, const std::vector<std::uint32_t> &counts, std::uint32_t PrivacyFinding::*where);

/// A call's answer under its privacy policy, before it is logged: rules and forbidden patterns as it comes; what its guardrails
/// want of it as a whole once it has come to its end.
class CheckFilter final : public pipeline::AnswerFilter
{
public:
    /// @param wholly  guardrails look at the answer as a whole too
    CheckFilter(pipeline::Exchange &x, std::shared_ptr<const privacy::Policy> policy, bool wholly);
    Result<> whole(std::string_view body, std::string &out) override;
    Result<> piece(std::string_view bytes, std::string &out) override;
    Result<> finish(std::string &out) override;
    [[nodiscard]] bool hasToAsk() const override { return m_asks; }
    pipeline::Task<Result<>> ask() override;
    [[nodiscard]] bool wantsAnother() const override { return m_again; }
    Result<> askAgain() override;
    [[nodiscard]] std::unique_ptr<pipeline::AnswerFilter> forCopy(pipeline::Exchange &copy) const override;

    /// Whether an answer under the policy has to go through one.
    [[nodiscard]] static bool isNeeded(const privacy::Policy &policy) { return (policy.looksAtAnswers() && !policy.rules().empty()) || policy.guards().looksAtAnswers(); }

private:
    Result<> noted(Result<> result);
    Result<> judged(bool mayAskAgain);
    [[nodiscard]] Result<> unjudged() const;
    void beginAnew();
    [[nodiscard]] bool isHeld() const;
    void showLife(std::string &out);

    pipeline::Exchange &m_x;
    const std::shared_ptr<const privacy::Policy> m_policy;
    const bool m_wholly;
    bool m_holds = false;                       ///< a stream is held from its beginning until it has been judged
    std::optional<privacy::CheckChanges> m_changes;
    std::optional<privacy::AnswerRewriter> m_rewriter;
    std::unique_ptr<wire::AnswerText> m_text;   ///< null: nothing is looked at as a whole
    std::string m_held;                         ///< of a stream that is held
    SteadyTime m_lastLife {};                   ///< when its caller last heard of it
    std::vector<std::uint32_t> m_guardCounts;   ///< of answers before this one, and of all that is judged as a whole
    std::vector<std::uint32_t> m_ruleCounts;    ///< of answers before this one
    privacy::AnswerVerdict m_verdict;
    bool m_asks = false;                        ///< webhooks have a say in it
    bool m_again = false;                       ///< another answer is wanted
    bool m_askedAgain = false;
    std::string m_asked;                        ///< the request before that: the log's view of it lies in it
};

/// A call's answer with its own values in the place of their placeholders, for the caller alone.
class RestoreFilter final : public pipeline::AnswerFilter
{
public:
    RestoreFilter(pipeline::Exchange &x, std::shared_ptr<const privacy::PlaceholderMap> map, bool answersJson);
    Result<> whole(std::string_view body, std::string &out) override;
    Result<> piece(std::string_view bytes, std::string &out) override;
    Result<> finish(std::string &out) override;
    [[nodiscard]] std::unique_ptr<pipeline::AnswerFilter> forCopy(pipeline::Exchange &copy) const override;

private:
    pipeline::Exchange &m_x;
    privacy::RestoreChanges m_changes;
    privacy::AnswerRewriter m_rewriter {m_changes};
};

} // namespace gateway::stages
