// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/answer_changes.h"

#include "gateway/privacy/characters.h"
#include "gateway/privacy/json_text.h"
#include "gateway/privacy/pattern_watch.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <utility>

namespace gateway::privacy {

namespace {

bool endsWithinEscape(std::string_view raw)
{
    const std::size_t last = raw.find_last_not_of('\\');
    const std::size_t slashes = raw.size() - (last == std::string_view::npos ? 0 : last + 1);
    return slashes % 2 == 1;
}

class RestoredText final : public TextChange
{
public:
    RestoredText(const PlaceholderMap &map, Inside inside) : m_restorer(map, inside), m_escapes(inside != Inside::Text) {}

    Result<> feed(std::string_view raw, std::string &out) override
    {
        const std::size_t before = out.size();
        if (std::exchange(m_slash, false))
            out += '\\';
        m_restorer.feed(raw, out);
        // Of a row of backslashes the one half may go and the other wait: JSON takes no half of an escape.
        if (m_escapes && endsWithinEscape(std::string_view(out).substr(before))) {
            out.pop_back();
            m_slash = true;
        }
        return {};
    }

    Result<> finish(std::string &out) override
    {
        if (std::exchange(m_slash, false))
            out += '\\';
        m_restorer.finish(out);
        return {};
    }

    [[nodiscard]] bool holds() const override { return m_slash || m_restorer.held() > 0; }

private:
    Restorer m_restorer;
    bool m_escapes;
    bool m_slash = false;
};

/// The half of a character that a text in pieces may end in: "\ud83d".
std::size_t openSurrogate(std::string_view raw)
{
    constexpr std::size_t size = 6;
    if (raw.size() < size)
        return 0;
    const std::string_view last = raw.substr(raw.size() - size);
    const bool high = last.starts_with("\\u") && lower(last[2]) == 'd' && (last[3] == '8' || last[3] == '9' || lower(last[3]) == 'a' || lower(last[3]) == 'b');
    return high && !endsWithinEscape(raw.substr(0, raw.size() - size)) ? size : 0;
}

class CheckedText final : public TextChange
{
public:
    /// @param counts  null: it was counted before
    CheckedText(std::shared_ptr<const Policy> policy, const KeyHasher &hasher, Inside inside, AnswerCounts *counts)
        : m_policy(std::move(policy)), m_isText(inside == Inside::Text), m_counts(counts), m_counted(m_policy->rules().size(), 0)
    {
        if (m_policy->looksAtAnswers() && !m_policy->rules().empty())
            m_scanner.emplace(m_policy, hasher);
        if (!m_policy->guards().forbidden().empty())
            m_watch.emplace(m_policy->guards().forbidden());
    }

    Result<> feed(std::string_view raw, std::string &out) override
    {
        if (m_isText)
            return take(raw, out);
        std::string joined;
        if (!m_open.empty()) {
            joined.append(m_open).append(raw);
            raw = joined;
        }
        const std::size_t open = openSurrogate(raw);
        std::string rest(raw.substr(raw.size() - open));
        const JsonText text(raw.substr(0, raw.size() - open));
        Result<> taken = take(text.plain(), out);
        m_open = std::move(rest);
        return taken;
    }

    Result<> finish(std::string &out) override
    {
        if (m_watch) {
            if (Result<> passed = watched(m_watch->finish()); !passed)
                return passed;
        }
        m_plain.clear();
        const Rule *rule = m_scanner ? m_scanner->finish(m_plain) : nullptr;
        Result<> ended = said(rule, out);
        out += std::exchange(m_open, {});
        return ended;
    }

    [[nodiscard]] bool holds() const override { return (m_scanner && m_scanner->held() > 0) || !m_open.empty(); }

private:
    Result<> take(std::string_view plain, std::string &out)
    {
        if (m_watch) {
            if (Result<> passed = watched(m_watch->feed(plain)); !passed)
                return passed;
        }
        m_plain.clear();
        const Rule *rule = nullptr;
        if (m_scanner)
            rule = m_scanner->feed(plain, m_plain);
        else
            m_plain = plain;
        return said(rule, out);
    }

    /// What patterns found that are forbidden.
    Result<> watched(const std::vector<std::uint32_t> &patterns)
    {
        const Guards &guards = m_policy->guards();
        Result<> passed;
        for (const std::uint32_t pattern : patterns) {
            const GuardPatterns::Owner &owner = guards.forbidden().owners[pattern];
            if (m_counts != nullptr)
                ++m_counts->guards[owner.guard];
            if (passed && guards.all()[owner.guard].blocks())
                passed = std::unexpected(stoppedBy(*m_policy, {.guard = owner.guard, .why = forbiddenWords(owner.number)}, "The answer"));
        }
        return passed;
    }

    Result<> said(const Rule *rule, std::string &out)
    {
        for (std::size_t i = 0; m_scanner && m_counts != nullptr && i < m_counted.size(); ++i)
            m_counts->rules[i] += m_scanner->counts()[i] - std::exchange(m_counted[i], m_scanner->counts()[i]);
        if (rule != nullptr)
            return std::unexpected(blockedBy(*m_policy, *rule, "The answer"));
        if (m_isText)
            out += m_plain;
        else
            out += jsonEscaped(m_plain);
        return {};
    }

    std::shared_ptr<const Policy> m_policy;
    std::optional<AnswerScanner> m_scanner; ///< nullopt: no rule is about answers
    std::optional<PatternWatch> m_watch;    ///< nullopt: no guardrail forbids anything
    bool m_isText;
    AnswerCounts *m_counts;
    std::vector<std::uint32_t> m_counted;
    std::string m_plain;
    std::string m_open; ///< half of a character
};

} // namespace

std::unique_ptr<TextChange> RestoreChanges::begin(Inside inside)
{
    return std::make_unique<RestoredText>(*m_map, insideOf(inside));
}

Result<> RestoreChanges::whole(std::string_view raw, Inside inside, bool, std::string &out)
{
    out += Restorer::restored(*m_map, raw, insideOf(inside));
    return {};
}

CheckChanges::CheckChanges(std::shared_ptr<const Policy> policy, const KeyHasher &hasher)
    : m_policy(std::move(policy)), m_hasher(hasher), m_counts {.rules = std::vector<std::uint32_t>(m_policy->rules().size(), 0), .guards = std::vector<std::uint32_t>(m_policy->guards().all().size(), 0)}
{
}

std::unique_ptr<TextChange> CheckChanges::begin(Inside inside)
{
    return std::make_unique<CheckedText>(m_policy, m_hasher, inside, &m_counts);
}

Result<> CheckChanges::whole(std::string_view raw, Inside inside, bool again, std::string &out)
{
    CheckedText text(m_policy, m_hasher, inside, again ? nullptr : &m_counts);
    Result<> fed = text.feed(raw, out);
    return fed ? text.finish(out) : fed;
}

Error blockedBy(const Policy &policy, const Rule &rule, std::string_view what)
{
    return {.code = ErrorCode::BlockedByPolicy, .message = fmt::format("{} has something in it that the privacy policy \"{}\" does not let through: {}.", what, policy.name(), rule.name)};
}

} // namespace gateway::privacy
