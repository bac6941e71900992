// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_event.h"
#include "gateway/wire/neutral/chat_request.h"

#include <string>
#include <string_view>

/// Gemini's callers have one opaque place for what a provider wants back to believe its own thoughts, and take it for
/// Google's. Google's own stands there as it is; another provider's is sealed with its name, so that it finds back to its
/// maker and never goes to Google, which would refuse it.
namespace gateway::wire::gemini {

/// Begins the signatures that were sealed here.
inline constexpr std::string_view sealedBeginning = "c2lnbmFsYm94"; // "signalbox" in base64: nine bytes, so always these twelve characters

/// The characters of `thoughtSignature` for a thought that has a signature or is sealed itself; base64, as SDKs insist.
std::string thoughtSignature(const ThinkingDelta &delta);

/// What a caller's thoughtSignature stands for: a thought without text, with its issuer.
ThinkingPart thoughtOf(Chars signature, ChatRequest &keeper);

} // namespace gateway::wire::gemini
