// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/core/endpoint.h"
#include "gateway/core/key_hash.h"
#include "gateway/core/money.h"
#include "gateway/core/token_usage.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// Answers that are kept, to be given again to who asks the same: the values that the stage, the stores in memory and on
/// disk, and the window have in common.
namespace gateway {

/// A keyed digest of all that an answer depends on, its tenant included: nobody can name what is another's.
using AnswerKey = KeyHasher::Digest;

struct AnswerKeyHash
{
    std::size_t operator()(const AnswerKey &key) const;
};

/// The question that an answer was given to, where it may be found by likeness.
struct KeptQuestion
{
    std::string text;          ///< as the provider saw it, cut where it is long: for eyes
    AnswerKey conversation {}; ///< of all that the answer depends on but these words
    std::string embedder;      ///< what made the vector: "lexical", "openai/text-embedding-3-small"
    std::vector<float> vector;
    bool operator==(const KeptQuestion &) const = default;
};

/// A whole answer, with what must be known of it to give it again. Immutable once it is stored; shared by all who get it.
///
/// Its bytes are kept in the caller's own format and as they went to the caller: as one body, or as the events of the
/// stream, to the last one. So whoever asks in the same way gets every byte that the first one got, fields that no other
/// format knows included, for the price of one copy. Whoever asks for the other delivery gets it written anew by the
/// format's codecs (wire/answer_delivery.h): that costs microseconds, and happens seldom, since a program asks for one
/// delivery. Neutral events in place of the bytes would have made each hit pay for writing, and would have lost what they
/// do not carry (logprobs, fingerprints, service tiers).
struct CachedAnswer
{
    std::string body;
    bool stream = false;          ///< `body` is the events of a stream, with its usage event even where nobody asked for it
    std::uint32_t usageFrom = 0;  ///< of a stream in OpenAI's chat format: where its usage event is in `body`, to be left out for
    std::uint32_t usageTo = 0;    ///< callers who did not ask for it; equal: there is none
    std::string contentType;
    Endpoint endpoint = Endpoint::ChatCompletions;

    std::string nameSpace;        ///< as the route has it; empty: the common one
    std::string team;
    std::string route;            ///< its name
    std::string provider, model;  ///< that answered, the provider's name for it
    std::string callId;           ///< of the call that was answered by it first
    TokenUsage usage;
    std::optional<Money> cost;    ///< of that call: what giving it again saves; nullopt: unknown
    std::int64_t latencyUs = 0;   ///< the same in time
    WallTime storedAt {};
    WallTime expiresAt {};
    std::optional<KeptQuestion> question {}; ///< nullopt: who asks must ask the same

    bool operator==(const CachedAnswer &) const = default;
};

using SharedAnswer = std::shared_ptr<const CachedAnswer>;

/// What an answer takes in memory, about.
std::size_t bytesOf(const CachedAnswer &answer);

/// Which answers are meant: those to which all that is given applies. Nothing given: all.
struct AnswerFilter
{
    std::optional<AnswerKey> key {};
    std::optional<std::string> nameSpace {}, team {}, route {}, provider {}, model {};
    std::optional<WallTime> storedBefore {};

    [[nodiscard]] bool matches(const AnswerKey &itsKey, const CachedAnswer &answer) const;
};

/// Keeps answers beyond the process's life. Every function is for any thread and never waits.
class AnswerJournal
{
public:
    virtual ~AnswerJournal() = default;
    virtual void stored(const AnswerKey &key, SharedAnswer answer) = 0;
    virtual void removed(const AnswerKey &key) = 0;
};

} // namespace gateway
