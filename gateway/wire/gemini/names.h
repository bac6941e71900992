// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/text.h"

#include <string_view>

namespace gateway::wire::gemini {

/// Whether a member's name is `camel` ("systemInstruction"), or the same in snake_case: Google's servers take both.
[[nodiscard]] inline bool named(std::string_view key, std::string_view camel)
{
    for (const char c : camel) {
        const bool upper = c >= 'A' && c <= 'Z';
        if (upper && key.starts_with('_')) {
            key.remove_prefix(1);
            if (!key.starts_with(asciiLower(c)))
                return false;
        } else if (!key.starts_with(c)) {
            return false;
        }
        key.remove_prefix(1);
    }
    return key.empty();
}

} // namespace gateway::wire::gemini
