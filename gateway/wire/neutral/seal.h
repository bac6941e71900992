// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/json_pieces.h"
#include "gateway/wire/wire_format.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace gateway::wire {

/// What a caller's format holds in the place where its own provider's seal on a thought would stand: Responses'
/// encrypted_content, a thinking block's signature or a redacted one's data. The provider's own stands there as it is. What
/// another provider wants back to believe its thoughts goes in an envelope that says whose it is and what it belongs to:
/// every client of these formats sends it back, nothing else of them has room for it, and it never goes to a provider that
/// would refuse it.
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

/// Begins what has an envelope.
inline constexpr std::string_view sealEnvelope = "signalbox:";

/// What stands there, as escaped as `seal.text` is. Empty: there is nothing to hold.
/// @param native  the format whose seals stand as they are
std::string writeSeal(const Seal &seal, WireFormat native);

/// What stands there means; what has no envelope is `native`'s.
Seal readSeal(Chars text, WireFormat native);

} // namespace gateway::wire
