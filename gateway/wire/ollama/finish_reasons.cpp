// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/ollama/finish_reasons.h"

namespace gateway::wire::ollama {

FinishReason finishReason(std::string_view doneReason, bool calls)
{
    if (calls)
        return FinishReason::ToolCalls;
    return doneReason == "length" ? FinishReason::Length : FinishReason::Stop;
}

} // namespace gateway::wire::ollama
