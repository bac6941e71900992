// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

/// Requests and streamed answers of every caller's format around one text, for tests.
namespace formats {

using Json = nlohmann::ordered_json;

struct Format
{
    const char *name;
    const char *type;                                                    ///< of the stream
    std::function<std::string(const std::string &text)> request;
    std::function<std::string(const Json &request)> asked;               ///< the text of a request
    std::function<std::string(const std::vector<std::string> &deltas)> stream;
    std::function<std::string(std::string_view stream)> said;            ///< the text of a stream
    bool arguments = false;                                              ///< the text is JSON: of a tool
};

inline std::string dumped(const Json &json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

inline std::string event(const Json &json, bool named = false)
{
    return (named ? "event: " + json["type"].get<std::string>() + "\n" : std::string()) + "data: " + dumped(json) + "\n\n";
}

/// The JSON of each event.
inline std::vector<Json> eventsOf(std::string_view stream)
{
    std::vector<Json> all;
    for (std::size_t at = stream.find("data: "); at != std::string_view::npos; at = stream.find("\ndata: ", at)) {
        at = stream.find("data: ", at) + 6;
        const std::string_view data = stream.substr(at, stream.find('\n', at) - at);
        if (data != "[DONE]")
            all.push_back(Json::parse(data));
    }
    return all;
}

inline std::vector<Json> linesOf(std::string_view stream)
{
    std::vector<Json> all;
    while (!stream.empty()) {
        const std::size_t end = std::min(stream.find('\n'), stream.size());
        if (end > 0)
            all.push_back(Json::parse(stream.substr(0, end)));
        stream.remove_prefix(std::min(end + 1, stream.size()));
    }
    return all;
}

inline Json chunk(Json delta, const Json &finish = nullptr)
{
    return {{"id", "chatcmpl-1"}, {"object", "chat.completion.chunk"}, {"model", "m"}, {"choices", {{{"index", 0}, {"delta", std::move(delta)}, {"finish_reason", finish}}}}};
}

inline std::string joined(const std::vector<Json> &events, const std::function<std::string(const Json &)> &piece)
{
    std::string text;
    for (const Json &each : events)
        text += piece(each);
    return text;
}

inline std::string textAt(const Json &json, const char *pointer)
{
    const Json::json_pointer place {std::string(pointer)};
    return json.contains(place) && json[place].is_string() ? json[place].get<std::string>() : std::string();
}

inline std::string chatRequest(const std::string &text)
{
    return dumped({{"model", "m"}, {"messages", {{{"role", "system"}, {"content", "Help."}}, {{"role", "user"}, {"content", text}}}}});
}

inline Json geminiPart(const std::string &text, bool last)
{
    Json candidate {{"content", {{"parts", {{{"text", text}}}}, {"role", "model"}}}, {"index", 0}};
    if (last)
        candidate["finishReason"] = "STOP";
    return {{"candidates", {candidate}}, {"usageMetadata", {{"promptTokenCount", 3}}}};
}

inline std::string geminiRequest(const std::string &text)
{
    return dumped({{"contents", {{{"role", "user"}, {"parts", {{{"text", text}}}}}}}});
}

inline std::string responsesStream(const std::vector<std::string> &deltas)
{
    std::string stream = event({{"type", "response.created"}, {"sequence_number", 0}, {"response", {{"id", "resp_1"}}}}, true);
    int sequence = 1;
    std::string whole;
    for (const std::string &delta : deltas) {
        stream += event({{"type", "response.output_text.delta"}, {"sequence_number", sequence++}, {"item_id", "msg_1"}, {"output_index", 0}, {"content_index", 0}, {"delta", delta}}, true);
        whole += delta;
    }
    stream += event({{"type", "response.output_text.done"}, {"sequence_number", sequence++}, {"item_id", "msg_1"}, {"output_index", 0}, {"content_index", 0}, {"text", whole}}, true);
    stream += event({{"type", "response.completed"}, {"sequence_number", sequence}, {"response", {{"id", "resp_1"}, {"output", {{{"type", "message"}, {"content", {{{"type", "output_text"}, {"text", whole}}}}}}}}}}, true);
    return stream;
}

inline std::vector<Format> all()
{
    std::vector<Format> list;
    list.push_back({.name = "chat",
                    .type = "text/event-stream",
                    .request = chatRequest,
                    .asked = [](const Json &request) { return textAt(request, "/messages/1/content"); },
                    .stream =
                        [](const std::vector<std::string> &deltas) {
                            std::string stream = event(chunk({{"role", "assistant"}, {"content", ""}}));
                            for (const std::string &delta : deltas)
                                stream += event(chunk({{"content", delta}}));
                            return stream + event(chunk(Json::object(), "stop")) + "data: [DONE]\n\n";
                        },
                    .said = [](std::string_view stream) { return joined(eventsOf(stream), [](const Json &json) { return textAt(json, "/choices/0/delta/content"); }); }});
    list.push_back({.name = "chat, a tool's arguments",
                    .type = "text/event-stream",
                    .request =
                        [](const std::string &text) {
                            const std::string arguments = dumped({{"q", text}});
                            return dumped({{"model", "m"}, {"messages", {{{"role", "assistant"}, {"tool_calls", {{{"id", "call_1"}, {"type", "function"}, {"function", {{"name", "f"}, {"arguments", arguments}}}}}}}}}});
                        },
                    .asked = [](const Json &request) { return textAt(Json::parse(textAt(request, "/messages/0/tool_calls/0/function/arguments")), "/q"); },
                    .stream =
                        [](const std::vector<std::string> &deltas) {
                            std::string stream = event(chunk({{"role", "assistant"}, {"tool_calls", {{{"index", 0}, {"id", "call_1"}, {"type", "function"}, {"function", {{"name", "f"}, {"arguments", ""}}}}}}}));
                            for (const std::string &delta : deltas)
                                stream += event(chunk({{"tool_calls", {{{"index", 0}, {"function", {{"arguments", delta}}}}}}}));
                            return stream + event(chunk(Json::object(), "tool_calls")) + "data: [DONE]\n\n";
                        },
                    .said = [](std::string_view stream) { return joined(eventsOf(stream), [](const Json &json) { return textAt(json, "/choices/0/delta/tool_calls/0/function/arguments"); }); },
                    .arguments = true});
    list.push_back({.name = "completions",
                    .type = "text/event-stream",
                    .request = [](const std::string &text) { return dumped({{"model", "m"}, {"prompt", text}}); },
                    .asked = [](const Json &request) { return textAt(request, "/prompt"); },
                    .stream =
                        [](const std::vector<std::string> &deltas) {
                            std::string stream;
                            for (const std::string &delta : deltas)
                                stream += event({{"choices", {{{"index", 0}, {"text", delta}, {"finish_reason", nullptr}}}}});
                            return stream + event({{"choices", {{{"index", 0}, {"text", ""}, {"finish_reason", "stop"}}}}}) + "data: [DONE]\n\n";
                        },
                    .said = [](std::string_view stream) { return joined(eventsOf(stream), [](const Json &json) { return textAt(json, "/choices/0/text"); }); }});
    list.push_back({.name = "messages",
                    .type = "text/event-stream",
                    .request = [](const std::string &text) { return dumped({{"model", "m"}, {"max_tokens", 9}, {"messages", {{{"role", "user"}, {"content", {{{"type", "text"}, {"text", text}}}}}}}}); },
                    .asked = [](const Json &request) { return textAt(request, "/messages/0/content/0/text"); },
                    .stream =
                        [](const std::vector<std::string> &deltas) {
                            std::string stream = event({{"type", "content_block_start"}, {"index", 0}, {"content_block", {{"type", "text"}, {"text", ""}}}}, true);
                            for (const std::string &delta : deltas)
                                stream += event({{"type", "content_block_delta"}, {"index", 0}, {"delta", {{"type", "text_delta"}, {"text", delta}}}}, true);
                            return stream + event({{"type", "content_block_stop"}, {"index", 0}}, true) + event({{"type", "message_stop"}}, true);
                        },
                    .said = [](std::string_view stream) { return joined(eventsOf(stream), [](const Json &json) { return textAt(json, "/delta/text"); }); }});
    list.push_back({.name = "messages, a tool's input",
                    .type = "text/event-stream",
                    .request = [](const std::string &text) { return dumped({{"model", "m"}, {"max_tokens", 9}, {"messages", {{{"role", "assistant"}, {"content", {{{"type", "tool_use"}, {"id", "toolu_1"}, {"name", "f"}, {"input", {{"q", text}}}}}}}}}}); },
                    .asked = [](const Json &request) { return textAt(request, "/messages/0/content/0/input/q"); },
                    .stream =
                        [](const std::vector<std::string> &deltas) {
                            std::string stream = event({{"type", "content_block_start"}, {"index", 1}, {"content_block", {{"type", "tool_use"}, {"id", "toolu_1"}, {"name", "f"}, {"input", Json::object()}}}}, true);
                            for (const std::string &delta : deltas)
                                stream += event({{"type", "content_block_delta"}, {"index", 1}, {"delta", {{"type", "input_json_delta"}, {"partial_json", delta}}}}, true);
                            return stream + event({{"type", "content_block_stop"}, {"index", 1}}, true) + event({{"type", "message_stop"}}, true);
                        },
                    .said = [](std::string_view stream) { return joined(eventsOf(stream), [](const Json &json) { return textAt(json, "/delta/partial_json"); }); },
                    .arguments = true});
    list.push_back({.name = "responses",
                    .type = "text/event-stream",
                    .request = [](const std::string &text) { return dumped({{"model", "m"}, {"input", {{{"role", "user"}, {"content", {{{"type", "input_text"}, {"text", text}}}}}}}}); },
                    .asked = [](const Json &request) { return textAt(request, "/input/0/content/0/text"); },
                    .stream = responsesStream,
                    .said = [](std::string_view stream) { return joined(eventsOf(stream), [](const Json &json) { return textAt(json, "/delta"); }); }});
    list.push_back({.name = "gemini",
                    .type = "text/event-stream",
                    .request = geminiRequest,
                    .asked = [](const Json &request) { return textAt(request, "/contents/0/parts/0/text"); },
                    .stream =
                        [](const std::vector<std::string> &deltas) {
                            std::string stream;
                            for (std::size_t i = 0; i < deltas.size(); ++i)
                                stream += event(geminiPart(deltas[i], i + 1 == deltas.size()));
                            return stream;
                        },
                    .said = [](std::string_view stream) { return joined(eventsOf(stream), [](const Json &json) { return textAt(json, "/candidates/0/content/parts/0/text"); }); }});
    list.push_back({.name = "gemini, an array",
                    .type = "application/json",
                    .request = geminiRequest,
                    .asked = [](const Json &request) { return textAt(request, "/contents/0/parts/0/text"); },
                    .stream =
                        [](const std::vector<std::string> &deltas) {
                            std::string stream = "[";
                            for (std::size_t i = 0; i < deltas.size(); ++i)
                                stream += (i > 0 ? "\n,\r\n" : "") + dumped(geminiPart(deltas[i], false));
                            return stream + "\n]";
                        },
                    .said =
                        [](std::string_view stream) {
                            const Json list = Json::parse(stream);
                            return joined({list.begin(), list.end()}, [](const Json &json) { return textAt(json, "/candidates/0/content/parts/0/text"); });
                        }});
    list.push_back({.name = "ollama",
                    .type = "application/x-ndjson",
                    .request = chatRequest,
                    .asked = [](const Json &request) { return textAt(request, "/messages/1/content"); },
                    .stream =
                        [](const std::vector<std::string> &deltas) {
                            std::string stream;
                            for (const std::string &delta : deltas)
                                stream += dumped({{"model", "m"}, {"message", {{"role", "assistant"}, {"content", delta}}}, {"done", false}}) + "\n";
                            return stream + dumped({{"model", "m"}, {"message", {{"role", "assistant"}, {"content", ""}}}, {"done", true}}) + "\n";
                        },
                    .said = [](std::string_view stream) { return joined(linesOf(stream), [](const Json &json) { return textAt(json, "/message/content"); }); }});
    return list;
}

} // namespace formats
