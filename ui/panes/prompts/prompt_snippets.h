// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/prompt.h"

#include <QString>

namespace ui::prompts {

/// How a caller names a prompt (api.md).
enum class Naming {
    Header,  ///< x-signalbox-prompt
    Body,    ///< prompt_id
    Endpoint ///< POST /v1/prompts/{prompt}/completions
};
enum class Speech { Curl, Python, JavaScript };

/// A call that can be pasted, with a placeholder for the key and an example of each variable. Pure.
/// @param origin     "http://127.0.0.1:8787"
/// @param reference  "summarise-ticket@production"
QString promptSnippet(Naming naming, Speech speech, const QString &origin, const QString &reference, const gateway::config::PromptVersion &version);

/// Values that a version takes, as a JSON object: defaults, one of the allowed texts, or the variable's name.
QString exampleVariables(const gateway::config::PromptVersion &version);

} // namespace ui::prompts
