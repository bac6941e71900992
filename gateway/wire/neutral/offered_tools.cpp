// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/neutral/offered_tools.h"

#include "gateway/wire/neutral/tell_loss.h"

#include <set>

namespace gateway::wire {

std::vector<const ChatTool *> offeredTools(const ChatRequest &request, std::vector<Loss> &losses)
{
    using Mode = ToolChoice::Mode;
    std::set<std::string_view> named;
    if (request.toolChoice && (request.toolChoice->mode == Mode::Named || request.toolChoice->mode == Mode::Allowed))
        for (const Chars name : request.toolChoice->names)
            named.insert(name.raw);
    std::vector<const ChatTool *> all, chosen;
    for (const ChatTool &tool : request.tools) {
        if (!tool.native.empty()) {
            tellLoss(losses, "tools", "a tool that only its own provider knows");
            continue;
        }
        if (!tool.cacheControl.empty())
            tellLoss(losses, "cache_control", "the provider knows no such mark");
        all.push_back(&tool);
        if (named.contains(tool.name.raw))
            chosen.push_back(&tool);
    }
    if (named.empty() || all.empty())
        return all;
    if (chosen.empty())
        tellLoss(losses, "tool_choice", "it names no function there is");
    return chosen.empty() ? all : chosen;
}

void writeFunctionTool(JsonWriter &json, const ChatTool &tool, Chars name)
{
    json.object().textMember("type", "function").object("function").member("name", name).memberIf("description", tool.description);
    json.member("parameters", tool.parameters.empty() ? Json {R"({"type":"object","properties":{}})"} : tool.parameters).endObject().endObject();
}

} // namespace gateway::wire
