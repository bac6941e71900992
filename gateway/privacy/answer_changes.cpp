// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/answer_changes.h"

#include "gateway/privacy/characters.h"
#include "gateway/privacy/json_text.h"

#include <algorithm>
#include <fmt/format.h>
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
    CheckedText(std::shared_ptr<const Policy> policy, const KeyHasher &hasher, Inside inside, std::vector<std::uint32_t> *counts)
        : m_policy(std::move(policy)), m_scanner(m_policy, hasher), m_isText(inside == Inside::Text), m_counts(counts), m_counted(m_policy->rules().size(), 0)
    {
    }

    Result<> feed(std::string_view raw, std::string &out) override
    {
        m_plain.clear();
        if (m_isText)
            return said(m_scanner.feed(raw, m_plain), out);
        std::string joined;
        if (!m_open.empty()) {
            joined.append(m_open).append(raw);
            raw = joined;
        }
        const std::size_t open = openSurrogate(raw);
        std::string rest(raw.substr(raw.size() - open));
        const JsonText text(raw.substr(0, raw.size() - open));
        const Rule *rule = m_scanner.feed(text.plain(), m_plain);
        m_open = std::move(rest);
        return said(rule, out);
    }

    Result<> finish(std::string &out) override
    {
        m_plain.clear();
        const Rule *rule = m_scanner.finish(m_plain);
        Result<> ended = said(rule, out);
        out += std::exchange(m_open, {});
        return ended;
    }

    [[nodiscard]] bool holds() const override { return m_scanner.held() > 0 || !m_open.empty(); }

private:
    Result<> said(const Rule *rule, std::string &out)
    {
        for (std::size_t i = 0; m_counts != nullptr && i < m_counted.size(); ++i)
            (*m_counts)[i] += m_scanner.counts()[i] - std::exchange(m_counted[i], m_scanner.counts()[i]);
        if (rule != nullptr)
            return std::unexpected(blockedBy(*m_policy, *rule, "The answer"));
        if (m_isText)
            out += m_plain;
        else
            out += jsonEscaped(m_plain);
        return {};
    }

    std::shared_ptr<const Policy> m_policy;
    AnswerScanner m_scanner;
    bool m_isText;
    std::vector<std::uint32_t> *m_counts;
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
    : m_policy(std::move(policy)), m_hasher(hasher), m_counts(m_policy->rules().size(), 0)
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
