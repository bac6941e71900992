// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/json_pieces.h"
#include "gateway/wire/wire_format.h"

#include <cstdint>
#include <string>

namespace gateway::wire::openai_responses {

/// What a reasoning item's encrypted_content holds. OpenAI's own stands there as it is. What another provider wants back to
/// believe its thoughts goes in an envelope that says whose it is and what it belongs to: every client of this format
/// sends reasoning items back, and nothing else of the format has room for it.
struct Seal
{
    enum class Of : std::uint8_t {
        Thought,  ///< a signature on the words beside it
        Redacted, ///< the thought itself, without words
        Call,     ///< a signature on the function call that follows (Gemini's)
        Nothing   ///< only that the words are of `issuer`
    };
    Of of = Of::Thought;
    WireFormat issuer = WireFormat::OpenAiResponses;
    Chars text {};
};

/// The encrypted_content that holds it, as escaped as `seal.text` is. Empty: there is nothing to hold.
std::string writeSeal(const Seal &seal);

/// What an encrypted_content holds; what has no envelope is OpenAI's.
Seal readSeal(Chars encryptedContent);

/// Begins the ids of reasoning items made here: OpenAI does not know them, and refuses a request in which one stands.
inline constexpr std::string_view ownReasoningId = "rs_sb_";

} // namespace gateway::wire::openai_responses
