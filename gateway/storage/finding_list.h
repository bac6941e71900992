// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"

#include <string>
#include <string_view>
#include <vector>

/// A call's privacy findings as `extras.findings` keeps them: a line each, "2 0 tokenize email"; of a guardrail
/// "1 0 guardrail block size". This text is in files.
namespace gateway::storage {

/// None give an empty text.
std::string packFindings(const std::vector<PrivacyFinding> &findings);
/// What is no such line is passed over.
std::vector<PrivacyFinding> unpackFindings(std::string_view text);

} // namespace gateway::storage
