// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/declared_limits.h"

#include <algorithm>

namespace gateway::state {

namespace {

bool declaresNothing(const routing::Subject &subject)
{
    return subject.credential->limits.empty() && subject.target->limits.empty();
}

/// A call that is more than a whole minute's limit goes when nothing else does.
std::int64_t atMost(std::int64_t tokens, const std::optional<std::int64_t> &limit)
{
    return std::min(tokens, limit.value_or(tokens));
}

} // namespace

std::array<DeclaredLimits::Account, 2> DeclaredLimits::accountsOf(const routing::Subject &subject)
{
    constexpr std::uint64_t ofTarget = 0x9E3779B97F4A7C15ULL; // apart from the credentials' ids
    return {{{subject.credential->healthId, &subject.credential->limits},
             {(subject.target->providerHealthId ^ (subject.model * ofTarget)) + ofTarget, &subject.target->limits}}};
}

std::optional<routing::Rest> DeclaredLimits::full(const Account &account, std::int64_t tokens, SteadyTime at) const
{
    if (account.limits->empty())
        return std::nullopt;
    const auto found = m_counts.find(account.id);
    if (found == m_counts.end())
        return std::nullopt;
    Counts counts = found->second; // a copy: looking ahead must not move the windows
    Duration wait {};
    if (account.limits->rpm)
        wait = std::max(wait, counts.requests.wait(1, *account.limits->rpm, at).value_or(std::chrono::minutes {1}));
    if (account.limits->tpm)
        wait = std::max(wait, counts.tokens.wait(atMost(tokens, account.limits->tpm), *account.limits->tpm, at).value_or(std::chrono::minutes {1}));
    if (wait <= Duration::zero())
        return std::nullopt;
    return routing::Rest {routing::Rest::Why::LimitReached, at + wait};
}

std::optional<routing::Rest> DeclaredLimits::resting(const routing::Subject &subject, std::int64_t tokens, SteadyTime at) const
{
    if (declaresNothing(subject))
        return std::nullopt;
    const std::scoped_lock lock(m_mutex);
    for (const Account &account : accountsOf(subject)) {
        if (auto rest = full(account, tokens, at))
            return rest;
    }
    return std::nullopt;
}

std::optional<routing::Rest> DeclaredLimits::claim(const routing::Subject &subject, std::int64_t tokens, SteadyTime now)
{
    if (declaresNothing(subject))
        return std::nullopt;
    const std::scoped_lock lock(m_mutex);
    for (const Account &account : accountsOf(subject)) {
        if (auto rest = full(account, tokens, now))
            return rest;
    }
    for (const Account &account : accountsOf(subject)) {
        if (account.limits->empty())
            continue;
        Counts &counts = m_counts[account.id];
        counts.requests.add(1, now);
        counts.tokens.add(tokens, now);
    }
    return std::nullopt;
}

void DeclaredLimits::correct(const routing::Subject &subject, std::int64_t difference, SteadyTime then, SteadyTime now)
{
    if (declaresNothing(subject) || difference == 0)
        return;
    const std::scoped_lock lock(m_mutex);
    for (const Account &account : accountsOf(subject)) {
        if (const auto found = m_counts.find(account.id); !account.limits->empty() && found != m_counts.end())
            found->second.tokens.correct(difference, then, now);
    }
}

double DeclaredLimits::used(const routing::Subject &subject, SteadyTime now) const
{
    if (declaresNothing(subject))
        return 0;
    const std::scoped_lock lock(m_mutex);
    double most = 0;
    for (const Account &account : accountsOf(subject)) {
        const auto found = m_counts.find(account.id);
        if (account.limits->empty() || found == m_counts.end())
            continue;
        Counts counts = found->second;
        if (account.limits->rpm)
            most = std::max(most, static_cast<double>(counts.requests.sum(now)) / static_cast<double>(*account.limits->rpm));
        if (account.limits->tpm)
            most = std::max(most, static_cast<double>(counts.tokens.sum(now)) / static_cast<double>(*account.limits->tpm));
    }
    return most;
}

} // namespace gateway::state
