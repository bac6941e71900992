// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_part.h"

namespace gateway::wire {

/// Takes `data:image/png;charset=x;base64,...` apart; any other address stays one (wire.md 11, trap 25).
MediaSource sourceOfUrl(Chars url);

} // namespace gateway::wire
