// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_log_view.h"
#include "gateway/core/call_record.h"

#include <QByteArray>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// How values of a record are written in calls.db. These numbers are in files: never change one.
namespace gateway::storage {

/// `names.kind`; Tags: all tags of a call together
enum class NameKind : std::int64_t { Error = 1, Team = 2, Key = 3, KeyId = 4, Route = 5, Provider = 6, Model = 7, Credential = 8, Format = 9, Prompt = 10, Policy = 11, Asked = 12, Tags = 13 };

/// `calls.flags`
namespace call_flag {
inline constexpr std::int64_t stream = 1;
inline constexpr std::int64_t test = 2;
inline constexpr std::int64_t estimated = 4;
inline constexpr std::int64_t rescued = 8;
inline constexpr std::int64_t hadBodies = 16; ///< bodies were stored: where they are missing, they expired
inline constexpr std::int64_t oddId = 32;     ///< the id does not hold the time at which the call began: see idTimes()
inline constexpr std::int64_t extras = 64;    ///< has a row in `extras`
inline constexpr std::int64_t continued = 128;
inline constexpr std::int64_t shadow = 256;
inline constexpr std::int64_t cacheShift = 9; ///< two bits from here on are the CacheOutcome
inline constexpr std::int64_t cacheMask = 3;
inline constexpr std::int64_t imported = 2048; ///< was of another log, or of this one before: no spend, alert, collector or sink has it from here
} // namespace call_flag

/// `attempts.flags`
namespace attempt_flag {
inline constexpr std::int64_t ok = 1;
inline constexpr std::int64_t skipped = 2;
inline constexpr std::int64_t estimated = 4;
inline constexpr std::int64_t hedge = 8;
} // namespace attempt_flag

/// `bodies.flags`
namespace body_flag {
inline constexpr std::int64_t requestCut = 1;
inline constexpr std::int64_t answerCut = 2;
inline constexpr std::int64_t dropped = 4;
inline constexpr std::int64_t sentCut = 8;
inline constexpr std::int64_t receivedCut = 16;
} // namespace body_flag

/// Of what callers choose, names past a bound share this one.
inline constexpr std::string_view otherNames = "(other)";

/// `spend.scope`
enum class SpendScope : std::int64_t { Key = 1, Team = 2 };

/// Of `extras.similarity`: parts of one.
inline constexpr double millionth = 1'000'000;

std::int64_t toNumber(CacheOutcome outcome);
CacheOutcome cacheOutcomeFrom(std::int64_t flags);
std::int64_t toNumber(CallStatus status);
CallStatus callStatusFrom(std::int64_t number);
std::int64_t toNumber(Endpoint endpoint);
Endpoint endpointFrom(std::int64_t number);
std::optional<CacheOutcome> cacheOutcomeNamed(std::string_view text);
std::optional<CallStatus> callStatusNamed(std::string_view text);
std::optional<Endpoint> endpointNamed(std::string_view text);
ErrorCode errorCodeNamed(std::string_view text); ///< an unknown word (of a newer version) is Internal

/// "call_" and 26 letters as 16 bytes; anything else as 0xff and its bytes.
QByteArray packId(std::string_view id);
std::string unpackId(const QByteArray &packed);
/// What packed ids that begin with this text lie between ([from, to)); nullopt: the text begins no id.
std::optional<std::pair<QByteArray, QByteArray>> packedIdRange(std::string_view prefix);

/// The row of the call with that packed id: through the time in it, or through the index of those that have none. Of the first
/// statement from and to of idTimes(id, id), then the id; of the second the id.
inline constexpr std::string_view timedIdRow = "SELECT max(row) FROM calls INDEXED BY calls_started WHERE started_us >= ? AND started_us < ? AND id = ?";
inline constexpr std::string_view oddIdRow = "SELECT max(row) FROM calls INDEXED BY calls_odd_id WHERE flags & 32 <> 0 AND id = ?";

/// Between which times ([from, to), microseconds) calls began whose packed ids lie in that range ([from, to)), as far as
/// they have no call_flag::oddId: an id holds the millisecond at which its call began.
std::pair<std::int64_t, std::int64_t> idTimes(const QByteArray &from, const QByteArray &to);
bool isTimed(const QByteArray &packed);                         ///< whether it holds a time
bool isTimed(const QByteArray &packed, std::int64_t startedUs); ///< and that one

/// 32 hex digits as 16 bytes; anything else is no trace id and gives none.
QByteArray packTrace(std::string_view trace);
std::string unpackTrace(const QByteArray &packed); ///< in small letters
/// What packed traces that begin with these digits lie between ([from, to)); nullopt: no trace does.
std::optional<std::pair<QByteArray, QByteArray>> packedTraceRange(std::string_view prefix);

/// A keepsake's key as it is stored.
QByteArray keepsakeKey(const KeyHasher::Digest &key);

} // namespace gateway::storage
