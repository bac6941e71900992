// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/bedrock/tool_plan.h"

#include "gateway/wire/json_cursor.h"
#include "gateway/wire/neutral/blank_text.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>

namespace gateway::wire::bedrock {
namespace {

using Answer = ToolPlan::Answer;
using Choice = ToolPlan::Choice;
using Force = ModelRules::Force;
using Mode = ToolChoice::Mode;

/// The names of the history's calls, each once, in order; "tool" where there are results alone.
std::vector<Chars> namesOfHistory(const ChatRequest &request)
{
    std::vector<Chars> names;
    std::set<std::string_view> known;
    bool results = false;
    for (const ChatMessage &message : request.messages) {
        for (const ChatPart &part : message.parts) {
            const auto *call = std::get_if<ToolCallPart>(&part);
            if (call && known.insert(call->name.raw).second)
                names.push_back(call->name);
            results = results || std::holds_alternative<ToolResultPart>(part);
        }
    }
    if (names.empty() && results)
        names.push_back({"tool"});
    return names;
}

/// Leaves the named tools; all, should none of them be there.
void keepNamed(std::vector<const ChatTool *> &tools, const std::vector<Chars> &names)
{
    std::set<std::string_view> wanted;
    for (Chars name : names)
        wanted.insert(name.raw);
    std::vector<const ChatTool *> kept;
    std::ranges::copy_if(tools, std::back_inserter(kept), [&](const ChatTool *tool) { return wanted.contains(tool->name.raw); });
    if (!kept.empty())
        tools = std::move(kept);
}

void readTools(ToolPlan &plan, const ChatRequest &request, WriteContext &context)
{
    for (const ChatTool &tool : request.tools) {
        if (tool.native.empty())
            plan.tools.push_back(&tool);
        else
            context.lose("tools", "bedrock does not know this kind of tool");
    }
    if (!context.rules.tools) {
        if (!plan.tools.empty())
            context.lose("tools", "the model knows none");
        plan.tools.clear();
        return;
    }
    std::vector<Chars> history = namesOfHistory(request);
    if (request.toolChoice && request.toolChoice->mode == Mode::None) {
        plan.mayCall = false;
        if (history.empty())
            plan.tools.clear();
        else if (!plan.tools.empty())
            context.lose("tool_choice", "bedrock has no \"none\": the model is told to call no tool");
    }
    if (plan.tools.empty() && !history.empty()) {
        plan.mayCall = false;
        plan.ofHistory = std::move(history);
    }
}

void readChoice(ToolPlan &plan, const ChatRequest &request, WriteContext &context)
{
    if (plan.tools.empty() || !plan.mayCall)
        return;
    plan.single = request.parallelToolCalls.has_value() && !*request.parallelToolCalls;
    if (plan.single && context.rules.family != Family::Claude) {
        plan.single = false;
        context.lose("parallel_tool_calls", "the model has no such setting");
    }
    if (!request.toolChoice)
        return;
    const ToolChoice &choice = *request.toolChoice;
    const Force force = context.rules.force;
    const bool named = choice.mode == Mode::Named;
    const bool must = named || choice.mode == Mode::Required || (choice.mode == Mode::Allowed && choice.allowedRequired);
    if (choice.mode == Mode::Allowed || (named && force != Force::Tool))
        keepNamed(plan.tools, choice.names);
    if (must && force == Force::No)
        context.lose("tool_choice", "the model cannot be made to call a tool");
    else if (named && force == Force::Tool && !choice.names.empty())
        plan.named = choice.names.front(), plan.choice = Choice::Tool;
    else
        plan.choice = must ? Choice::Any : Choice::Auto;
}

void readAnswer(ToolPlan &plan, const ChatRequest &request, WriteContext &context)
{
    const auto &format = request.responseFormat;
    if (!format || format->kind == ResponseFormat::Kind::Text)
        return;
    const ModelRules &rules = context.rules;
    const bool callable = !plan.tools.empty() && plan.mayCall;
    if (format->kind == ResponseFormat::Kind::JsonObject || format->schema.empty()) {
        plan.answer = Answer::Told;
    } else if (rules.structuredOutput && !callable) {
        plan.answer = Answer::Native;
    } else if (rules.tools && rules.force != Force::No) {
        plan.answer = Answer::ByTool;
        plan.schemaTool = format->name.empty() ? "json_answer" : toolName(format->name);
        while (std::ranges::any_of(plan.tools, [&](const ChatTool *tool) { return tool->name.raw == plan.schemaTool; }))
            plan.schemaTool += '_';
        plan.choice = callable || rules.force != Force::Tool ? Choice::Any : Choice::Tool;
        plan.named = {};
    } else {
        plan.answer = Answer::Told;
        context.lose("response_format", "the model has neither schemas nor tools that it can be made to call: asked for in words");
    }
}

/// The caller's schema; one that does not say that it is an object's says so here, for Converse insists on it.
void inputSchema(JsonWriter &json, Json schema)
{
    JsonCursor in(schema.raw);
    bool type = false, any = false;
    in.members([&](std::string_view key) {
        any = true;
        type = type || key == "type";
        return in.skip();
    });
    json.object("inputSchema");
    if (!any) {
        json.member("json", Json {R"({"type":"object","properties":{}})"});
    } else if (type) {
        json.member("json", schema);
    } else {
        const std::string typed = R"({"type":"object",)" + std::string(schema.raw.substr(schema.raw.find('{') + 1));
        json.member("json", Json {typed});
    }
    json.endObject();
}

void toolSpec(std::string &list, std::string_view name, Chars description, Json schema)
{
    addElement(list, [&](JsonWriter &json) {
        json.object().object("toolSpec").textMember("name", name);
        if (!isBlank(description))
            json.member("description", description);
        inputSchema(json, schema);
        json.endObject().endObject();
    });
}

} // namespace

ToolPlan planTools(const ChatRequest &request, WriteContext &context)
{
    ToolPlan plan;
    readTools(plan, request, context);
    readChoice(plan, request, context);
    readAnswer(plan, request, context);
    return plan;
}

std::vector<std::string> instructionsOf(const ToolPlan &plan, const ChatRequest &request)
{
    std::vector<std::string> instructions;
    if (!plan.mayCall && plan.any() && !plan.forced())
        instructions.emplace_back("Do not call any tool: answer in words.");
    if (plan.answer == Answer::Told) {
        const Json schema = request.responseFormat->schema;
        instructions.push_back(schema.empty() ? "Answer with one JSON object and nothing else."
                                              : "Answer with one JSON object and nothing else. It matches this JSON Schema: " + std::string(schema.raw));
    }
    return instructions;
}

void writeToolConfig(JsonWriter &json, const ToolPlan &plan, const ChatRequest &request, bool withChoice, WriteContext &context)
{
    if (!plan.any())
        return;
    std::string list;
    for (const ChatTool *tool : plan.tools) {
        if (tool->strict.value_or(false))
            context.lose("tools.function.strict", "bedrock is not asked for it");
        toolSpec(list, context.name(tool->name), tool->description, tool->parameters);
        context.cachePoint(list, tool->cacheControl, context.rules.cachedTools);
    }
    for (Chars name : plan.ofHistory)
        toolSpec(list, context.name(name), {}, {});
    if (plan.answer == Answer::ByTool) {
        const ResponseFormat &format = *request.responseFormat;
        const Chars ours {"Gives the answer. Always answer by calling this tool."};
        toolSpec(list, plan.schemaTool, isBlank(format.description) ? ours : format.description, format.schema);
    }
    json.object("toolConfig").array("tools").value(Json {list}).endArray();
    if (withChoice && plan.choice != Choice::None) {
        json.object("toolChoice");
        switch (plan.choice) {
        case Choice::None: break;
        case Choice::Auto: json.object("auto").endObject(); break;
        case Choice::Any: json.object("any").endObject(); break;
        case Choice::Tool: json.object("tool").textMember("name", plan.named.empty() ? plan.schemaTool : context.name(plan.named)).endObject(); break;
        }
        json.endObject();
    }
    json.endObject();
}

} // namespace gateway::wire::bedrock
