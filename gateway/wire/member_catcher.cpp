// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/member_catcher.h"

#include <algorithm>

namespace gateway::wire {

namespace {

constexpr std::size_t longestKey = 64;

} // namespace

void MemberCatcher::feed(std::string_view bytes)
{
    for (const char c : bytes) {
        if (m_inString)
            takeOfString(c);
        else
            take(c);
    }
}

void MemberCatcher::takeOfString(char c)
{
    if (m_catching)
        keep(c);
    if (m_escaped) {
        m_escaped = false;
    } else if (c == '\\') {
        m_escaped = true;
    } else if (c == '"') {
        m_inString = m_inKey = false;
        return;
    }
    if (m_inKey && m_key.size() < longestKey)
        m_key += c;
}

void MemberCatcher::take(char c)
{
    switch (c) {
    case '"':
        m_inString = true;
        if (m_depth == 1 && m_expectsKey) {
            m_inKey = true;
            m_key.clear();
        }
        break;
    case '{':
    case '[':
        if (m_depth++ == 0)
            m_expectsKey = c == '{';
        break;
    case '}':
    case ']':
        if (m_depth > 0 && --m_depth == 0) {
            endValue();
            m_expectsKey = false;
        }
        break;
    case ',':
        if (m_depth == 1) {
            endValue();
            m_expectsKey = true;
        }
        break;
    case ':':
        if (m_depth == 1 && m_expectsKey) {
            beginValue();
            return;
        }
        break;
    default: break;
    }
    if (m_catching)
        keep(c);
}

void MemberCatcher::beginValue()
{
    m_expectsKey = false;
    m_catching = std::ranges::find(m_wanted, m_key) != m_wanted.end();
    if (m_catching)
        m_kept.append(m_kept.empty() ? "\"" : ",\"").append(m_key).append("\":");
}

void MemberCatcher::endValue()
{
    if (m_catching)
        m_wholeTo = m_kept.size();
    m_catching = false;
}

void MemberCatcher::keep(char c)
{
    if (m_kept.size() < m_mostKept) {
        m_kept += c;
        return;
    }
    m_kept.resize(m_wholeTo);
    m_catching = false;
}

std::string MemberCatcher::object() const
{
    return "{" + m_kept.substr(0, m_wholeTo) + "}";
}

} // namespace gateway::wire
