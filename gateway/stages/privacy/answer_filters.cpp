// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/privacy/answer_filters.h"

#include <algorithm>
#include <utility>

namespace gateway::stages {

using pipeline::Exchange;

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

void noteFindings(CallRecord &record, const privacy::Policy &policy, const std::vector<std::uint32_t> &counts, std::uint32_t PrivacyFinding::*where)
{
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (counts[i] == 0)
            continue;
        const privacy::Rule &rule = policy.rules()[i];
        const std::string_view action = config::toText(rule.action);
        auto found = std::ranges::find_if(record.findings, [&](const PrivacyFinding &each) { return each.rule == rule.name && each.action == action; });
        if (found == record.findings.end())
            found = record.findings.insert(found, {.rule = rule.name, .action = std::string(action)});
        (*found).*where = counts[i];
    }
}

CheckFilter::CheckFilter(Exchange &x, std::shared_ptr<const privacy::Policy> policy) : m_x(x), m_changes(std::move(policy), x.worker.services.keyHasher) {}

/// The record may be settled before the next byte.
Result<> CheckFilter::noted(Result<> result)
{
    noteFindings(m_x.record, *m_changes.policy(), m_changes.counts(), &PrivacyFinding::answered);
    return result;
}

Result<> CheckFilter::whole(std::string_view body, std::string &out)
{
    return noted(rewriteWhole(m_x, m_rewriter, body, out));
}

Result<> CheckFilter::piece(std::string_view bytes, std::string &out)
{
    return noted(rewritePiece(m_x, m_rewriter, bytes, out));
}

Result<> CheckFilter::finish(std::string &out)
{
    return noted(m_rewriter.finish(out));
}

std::unique_ptr<pipeline::AnswerFilter> CheckFilter::forCopy(Exchange &copy) const
{
    return std::make_unique<CheckFilter>(copy, m_changes.policy());
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
