// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/health_registry.h"

#include "gateway/state/live_figures.h"
#include "gateway/state/pace.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <mutex>
#include <unordered_map>

namespace gateway::state {

using routing::Rest;
using routing::Subject;

namespace {

constexpr std::size_t shardCount = 16;

/// How long something rests where nobody says how long: doubled each time it is in vain, up to the longest.
struct GrowingPause
{
    Duration first, longest;
    [[nodiscard]] Duration after(int timesInVain) const
    {
        return std::min<Duration>(longest, first * (std::int64_t {1} << std::clamp(timesInVain, 0, 20)));
    }
};
constexpr GrowingPause rateLimitPause {std::chrono::seconds {1}, std::chrono::minutes {1}};
constexpr GrowingPause rejectedKeyPause {std::chrono::seconds {30}, std::chrono::minutes {30}};
constexpr GrowingPause quotaPause {std::chrono::minutes {1}, std::chrono::hours {1}};
constexpr Duration longestRetryAfter = std::chrono::hours {24}; // a provider's slip must not rest a target for good
constexpr Duration longestForesight = std::chrono::minutes {1};

/// What an error says of the target.
enum class Verdict : std::uint8_t { Works, Broken, RateLimited, KeyRejected, QuotaGone, Answers, SaysNothing };

Verdict verdictOn(const std::optional<ErrorCode> &error)
{
    if (!error)
        return Verdict::Works;
    switch (*error) {
    case ErrorCode::Dns:
    case ErrorCode::Connect:
    case ErrorCode::Tls:
    case ErrorCode::ConnectTimeout:
    case ErrorCode::FirstByteTimeout:
    case ErrorCode::IdleTimeout:
    case ErrorCode::TotalTimeout:
    case ErrorCode::Cut:
    case ErrorCode::Malformed:
    case ErrorCode::Redirect:
    case ErrorCode::ServerError:
    case ErrorCode::Overloaded:
        return Verdict::Broken;
    case ErrorCode::RateLimited:
        return Verdict::RateLimited;
    case ErrorCode::UpstreamAuth:
        return Verdict::KeyRejected;
    case ErrorCode::Quota:
        return Verdict::QuotaGone;
    case ErrorCode::UpstreamBadRequest:
    case ErrorCode::ContextWindow:
    case ErrorCode::ContentPolicy:
        return Verdict::Answers; // the caller's own mistakes (F16) open no breaker, but whoever finds them is alive
    default:
        return Verdict::SaysNothing;
    }
}

struct TargetKey
{
    std::uint64_t credential = 0;
    std::uint64_t model = 0;
    bool operator==(const TargetKey &) const = default;
};

struct TargetKeyHash
{
    std::size_t operator()(const TargetKey &key) const { return std::hash<std::uint64_t> {}(key.credential ^ (key.model * 0x9E3779B97F4A7C15ULL)); }
};

/// Tokens of about the last minute: those of a minute ago count for a third.
struct RecentTokens
{
    double sum = 0;
    SteadyTime at {};

    [[nodiscard]] double now(SteadyTime time) const { return time > at ? sum * std::exp(-std::chrono::duration<double>(time - at).count() / 60) : sum; }
    void add(std::int64_t tokens, SteadyTime time)
    {
        sum = now(time) + static_cast<double>(tokens);
        at = time;
    }
};

struct TargetEntry
{
    std::string provider, credential, model;
    Circuit circuit;
    LiveFigures figures;
    Pace pace;
    RecentTokens recentTokens;
    int inFlight = 0;
    SteadyTime limitedUntil {};
    int limitsInRow = 0;
    SteadyTime nothingLeftUntil {}; ///< by what it said itself
    std::int64_t tokensLeft = 0;    ///< until the moment behind this
    SteadyTime tokensUntil {};
    SteadyTime usedAt {};

    /// Until when it has nothing left for a call of so many tokens; in the past: it has.
    [[nodiscard]] SteadyTime usedUpUntil(std::int64_t tokens) const
    {
        const bool fits = std::max<std::int64_t>(tokens, 1) <= tokensLeft;
        return fits ? nothingLeftUntil : std::max(nothingLeftUntil, tokensUntil);
    }
};

/// A credential that is out for all models. Only such ones have an entry.
struct CredentialEntry
{
    Rest::Why why = Rest::Why::KeyRejected;
    SteadyTime until {};
    int timesInVain = 0;
    std::uint64_t fingerprint = 0;
    SteadyTime usedAt {};
};

template <typename Map>
void makeRoom(Map &map, std::size_t capacity)
{
    if (map.size() < capacity)
        return;
    map.erase(std::min_element(map.begin(), map.end(), [](const auto &a, const auto &b) { return a.second.usedAt < b.second.usedAt; }));
}

TargetKey keyOf(const Subject &subject)
{
    return {subject.credential->healthId, subject.model};
}

} // namespace

struct HealthRegistry::Shard
{
    mutable std::mutex mutex;
    std::unordered_map<TargetKey, TargetEntry, TargetKeyHash> targets;
    std::unordered_map<std::uint64_t, CredentialEntry> credentials;

    TargetEntry &entry(const Subject &subject, std::string_view model, std::size_t capacity)
    {
        const TargetKey key = keyOf(subject);
        if (const auto found = targets.find(key); found != targets.end())
            return found->second;
        makeRoom(targets, capacity);
        TargetEntry &made = targets[key];
        made.provider = subject.target->providerName;
        made.credential = subject.credential->name;
        made.model = model;
        return made;
    }

    /// The credential's rest, if it has one for the secret it has now.
    [[nodiscard]] const CredentialEntry *credentialEntry(const routing::CredentialRef &credential) const
    {
        const auto found = credentials.find(credential.healthId);
        return found != credentials.end() && found->second.fingerprint == credential.fingerprint ? &found->second : nullptr;
    }

    void restCredential(const routing::CredentialRef &credential, Rest::Why why, const GrowingPause &pause, std::optional<Duration> told, std::size_t capacity, SteadyTime now)
    {
        const bool known = credentialEntry(credential) != nullptr;
        if (!known) {
            credentials.erase(credential.healthId);
            makeRoom(credentials, capacity);
        }
        CredentialEntry &out = credentials[credential.healthId];
        // Several calls in flight may fail over one rejection: that is one time in vain, not ten.
        if (known && out.why == why && now < out.until)
            return;
        out.why = why;
        out.until = now + (told ? std::min(*told, longestRetryAfter) : pause.after(out.timesInVain));
        ++out.timesInVain;
        out.fingerprint = credential.fingerprint;
        out.usedAt = now;
    }
};

HealthRegistry::HealthRegistry(std::size_t capacity)
    : m_shardCapacity(std::max<std::size_t>(capacity / shardCount, 1)), m_shards(std::make_unique<Shard[]>(shardCount))
{
}

HealthRegistry::~HealthRegistry() = default;

HealthRegistry::Shard &HealthRegistry::shardOf(std::uint64_t credentialId) const
{
    // FNV's low bits alone are poor for short texts.
    return m_shards[(credentialId ^ (credentialId >> 32)) % shardCount];
}

std::optional<Rest> HealthRegistry::resting(const Subject &subject, SteadyTime now) const
{
    const Shard &shard = shardOf(subject.credential->healthId);
    const std::scoped_lock lock(shard.mutex);
    if (const CredentialEntry *out = shard.credentialEntry(*subject.credential); out && now < out->until)
        return Rest {out->why, out->until};
    const auto found = shard.targets.find(keyOf(subject));
    if (found == shard.targets.end())
        return m_limits.resting(subject, subject.tokens, now);
    const TargetEntry &entry = found->second;
    if (now < entry.limitedUntil)
        return Rest {Rest::Why::RateLimited, entry.limitedUntil};
    if (const auto until = entry.circuit.closedUntil())
        return Rest {Rest::Why::CircuitOpen, *until};
    if (const SteadyTime until = entry.usedUpUntil(subject.tokens); now < until)
        return Rest {Rest::Why::LimitUsedUp, until};
    return m_limits.resting(subject, subject.tokens, now);
}

routing::Figures HealthRegistry::figures(const Subject &subject, SteadyTime now) const
{
    routing::Figures figures {.used = m_limits.used(subject, now)};
    const Shard &shard = shardOf(subject.credential->healthId);
    const std::scoped_lock lock(shard.mutex);
    const auto found = shard.targets.find(keyOf(subject));
    if (found == shard.targets.end())
        return figures;
    const TargetEntry &entry = found->second;
    figures.firstToken = entry.pace.firstToken(now);
    figures.tokensPerSecond = entry.pace.tokensPerSecond(now);
    figures.whole = entry.pace.whole(now);
    figures.inFlight = entry.inFlight;
    figures.errorRate = entry.figures.errorWeight(now);
    figures.tokensLastMinute = static_cast<std::int64_t>(entry.recentTokens.now(now));
    return figures;
}

std::optional<Rest> HealthRegistry::claimRoom(const Subject &subject, std::int64_t tokens, SteadyTime now)
{
    return m_limits.claim(subject, tokens, now);
}

void HealthRegistry::began(const Subject &subject, std::string_view model, SteadyTime now)
{
    Shard &shard = shardOf(subject.credential->healthId);
    const std::scoped_lock lock(shard.mutex);
    TargetEntry &entry = shard.entry(subject, model, m_shardCapacity);
    ++entry.inFlight;
    entry.usedAt = now;
}

bool HealthRegistry::claimProbe(const Subject &subject, SteadyTime now)
{
    Shard &shard = shardOf(subject.credential->healthId);
    const std::scoped_lock lock(shard.mutex);
    const auto found = shard.targets.find(keyOf(subject));
    return found != shard.targets.end() && found->second.circuit.claimProbe(now);
}

void HealthRegistry::report(const Subject &subject, std::string_view model, const AttemptOutcome &outcome, SteadyTime now)
{
    const Verdict verdict = verdictOn(outcome.error);
    m_limits.correct(subject, outcome.tokens - outcome.claimedTokens, now - outcome.latency, now);
    Shard &shard = shardOf(subject.credential->healthId);
    const std::scoped_lock lock(shard.mutex);
    TargetEntry &entry = shard.entry(subject, model, m_shardCapacity);
    entry.usedAt = now;
    if (outcome.began && entry.inFlight > 0)
        --entry.inFlight;
    entry.recentTokens.add(outcome.tokens, now);
    if (verdict == Verdict::Works && outcome.firstToken)
        entry.pace.streamed(*outcome.firstToken, outcome.latency - *outcome.firstToken, outcome.outputTokens, now);
    else if (verdict == Verdict::Works)
        entry.pace.answered(outcome.latency, now);
    if (outcome.error != ErrorCode::Cancelled)
        entry.figures.add(verdict != Verdict::Works && verdict != Verdict::Answers, outcome.latency, now);

    switch (verdict) {
    case Verdict::Works:
        entry.circuit.succeeded(subject.target->breaker, now);
        entry.limitsInRow = 0;
        shard.credentials.erase(subject.credential->healthId);
        break;
    case Verdict::Broken:
        entry.circuit.failed(subject.target->breaker, now);
        break;
    case Verdict::RateLimited:
        entry.circuit.abandoned();
        entry.nothingLeftUntil = entry.tokensUntil = {}; // what it says now goes before what was foreseen
        entry.limitedUntil = std::max(entry.limitedUntil, now + (outcome.retryAfter ? std::min(*outcome.retryAfter, longestRetryAfter) : rateLimitPause.after(entry.limitsInRow)));
        entry.limitsInRow = std::min(entry.limitsInRow + 1, 30);
        break;
    case Verdict::KeyRejected:
        entry.circuit.abandoned();
        shard.restCredential(*subject.credential, Rest::Why::KeyRejected, rejectedKeyPause, std::nullopt, m_shardCapacity, now);
        break;
    case Verdict::QuotaGone:
        entry.circuit.abandoned();
        shard.restCredential(*subject.credential, Rest::Why::QuotaGone, quotaPause, outcome.retryAfter, m_shardCapacity, now);
        break;
    case Verdict::Answers:
        entry.circuit.answered();
        break;
    case Verdict::SaysNothing:
        entry.circuit.abandoned();
        break;
    }
}

void HealthRegistry::allow(const Subject &subject, std::string_view model, const Allowance &allowance, SteadyTime now)
{
    Shard &shard = shardOf(subject.credential->healthId);
    const std::scoped_lock lock(shard.mutex);
    TargetEntry &entry = shard.entry(subject, model, m_shardCapacity);
    entry.usedAt = now;
    entry.nothingLeftUntil = allowance.nothingFor ? now + std::min(*allowance.nothingFor, longestForesight) : SteadyTime {};
    entry.tokensLeft = allowance.tokens.value_or(0);
    entry.tokensUntil = allowance.tokens ? now + std::min(allowance.tokensFor, longestForesight) : SteadyTime {};
}

void HealthRegistry::probed(const Subject &subject, std::string_view model, ProbeFinding finding, SteadyTime now)
{
    Shard &shard = shardOf(subject.credential->healthId);
    const std::scoped_lock lock(shard.mutex);
    const auto known = shard.targets.find(keyOf(subject));
    if (known != shard.targets.end())
        known->second.circuit.probed(finding, subject.target->breaker, now);
    else if (finding == ProbeFinding::Fails) // of one that nobody has asked yet, only this is news
        shard.entry(subject, model, m_shardCapacity).circuit.probed(finding, subject.target->breaker, now);
}

void HealthRegistry::probedAll(std::string_view provider, const config::BreakerSettings &settings, ProbeFinding finding, SteadyTime now)
{
    for (std::size_t i = 0; i < shardCount; ++i) {
        Shard &shard = m_shards[i];
        const std::scoped_lock lock(shard.mutex);
        for (auto &[key, entry] : shard.targets) {
            if (entry.provider == provider)
                entry.circuit.probed(finding, settings, now);
        }
    }
}

void HealthRegistry::configured(std::span<const routing::CredentialRef> credentials)
{
    std::unordered_map<std::uint64_t, std::uint64_t> fingerprints;
    for (const routing::CredentialRef &credential : credentials)
        fingerprints[credential.healthId] = credential.fingerprint;
    for (std::size_t i = 0; i < shardCount; ++i) {
        Shard &shard = m_shards[i];
        const std::scoped_lock lock(shard.mutex);
        std::erase_if(shard.targets, [&](const auto &entry) { return !fingerprints.contains(entry.first.credential); });
        std::erase_if(shard.credentials, [&](const auto &entry) {
            const auto known = fingerprints.find(entry.first);
            return known == fingerprints.end() || known->second != entry.second.fingerprint;
        });
    }
}

std::vector<TargetHealth> HealthRegistry::snapshot(SteadyTime now) const
{
    std::vector<TargetHealth> all;
    for (std::size_t i = 0; i < shardCount; ++i) {
        const Shard &shard = m_shards[i];
        const std::scoped_lock lock(shard.mutex);
        for (const auto &[key, entry] : shard.targets) {
            TargetHealth health {.provider = entry.provider, .credential = entry.credential, .model = entry.model};
            const auto restUntil = [&health, now](SteadyTime until) {
                if (until > now)
                    health.restsFor = std::max(health.restsFor.value_or(Duration::zero()), Duration(until - now));
            };
            health.circuit = static_cast<TargetHealth::Circuit>(entry.circuit.state(now));
            if (const auto until = entry.circuit.closedUntil())
                restUntil(*until);
            const SteadyTime limitedUntil = std::max(entry.limitedUntil, entry.usedUpUntil(0));
            health.rateLimited = now < limitedUntil;
            restUntil(limitedUntil);
            if (const auto out = shard.credentials.find(key.credential); out != shard.credentials.end() && now < out->second.until) {
                health.keyRejected = out->second.why == Rest::Why::KeyRejected;
                health.quotaGone = out->second.why == Rest::Why::QuotaGone;
                restUntil(out->second.until);
            }
            health.errorRate = entry.figures.errorRate();
            health.callsPerSecond = entry.figures.callsPerSecond(now);
            health.p95 = entry.figures.p95(now);
            health.sinceUsed = now - entry.usedAt;
            all.push_back(std::move(health));
        }
    }
    return all;
}

} // namespace gateway::state
