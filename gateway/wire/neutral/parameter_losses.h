// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_request.h"

#include <string_view>
#include <vector>

namespace gateway::wire {

/// Tells those top-level parameters that formats without them lose: n above 1, logit_bias, user, metadata, a service tier
/// that was chosen, verbosity, and all that no format shares.
/// @param why  "cohere has no such parameter"
void tellParameterLosses(const ChatRequest &request, std::string_view why, std::vector<Loss> &losses);

} // namespace gateway::wire
