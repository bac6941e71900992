// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/privacy/checksums.h"
#include "gateway/privacy/shapes.h"

#include <optional>

/// The check letter of Spanish identity numbers, for DNI and NIE.
namespace gateway::privacy {

struct CheckLetter
{
    char letter = 0; ///< upper case
    char gap = 0;    ///< what stands before it; 0: nothing
    std::size_t to = 0;
};

/// The single letter behind a number, with nothing, a space, dash or dot between.
inline std::optional<CheckLetter> spanishLetterAfter(std::string_view text, std::size_t to)
{
    const char gap = at(text, to);
    const bool apart = gap == '-' || gap == ' ' || gap == '.';
    const std::size_t place = apart ? to + 1 : to;
    if (!isLetter(at(text, place)) || !closes(text, place + 1))
        return std::nullopt;
    return CheckLetter {upper(text[place]), apart ? gap : '\0', place + 1};
}

inline char spanishLetterOf(std::string_view digits)
{
    return "TRWAGMYFPDXBNJZSQVHLCKE"[remainderOf(digits, 23)];
}

} // namespace gateway::privacy
