// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/json_cursor.h"
#include "gateway/wire/neutral/chat_request.h"
#include "gateway/wire/neutral/overloaded.h"
#include "gateway/wire/reasoning_effort.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

/// One thing that a request says: what it is about, under the name by which its loss is told, and its value.
struct Fact
{
    std::string what, value;
    bool operator==(const Fact &) const = default;
};

/// What a request says, in order, in a form in which formats that say it differently agree: roles that mean the same are one,
/// texts of one turn that stand in a row are joined, calls are known by their number, what is the default is not said.
class RequestFacts
{
public:
    using WireFormat = gateway::wire::WireFormat;

    /// @param of  a format whose documented ways of saying things are taken into account (wire.md 2, 5, 6)
    RequestFacts(const gateway::wire::ChatRequest &request, WireFormat of) : m_of(of)
    {
        using gateway::wire::Role;
        for (const auto &message : request.messages) // to the front, where a format has one place for them
            if (message.role == Role::System || message.role == Role::Developer)
                system(message);
        flush();
        for (const auto &message : request.messages)
            if (message.role != Role::System && message.role != Role::Developer)
                turn(message);
        flushMedia();
        flush();
        tools(request);
        parameters(request);
    }

    std::vector<Fact> facts;
    std::vector<Fact> marks; ///< what hangs on something else, in no order

private:
    using Chars = gateway::wire::Chars;
    using Json = gateway::wire::Json;
    using ChatMessage = gateway::wire::ChatMessage;

    static std::string plain(Chars chars) { return gateway::wire::unescapeJson(chars.raw); }

    void say(std::string what, std::string value)
    {
        flush();
        facts.push_back({std::move(what), std::move(value)});
    }
    void sayIf(std::string_view what, std::string_view value)
    {
        if (!value.empty())
            say(std::string(what), std::string(value));
    }

    /// Words that stand in a row.
    void words(const char *who, const std::string &text)
    {
        if (m_who != who)
            flush();
        m_who = who;
        m_words += text;
    }

    void flush()
    {
        if (!m_words.empty())
            facts.push_back({"text of " + std::exchange(m_who, {}), std::exchange(m_words, {})});
    }

    void cacheMark(Json mark)
    {
        if (!mark.empty())
            marks.push_back({"cache_control", std::string(mark.raw)});
    }

    void system(const ChatMessage &message)
    {
        for (const auto &part : message.parts) {
            if (const auto *text = std::get_if<gateway::wire::TextPart>(&part)) {
                std::string joined = plain(text->text); // two turns may have become one text, with a blank line between
                for (std::size_t at; (at = joined.find("\n\n")) != std::string::npos;)
                    joined.erase(at, 2);
                words("system", joined);
                cacheMark(text->cacheControl);
            }
        }
    }

    void turn(const ChatMessage &message)
    {
        using namespace gateway::wire;
        if (message.role != Role::Tool)
            flushMedia();
        if (!message.name.empty())
            marks.push_back({"messages.name", plain(message.name)});
        for (const auto &part : message.parts) {
            std::visit(Overloaded {
                [&](const TextPart &what) {
                    message.role == Role::Assistant ? words("assistant", plain(what.text)) : say("text of user", plain(what.text));
                    cacheMark(what.cacheControl);
                },
                [&](const RefusalPart &what) {
                    if (m_of == WireFormat::Anthropic || m_of == WireFormat::Gemini) // the model's words, there
                        words("assistant", plain(what.text));
                    else
                        say("refusal", plain(what.text));
                },
                [&](const ImagePart &what) { image(what); },
                [&](const AudioPart &what) { say("input_audio", plain(what.data)); },
                [&](const FilePart &what) { file(what); },
                [&](const ToolCallPart &what) { call(what); },
                [&](const ToolResultPart &what) { result(what); },
                [&](const ThinkingPart &what) { thought(what); },
                [&](const NativePart &what) { say("messages.content", std::string(what.block.raw)); },
            }, part);
        }
    }

    void image(const gateway::wire::ImagePart &what)
    {
        say("image", plain(what.source.data));
        if (!what.detail.empty())
            marks.push_back({"image_url.detail", plain(what.detail)});
        cacheMark(what.cacheControl);
    }

    void file(const gateway::wire::FilePart &what)
    {
        say("file", plain(what.source.data));
        if (!what.name.empty())
            marks.push_back({"file.filename", plain(what.name)});
        cacheMark(what.cacheControl);
    }

    void call(const gateway::wire::ToolCallPart &what)
    {
        m_numbers[plain(what.id)] = m_numbers.size();
        say("call", fmt::format("{} {} {}", m_numbers.size() - 1, plain(what.name), what.arguments.raw));
        if (!what.signature.empty() && what.signature.raw != "skip_thought_signature_validator")
            marks.push_back({"signature", plain(what.signature)});
    }

    /// A chat's tool turn holds words alone: a failure is told by them, media follow as the user's (wire.md 5.1).
    void result(const gateway::wire::ToolResultPart &what)
    {
        const bool chat = m_of == WireFormat::OpenAiChat, marksErrors = m_of == WireFormat::Anthropic || m_of == WireFormat::Gemini;
        std::string text;
        std::size_t media = 0;
        for (const auto &each : what.content) {
            if (const auto *said = std::get_if<gateway::wire::TextPart>(&each.value)) {
                text += plain(said->text);
                cacheMark(said->cacheControl);
            } else {
                ++media;
            }
        }
        if (what.isError && chat)
            text.insert(0, "Error: ");
        if (what.isError && m_of == WireFormat::OpenAiResponses)
            text.insert(0, media > 0 ? "Error:" : "Error: ");
        if (chat && media > 0)
            text += text.empty() ? "The result is in the next message." : "\n(More of the result is in the next message.)";
        say("result", fmt::format("{}{} {}", m_numbers[plain(what.callId)], what.isError && marksErrors ? " failed" : "", text));
        cacheMark(what.cacheControl);
        for (const auto &each : what.content) {
            const auto *image_ = std::get_if<gateway::wire::ImagePart>(&each.value);
            if (!image_)
                continue;
            if (chat || m_of == WireFormat::Gemini)
                m_media.push_back(*image_);
            else
                image(*image_);
        }
    }

    void flushMedia()
    {
        for (const auto &each : std::exchange(m_media, {}))
            image(each);
    }

    void thought(const gateway::wire::ThinkingPart &what)
    {
        const std::string seal = plain(what.redacted.empty() ? what.signature : what.redacted);
        marks.push_back({fmt::format("thought of {}", gateway::wire::toText(what.issuer)), seal});
        if (!what.text.empty())
            marks.push_back({"thought", plain(what.text)});
    }

    static bool mayBeCalled(const gateway::wire::ChatRequest &request, const gateway::wire::ChatTool &tool)
    {
        const auto &choice = request.toolChoice;
        return !choice || choice->mode != gateway::wire::ToolChoice::Mode::Allowed
            || std::ranges::any_of(choice->names, [&](Chars name) { return plain(name) == plain(tool.name); });
    }

    void tools(const gateway::wire::ChatRequest &request)
    {
        for (const auto &tool : request.tools) {
            say("tools", fmt::format("{} {}", plain(tool.name), plain(tool.description)));
            const bool none = tool.parameters.raw.find(R"("properties":{")") == std::string_view::npos;
            sayIf("tools.function.parameters", none ? std::string_view() : tool.parameters.raw);
            if (tool.strict.value_or(false))
                marks.push_back({"tools.function.strict", plain(tool.name)});
            if (mayBeCalled(request, tool))
                cacheMark(tool.cacheControl);
        }
        if (request.tools.empty() || !request.toolChoice)
            return;
        using Mode = gateway::wire::ToolChoice::Mode;
        static const std::map<Mode, const char *> words {{Mode::None, "none"}, {Mode::Required, "required"}, {Mode::Named, "named"}, {Mode::Allowed, "allowed"}};
        const auto &choice = *request.toolChoice;
        if (choice.mode == Mode::Auto)
            return;
        std::string value = words.at(choice.mode);
        for (const Chars name : choice.names)
            value += " " + plain(name);
        say("tool_choice", value + (choice.allowedRequired ? " must" : ""));
    }

    void parameters(const gateway::wire::ChatRequest &request)
    {
        using Effort = gateway::wire::Reasoning::Effort;
        for (const auto &[name, value] : {std::pair("temperature", request.temperature), std::pair("top_p", request.topP), std::pair("top_k", request.topK), std::pair("seed", request.seed),
                                          std::pair("frequency_penalty", request.frequencyPenalty), std::pair("presence_penalty", request.presencePenalty),
                                          std::pair("logit_bias", request.logitBias), std::pair("logprobs", request.logprobs), std::pair("top_logprobs", request.topLogprobs),
                                          std::pair("metadata", request.metadata)})
            if (value.raw != "false" && !(name == std::string_view("temperature") && value.raw == "1")) // what holds anyway
                sayIf(name, value.raw);
        if (request.maxTokens)
            say("max_tokens", std::to_string(*request.maxTokens));
        if (request.choices.value_or(1) > 1)
            say("n", std::to_string(*request.choices));
        for (const Chars stop : request.stop)
            say("stop", plain(stop));
        sayIf("user", plain(request.user));
        sayIf("service_tier", request.serviceTier.raw == "auto" ? std::string_view() : request.serviceTier.raw);
        sayIf("verbosity", request.verbosity.raw);
        sayIf("stream", request.stream ? "true" : "");
        const bool calls = !request.tools.empty() && !(request.toolChoice && request.toolChoice->mode == gateway::wire::ToolChoice::Mode::None);
        if (calls && request.parallelToolCalls && !*request.parallelToolCalls)
            say("parallel_tool_calls", "false");
        if (const auto &format = request.responseFormat; format && format->kind != gateway::wire::ResponseFormat::Kind::Text) {
            say("response_format", std::string(format->schema.raw));
            if (!format->name.empty())
                marks.push_back({"response_format.json_schema.name", plain(format->name)});
            if (format->strict.value_or(false))
                marks.push_back({"response_format.json_schema.strict", "true"});
        }
        if (const auto &reasoning = request.reasoning) {
            const bool off = reasoning->effort == Effort::None || (!reasoning->effort && reasoning->budgetTokens == 0);
            const Effort effort = reasoning->effort ? *reasoning->effort : reasoning->budgetTokens ? gateway::wire::effortOf(*reasoning->budgetTokens) : Effort::Medium;
            if (!off)
                say("reasoning_effort", std::string(toText(effort)));
        }
        for (const auto &member : request.unknown)
            if (member.name != "store" && member.name != "toolConfig.functionCallingConfig.mode")
                marks.push_back({std::string(member.name), std::string(member.value.raw)});
        flush();
    }

    WireFormat m_of;
    std::string m_who, m_words;
    std::vector<gateway::wire::ImagePart> m_media;
    std::map<std::string, std::size_t> m_numbers;
};
