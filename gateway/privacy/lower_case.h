// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace gateway::privacy {

/// Text in lower case byte for byte: letters of ASCII, Latin-1, Latin Extended-A, Greek and Cyrillic, whose two cases are
/// equally long. All else, and what is no UTF-8, stays. Places in the result are places in the text.
[[nodiscard]] std::string lowerCase(std::string_view text);
/// The same into `out`, whose memory is used again.
void lowerCase(std::string_view text, std::string &out);

/// Whether a letter or digit (of any script that writes words apart), or a _, begins or ends at a place.
[[nodiscard]] bool wordGoesOnAt(std::string_view text, std::size_t place);
[[nodiscard]] bool wordEndsAt(std::string_view text, std::size_t place);

} // namespace gateway::privacy
