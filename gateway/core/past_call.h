// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What the call log says of calls that are over, as far as Replay goes by it. Storage reads them, routing judges by them.
namespace gateway {

/// One call's stay at one target: its attempts there in a row, with one credential or several.
struct PastVisit
{
    enum class End : std::uint8_t {
        Ok,
        Failed,  ///< as the target's fault
        Nothing  ///< says nothing of the target: the caller's own mistake, or it left, or another target was faster
    };
    std::string provider;
    std::string model;          ///< the provider's name for it
    End end = End::Ok;
    std::int64_t durationUs = 0;
};

/// One call without its bodies.
struct PastCall
{
    std::int64_t row = 0;       ///< in the log: its number, stable
    std::string id;
    std::int64_t startedUs = 0; ///< since 1970 UTC
    std::int64_t latencyUs = 0;
    Endpoint endpoint = Endpoint::Other;
    CallStatus status = CallStatus::Ok;
    bool stream = false;
    std::optional<Money> cost {};
    TokenUsage usage {};        ///< of the answer; where there is none, of the call
    std::string key, team, customer, session, tags, metadata, askedModel, route;
    std::vector<PastVisit> visits; ///< those that were asked, in order
    std::optional<std::string> body {}; ///< the request's, whole; read only where it is asked for

    /// Failed or cut, and not by the caller's own mistake.
    [[nodiscard]] bool failed() const { return status == CallStatus::Failed || status == CallStatus::Cut; }
};

/// Sums over the visits to one target, of streams or of whole answers.
struct TargetPast
{
    std::string provider;
    std::string model;
    bool stream = false;
    std::uint64_t ok = 0;
    std::uint64_t failed = 0;
    // Of those that were ok, for a line of time over tokens: y = seconds, x = output tokens.
    double tokens = 0, tokensSquared = 0, seconds = 0, secondsSquared = 0, product = 0;
    double firstSeconds = 0;    ///< to the first content, over `firsts` visits
    std::uint64_t firsts = 0;
    double failedSeconds = 0;   ///< of the failed ones

    void addOk(double itsSeconds, double itsTokens)
    {
        ++ok;
        tokens += itsTokens;
        tokensSquared += itsTokens * itsTokens;
        seconds += itsSeconds;
        secondsSquared += itsSeconds * itsSeconds;
        product += itsSeconds * itsTokens;
    }
    TargetPast &operator+=(const TargetPast &other)
    {
        ok += other.ok;
        failed += other.failed;
        tokens += other.tokens;
        tokensSquared += other.tokensSquared;
        seconds += other.seconds;
        secondsSquared += other.secondsSquared;
        product += other.product;
        firstSeconds += other.firstSeconds;
        firsts += other.firsts;
        failedSeconds += other.failedSeconds;
        return *this;
    }
};

} // namespace gateway
