// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/ollama/message_writer.h"

#include "gateway/wire/neutral/call_order.h"
#include "gateway/wire/neutral/overloaded.h"
#include "gateway/wire/neutral/tell_loss.h"
#include "gateway/wire/neutral/tool_arguments.h"
#include "gateway/wire/neutral/turn_losses.h"

namespace gateway::wire::ollama {
namespace {

/// What of a turn is gathered from its parts.
struct Turn
{
    std::string content;
    std::string thinking;
    std::vector<const ImagePart *> images;
    std::vector<const ToolCallPart *> calls;
};

class Writer
{
public:
    Writer(JsonWriter &json, std::vector<Loss> &losses) : m_json(json), m_losses(losses) {}

    void write(const std::vector<ChatMessage> &messages)
    {
        for (const ChatMessage &message : messages)
            tellTurnLosses(message, m_losses);
        for (std::size_t next = 0; next < messages.size();) {
            if (messages[next].role == Role::Tool)
                results(m_calls.takeResults(messages, next));
            else
                turn(messages[next++]);
        }
    }

private:
    static std::string_view roleOf(const ChatMessage &message)
    {
        if (message.role == Role::User)
            return "user";
        return message.role == Role::Assistant ? "assistant" : "system";
    }

    void turn(const ChatMessage &message)
    {
        const Turn gathered = gather(message);
        m_json.object().textMember("role", roleOf(message)).member("content", Chars {gathered.content});
        m_json.memberIf("thinking", Chars {gathered.thinking});
        if (!gathered.images.empty()) {
            m_json.array("images");
            for (const ImagePart *image : gathered.images)
                m_json.value(image->source.data);
            m_json.endArray();
        }
        if (!gathered.calls.empty()) {
            m_json.array("tool_calls");
            for (const ToolCallPart *call : gathered.calls)
                toolCall(*call);
            m_json.endArray();
        }
        m_json.endObject();
    }

    Turn gather(const ChatMessage &message)
    {
        Turn turn;
        const bool system = message.role == Role::System || message.role == Role::Developer;
        const auto words = [&](Chars text) {
            if (system && !turn.content.empty() && !text.empty())
                turn.content += "\\n\\n"; // as escaped: instructions are paragraphs
            turn.content += text.raw;
        };
        for (const ChatPart &part : message.parts) {
            std::visit(Overloaded {
                [&](const TextPart &what) { words(what.text); },
                [&](const RefusalPart &what) { words(what.text); },
                [&](const FilePart &what) { what.source.kind == MediaSource::Kind::Text ? words(what.source.data) : lose("file", "ollama takes text and images alone"); },
                [&](const ImagePart &what) { image(what, turn); },
                [&](const AudioPart &) { lose("input_audio", "ollama takes no audio"); },
                [&](const ThinkingPart &what) { thought(what, turn); },
                [&](const ToolCallPart &what) { turn.calls.push_back(&what); },
                [&](const ToolResultPart &) { lose("messages.content", "a tool result outside a tool's turn"); },
                [&](const NativePart &) { lose("messages.content", "a block that only its own provider knows"); },
            }, part);
        }
        return turn;
    }

    void image(const ImagePart &part, Turn &turn)
    {
        if (!part.detail.empty() && part.detail.raw != "auto")
            lose("image_url.detail", "ollama has no such setting");
        switch (part.source.kind) {
        case MediaSource::Kind::Base64: turn.images.push_back(&part); return;
        case MediaSource::Kind::Url: return lose("image.url", "ollama takes bytes, not addresses");
        case MediaSource::Kind::FileId: return lose("image.file_id", "the file lies with another provider");
        case MediaSource::Kind::Text: return lose("image", "ollama takes an image as base64");
        }
    }

    void thought(const ThinkingPart &part, Turn &turn)
    {
        turn.thinking += part.text.raw;
        if (part.text.empty() && !part.redacted.empty())
            lose("messages.reasoning_content", "a sealed thought is for its maker alone");
    }

    void toolCall(const ToolCallPart &call)
    {
        m_calls.add(call);
        m_json.object().object("function").member("name", call.name).key("arguments");
        if (!writeToolArguments(m_json, call.arguments))
            lose("tool_calls.function.arguments", "they are no JSON object: sent as {\"_raw\": ...}");
        m_json.endObject().endObject();
    }

    void results(const std::vector<const ChatPart *> &parts)
    {
        for (const ChatPart *part : parts) {
            const auto *result = std::get_if<ToolResultPart>(part);
            if (!result) {
                lose("messages.content", "a tool's turn holds results alone");
                continue;
            }
            const std::string text = resultText(*result, {}, m_losses);
            m_json.object().textMember("role", "tool").member("content", Chars {text}).memberIf("tool_name", m_calls.nameOf(*result)).endObject();
        }
    }

    void lose(std::string_view what, std::string_view why) { tellLoss(m_losses, what, why); }

    JsonWriter &m_json;
    std::vector<Loss> &m_losses;
    CallOrder m_calls; ///< of the history so far
};

} // namespace

void writeMessages(JsonWriter &json, const ChatRequest &request, std::vector<Loss> &losses)
{
    Writer writer(json, losses);
    json.array("messages");
    writer.write(request.messages);
    json.endArray();
}

} // namespace gateway::wire::ollama
