// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/request_scan.h"

namespace gateway::wire {

/// Whether the request asks for an answer that follows a JSON schema, in whichever API's words: response_format (chat),
/// text.format (Responses), output_format and output_config.format (Anthropic), generationConfig's schemas (Gemini).
[[nodiscard]] bool wantsJsonSchema(const RequestScan &scan);

} // namespace gateway::wire
