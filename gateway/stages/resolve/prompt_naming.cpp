// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/resolve/prompt_naming.h"

#include "gateway/core/text.h"
#include "gateway/wire/answer_delivery.h"
#include "gateway/wire/json_cursor.h"

namespace gateway::stages {

std::string_view promptInHeaders(std::span<const HeaderView> headers)
{
    return trimmed(findHeader(headers, "x-signalbox-prompt").value_or(""));
}

wire::PromptNamed whereNamed(Endpoint endpoint, std::string_view besideBody)
{
    if (!besideBody.empty())
        return wire::PromptNamed::Outside;
    const bool takesPrompts = wire::deliveredFormat(endpoint) || endpoint == Endpoint::CountTokens || endpoint == Endpoint::Completions;
    return takesPrompts ? wire::PromptNamed::PerhapsHere : wire::PromptNamed::Nowhere;
}

std::string promptNamed(const wire::RequestScan &scan, std::string_view besideBody)
{
    if (!besideBody.empty() || scan.promptId.empty())
        return std::string(besideBody);
    const std::string_view quoted = scan.promptId.in(scan.body);
    return wire::unescapeJson(quoted.substr(1, quoted.size() - 2));
}

} // namespace gateway::stages
