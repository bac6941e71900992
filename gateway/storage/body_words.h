// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"

#include <string>
#include <string_view>

/// What of a call's bodies its full text is: what people and models said, without the JSON or the events that carry it. Pure.
namespace gateway::storage {

struct BodyWords
{
    std::string asked;    ///< each text on a line of its own
    std::string answered;
    [[nodiscard]] bool empty() const { return asked.empty() && answered.empty(); }
};

inline constexpr std::size_t mostWords = 1024 * 1024; ///< bytes of a body's words; what is said behind them is not found

/// Of the caller's side; of the provider's where that was not kept.
[[nodiscard]] BodyWords bodyWords(const CapturedBodies &bodies);

/// Of one body: JSON of any API, an event stream (its pieces are joined to what they say), or plain text. Media and other
/// bytes that nobody reads have none.
/// @param cut  the log kept only its beginning
[[nodiscard]] std::string wordsOf(std::string_view body, bool cut);

} // namespace gateway::storage
