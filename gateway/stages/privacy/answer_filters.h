// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/exchange.h"
#include "gateway/privacy/answer_changes.h"
#include "gateway/privacy/answer_rewriter.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::stages {

/// Adds what rules found to a call's record. @param counts  of Policy::rules(), from the call's beginning
void noteFindings(CallRecord &record, const privacy::Policy &policy, const std::vector<std::uint32_t> &counts, std::uint32_t PrivacyFinding::*where);

/// A call's answer under its privacy policy, before it is logged.
class CheckFilter final : public pipeline::AnswerFilter
{
public:
    CheckFilter(pipeline::Exchange &x, std::shared_ptr<const privacy::Policy> policy);
    Result<> whole(std::string_view body, std::string &out) override;
    Result<> piece(std::string_view bytes, std::string &out) override;
    Result<> finish(std::string &out) override;
    [[nodiscard]] std::unique_ptr<pipeline::AnswerFilter> forCopy(pipeline::Exchange &copy) const override;

private:
    Result<> noted(Result<> result);

    pipeline::Exchange &m_x;
    privacy::CheckChanges m_changes;
    privacy::AnswerRewriter m_rewriter {m_changes};
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
