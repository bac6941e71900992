// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/routing/attempt_sequence.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace gateway::routing {

namespace {

constexpr int deepestNesting = 32;           // routes within routes; compile refuses circles, this is the belt to it
constexpr std::size_t longestSkipList = 64;

/// Failures whose cure is another target, not another try: the same one is asked only where nothing else is left.
bool prefersAnotherTarget(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Dns:
    case ErrorCode::Connect:
    case ErrorCode::ConnectTimeout:
    case ErrorCode::FirstByteTimeout:
    case ErrorCode::IdleTimeout:
    case ErrorCode::TotalTimeout:
        return true;
    default:
        return false;
    }
}

/// Failures that the same request to the same target would only repeat.
bool isFutile(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Tls: // a certificate does not mend itself within a call
    case ErrorCode::AnswerTooLarge:
    case ErrorCode::Redirect:
    case ErrorCode::UpstreamModelNotFound:
    case ErrorCode::ContextWindow:
    case ErrorCode::UpstreamAuth:
    case ErrorCode::Quota:
        return true;
    default:
        return false;
    }
}

bool isCredentialsFault(ErrorCode code)
{
    return code == ErrorCode::UpstreamAuth || code == ErrorCode::Quota;
}

std::string_view toText(Rest::Why why)
{
    switch (why) {
    case Rest::Why::CircuitOpen: return "circuit open";
    case Rest::Why::RateLimited: return "rate limited";
    case Rest::Why::LimitUsedUp: return "limit used up";
    case Rest::Why::KeyRejected: return "key rejected";
    case Rest::Why::QuotaGone: return "quota gone";
    }
    return "resting";
}

std::string named(const Target &target, const CredentialRef &credential)
{
    std::string text = target.providerName;
    if (target.credentials.size() > 1)
        text += fmt::format("/{}", credential.name);
    if (target.model.find('*') == std::string::npos)
        text += fmt::format(" {}", target.model);
    return text;
}

} // namespace

AttemptSequence::AttemptSequence(std::shared_ptr<const Plan> plan, HealthView &health, std::uint64_t seed, std::string_view star, SteadyTime deadline, std::int64_t tokens)
    : m_plan(std::move(plan)), m_health(&health), m_random(seed), m_star(star), m_deadline(deadline), m_tokens(tokens)
{
}

Result<Attempt> AttemptSequence::next(std::optional<Failure> failure, SteadyTime now)
{
    if (!failure) {
        flatten(m_plan->root, 0);
        if (auto first = onward(now))
            return *first;
        if (auto forced = leastResting(now))
            return *forced;
        return std::unexpected(finalError(nullptr));
    }

    note(*failure, now);
    if (m_attempts < maxAttempts && now < m_deadline && m_credential) {
        if (auto same = again(*failure, now))
            return *same;
        const bool mayLeave = failure->code == ErrorCode::ContentPolicy ? m_plan->fallbackOnContentPolicy
                                                                         : m_plan->fallbackOn.matches(failure->code, failure->httpStatus);
        if (mayLeave) {
            if (auto other = onward(now))
                return *other;
            if (auto other = passedOver())
                return *other;
        }
        if (mayLeave || comesBack()) {
            if (auto late = deferred(mayLeave ? std::nullopt : std::optional(m_current), now))
                return *late;
        }
    }
    return std::unexpected(finalError(&*failure));
}

std::vector<Skipped> AttemptSequence::takeSkipped()
{
    // Kept for the final message, so handed out as copies.
    return {m_skipped.begin() + static_cast<std::ptrdiff_t>(std::exchange(m_skippedTaken, m_skipped.size())), m_skipped.end()};
}

void AttemptSequence::flatten(const Node &node, int depth)
{
    if (depth > deepestNesting || m_orderSize == m_order.size())
        return;
    if (const auto *target = std::get_if<std::shared_ptr<const Target>>(&node.value)) {
        m_order[m_orderSize++] = target->get();
    } else if (const auto *fallback = std::get_if<Fallback>(&node.value)) {
        for (const Node &child : fallback->children)
            flatten(child, depth + 1);
    } else if (const auto *route = std::get_if<std::shared_ptr<const Node>>(&node.value)) {
        flatten(**route, depth + 1);
    } else if (const auto *split = std::get_if<Split>(&node.value); split && !split->branches.empty()) {
        // The share is a promise: branches that were not drawn are no fallback.
        std::int64_t total = 0;
        for (const Branch &branch : split->branches)
            total += std::max(branch.weight, 0);
        std::int64_t drawn = total > 0 ? static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(total)) : 0;
        for (const Branch &branch : split->branches) {
            drawn -= std::max(branch.weight, 0);
            if (drawn < 0 || total == 0) {
                flatten(branch.to, depth + 1);
                break;
            }
        }
    }
}

/// Remembers what the failure says of the target and its credential, for the rest of this call.
void AttemptSequence::note(const Failure &failure, SteadyTime now)
{
    if (!m_credential)
        return;
    const Target &target = *m_order[m_current];
    m_tried.push_back({&target, m_credential, failure.code, failure.httpStatus});

    Barred bar {.index = m_current, .credential = m_credential, .tries = m_tries};
    if (isCredentialsFault(failure.code)) {
        bar.index = everyTarget;
    } else if (failure.code == ErrorCode::RateLimited) {
        const Duration wait = failure.retryAfter.value_or(backoff(target.retry, m_tries));
        if (failure.retryAfter)
            m_soonestRetryAfter = std::min(m_soonestRetryAfter.value_or(*failure.retryAfter), *failure.retryAfter);
        bar.byRateLimit = true;
        if (failure.shouldRetry.value_or(true))
            bar.retryAt = now + wait;
    } else if (prefersAnotherTarget(failure.code) && failure.shouldRetry.value_or(target.retry.on.matches(failure.code, failure.httpStatus))) {
        bar.retryAt = now + backoff(target.retry, m_tries);
    } else if (failure.code == ErrorCode::ContextWindow) {
        m_windowAbove = std::max(m_windowAbove, target.contextWindow.value_or(0));
        return;
    } else {
        return;
    }

    std::erase_if(m_barred, [&](const Barred &old) { return old.index == bar.index && old.credential == bar.credential; });
    m_barred.push_back(bar);
}

/// The same target once more: by its retry policy, or with its next credential.
std::optional<Attempt> AttemptSequence::again(const Failure &failure, SteadyTime now)
{
    const Target &target = *m_order[m_current];
    if (failure.code == ErrorCode::RateLimited || isCredentialsFault(failure.code))
        return ask(m_current, now);
    if (prefersAnotherTarget(failure.code) || isFutile(failure.code) || m_tries >= target.retry.attempts)
        return std::nullopt;
    if (!failure.shouldRetry.value_or(target.retry.on.matches(failure.code, failure.httpStatus)))
        return std::nullopt;

    const Duration wait = std::max(backoff(target.retry, m_tries), failure.retryAfter.value_or(Duration::zero()));
    if (wait > std::max(target.retry.backoffMax, Duration::zero()) || now + wait >= m_deadline) {
        // It asks for more patience than the policy has: others first, this one where nothing else is left.
        m_barred.push_back({.index = m_current, .credential = m_credential, .tries = m_tries, .retryAt = now + wait});
        return std::nullopt;
    }
    if (m_health->resting(subject(target, *m_credential), now + wait))
        return ask(m_current, now); // its circuit opened over this: perhaps another credential
    return attempt(m_current, *m_credential, wait, false);
}

/// The next target that was not looked at yet.
std::optional<Attempt> AttemptSequence::onward(SteadyTime now)
{
    while (m_next < m_orderSize) {
        const std::size_t index = m_next++;
        if (m_windowAbove >= 0 && m_order[index]->contextWindow.value_or(0) <= m_windowAbove)
            continue;
        if (auto found = ask(index, now))
            return found;
    }
    return std::nullopt;
}

/// One of a target's credentials that may be asked now, drawn by weight; those that rest are noted as skipped.
std::optional<Attempt> AttemptSequence::ask(std::size_t index, SteadyTime now)
{
    const Target &target = *m_order[index];
    const bool revisited = index == m_current && m_credential;
    std::int64_t total = 0;
    const CredentialRef *drawn = nullptr;
    const CredentialRef *halfOpen = nullptr;
    for (const CredentialRef &credential : target.credentials) {
        if (barred(index, credential) || (revisited && &credential == m_credential))
            continue;
        if (const auto rest = m_health->resting(subject(target, credential), now)) {
            if (rest->why == Rest::Why::CircuitOpen && rest->until <= now && !halfOpen) {
                halfOpen = &credential;
                continue;
            }
            if (!revisited && m_skipped.size() < longestSkipList) {
                m_skipped.push_back({&target, &credential, *rest});
                if (rest->why == Rest::Why::LimitUsedUp)
                    m_passedOver.push_back({index, &credential});
            }
            if (rest->why == Rest::Why::RateLimited && rest->until > now)
                m_soonestRetryAfter = std::min(m_soonestRetryAfter.value_or(rest->until - now), Duration(rest->until - now));
            continue;
        }
        // Weighted choice in one pass: each candidate replaces the former ones with its share of the sum so far.
        const std::int64_t weight = std::max(credential.weight, 0);
        total += weight;
        if (!drawn || (weight > 0 && static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(total)) < weight))
            drawn = &credential;
    }
    // The probe goes first: without one a mended target would never come back while its siblings live.
    if (halfOpen) {
        if (m_health->claimProbe(subject(target, *halfOpen), now))
            return attempt(index, *halfOpen, {}, true);
        if (!revisited && m_skipped.size() < longestSkipList)
            m_skipped.push_back({&target, halfOpen, {Rest::Why::CircuitOpen, now}});
    }
    if (!drawn)
        return std::nullopt;
    return attempt(index, *drawn, {}, false);
}

/// Nothing else is left: what was passed over because its limit was said to be used up. Perhaps it is not.
std::optional<Attempt> AttemptSequence::passedOver()
{
    while (!m_passedOver.empty()) {
        const PassedOver first = m_passedOver.front();
        m_passedOver.erase(m_passedOver.begin());
        const bool small = m_windowAbove >= 0 && m_order[first.index]->contextWindow.value_or(0) <= m_windowAbove;
        if (!small && !barred(first.index, *first.credential))
            return attempt(first.index, *first.credential, {}, false);
    }
    return std::nullopt;
}

/// Nothing else is left: what limited us or did not answer, as soon as it may be asked again.
/// @param only  no target but this one, where the failure is none to fall back on
std::optional<Attempt> AttemptSequence::deferred(std::optional<std::size_t> only, SteadyTime now)
{
    Barred *best = nullptr;
    SteadyTime bestAt = SteadyTime::max();
    for (Barred &bar : m_barred) {
        if (!bar.retryAt || bar.index == everyTarget || (only && bar.index != *only))
            continue;
        const Target &target = *m_order[bar.index];
        if (bar.tries >= target.retry.attempts || (m_windowAbove >= 0 && target.contextWindow.value_or(0) <= m_windowAbove))
            continue;
        SteadyTime at = std::max(*bar.retryAt, now);
        if (const auto rest = m_health->resting(subject(target, *bar.credential), at); rest && rest->why != Rest::Why::LimitUsedUp) {
            if (rest->why != Rest::Why::RateLimited)
                continue;
            at = std::max(at, rest->until);
        }
        if (at < bestAt) {
            best = &bar;
            bestAt = at;
        }
    }
    if (!best || bestAt - now > maxWait || bestAt >= m_deadline)
        return std::nullopt;
    const Barred chosen = *best;
    std::erase_if(m_barred, [&](const Barred &bar) { return bar.index == chosen.index && bar.credential == chosen.credential; });
    m_current = chosen.index;
    m_credential = chosen.credential;
    m_tries = chosen.tries;
    return attempt(chosen.index, *chosen.credential, bestAt - now, false);
}

/// Every target rests and none was asked: the one that rests least long, rather than failing without a try.
/// A rate limit that ends soon is waited for; anything else is asked at once. What is only foreseen counts as no rest.
std::optional<Attempt> AttemptSequence::leastResting(SteadyTime now)
{
    std::optional<std::size_t> best;
    const CredentialRef *bestCredential = nullptr;
    Rest bestRest {.until = SteadyTime::max()};
    for (std::size_t index = 0; index < m_orderSize; ++index) {
        for (const CredentialRef &credential : m_order[index]->credentials) {
            const auto rest = m_health->resting(subject(*m_order[index], credential), now);
            const Rest found = rest && rest->why != Rest::Why::LimitUsedUp ? *rest : Rest {.until = now};
            if (!best || found.until < bestRest.until) {
                best = index;
                bestCredential = &credential;
                bestRest = found;
            }
        }
    }
    if (!best)
        return std::nullopt;
    std::erase_if(m_skipped, [&](const Skipped &skipped) { return skipped.target == m_order[*best] && skipped.credential == bestCredential; });
    const Duration left = bestRest.until - now;
    const bool soon = bestRest.why == Rest::Why::RateLimited && left > Duration::zero() && left <= maxWait && bestRest.until < m_deadline;
    return attempt(*best, *bestCredential, soon ? left : Duration::zero(), false);
}

bool AttemptSequence::barred(std::size_t index, const CredentialRef &credential) const
{
    return std::any_of(m_barred.begin(), m_barred.end(), [&](const Barred &bar) {
        return bar.credential->healthId == credential.healthId && (bar.index == everyTarget || bar.index == index);
    });
}

/// Whether the last failure was of a kind that leaves its target askable, later.
bool AttemptSequence::comesBack() const
{
    return std::any_of(m_barred.begin(), m_barred.end(), [&](const Barred &bar) { return bar.retryAt && bar.index == m_current && bar.credential == m_credential; });
}

Attempt AttemptSequence::attempt(std::size_t index, const CredentialRef &credential, Duration wait, bool probe)
{
    m_tries = index == m_current && &credential == m_credential ? m_tries + 1 : 1;
    m_current = index;
    m_credential = &credential;
    ++m_attempts;
    const Target &target = *m_order[index];
    return {.target = &target, .credential = &credential, .wait = wait, .probe = probe, .model = subject(target, credential).model};
}

Subject AttemptSequence::subject(const Target &target, const CredentialRef &credential) const
{
    const std::size_t at = m_star.empty() ? std::string::npos : target.model.find('*');
    if (at == std::string::npos)
        return {&target, &credential, target.modelId, m_tokens};
    // The same id that a target naming the model outright has: its health is one.
    if (target.model.size() == 1)
        return {&target, &credential, stableId(m_star), m_tokens};
    std::string model = target.model;
    return {&target, &credential, stableId(model.replace(at, 1, m_star)), m_tokens};
}

/// @param failure  the last attempt's, or nullptr where none was made
Error AttemptSequence::finalError(const Failure *failure) const
{
    if (!failure)
        return {ErrorCode::NoTarget, "The route has no target that can be asked. Add a target to its plan.", {}};
    std::string message = failure->message;
    if (m_tried.size() > 1 || !m_skipped.empty()) {
        auto out = std::back_inserter(message);
        fmt::format_to(out, "{}{} failed: ", message.empty() ? "" : " ", m_tried.size() > 1 ? fmt::format("All {} attempts", m_tried.size()) : "The attempt");
        std::string_view separator;
        for (const Tried &tried : m_tried) {
            fmt::format_to(out, "{}{}: {}", separator, named(*tried.target, *tried.credential), gateway::toText(tried.code));
            if (tried.httpStatus != 0)
                fmt::format_to(out, " ({})", tried.httpStatus);
            separator = ", ";
        }
        const auto asked = [&](const Skipped &skipped) {
            return std::any_of(m_tried.begin(), m_tried.end(), [&](const Tried &tried) { return tried.target == skipped.target && tried.credential == skipped.credential; });
        };
        for (const Skipped &skipped : m_skipped)
            if (!asked(skipped))
                fmt::format_to(out, ", {}: not asked, {}", named(*skipped.target, *skipped.credential), toText(skipped.rest.why));
        message += '.';
    }
    return {failure->code, std::move(message), {}};
}

/// Full jitter (wire.md 8): anything from nothing to base doubled for each try, so that callers do not come back in step.
Duration AttemptSequence::backoff(const RetryPolicy &policy, int tries)
{
    const int doublings = std::clamp(tries - 1, 0, 20);
    const std::int64_t ceiling = std::min(policy.backoffMax.count(), policy.backoffBase.count() << doublings);
    return ceiling <= 0 ? Duration::zero() : Duration(static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(ceiling + 1)));
}

/// splitmix64: cheap, and each call has a sequence of its own.
std::uint64_t AttemptSequence::random()
{
    std::uint64_t z = (m_random += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

} // namespace gateway::routing
