// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_request.h"
#include "gateway/wire/neutral/kept_reasoning.h"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// Finding and filling what a request's history lacks of a provider's own answers, and taking out what another provider has
/// sealed. Pure.
namespace gateway::wire {

/// Whether answers in that format have seals that its provider wants back.
[[nodiscard]] bool hasSeals(WireFormat format);

/// Whether a thought's seal goes to providers of that format (Claude's are believed at Bedrock too).
[[nodiscard]] bool believes(WireFormat format, WireFormat issuer);

/// A turn of the model's, of one message or several in a row.
struct ModelTurn
{
    std::size_t first = 0, end = 0; ///< messages [first, end)
    Chars callId {};                ///< of its first call; empty: it has none
};

/// Turns of the model's that have no seal though a provider of that format gives one and wants it back, in order: the last
/// `mostGaps`. Of Claude's, those since the last turn of the user's: it asks for no others.
inline constexpr std::size_t mostGaps = 32;
std::vector<ModelTurn> turnsWithoutSeal(const ChatRequest &request, WireFormat format);

/// Puts what was kept of a turn into it.
/// @param kept  its text outlives the request
void giveBack(ChatRequest &request, const ModelTurn &turn, const KeptReasoning &kept);

/// The seals that would go to a provider of that format, as escaped, each once.
std::vector<std::string_view> sealsFor(const ChatRequest &request, WireFormat format);

/// Takes out those seals; words of thoughts stay, as nobody's.
void breakSeals(ChatRequest &request, const std::function<bool(std::string_view seal)> &isForeign);

/// What a message says to a reader, in plain text: what a client sends back as it was, whatever else it loses.
std::string spoken(const ChatMessage &message);

} // namespace gateway::wire
