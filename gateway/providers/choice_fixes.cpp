// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/providers/choice_fixes.h"

#include "gateway/core/json_text.h"
#include "gateway/wire/json_cursor.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <random>

namespace gateway::providers {
namespace {

using Json = nlohmann::ordered_json;

struct FinishWord
{
    std::string_view quoted;
    const char *ours;
};

// wire.md 4.1, the column "others".
constexpr std::array finishWords {
    FinishWord {"\"eos\"", "stop"},        FinishWord {"\"eos_token\"", "stop"},     FinishWord {"\"STOP\"", "stop"},
    FinishWord {"\"end_turn\"", "stop"},   FinishWord {"\"stop_sequence\"", "stop"}, FinishWord {"\"model_length\"", "length"},
    FinishWord {"\"MAX_TOKENS\"", "length"}, FinishWord {"\"max_tokens\"", "length"}, FinishWord {"\"tool_use\"", "tool_calls"},
};

constexpr auto quotedWords = [] {
    std::array<std::string_view, finishWords.size()> words;
    std::transform(finishWords.begin(), finishWords.end(), words.begin(), [](const FinishWord &word) { return word.quoted; });
    return words;
}();

Json parseBounded(std::string_view text)
{
    wire::JsonCursor cursor(text); // bounds the nesting, which a provider chooses, before a tree is built of it
    if (!cursor.skip() || !cursor.atEnd())
        return Json(Json::value_t::discarded);
    return Json::parse(text, nullptr, false);
}

std::string dumped(const Json &json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<std::int64_t> integerMember(const Json &object, const char *name)
{
    const auto found = object.find(name);
    if (found == object.end() || !found->is_number_integer())
        return std::nullopt;
    return found->get<std::int64_t>();
}

/// An id for a tool call whose server gave none: the caller must be able to answer it.
std::string newToolId()
{
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    thread_local std::mt19937_64 random {std::random_device {}()};
    std::uniform_int_distribution<std::size_t> pick(0, letters.size() - 1);
    std::string id = "call_";
    for (int i = 0; i < 24; ++i)
        id += letters[pick(random)];
    return id;
}

void fixFinish(Json &choice)
{
    const auto finish = choice.find("finish_reason");
    if (finish == choice.end() || !finish->is_string())
        return;
    const std::string quoted = '"' + finish->get<std::string>() + '"';
    const auto word = std::find_if(finishWords.begin(), finishWords.end(), [&](const FinishWord &known) { return known.quoted == quoted; });
    if (word != finishWords.end())
        *finish = word->ours;
}

/// The text of a part, or of the parts of a thinking part (Mistral).
std::string partText(const Json &part)
{
    if (part.is_string())
        return part.get<std::string>();
    if (part.is_array()) {
        std::string joined;
        for (const Json &inner : part)
            joined += partText(inner);
        return joined;
    }
    return part.is_object() ? textOf(part, "text") : std::string();
}

/// Mistral's array of text and thinking parts becomes `content` and `reasoning_content`.
void fixContent(Json &message)
{
    const auto content = message.find("content");
    if (content == message.end() || !content->is_array())
        return;
    std::string text;
    std::string reasoning;
    bool hasText = false;
    for (const Json &part : *content) {
        const auto thinking = part.is_object() ? part.find("thinking") : part.end();
        if (part.is_object() && thinking != part.end()) {
            reasoning += partText(*thinking);
            continue;
        }
        hasText = true;
        text += partText(part);
    }
    if (hasText || reasoning.empty())
        *content = std::move(text);
    else
        *content = nullptr;
    if (!reasoning.empty())
        message["reasoning_content"] = std::move(reasoning);
}

void fixReasoning(Json &message)
{
    const auto reasoning = message.find("reasoning");
    if (reasoning != message.end() && reasoning->is_string() && !message.contains("reasoning_content"))
        message["reasoning_content"] = std::string(reasoning->get_ref<const std::string &>()); // a copy: the new member may move the old
}

/// Which of our calls a delta belongs to. A new id opens one even under an index that is taken; a new index does; a delta
/// with neither goes on with the last (wire.md 11, trap 8). @return its place, and whether it is new
std::pair<std::size_t, bool> callOf(std::vector<StreamMemory::ToolCall> &calls, std::optional<std::int64_t> index, const std::string &id)
{
    for (std::size_t place = calls.size(); place-- > 0;) {
        const StreamMemory::ToolCall &call = calls[place];
        if (!id.empty() && call.id == id)
            return {place, false};
        if (id.empty() && (!index || call.upstreamIndex == index))
            return {place, false};
    }
    const auto sameIndex = std::find_if(calls.rbegin(), calls.rend(), [&](const auto &call) { return index && call.upstreamIndex == index; });
    if (sameIndex != calls.rend() && sameIndex->id.empty() && !id.empty()) {
        sameIndex->id = id; // the id of a call that was opened without one
        return {static_cast<std::size_t>(calls.rend() - sameIndex) - 1, false};
    }
    calls.push_back({.upstreamIndex = index, .id = id});
    return {calls.size() - 1, true};
}

void eraseEmpty(Json &object, const char *name)
{
    const auto found = object.find(name);
    if (found != object.end() && (found->is_null() || (found->is_string() && found->get_ref<const std::string &>().empty())))
        object.erase(name);
}

/// Arguments that came as an object become their text.
void fixArguments(Json &call)
{
    const auto function = call.find("function");
    if (function == call.end() || !function->is_object())
        return;
    const auto arguments = function->find("arguments");
    if (arguments != function->end() && (arguments->is_object() || arguments->is_array()))
        *arguments = dumped(*arguments);
}

void fixToolDeltas(Json &delta, std::int64_t choice, StreamMemory &memory)
{
    const auto deltas = delta.find("tool_calls");
    if (deltas == delta.end() || !deltas->is_array())
        return;
    auto &calls = memory.toolCalls[choice];
    for (Json &call : *deltas) {
        if (!call.is_object())
            continue;
        const auto [place, opened] = callOf(calls, integerMember(call, "index"), textOf(call, "id"));
        call["index"] = place;
        fixArguments(call);
        if (opened) {
            if (textOf(call, "id").empty())
                call["id"] = newToolId();
            if (textOf(call, "type").empty())
                call["type"] = "function";
            continue;
        }
        // Later deltas must not overwrite what the first one said.
        eraseEmpty(call, "id");
        eraseEmpty(call, "type");
        if (const auto function = call.find("function"); function != call.end() && function->is_object())
            eraseEmpty(*function, "name");
    }
}

void fixRole(Json &delta, std::int64_t choice, StreamMemory &memory)
{
    if (!delta.contains("role"))
        return;
    if (!memory.rolesSeen.insert(choice).second)
        delta.erase("role");
}

/// What a choice's whole message and a stream's delta have in common. @return that member; null: the choice has none
Json *fixChoice(Json &choice, const char *member, const AnswerFixes &fixes)
{
    if (fixes.finishWords)
        fixFinish(choice);
    const auto found = choice.find(member);
    if (found == choice.end() || !found->is_object())
        return nullptr;
    if (fixes.contentArrays)
        fixContent(*found);
    if (fixes.reasoningKey)
        fixReasoning(*found);
    return &*found;
}

void fixDelta(Json &choice, const AnswerFixes &fixes, StreamMemory &memory)
{
    const std::int64_t index = integerMember(choice, "index").value_or(0);
    if (fixes.cumulativeMessage && choice.contains("delta"))
        choice.erase("message");
    Json *delta = fixChoice(choice, "delta", fixes);
    if (!delta)
        return;
    if (fixes.toolIndex || fixes.emptyNames)
        fixToolDeltas(*delta, index, memory);
    if (fixes.roleOnce)
        fixRole(*delta, index, memory);
}

void fixToolCalls(Json &message)
{
    const auto calls = message.find("tool_calls");
    if (calls == message.end() || !calls->is_array())
        return;
    for (Json &call : *calls) {
        if (!call.is_object())
            continue;
        if (textOf(call, "id").empty())
            call["id"] = newToolId();
        if (textOf(call, "type").empty())
            call["type"] = "function";
        fixArguments(call);
    }
}

/// `object` in second place, where OpenAI has it.
void setObject(Json &root, const char *word)
{
    if (root.contains("object")) {
        root["object"] = word;
        return;
    }
    Json ordered = Json::object();
    if (root.contains("id"))
        ordered["id"] = root["id"];
    ordered["object"] = word;
    for (auto &[name, value] : root.items())
        ordered[name] = std::move(value);
    root = std::move(ordered);
}

} // namespace

std::span<const std::string_view> foreignFinishWords()
{
    return quotedWords;
}

std::optional<std::string> fixChunk(std::string_view data, const AnswerFixes &fixes, StreamMemory &memory)
{
    Json root = parseBounded(data);
    if (!root.is_object())
        return std::nullopt;
    const Json before = root;
    const auto choices = root.find("choices");
    if (choices != root.end() && choices->is_array()) {
        for (Json &choice : *choices) {
            if (choice.is_object())
                fixDelta(choice, fixes, memory);
        }
    }
    if (fixes.object && textOf(root, "object") != "text_completion")
        setObject(root, "chat.completion.chunk");
    if (root == before)
        return std::nullopt;
    return dumped(root);
}

std::optional<std::string> fixAnswer(std::string_view body, bool chat, const AnswerFixes &fixes)
{
    Json root = parseBounded(body);
    if (!root.is_object())
        return std::nullopt;
    const Json before = root;
    const auto choices = root.find("choices");
    if (choices != root.end() && choices->is_array()) {
        for (Json &choice : *choices) {
            if (!choice.is_object())
                continue;
            Json *message = fixChoice(choice, "message", fixes);
            if (message && (fixes.toolIndex || fixes.emptyNames))
                fixToolCalls(*message);
        }
    }
    if (chat && fixes.object)
        setObject(root, "chat.completion");
    if (root == before)
        return std::nullopt;
    return dumped(root);
}

} // namespace gateway::providers
