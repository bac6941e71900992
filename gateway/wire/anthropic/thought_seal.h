// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_event.h"
#include "gateway/wire/neutral/seal.h"

#include <string>

namespace gateway::wire::anthropic {

/// What a thinking block's `signature`, or a redacted one's `data`, holds for this thought.
inline std::string sealOf(const ThinkingDelta &delta)
{
    const bool redacted = !delta.redacted.empty();
    return writeSeal({.of = redacted ? Seal::Of::Redacted : Seal::Of::Thought, .issuer = delta.issuer, .text = redacted ? delta.redacted : delta.signature}, WireFormat::Anthropic);
}

/// A seal of another provider's without words to it (Gemini's on what it said): a block of it would be an empty thought. The
/// gateway keeps it.
inline bool isWordless(const ThinkingDelta &delta, bool words)
{
    return delta.issuer != WireFormat::Anthropic && delta.redacted.empty() && delta.text.empty() && !words;
}

} // namespace gateway::wire::anthropic
