// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/cache/cache_key.h"

#include <fmt/format.h>
#include <iterator>

namespace gateway::stages {

namespace {

/// With its length before it, so that no two rows of parts have the same bytes.
void add(std::string &out, std::string_view part)
{
    fmt::format_to(std::back_inserter(out), "{}:", part.size());
    out += part;
}

} // namespace

std::optional<AnswerKey> CacheKeys::keyOf(const CacheScope &scope, std::string_view body, std::optional<bool> delivery)
{
    return hash("answer", scope, body, {}, delivery);
}

std::optional<AnswerKey> CacheKeys::conversationOf(const CacheScope &scope, std::string_view body, wire::Span question)
{
    return hash("conversation", scope, body, question, std::nullopt);
}

std::optional<AnswerKey> CacheKeys::hash(std::string_view what, const CacheScope &scope, std::string_view body, wire::Span omitted, std::optional<bool> delivery)
{
    m_text.clear();
    add(m_text, "cache 1"); // digests of another meaning, or another form, share nothing with these
    add(m_text, what);
    for (const std::string_view part : {scope.tenant, scope.nameSpace, scope.route, scope.star, scope.promptVersion, scope.pathModel})
        add(m_text, part);
    m_text += static_cast<char>(scope.endpoint);
    m_text += static_cast<char>(scope.format);
    m_text += !delivery ? 'e' : *delivery ? 's' : 'w';
    fmt::format_to(std::back_inserter(m_text), "{}:", scope.also.size());
    for (const auto &[name, value] : scope.also) {
        add(m_text, name);
        add(m_text, value);
    }
    if (!m_json.append(body, {.members = uncountedMembers, .value = omitted}, m_text))
        return std::nullopt;
    return m_hasher.hash(m_text);
}

} // namespace gateway::stages
