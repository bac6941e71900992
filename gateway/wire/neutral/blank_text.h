// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/json_pieces.h"

#include <string_view>

namespace gateway::wire {

/// Whether a text has nothing to see, escapes looked through: providers refuse those.
[[nodiscard]] bool isBlank(Chars text);

/// A text as escaped without the spaces, \n, \r and \t at its end.
[[nodiscard]] std::string_view withoutTrailingSpace(std::string_view raw);

} // namespace gateway::wire
