// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/openai_chat/message_reader.h"

#include "gateway/wire/data_url.h"
#include "gateway/wire/neutral/result_content.h"
#include "gateway/wire/openai_chat/finish_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace gateway::wire::openai_chat {
namespace {

using Type = JsonCursor::Type;

std::optional<Role> roleOf(std::string_view word)
{
    constexpr std::array<std::pair<std::string_view, Role>, 6> words {{{"user", Role::User}, {"assistant", Role::Assistant}, {"system", Role::System},
                                                                       {"tool", Role::Tool}, {"developer", Role::Developer}, {"function", Role::Tool}}};
    for (const auto &[name, role] : words)
        if (name == word)
            return role;
    return std::nullopt;
}

/// One message: its members in any order, put together at its end.
class MessageReader
{
public:
    MessageReader(RequestCursor &in, ChatRequest &request) : m_in(in), m_request(request) {}

    bool read()
    {
        if (m_in.type() != Type::Object)
            return m_in.fail({}, "must be an object with a role");
        return m_in.members({}, [&](std::string_view key) { return member(key); }) && finish();
    }

private:
    bool member(std::string_view key)
    {
        if (key == "role")
            return m_in.chars(key, m_role);
        if (key == "content")
            return content(key);
        if (key == "name")
            return m_in.chars(key, m_message.name);
        if (key == "tool_call_id")
            return m_in.chars(key, m_callId);
        if (key == "tool_calls")
            return m_in.elements(key, [&] { return toolCall(); });
        if (key == "function_call")
            return legacyCall(key);
        if (key == "refusal")
            return refusal(key);
        if (key == "reasoning_content" || key == "reasoning")
            return m_in.chars(key, m_reasoning);
        if (key == "reasoning_details")
            return m_in.elements(key, [&] { return reasoningDetail(); });
        UnknownMember &unknown = m_message.unknown.emplace_back();
        unknown.name = m_request.keep(std::string(key));
        return m_in.any(unknown.value);
    }

    bool content(std::string_view key)
    {
        if (m_in.type() == Type::Array)
            return m_in.elements(key, [&] { return part(); });
        TextPart text;
        if (m_in.type() != Type::String && m_in.type() != Type::Null)
            return m_in.fail(key, "must be a string or an array of parts");
        if (!m_in.chars(key, text.text))
            return false;
        if (!text.text.empty())
            m_content.emplace_back(text);
        return true;
    }

    bool refusal(std::string_view key)
    {
        RefusalPart refusal;
        if (!m_in.chars(key, refusal.text))
            return false;
        if (!refusal.text.empty())
            m_content.emplace_back(refusal);
        return true;
    }

    bool part()
    {
        Chars type, text, refusal;
        Json cacheControl;
        ImagePart image;
        AudioPart audio;
        FilePart document;
        if (m_in.type() != Type::Object)
            return m_in.fail({}, "must be an object with a type");
        const bool read = m_in.members({}, [&](std::string_view key) {
            if (key == "type")
                return m_in.chars(key, type);
            if (key == "text")
                return m_in.chars(key, text);
            if (key == "refusal")
                return m_in.chars(key, refusal);
            if (key == "cache_control")
                return m_in.object(key, cacheControl);
            if (key == "image_url")
                return imageUrl(key, image);
            if (key == "input_audio")
                return m_in.members(key, [&](std::string_view inner) {
                    return inner == "data" ? m_in.chars(inner, audio.data) : inner == "format" ? m_in.chars(inner, audio.format) : m_in.skip();
                });
            if (key == "file")
                return m_in.members(key, [&](std::string_view inner) { return fileMember(inner, document); });
            return m_in.skip();
        });
        if (!read)
            return false;
        if (type.raw == "text" || type.raw == "input_text")
            m_content.emplace_back(TextPart {.text = text, .cacheControl = cacheControl});
        else if (type.raw == "refusal")
            m_content.emplace_back(RefusalPart {.text = refusal});
        else if (type.raw == "image_url" && image.source.data.empty())
            return m_in.fail("image_url.url", "is missing");
        else if (type.raw == "input_audio" && audio.data.empty())
            return m_in.fail("input_audio.data", "is missing");
        else if (type.raw == "file" && document.source.data.empty())
            return m_in.fail("file.file_data", "is missing, and so is file.file_id");
        else if (type.raw == "image_url") {
            image.cacheControl = cacheControl;
            m_content.emplace_back(image);
        } else if (type.raw == "input_audio")
            m_content.emplace_back(audio);
        else if (type.raw == "file") {
            document.cacheControl = cacheControl;
            m_content.emplace_back(document);
        } else
            return m_in.fail("type", fmt::format("is \"{}\", which is none of text, image_url, input_audio, file, refusal", truncated(type.raw)));
        return true;
    }

    bool imageUrl(std::string_view key, ImagePart &image)
    {
        Chars url;
        if (m_in.type() == Type::String) { // some callers leave the object out
            if (!m_in.chars(key, url))
                return false;
        } else if (!m_in.members(key, [&](std::string_view inner) {
                       return inner == "url" ? m_in.chars(inner, url) : inner == "detail" ? m_in.chars(inner, image.detail) : m_in.skip();
                   })) {
            return false;
        }
        if (url.empty())
            return m_in.fail("image_url.url", "is missing");
        image.source = sourceOfUrl(url);
        return true;
    }

    bool fileMember(std::string_view key, FilePart &file)
    {
        Chars value;
        if (key == "filename")
            return m_in.chars(key, file.name);
        if (key != "file_data" && key != "file_id")
            return m_in.skip();
        if (!m_in.chars(key, value) || value.empty())
            return !m_in.failed();
        file.source = key == "file_id" ? MediaSource {.kind = MediaSource::Kind::FileId, .data = value} : sourceOfUrl(value);
        return true;
    }

    bool toolCall()
    {
        ToolCallPart call;
        const bool read = m_in.members({}, [&](std::string_view key) {
            if (key == "id")
                return m_in.chars(key, call.id);
            if (key == "function" || key == "custom")
                return m_in.members(key, [&](std::string_view inner) { return functionMember(inner, call); });
            if (key == "extra_content")
                return m_in.members(key, [&](std::string_view vendor) {
                    return vendor != "google" ? m_in.skip() : m_in.members(vendor, [&](std::string_view inner) {
                        return inner == "thought_signature" ? m_in.chars(inner, call.signature) : m_in.skip();
                    });
                });
            return m_in.skip();
        });
        if (!read)
            return false;
        if (call.name.empty())
            return m_in.fail("function.name", "is missing");
        if (call.id.empty()) // another format may ask for one
            call.id = {m_request.keep(fmt::format("call_{}_{}", m_request.messages.size(), m_calls.size()))};
        m_calls.emplace_back(call);
        return true;
    }

    bool functionMember(std::string_view key, ToolCallPart &call)
    {
        if (key == "name")
            return m_in.chars(key, call.name);
        if (key != "arguments" && key != "input")
            return m_in.skip();
        if (m_in.type() != Type::String) // an object in place of its text (wire.md 11, trap 6)
            return m_in.any(call.arguments);
        Chars text;
        if (!m_in.chars(key, text))
            return false;
        call.arguments = {m_request.plain(text)};
        return true;
    }

    /// The days before tools: a call without an id, whose answer is the next turn of the role `function`.
    bool legacyCall(std::string_view key)
    {
        ToolCallPart call {.id = {m_request.keep(fmt::format("call_function_{}", m_request.messages.size()))}};
        if (m_in.type() == Type::Null)
            return m_in.skip();
        if (!m_in.members(key, [&](std::string_view inner) { return functionMember(inner, call); }))
            return false;
        if (call.name.empty())
            return m_in.fail("function_call.name", "is missing");
        m_calls.emplace_back(call);
        return true;
    }

    /// OpenRouter's blocks, in which this gateway's own answers carry what a provider wants to see again.
    bool reasoningDetail()
    {
        Chars type, text, summary, format;
        ThinkingPart thinking;
        const bool read = m_in.members({}, [&](std::string_view key) {
            if (key == "type")
                return m_in.chars(key, type);
            if (key == "text")
                return m_in.chars(key, text);
            if (key == "summary" && m_in.type() == Type::String)
                return m_in.chars(key, summary);
            if (key == "signature")
                return m_in.chars(key, thinking.signature);
            if (key == "data" && m_in.type() == Type::String)
                return m_in.chars(key, thinking.redacted);
            if (key == "format")
                return m_in.chars(key, format);
            return m_in.skip();
        });
        if (!read)
            return false;
        thinking.text = text.empty() ? summary : text;
        thinking.issuer = reasoningIssuer(format.raw);
        m_details.emplace_back(thinking);
        return true;
    }

    bool finish()
    {
        const auto role = roleOf(m_role.raw);
        if (!role)
            return m_in.fail("role", m_role.empty() ? std::string("is missing") : fmt::format("is \"{}\", which is none of system, developer, user, assistant, tool", truncated(m_role.raw)));
        m_message.role = *role;
        if (*role == Role::Tool)
            return finishResult();
        // Thought before words, words before calls: the order in which providers want them back.
        if (!m_details.empty()) {
            // A seal whose words went beside it, as a stream's client puts them together.
            auto &first = std::get<ThinkingPart>(m_details.front());
            if (m_details.size() == 1 && first.text.empty() && first.redacted.empty())
                first.text = m_reasoning;
            m_message.parts = std::move(m_details);
        }
        else if (!m_reasoning.empty())
            m_message.parts.emplace_back(ThinkingPart {.text = m_reasoning});
        std::ranges::move(m_content, std::back_inserter(m_message.parts));
        std::ranges::move(m_calls, std::back_inserter(m_message.parts));
        m_request.messages.push_back(std::move(m_message));
        return true;
    }

    bool finishResult()
    {
        ToolResultPart result {.callId = m_callId, .name = m_message.name};
        if (result.callId.empty())
            result.callId = m_role.raw == "function" ? lastCall() : Chars {};
        if (result.callId.empty())
            return m_in.fail("tool_call_id", "is missing: a tool's turn names the call that it answers");
        if (!addResultContent(m_content, result))
            return m_in.fail("content", "may hold text, images and files alone in a tool's turn");
        m_message.name = {};
        m_message.parts.emplace_back(std::move(result));
        m_request.messages.push_back(std::move(m_message));
        return true;
    }

    Chars lastCall() const
    {
        for (auto message = m_request.messages.rbegin(); message != m_request.messages.rend(); ++message)
            for (const ChatPart &part : message->parts)
                if (const auto *call = std::get_if<ToolCallPart>(&part); call && call->name == m_message.name)
                    return call->id;
        return {};
    }

    static std::string_view truncated(std::string_view text) { return text.substr(0, 40); }

    RequestCursor &m_in;
    ChatRequest &m_request;
    ChatMessage m_message;
    Chars m_role, m_callId, m_reasoning;
    std::vector<ChatPart> m_content, m_calls, m_details;
};

} // namespace

bool readMessages(RequestCursor &in, ChatRequest &request)
{
    return in.elements("messages", [&] { return MessageReader(in, request).read(); });
}

} // namespace gateway::wire::openai_chat
