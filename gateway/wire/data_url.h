// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_part.h"

#include <string>
#include <string_view>

namespace gateway::wire {

/// Takes `data:image/png;charset=x;base64,...` apart; any other address stays one (wire.md 11, trap 25).
MediaSource sourceOfUrl(Chars url);

/// The other way: the address, or a `data:` one around base64 bytes; as escaped as the source is.
/// @param type  of bytes whose type is not said
std::string urlOfSource(const MediaSource &source, std::string_view type);

} // namespace gateway::wire
