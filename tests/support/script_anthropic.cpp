// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/script_state.h"

#include <nlohmann/json.hpp>

#include <map>

namespace support::detail {

namespace {

using Json = nlohmann::ordered_json;

std::string stopReason(const std::string &finish)
{
    static const std::map<std::string, std::string> reasons {{"stop", "end_turn"}, {"length", "max_tokens"}, {"tool_calls", "tool_use"}, {"content_filter", "refusal"}};
    const auto found = reasons.find(finish);
    return found == reasons.end() ? finish : found->second;
}

bool countsTokens(const ScriptState &state)
{
    return state.usagePlace != UsagePlace::Nowhere;
}

Json usageJson(const ScriptState &state, int output)
{
    return Json {{"input_tokens", state.promptTokens - state.cachedTokens}, {"cache_read_input_tokens", state.cachedTokens}, {"output_tokens", output}};
}

Json messageJson(const std::string &model)
{
    return Json {{"id", "msg_fake"}, {"type", "message"}, {"role", "assistant"}, {"model", model}, {"content", Json::array()}, {"stop_reason", nullptr}, {"stop_sequence", nullptr}};
}

Json errorJson(const std::string &type, const std::string &message)
{
    return Json {{"type", "error"}, {"error", {{"type", type}, {"message", message}}}};
}

/// The events of one stream (Anthropic's documentation, "Streaming messages"): one block at a time, indexes from 0.
class Events
{
public:
    Events(const ScriptState &state, const std::string &model) : m_state(state), m_model(model) {}

    std::vector<Piece> of(const std::vector<Part> &parts)
    {
        for (const Part &part : parts)
            add(part);
        return std::move(m_pieces);
    }

private:
    void add(const Part &part)
    {
        switch (part.kind) {
        case Part::Kind::Role: start(); return;
        case Part::Kind::Text:
            openBlock(Json {{"type", "text"}, {"text", ""}}, true);
            delta(Json {{"type", "text_delta"}, {"text", part.text}});
            m_pieces.back().times = part.number;
            return;
        case Part::Kind::ToolCall: toolCall(part); return;
        case Part::Kind::Finish: finish(part); return;
        case Part::Kind::Event: m_pieces.push_back({.bytes = eventText(m_state, part.text, part.name)}); return;
        case Part::Kind::Comment: m_pieces.push_back({.bytes = ": " + part.text + lineEndOf(m_state) + lineEndOf(m_state)}); return;
        case Part::Kind::Error: event("error", errorJson(part.name == "server_error" ? "api_error" : part.name, part.text)); return;
        case Part::Kind::Bytes: m_pieces.push_back({.bytes = part.text}); return;
        case Part::Kind::Pause: m_pieces.push_back({.kind = WireStep::Kind::Pause, .pause = part.pause}); return;
        case Part::Kind::Hold: m_pieces.push_back({.kind = WireStep::Kind::Hold}); return;
        }
    }

    void event(const std::string &type, const Json &data) { m_pieces.push_back({.bytes = eventText(m_state, data.dump(), type)}); }

    void start()
    {
        Json message = messageJson(m_model);
        if (countsTokens(m_state))
            message["usage"] = usageJson(m_state, 1);
        event("message_start", Json {{"type", "message_start"}, {"message", std::move(message)}});
    }

    void openBlock(Json block, bool text)
    {
        if (m_open && m_textOpen && text)
            return;
        closeBlock();
        event("content_block_start", Json {{"type", "content_block_start"}, {"index", ++m_index}, {"content_block", std::move(block)}});
        m_open = true;
        m_textOpen = text;
    }

    void closeBlock()
    {
        if (std::exchange(m_open, false))
            event("content_block_stop", Json {{"type", "content_block_stop"}, {"index", m_index}});
    }

    void delta(Json what) { event("content_block_delta", Json {{"type", "content_block_delta"}, {"index", m_index}, {"delta", std::move(what)}}); }

    void toolCall(const Part &part)
    {
        openBlock(Json {{"type", "tool_use"}, {"id", part.id}, {"name", part.name}, {"input", Json::object()}}, false);
        for (std::size_t from = 0; from < part.text.size(); from += part.number)
            delta(Json {{"type", "input_json_delta"}, {"partial_json", part.text.substr(from, part.number)}});
        closeBlock();
    }

    void finish(const Part &part)
    {
        closeBlock();
        Json last {{"type", "message_delta"}, {"delta", {{"stop_reason", stopReason(part.text)}, {"stop_sequence", nullptr}}}};
        if (countsTokens(m_state))
            last["usage"] = Json {{"output_tokens", m_state.completionTokens}};
        event("message_delta", last);
        if (m_state.done)
            event("message_stop", Json {{"type", "message_stop"}});
    }

    const ScriptState &m_state;
    const std::string &m_model;
    std::vector<Piece> m_pieces;
    int m_index = -1;
    bool m_open = false;
    bool m_textOpen = false;
};

} // namespace

std::vector<Piece> anthropicPieces(const ScriptState &state, const std::vector<Part> &parts, const std::string &model)
{
    return Events(state, model).of(parts);
}

std::string anthropicBody(const ScriptState &state, const std::string &model)
{
    Json message = messageJson(model);
    if (const std::string text = wholeText(state); !text.empty())
        message["content"].push_back(Json {{"type", "text"}, {"text", text}});
    for (const Part &part : state.parts) {
        if (part.kind == Part::Kind::Error)
            return errorJson(part.name == "server_error" ? "api_error" : part.name, part.text).dump();
        if (part.kind == Part::Kind::ToolCall)
            message["content"].push_back(Json {{"type", "tool_use"}, {"id", part.id}, {"name", part.name}, {"input", Json::parse(part.text, nullptr, false)}});
    }
    message["stop_reason"] = stopReason(finishReason(state));
    if (countsTokens(state))
        message["usage"] = usageJson(state, state.completionTokens);
    return message.dump();
}

std::string anthropicError(int status, const std::string &code, const std::string &message)
{
    static const std::map<int, std::string> types {{401, "authentication_error"}, {402, "billing_error"}, {403, "permission_error"}, {404, "not_found_error"}, {413, "request_too_large"},
                                                   {429, "rate_limit_error"},     {500, "api_error"},     {529, "overloaded_error"}};
    const auto known = types.find(status);
    std::string type = known != types.end() ? known->second : status < 500 ? "invalid_request_error" : "api_error";
    if (code == "insufficient_quota")
        type = "billing_error";
    if (code == "context_length_exceeded") // it has no code for this: its words say it
        return errorJson(type, "prompt is too long: " + message).dump();
    if (code == "content_policy_violation")
        return errorJson(type, "Output blocked by content filtering policy").dump();
    if (status == 503 && message.empty())
        return errorJson(type, "Overloaded").dump();
    return errorJson(type, message.empty() ? "Something is wrong." : message).dump();
}

} // namespace support::detail
