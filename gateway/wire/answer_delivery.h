// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/wire/codecs.h"
#include "gateway/wire/request_scan.h"
#include "gateway/wire/span.h"

#include <cstdint>
#include <string>
#include <string_view>

/// One answer, delivered whole or as a stream: the same in the one form as in the other, in the same caller's format. Pure.
namespace gateway::wire {

enum class Delivery : std::uint8_t {
    Whole,
    Events, ///< server-sent events
    Array   ///< Gemini's streams without alt=sse
};

/// The format of an endpoint's answers, where they are chat and come in both deliveries. nullopt: another endpoint.
[[nodiscard]] std::optional<WireFormat> deliveredFormat(Endpoint endpoint);

/// Whether an answer to that request can be had from one delivery in the other: it is chat, and nothing was asked for that
/// ChatEvents do not carry (log probabilities, sound).
[[nodiscard]] bool isConvertible(Endpoint endpoint, const RequestScan &scan);

/// Writes an answer in another delivery.
/// @param format    of callers
/// @param answer    whole: a stream to its end
/// @param settings  what the caller who gets it asked for; `model` and `created` stand where the answer says none
/// @return Malformed: it is no answer of the format; Cut: a stream without its end
Result<std::string> redelivered(WireFormat format, Delivery from, std::string_view answer, Delivery to, AnswerSettings settings);

/// How an answer ended, over all its choices.
struct AnswerEnding
{
    bool whole = false;    ///< it is one of the format, to its end, and no error stands in it
    bool withheld = false; ///< the provider's rules for content ended a choice
    std::string id {}, model {}; ///< as it says; empty: it does not
};
[[nodiscard]] AnswerEnding endingOf(WireFormat format, Delivery from, std::string_view answer);

/// Where a stream in OpenAI's chat format has the event that tells the usage and nothing else, its blank line included: it
/// goes to those callers alone who asked for it. Empty: it has none.
[[nodiscard]] Span usageEvent(std::string_view stream);

} // namespace gateway::wire
