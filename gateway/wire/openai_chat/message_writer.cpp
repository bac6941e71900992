// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/openai_chat/message_writer.h"

#include "gateway/wire/data_url.h"
#include "gateway/wire/neutral/overloaded.h"
#include "gateway/wire/neutral/turn_losses.h"
#include "gateway/wire/openai_chat/answer_parts.h"

#include <algorithm>

namespace gateway::wire::openai_chat {
namespace {

std::string_view word(Role role)
{
    switch (role) {
    case Role::System: return "system";
    case Role::Developer: return "developer";
    case Role::User: return "user";
    case Role::Assistant: return "assistant";
    case Role::Tool: return "tool";
    }
    return "user";
}

class Writer
{
public:
    Writer(JsonWriter &json, std::vector<Loss> &losses) : m_json(json), m_losses(losses) {}

    void write(const ChatMessage &message)
    {
        for (const UnknownMember &member : message.unknown)
            if (!member.value.empty())
                lose("messages." + std::string(member.name), "openai's turns have no such member");
        if (message.role == Role::Assistant || message.role == Role::Tool)
            for (const ChatPart &part : message.parts)
                if (hasCacheMark(part))
                    lose("cache_control", "the content of these turns is one text, without marks");
        if (message.role == Role::Tool)
            return results(message);
        flushMedia();
        if (message.role == Role::Assistant)
            return assistant(message);
        m_json.object().textMember("role", word(message.role));
        content(message.parts, message.role != Role::User);
        m_json.memberIf("name", message.name).endObject();
    }

    /// Images of tool results, which a tool's turn may not hold: they follow as the user's (wire.md 5.1).
    void flushMedia()
    {
        if (m_media.empty())
            return;
        m_json.object().textMember("role", "user").array("content");
        for (const ChatPart &part : m_media)
            std::visit([this](const auto &what) { element(what); }, part);
        m_json.endArray().endObject();
        m_media.clear();
    }

private:
    /// One text without a mark is a plain string: every server takes that.
    void content(const std::vector<ChatPart> &parts, bool joined)
    {
        const auto plain = [](const ChatPart &part) {
            const auto *text = std::get_if<TextPart>(&part);
            return text && text->cacheControl.empty();
        };
        if (parts.empty() || (parts.size() == 1 && plain(parts.front()))) {
            m_json.member("content", parts.empty() ? Chars {} : std::get<TextPart>(parts.front()).text);
            return;
        }
        if (joined && std::ranges::all_of(parts, plain)) {
            std::string text;
            for (const ChatPart &part : parts) {
                if (!text.empty())
                    text += "\\n\\n"; // as escaped
                text += std::get<TextPart>(part).text.raw;
            }
            m_json.member("content", Chars {text});
            return;
        }
        m_json.array("content");
        for (const ChatPart &part : parts)
            std::visit([this](const auto &what) { element(what); }, part);
        m_json.endArray();
    }

    void assistant(const ChatMessage &message)
    {
        std::string text, refusal, thought, details;
        bool calls = false;
        for (const ChatPart &part : message.parts) {
            std::visit(Overloaded {
                [&](const TextPart &what) { text += what.text.raw; },
                [&](const RefusalPart &what) { refusal += what.text.raw; },
                [&](const ThinkingPart &what) { thinking(what, thought, details); },
                [&](const ToolCallPart &) { calls = true; },
                [&](const NativePart &) { lose("messages.content", "a block that only its own provider knows"); },
                [&](const auto &) { lose("messages.content", "an assistant's turn holds text and calls alone"); },
            }, part);
        }
        if (text.empty() && refusal.empty() && !calls && thought.empty() && details.empty())
            return;
        m_json.object().textMember("role", "assistant");
        if (text.empty() && (calls || !refusal.empty()))
            m_json.nullMember("content");
        else
            m_json.member("content", Chars {text});
        m_json.memberIf("refusal", Chars {refusal}).memberIf("reasoning_content", Chars {thought});
        if (!details.empty())
            m_json.array("reasoning_details").value(Json {details}).endArray();
        if (calls) {
            m_json.array("tool_calls");
            for (const ChatPart &part : message.parts)
                if (const auto *call = std::get_if<ToolCallPart>(&part))
                    toolCall(*call);
            m_json.endArray();
        }
        m_json.memberIf("name", message.name).endObject();
    }

    void thinking(const ThinkingPart &part, std::string &thought, std::string &details)
    {
        thought += part.text.raw;
        if (part.signature.empty() && part.redacted.empty())
            return;
        if (!details.empty())
            details += ',';
        JsonWriter json(details);
        writeReasoningDetail(json, {.text = part.text, .signature = part.signature, .redacted = part.redacted, .issuer = part.issuer});
    }

    void toolCall(const ToolCallPart &call)
    {
        m_json.object().member("id", call.id).textMember("type", "function").object("function").member("name", call.name);
        m_json.textMember("arguments", call.arguments.empty() ? "{}" : call.arguments.raw).endObject();
        writeSignature(m_json, call.signature);
        m_json.endObject();
    }

    void results(const ChatMessage &message)
    {
        for (const ChatPart &part : message.parts) {
            const auto *result = std::get_if<ToolResultPart>(&part);
            if (!result)
                continue;
            std::string text = result->isError ? "Error: " : "";
            bool media = false;
            for (const TextOrMedia &each : result->content) {
                std::visit(Overloaded {
                    [&](const TextPart &what) { text += what.text.raw; },
                    [&](const auto &what) { media = true, m_media.emplace_back(what); },
                }, each.value);
            }
            if (media)
                text += text.empty() ? "The result is in the next message." : "\\n(More of the result is in the next message.)";
            m_json.object().textMember("role", "tool").member("tool_call_id", result->callId).member("content", Chars {text}).endObject();
        }
    }

    void element(const TextPart &part)
    {
        m_json.object().textMember("type", "text").member("text", part.text).memberIf("cache_control", part.cacheControl).endObject();
    }
    void element(const RefusalPart &part) { element(TextPart {.text = part.text}); }

    void element(const ImagePart &part)
    {
        if (part.source.kind == MediaSource::Kind::FileId)
            return lose("image", "the file lies with another provider");
        m_json.object().textMember("type", "image_url").object("image_url").key("url");
        url(part.source, "image/png");
        m_json.memberIf("detail", part.detail).endObject().memberIf("cache_control", part.cacheControl).endObject();
    }

    void element(const AudioPart &part)
    {
        m_json.object().textMember("type", "input_audio").object("input_audio").member("data", part.data).member("format", part.format).endObject().endObject();
    }

    void element(const FilePart &part)
    {
        if (!part.citations.empty())
            lose("citations", "openai names no places in documents");
        if (part.source.kind == MediaSource::Kind::Text)
            return element(TextPart {.text = part.source.data, .cacheControl = part.cacheControl});
        if (part.source.kind == MediaSource::Kind::Url)
            return lose("document", "openai takes a file's bytes, not its address");
        m_json.object().textMember("type", "file").object("file");
        if (part.source.kind == MediaSource::Kind::FileId) {
            m_json.member("file_id", part.source.data);
        } else {
            m_json.member("filename", part.name.empty() ? Chars {"document.pdf"} : part.name).key("file_data");
            url(part.source, "application/pdf");
        }
        m_json.endObject().memberIf("cache_control", part.cacheControl).endObject();
    }

    void element(const ToolCallPart &) { lose("messages.content", "a tool call outside an assistant's turn"); }
    void element(const ToolResultPart &) { lose("messages.content", "a tool result outside a tool's turn"); }
    void element(const ThinkingPart &) { lose("messages.content", "thoughts outside an assistant's turn"); }
    void element(const NativePart &) { lose("messages.content", "a block that only its own provider knows"); }

    void url(const MediaSource &source, std::string_view type)
    {
        const std::string address = urlOfSource(source, type);
        m_json.value(Chars {address});
    }

    void lose(std::string what, std::string why)
    {
        Loss loss {.what = std::move(what), .why = std::move(why)};
        if (std::ranges::find(m_losses, loss) == m_losses.end())
            m_losses.push_back(std::move(loss));
    }

    JsonWriter &m_json;
    std::vector<Loss> &m_losses;
    std::vector<ChatPart> m_media;
};

} // namespace

void writeMessages(JsonWriter &json, const ChatRequest &request, std::vector<Loss> &losses)
{
    Writer writer(json, losses);
    json.array("messages");
    for (const ChatMessage &message : request.messages)
        writer.write(message);
    writer.flushMedia();
    json.endArray();
}

} // namespace gateway::wire::openai_chat
