// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/routing/attempt_sequence.h"

#include "gateway/routing/capability.h"
#include "gateway/routing/plan_nodes.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace gateway::routing {

namespace {

constexpr std::size_t longestSkipList = 64;

/// Failures whose cure is another target, not another try: the same one is asked only where nothing else is left.
bool prefersAnotherTarget(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Busy:
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

const CallFacts nothingSaid {};

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

AttemptSequence::AttemptSequence(std::shared_ptr<const Plan> plan, const Surroundings &around, const CallFacts &call, std::uint64_t seed, std::string_view star,
                                 SteadyTime deadline)
    : m_plan(std::move(plan))
    , m_around(around)
    , m_health(&around.health)
    , m_random(seed)
    , m_star(star)
    , m_deadline(deadline)
    , m_facts(call)
    , m_walk(m_plan->root, m_log)
{
}

AttemptSequence::AttemptSequence(std::shared_ptr<const Plan> plan, HealthView &health, std::uint64_t seed, std::string_view star, SteadyTime deadline)
    : AttemptSequence(std::move(plan), Surroundings {health}, nothingSaid, seed, star, deadline)
{
}

Result<Attempt> AttemptSequence::next(std::optional<Failure> failure, SteadyTime now)
{
    if (!failure) {
        if (auto first = onward(now))
            return *first;
        if (m_waits && fullUntil())
            return std::unexpected(finalError(nullptr));
        if (auto forced = leastResting(now))
            return *forced;
        return std::unexpected(finalError(nullptr));
    }

    note(*failure, now);
    if (m_attempts < maxAttempts && now < m_deadline && m_credential) {
        if (auto same = again(*failure, now))
            return *same;
        const bool mayLeave = m_goingOn || (failure->code == ErrorCode::ContentPolicy ? m_plan->fallbackOnContentPolicy
                                                                                       : m_plan->fallbackOn.matches(failure->code, failure->httpStatus));
        if (mayLeave) {
            if (auto other = onward(now))
                return *other;
            if (auto other = passedOver(now))
                return *other;
        }
        if (mayLeave || comesBack()) {
            if (auto late = deferred(mayLeave ? std::nullopt : std::optional(m_current), now))
                return *late;
        }
    }
    return std::unexpected(finalError(&*failure));
}

std::optional<Attempt> AttemptSequence::beside(SteadyTime now)
{
    return m_attempts < maxAttempts && now < m_deadline ? onward(now) : std::nullopt;
}

void AttemptSequence::failedBeside(const Attempt &attempt, const Failure &failure, SteadyTime now)
{
    isAbout(attempt);
    note(failure, now);
}

void AttemptSequence::isAbout(const Attempt &attempt)
{
    m_current = attempt.position;
    m_credential = attempt.credential;
    m_tries = attempt.tries;
}

std::optional<SteadyTime> AttemptSequence::fullUntil() const
{
    std::optional<SteadyTime> soonest;
    const auto note = [&soonest](SteadyTime until) { soonest = std::min(soonest.value_or(until), until); };
    if (m_walk.metUsedUpLimit())
        note(SteadyTime::min());
    for (const Skipped &skipped : m_skipped) {
        if (isAtLimits(skipped.rest.why))
            note(skipped.rest.until);
    }
    return soonest;
}

std::vector<Skipped> AttemptSequence::takeSkipped()
{
    // Kept for the final message, so handed out as copies.
    return {m_skipped.begin() + static_cast<std::ptrdiff_t>(std::exchange(m_skippedTaken, m_skipped.size())), m_skipped.end()};
}

/// Whether the plan has a target at that place of the order, as far as it has been walked, or goes on to one.
bool AttemptSequence::reaches(std::size_t index, SteadyTime now)
{
    if (index < m_orderSize)
        return true;
    if (m_orderSize == m_order.size())
        return false;
    Outlook outlook {.facts = m_facts, .around = m_around, .star = m_star, .now = now, .random = m_random};
    const Target *target = m_walk.next(outlook);
    if (!target)
        return false;
    m_order[m_orderSize++] = target;
    return true;
}

/// Remembers what the failure says of the target and its credential, for the rest of this call.
void AttemptSequence::note(const Failure &failure, SteadyTime now)
{
    if (!m_credential)
        return;
    const Target &target = *m_order[m_current];
    m_tried.push_back({m_current, &target, m_credential, failure.code, failure.httpStatus});

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
    } else if (!isFutile(failure.code)) {
        return;
    }

    std::erase_if(m_barred, [&](const Barred &old) { return old.index == bar.index && old.credential == bar.credential; });
    m_barred.push_back(bar);
}

/// The same target once more: by its retry policy, or with its next credential.
std::optional<Attempt> AttemptSequence::again(const Failure &failure, SteadyTime now)
{
    const Target &target = *m_order[m_current];
    if (!fits(target))
        return std::nullopt;
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
    if (m_health->resting(subject(target, *m_credential), now + wait) || !counts(target, *m_credential, now))
        return ask(m_current, now); // its circuit opened over this, or its limit is reached: perhaps another credential
    return attempt(m_current, *m_credential, wait, false);
}

/// The next target that was not looked at yet.
std::optional<Attempt> AttemptSequence::onward(SteadyTime now)
{
    while (reaches(m_next, now)) {
        const std::size_t index = m_next++;
        const Target &target = *m_order[index];
        if (!fits(target))
            continue;
        if (const auto why = incapacityOf(target, m_facts.call())) {
            skip(target, target.credentials.front(), {*why, now});
            continue;
        }
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
        if (barred(index, credential) || (revisited && &credential == m_credential) || triesOf(index, credential) >= target.retry.attempts)
            continue;
        if (const auto rest = m_health->resting(subject(target, credential), now)) {
            if (rest->why == Rest::Why::CircuitOpen && rest->until <= now && !halfOpen) {
                halfOpen = &credential;
                continue;
            }
            if (!revisited) {
                skip(target, credential, *rest);
                if (rest->why == Rest::Why::LimitUsedUp)
                    m_passedOver.push_back({index, &credential});
            }
            noteRetryAfter(*rest, now);
            continue;
        }
        // Weighted choice in one pass: each candidate replaces the former ones with its share of the sum so far.
        const std::int64_t weight = std::max(credential.weight, 0);
        total += weight;
        if (!drawn || (weight > 0 && static_cast<std::int64_t>(m_random.below(static_cast<std::uint64_t>(total))) < weight))
            drawn = &credential;
    }
    // The probe goes first: without one a mended target would never come back while its siblings live.
    if (halfOpen) {
        if (m_health->claimProbe(subject(target, *halfOpen), now))
            return attempt(index, *halfOpen, {}, true);
        if (!revisited)
            skip(target, *halfOpen, {Rest::Why::CircuitOpen, now});
    }
    if (!drawn)
        return std::nullopt;
    if (counts(target, *drawn, now))
        return attempt(index, *drawn, {}, false);
    // Another call took the last of its room since it was looked at: whoever else has some.
    for (const CredentialRef &credential : target.credentials) {
        const bool other = &credential != drawn && !barred(index, credential) && !(revisited && &credential == m_credential) && triesOf(index, credential) < target.retry.attempts;
        if (other && !m_health->resting(subject(target, credential), now) && counts(target, credential, now))
            return attempt(index, credential, {}, false);
    }
    return std::nullopt;
}

/// Counts the call against what is declared for the target; false: there is no room any more, which is noted.
bool AttemptSequence::counts(const Target &target, const CredentialRef &credential, SteadyTime now)
{
    const auto full = m_health->claimRoom(subject(target, credential), expectedTokens(), now);
    if (!full)
        return true;
    skip(target, credential, *full);
    noteRetryAfter(*full, now);
    return false;
}

void AttemptSequence::skip(const Target &target, const CredentialRef &credential, const Rest &rest)
{
    if (m_skipped.size() < longestSkipList)
        m_skipped.push_back({&target, &credential, rest});
}

void AttemptSequence::noteRetryAfter(const Rest &rest, SteadyTime now)
{
    if ((rest.why == Rest::Why::RateLimited || rest.why == Rest::Why::LimitReached) && rest.until > now)
        m_soonestRetryAfter = std::min(m_soonestRetryAfter.value_or(rest.until - now), Duration(rest.until - now));
}

/// Nothing else is left: what was passed over because its limit was said to be used up. Perhaps it is not.
std::optional<Attempt> AttemptSequence::passedOver(SteadyTime now)
{
    while (!m_passedOver.empty()) {
        const PassedOver first = m_passedOver.front();
        m_passedOver.erase(m_passedOver.begin());
        const bool asked = triesOf(first.index, *first.credential) > 0; // it had room after all
        if (!asked && fits(*m_order[first.index]) && !barred(first.index, *first.credential) && counts(*m_order[first.index], *first.credential, now))
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
        if (bar.tries >= target.retry.attempts || !fits(target))
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
    if (!best || bestAt - now > maxWait || bestAt >= m_deadline || !counts(*m_order[best->index], *best->credential, now))
        return std::nullopt;
    const Barred chosen = *best;
    std::erase_if(m_barred, [&](const Barred &bar) { return bar.index == chosen.index && bar.credential == chosen.credential; });
    m_current = chosen.index;
    m_credential = chosen.credential;
    return attempt(chosen.index, *chosen.credential, bestAt - now, false);
}

/// Every target rests or lacks something and none was asked: the one that rests least long, rather than failing without a
/// try; of those that lack something the first, or the one with the largest window, and only where no other is there.
/// A rate limit that ends soon is waited for; a declared one is kept; anything else is asked at once. What is only foreseen
/// counts as no rest.
std::optional<Attempt> AttemptSequence::leastResting(SteadyTime now)
{
    std::optional<std::size_t> best;
    const CredentialRef *bestCredential = nullptr;
    Rest bestRest {.until = SteadyTime::max()};
    std::optional<Rest::Why> bestLacks;
    const auto isBetter = [&](const Target &target, const std::optional<Rest::Why> &lacks, const Rest &rest) {
        if (!best || lacks.has_value() != bestLacks.has_value())
            return !best || !lacks;
        if (lacks == Rest::Why::WindowTooSmall && bestLacks == lacks)
            return *target.contextWindow > *m_order[*best]->contextWindow;
        return !lacks && rest.until < bestRest.until;
    };
    for (std::size_t index = 0; reaches(index, now); ++index) {
        const Target &target = *m_order[index];
        const auto lacks = incapacityOf(target, m_facts.call());
        if (lacks == Rest::Why::OtherRegion)
            continue;
        for (const CredentialRef &credential : target.credentials) {
            const auto rest = m_health->resting(subject(target, credential), now);
            const Rest found = rest && rest->why != Rest::Why::LimitUsedUp ? *rest : Rest {.until = now};
            if (found.why == Rest::Why::LimitReached || found.why == Rest::Why::BudgetUsedUp || found.why == Rest::Why::PlacesTaken || !isBetter(target, lacks, found))
                continue;
            best = index;
            bestCredential = &credential;
            bestRest = found;
            bestLacks = lacks;
        }
    }
    if (!best)
        return std::nullopt;
    std::erase_if(m_skipped, [&](const Skipped &skipped) { return skipped.target == m_order[*best] && skipped.credential == bestCredential; });
    if (bestLacks)
        m_log.note("{}: {}, asked all the same", named(*m_order[*best], *bestCredential), toText(*bestLacks));
    const Duration left = bestRest.until - now;
    const bool soon = bestRest.why == Rest::Why::RateLimited && left > Duration::zero() && left <= maxWait && bestRest.until < m_deadline;
    if (!counts(*m_order[*best], *bestCredential, now)) // another call took the last of its room since it was looked at
        return std::nullopt;
    return attempt(*best, *bestCredential, soon ? left : Duration::zero(), false);
}

/// Whether the target can do what this call has come to need.
bool AttemptSequence::fits(const Target &target) const
{
    return (m_windowAbove < 0 || target.contextWindow.value_or(0) > m_windowAbove) && (!m_goingOn || target.takesPrefix);
}

int AttemptSequence::triesOf(std::size_t index, const CredentialRef &credential) const
{
    return static_cast<int>(std::ranges::count_if(m_tried, [&](const Tried &tried) { return tried.index == index && tried.credential == &credential; }));
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
    m_tries = triesOf(index, credential) + 1;
    m_current = index;
    m_credential = &credential;
    ++m_attempts;
    const Target &target = *m_order[index];
    return {.target = &target, .credential = &credential, .wait = wait, .probe = probe, .model = subject(target, credential).model, .tokens = expectedTokens(), .position = index, .tries = m_tries};
}

Subject AttemptSequence::subject(const Target &target, const CredentialRef &credential) const
{
    return {&target, &credential, modelIdOf(target, m_star), m_facts.call().inputTokens};
}

/// @param failure  the last attempt's, or nullptr where none was made
Error AttemptSequence::finalError(const Failure *failure) const
{
    if (!failure)
        return nobodyAsked();
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

/// No attempt was made at all: why.
Error AttemptSequence::nobodyAsked() const
{
    if (m_skipped.empty())
        return {ErrorCode::NoTarget, "The route's plan leads this call to no target. Add one to it, or an `else`.", {}};
    std::string list;
    bool limited = false;
    bool busy = false;
    bool spent = false;
    for (const Skipped &skipped : m_skipped) {
        fmt::format_to(std::back_inserter(list), "{}{}: {}", list.empty() ? "" : ", ", named(*skipped.target, *skipped.credential), toText(skipped.rest.why));
        limited = limited || skipped.rest.why == Rest::Why::LimitReached || skipped.rest.why == Rest::Why::RateLimited;
        busy = busy || skipped.rest.why == Rest::Why::PlacesTaken;
        spent = spent || skipped.rest.why == Rest::Why::BudgetUsedUp;
    }
    const ErrorCode waits = limited ? ErrorCode::RateLimited : ErrorCode::Busy; // what passes with time goes before what does not
    return {limited || busy ? waits : spent ? ErrorCode::BudgetExceeded : ErrorCode::NoTarget, fmt::format("No target of the route can be asked now: {}.", list), {}};
}

/// Full jitter (wire.md 8): anything from nothing to base doubled for each try, so that callers do not come back in step.
Duration AttemptSequence::backoff(const RetryPolicy &policy, int tries)
{
    const int doublings = std::clamp(tries - 1, 0, 20);
    const std::int64_t ceiling = std::min(policy.backoffMax.count(), policy.backoffBase.count() << doublings);
    return ceiling <= 0 ? Duration::zero() : Duration(static_cast<std::int64_t>(m_random.below(static_cast<std::uint64_t>(ceiling) + 1)));
}

} // namespace gateway::routing
