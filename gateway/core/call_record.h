// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/budget_charge.h"
#include "gateway/core/clock.h"
#include "gateway/core/endpoint.h"
#include "gateway/core/error.h"
#include "gateway/core/key_hash.h"
#include "gateway/core/loss.h"
#include "gateway/core/money.h"
#include "gateway/core/token_usage.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// How a call ended, seen by the caller.
enum class CallStatus : std::uint8_t {
    Ok,        ///< a whole answer
    Failed,    ///< an error after at least one attempt
    Refused,   ///< the gateway itself said no before any attempt: 401, 402, 403, 404, 429 by its own limits, 400
    Cut,       ///< content had gone out, then the upstream failed; the caller was told
    Cancelled, ///< the caller left
};
std::string_view toText(CallStatus status);

/// What the cache had to do with a call: `x-signalbox-cache`.
enum class CacheOutcome : std::uint8_t {
    Off,     ///< its route keeps no answers, or the call asked not to look
    Miss,
    Hit,     ///< the same was asked before
    Semantic ///< something much like it was
};
std::string_view toText(CacheOutcome outcome);

/// How often a rule of a privacy policy found something in a call, and what became of it. Never what was found.
struct PrivacyFinding
{
    std::string rule;    ///< "email", or an own rule's name
    std::string action;  ///< "tokenize", "mask", "hash", "block", "report"
    std::uint32_t asked = 0;    ///< in what was asked
    std::uint32_t answered = 0; ///< in what was answered
    bool operator==(const PrivacyFinding &) const = default;
};

/// One try at one target. Offsets count from the call's start, in microseconds.
struct AttemptRecord
{
    std::string provider;
    std::string credential;
    std::string model;                 ///< the provider's name for it
    std::int32_t startedUs = 0;
    std::int32_t waitedUs = 0;         ///< backoff before it
    std::int32_t firstByteUs = -1;     ///< to the first content; -1: none came
    std::int32_t endedUs = 0;
    std::int16_t httpStatus = 0;       ///< 0: no status line came
    bool ok = false;
    bool hedge = false;                ///< asked beside one that had no content yet
    bool skipped = false;              ///< never asked: circuit open or resting; `error` says why
    ErrorCode error = ErrorCode::Internal; ///< meaningful where !ok
    std::string detail {};             ///< the provider's words or the failing check, at most 300 bytes, no secret
    TokenUsage usage {};
    std::optional<Money> cost {};      ///< nullopt: price unknown
};

/// Bodies as captured for the log, capped; the `...Cut` flags say that the cap was reached. `sent` and `received` are the
/// provider's side of the last attempt, in the provider's format; empty where it is the caller's and nothing was translated.
struct CapturedBodies
{
    std::string request;
    std::string answer;
    std::string sent {};
    std::string received {};
    bool requestCut = false;
    bool answerCut = false;
    bool sentCut = false;
    bool receivedCut = false;
    bool dropped = false; ///< the process-wide capture cap was reached: nothing kept
};

/// A small value that a call leaves for later ones, over a restart too. Stored and found by its key (state/keyed_store.h).
struct Keepsake
{
    KeyHasher::Digest key {};
    std::string value {};  ///< empty: what was there goes
    WallTime until {};     ///< then it goes by itself
};

/// Everything that is kept of one call. Written once by the account stage, then immutable.
struct CallRecord
{
    std::string id;                    ///< "call_" + 26 characters, time-ordered; x-signalbox-call-id
    WallTime startedAt {};
    Endpoint endpoint = Endpoint::Other;
    std::string key;                   ///< the virtual key's name; empty: none
    std::string keyId;
    std::string team;                  ///< name; empty: unattributed
    std::string customer {};
    std::string session {};
    std::string tags {};               ///< comma-joined
    std::string metadata {};           ///< JSON object text; empty: none
    std::string askedModel {};         ///< as the caller wrote it
    std::string route {};
    std::string decisions {};          ///< what the route's plan decided and why, in few words; empty: there was nothing to decide
    std::string provider {};           ///< that answered; empty: none did
    std::string model {};              ///< upstream model that answered
    std::string peer {};               ///< caller's address without port
    bool stream = false;
    bool test = false;                 ///< sent by the window itself
    bool shadow = false;               ///< a copy of another call, which nobody waited for; `shadowOf` is that one's id
    bool continued = false;            ///< its stream was cut, and another target went on with the text
    CallStatus status = CallStatus::Ok;
    std::int16_t httpStatus = 0;       ///< sent to the caller; 0: it left before one was sent
    std::optional<ErrorCode> error {};
    std::string errorMessage {};       ///< at most 500 bytes
    std::int32_t latencyUs = 0;        ///< request read to last byte handed over
    std::int32_t firstByteUs = -1;     ///< to the first content; -1: none
    TokenUsage usage {};
    std::optional<Money> cost {};      ///< nullopt: unknown; a refused call costs zero
    std::string dropped {};            ///< parameters left out, comma-joined (x-signalbox-dropped)
    std::vector<Loss> losses {};       ///< of the last attempt: what its provider's format could not take, and why
    std::string providerFormat {};     ///< "anthropic": what the last attempt spoke, where it is not the caller's; else empty
    std::string shadowOf {};
    CacheOutcome cache = CacheOutcome::Off;
    std::string cachedFrom {};         ///< id of the call whose answer it got again; empty: it was answered anew
    double similarity = 0;             ///< of its question to that one's, 0 to 1; CacheOutcome::Semantic alone
    std::optional<Money> saved {};     ///< what that one had cost; nullopt: nothing was saved, or it is not known
    std::int64_t savedUs = 0;          ///< the same in time
    std::string prompt {};             ///< the prompt's version that made the request: "summarise@3"; empty: none
    std::string policy {};             ///< the privacy policy that it ran under; empty: none
    std::vector<PrivacyFinding> findings {};
    std::string trace {};              ///< the trace id of `traceparent`, 32 hex digits; empty: none
    std::vector<AttemptRecord> attempts {};
    CapturedBodies bodies {};
    std::vector<BudgetCharge> charges {}; ///< no part of the log either: what it cost each budget that it belongs to
    std::vector<Keepsake> keepsakes {}; ///< no part of the log: where a response is that its provider keeps
    std::uint32_t repeats = 1;         ///< > 1: a summary of that many like refusals from one address
};

/// Whether an attempt failed and another one gave the whole answer, or the rest of it. (One that was ended because another was faster has not failed.)
[[nodiscard]] bool isRescued(const CallRecord &record);

/// Takes finished records. Implemented by storage::CallLogWriter; called from any worker; never blocks.
class RecordSink
{
public:
    virtual ~RecordSink() = default;
    /// @param onCommitted  called from the writer's thread once the record is in the database (true) or was given
    ///        up (false); empty unless durability is strict
    virtual void push(CallRecord record, std::move_only_function<void(bool stored)> onCommitted) = 0;
    /// False where the store is known not to take records (disk full, locked): strict calls are refused up front.
    [[nodiscard]] virtual bool healthy() const = 0;
    /// True while a store that works does not keep up: the oldest record that is not in the database has waited clearly
    /// longer than the flush interval. Whoever ends a call then slows down, so that a crash loses no more than that (G01).
    [[nodiscard]] virtual bool behind() const { return false; }
};

} // namespace gateway
