// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/cohere/message_writer.h"

#include "gateway/wire/neutral/tell_loss.h"
#include "gateway/wire/neutral/turn_losses.h"

#include <fmt/format.h>

#include <algorithm>

namespace gateway::wire::cohere {
namespace {

class Writer
{
public:
    Writer(JsonWriter &json, const ToolNames &names, std::vector<Loss> &losses) : m_json(json), m_names(names), m_losses(losses) {}

    void write(const ChatMessage &message)
    {
        tellTurnLosses(message, m_losses);
        switch (message.role) {
        case Role::System:
        case Role::Developer: return turn("system", message);
        case Role::User: return turn("user", message);
        case Role::Assistant: return turn("assistant", message);
        case Role::Tool: return results(message);
        }
    }

private:
    void turn(std::string_view role, const ChatMessage &message)
    {
        m_role = message.role;
        m_calls = m_role == Role::Assistant && std::ranges::any_of(message.parts, isCall);
        std::vector<const ChatPart *> kept;
        for (const ChatPart &part : message.parts)
            if (std::visit([this](const auto &what) { return takes(what); }, part))
                kept.push_back(&part);
        if (kept.empty() && !m_calls) // an empty turn is a 400
            return;
        m_json.object().textMember("role", role);
        if (!kept.empty())
            content(kept);
        if (m_calls)
            calls(message);
        m_json.endObject();
    }

    static bool isCall(const ChatPart &part) { return std::holds_alternative<ToolCallPart>(part); }

    // What goes into `content`; what does not is told, or has a place of its own.

    static bool takes(const TextPart &part) { return !part.text.empty(); }
    static bool takes(const RefusalPart &part) { return !part.text.empty(); }

    bool takes(const ImagePart &part)
    {
        if (m_role != Role::User)
            return lose(m_role == Role::Assistant ? "messages.content" : "messages.system", "an image outside a user's turn");
        switch (part.source.kind) {
        case MediaSource::Kind::Base64: return true;
        case MediaSource::Kind::Url: return lose("image.url", "cohere takes bytes, not addresses");
        case MediaSource::Kind::FileId: return lose("image.file_id", "the file lies with another provider");
        case MediaSource::Kind::Text: return lose("image", "cohere takes an image as base64");
        }
        return false;
    }

    bool takes(const AudioPart &) { return lose("input_audio", "cohere takes no audio"); }

    bool takes(const FilePart &part)
    {
        if (part.source.kind == MediaSource::Kind::Text)
            return !part.source.data.empty();
        return lose("file", "cohere takes text and images alone");
    }

    /// A thought before calls is Cohere's tool_plan; beside words it goes back to its maker alone.
    bool takes(const ThinkingPart &part)
    {
        if (part.text.empty())
            return part.redacted.empty() ? false : lose("messages.reasoning_content", "a sealed thought is for its maker alone");
        if (m_calls || (m_role == Role::Assistant && part.issuer == WireFormat::CohereV2))
            return !m_calls;
        return lose("messages.reasoning_content", "cohere takes no other model's thoughts");
    }

    bool takes(const NativePart &part)
    {
        return part.of == WireFormat::CohereV2 || lose("messages.content", "a block that only its own provider knows");
    }

    bool takes(const ToolCallPart &) { return m_calls ? false : lose("messages.content", "a tool call outside an assistant's turn"); }
    bool takes(const ToolResultPart &) { return lose("messages.content", "a tool result outside a tool's turn"); }

    /// One text is a plain string: every model takes that.
    void content(const std::vector<const ChatPart *> &parts)
    {
        if (const auto *text = std::get_if<TextPart>(parts.front()); text && parts.size() == 1) {
            m_json.member("content", text->text);
            return;
        }
        m_json.array("content");
        for (const ChatPart *part : parts)
            std::visit([this](const auto &what) { element(what); }, *part);
        m_json.endArray();
    }

    void element(const TextPart &part) { m_json.object().textMember("type", "text").member("text", part.text).endObject(); }
    void element(const RefusalPart &part) { element(TextPart {.text = part.text}); }
    void element(const FilePart &part) { element(TextPart {.text = part.source.data}); }
    void element(const ThinkingPart &part) { m_json.object().textMember("type", "thinking").member("thinking", part.text).endObject(); }
    void element(const NativePart &part) { m_json.value(part.block); }

    void element(const ImagePart &part)
    {
        const std::string_view type = part.source.mediaType.empty() ? "image/png" : part.source.mediaType.raw;
        const std::string url = fmt::format("data:{};base64,{}", type, part.source.data.raw);
        m_json.object().textMember("type", "image_url").object("image_url").member("url", Chars {url}).memberIf("detail", part.detail).endObject().endObject();
    }

    static void element(const auto &) {} // takes() lets none of the others pass

    void calls(const ChatMessage &message)
    {
        std::string plan;
        for (const ChatPart &part : message.parts)
            if (const auto *thinking = std::get_if<ThinkingPart>(&part))
                plan += thinking->text.raw;
        m_json.memberIf("tool_plan", Chars {plan}).array("tool_calls");
        for (const ChatPart &part : message.parts) {
            const auto *call = std::get_if<ToolCallPart>(&part);
            if (!call)
                continue;
            m_json.object().member("id", call->id).textMember("type", "function").object("function").member("name", m_names.sent(call->name));
            m_json.textMember("arguments", call->arguments.empty() ? "{}" : call->arguments.raw).endObject().endObject();
        }
        m_json.endArray();
    }

    void results(const ChatMessage &message)
    {
        for (const ChatPart &part : message.parts) {
            const auto *result = std::get_if<ToolResultPart>(&part);
            if (!result) {
                lose("messages.content", "a tool's turn holds results alone");
                continue;
            }
            const std::string text = resultText(*result, "(An image or file of this result cannot be shown.)", m_losses);
            m_json.object().textMember("role", "tool").member("tool_call_id", result->callId).member("content", Chars {text}).endObject();
        }
    }

    /// Always false: what is lost is not written.
    bool lose(std::string_view what, std::string_view why)
    {
        tellLoss(m_losses, what, why);
        return false;
    }

    JsonWriter &m_json;
    const ToolNames &m_names;
    std::vector<Loss> &m_losses;
    Role m_role = Role::User; ///< of the turn that is being written
    bool m_calls = false;     ///< it calls tools
};

} // namespace

void writeMessages(JsonWriter &json, const ChatRequest &request, const ToolNames &names, std::vector<Loss> &losses)
{
    Writer writer(json, names, losses);
    json.array("messages");
    for (const ChatMessage &message : request.messages)
        writer.write(message);
    json.endArray();
}

} // namespace gateway::wire::cohere
