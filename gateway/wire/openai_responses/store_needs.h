// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::wire::openai_responses {

/// Begins the ids of reasoning items made here: OpenAI does not know them, and refuses a request in which one stands.
inline constexpr std::string_view ownReasoningId = "rs_sb_";

/// What a request wants that only its provider's store has (wire.md 6.1): no matter where the body passes untouched, not to
/// be had where it is translated.
struct StoreNeeds
{
    std::vector<std::string> fields {};   ///< in the body's order: "previous_response_id", "input.2", "store" where it is true
    std::string previousResponse {};      ///< plain text; the provider that keeps it is the one to ask. Empty: none

    [[nodiscard]] bool any() const { return !fields.empty(); }
    /// The 400 for a request that has to be translated, `where` naming the first field; nullopt: nothing is needed.
    [[nodiscard]] std::optional<Error> refusal() const;
};

/// @param body  one that readRequest() takes; of any other what can be read
StoreNeeds storeNeeds(std::string_view body);

/// The body without the reasoning items that this gateway wrote for another provider's thoughts, and those with another
/// provider's seal: OpenAI refuses a request in which one stands. All else keeps its bytes. nullopt: there is none, the body
/// is good as it is.
/// @param foreign  known seals of others, as escaped; null: none
std::optional<std::string> withoutForeignReasoning(std::string_view body, const std::set<std::string, std::less<>> *foreign = nullptr);

} // namespace gateway::wire::openai_responses
