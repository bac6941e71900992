// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/privacy/detector_rows.h"
#include "gateway/privacy/shapes.h"

#include <span>
#include <string_view>

/// Numbers of documents that have no check digit: the forms that countries print, told apart by words beside them.
namespace gateway::privacy {

struct DocumentForm
{
    std::string_view region; ///< ISO 3166-1
    std::string_view form;   ///< L: a letter, 9: a digit, A: either; one a character
};

inline bool hasForm(std::string_view text, std::string_view form)
{
    if (text.size() != form.size())
        return false;
    for (std::size_t i = 0; i < form.size(); ++i) {
        if (form[i] == 'L' ? !isLetter(text[i]) : form[i] == '9' ? !isDigit(text[i]) : !isAlnum(text[i]))
            return false;
    }
    return true;
}

/// Whether it has the form of a region that the rule names, or of any where it names none.
inline bool hasFormOf(std::string_view text, std::span<const DocumentForm> forms, const Findings &found)
{
    for (const DocumentForm &each : forms) {
        if (hasForm(text, each.form) && (found.anyRegion() || found.regionNamed(each.region)))
            return true;
    }
    return false;
}

} // namespace gateway::privacy
