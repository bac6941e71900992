// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/bedrock/write_context.h"
#include "gateway/wire/neutral/chat_request.h"

#include <cstdint>
#include <string>
#include <vector>

namespace gateway::wire::bedrock {

/// Which tools a call has, which of them must be called, and how an answer by schema is asked for: they hang together
/// (wire.md 2.3, 2.5).
struct ToolPlan
{
    enum class Choice : std::uint8_t { None, Auto, Any, Tool };
    enum class Answer : std::uint8_t {
        Free,   ///< in words
        Native, ///< outputConfig
        ByTool, ///< a tool that must be called, whose input is the answer
        Told    ///< an instruction alone
    };
    std::vector<const ChatTool *> tools {};
    std::vector<Chars> ofHistory {}; ///< names that stand for tools: blocks of a history without any are refused
    bool mayCall = true;             ///< false: the tools are there for the history alone
    Choice choice = Choice::None;
    Chars named {};                  ///< for Choice::Tool; empty: the schema's
    bool single = false;             ///< no two calls in one answer
    Answer answer = Answer::Free;
    std::string schemaTool {};       ///< for Answer::ByTool

    [[nodiscard]] bool any() const { return !tools.empty() || !ofHistory.empty() || answer == Answer::ByTool; }
    [[nodiscard]] bool forced() const { return choice == Choice::Any || choice == Choice::Tool; }
};

ToolPlan planTools(const ChatRequest &request, WriteContext &context);

/// What the plan wants said to the model, in plain text.
std::vector<std::string> instructionsOf(const ToolPlan &plan, const ChatRequest &request);

/// Writes `toolConfig`, where there are tools. @param withChoice  else the choice is asked for elsewhere
void writeToolConfig(JsonWriter &json, const ToolPlan &plan, const ChatRequest &request, bool withChoice, WriteContext &context);

} // namespace gateway::wire::bedrock
