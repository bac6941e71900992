// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/privacy/scanner.h"

#include <string>
#include <string_view>
#include <vector>

/// What an external detector is asked and what it answers, in the words of Presidio's analyzer (POST /analyze). No I/O: who
/// asks it keeps its time limit and what becomes of a call without an answer.
namespace gateway::privacy {

/// The body of a request. @param language  two letters: "en"
[[nodiscard]] std::string analyzerRequest(const ExternalDetector &detector, std::string_view text, std::string_view language = "en");

/// What an answer says about a text. Entities that the detector was not asked for are left out; of one that is asked for
/// everything, all go to its own rule. Malformed: no list of findings, or places outside the text.
/// @param text  as it was sent: the analyzer counts its characters, hits are in bytes
[[nodiscard]] Result<std::vector<Hit>> readAnalyzerAnswer(const ExternalDetector &detector, std::string_view text, std::string_view answer);

} // namespace gateway::privacy
