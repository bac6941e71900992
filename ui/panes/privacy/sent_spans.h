// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/privacy_tools.h"

#include <cstddef>
#include <string>
#include <vector>

namespace ui::privacy {

/// Where the replacement of a finding stands in the text that goes on.
struct SentSpan
{
    std::size_t from = 0, to = 0; ///< bytes of PrivacyTrial::scrubbed
    std::size_t span = 0;         ///< of PrivacyTrial::spans
};

/// Finds the replacements: placeholders, masks and hashes. Findings that are only reported have none. Pure.
/// @param text  that was tried
std::vector<SentSpan> sentSpans(const std::string &text, const gateway::api::PrivacyTrial &trial);

} // namespace ui::privacy
