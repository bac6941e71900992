// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/anthropic/message_writer.h"

#include "gateway/core/text.h"
#include "gateway/wire/neutral/blank_text.h"
#include "gateway/wire/neutral/tool_arguments.h"
#include "gateway/wire/neutral/turn_losses.h"

#include <fmt/format.h>

#include <algorithm>

namespace gateway::wire::anthropic {
namespace {

/// Turns of the caller's that become one of Anthropic's.
struct Turn
{
    bool assistant = false;
    std::vector<const ChatPart *> results; ///< these stand first
    std::vector<const ChatPart *> parts;
};

bool isSystem(const ChatMessage &message)
{
    return message.role == Role::System || message.role == Role::Developer;
}

class Writer
{
public:
    Writer(JsonWriter &json, bool thinking, std::vector<Loss> &losses) : m_json(json), m_thinking(thinking), m_losses(losses) {}

    void system(const ChatRequest &request)
    {
        if (std::ranges::none_of(request.messages, isSystem))
            return;
        m_json.array("system");
        for (const ChatMessage &message : request.messages) {
            if (!isSystem(message))
                continue;
            for (const ChatPart &part : message.parts) {
                if (const auto *text = std::get_if<TextPart>(&part))
                    block(*text);
                else
                    lose("messages.system", "a system text may hold words alone");
            }
        }
        m_json.endArray();
    }

    void messages(const ChatRequest &request)
    {
        for (const ChatMessage &message : request.messages)
            tellMemberLosses(message, m_losses);
        std::vector<Turn> turns = turnsOf(request);
        m_json.array("messages");
        if (turns.empty() || turns.front().assistant) // it begins with a user, always
            m_json.object().textMember("role", "user").textMember("content", ".").endObject();
        for (std::size_t i = 0; i < turns.size(); ++i) {
            m_json.object().textMember("role", turns[i].assistant ? "assistant" : "user").array("content");
            for (const ChatPart *part : turns[i].results)
                std::visit([this](const auto &what) { block(what); }, *part);
            for (const ChatPart *part : turns[i].parts) {
                m_prefill = turns[i].assistant && i + 1 == turns.size() && part == turns[i].parts.back();
                std::visit([this](const auto &what) { block(what); }, *part);
            }
            m_json.endArray().endObject();
        }
        m_json.endArray();
    }

private:
    std::vector<Turn> turnsOf(const ChatRequest &request) const
    {
        std::vector<Turn> turns;
        for (const ChatMessage &message : request.messages) {
            if (isSystem(message))
                continue;
            const bool assistant = message.role == Role::Assistant;
            for (const ChatPart &part : message.parts) {
                if (!hasBlock(part))
                    continue;
                const bool result = std::holds_alternative<ToolResultPart>(part);
                // A result answers the assistant's turn before it: one that comes after words begins a turn of its own.
                if (turns.empty() || turns.back().assistant != assistant)
                    turns.push_back({.assistant = assistant});
                (result ? turns.back().results : turns.back().parts).push_back(&part);
            }
        }
        return turns;
    }

    /// Empty texts are a 400; thoughts go back only with their seal.
    bool hasBlock(const ChatPart &part) const
    {
        if (const auto *text = std::get_if<TextPart>(&part))
            return !withoutTrailingSpace(text->text.raw).empty();
        if (const auto *refusal = std::get_if<RefusalPart>(&part))
            return !withoutTrailingSpace(refusal->text.raw).empty();
        if (const auto *thinking = std::get_if<ThinkingPart>(&part))
            return m_thinking && thinking->issuer == WireFormat::Anthropic && (!thinking->signature.empty() || !thinking->redacted.empty());
        if (const auto *native = std::get_if<NativePart>(&part))
            return native->of == WireFormat::Anthropic;
        return !std::holds_alternative<AudioPart>(part);
    }

    void block(const TextPart &part)
    {
        const Chars text {m_prefill ? withoutTrailingSpace(part.text.raw) : part.text.raw};
        if (!text.empty())
            m_json.object().textMember("type", "text").member("text", text).memberIf("cache_control", part.cacheControl).endObject();
    }

    void block(const RefusalPart &part) { block(TextPart {.text = part.text}); }

    void block(const ImagePart &part)
    {
        if (part.source.kind == MediaSource::Kind::FileId || part.source.kind == MediaSource::Kind::Text)
            return lose("image", "anthropic takes an image as base64 or from an address");
        m_json.object().textMember("type", "image");
        source(part.source);
        m_json.memberIf("cache_control", part.cacheControl).endObject();
        if (!part.detail.empty() && part.detail.raw != "auto")
            lose("image_url.detail", "anthropic has no such setting");
    }

    void block(const AudioPart &) { lose("input_audio", "anthropic takes no audio"); }

    void block(const FilePart &part)
    {
        if (part.source.kind == MediaSource::Kind::FileId)
            return lose("file.file_id", "the file lies with another provider");
        m_json.object().textMember("type", "document");
        source(part.source);
        m_json.memberIf("title", part.name).memberIf("citations", part.citations).memberIf("cache_control", part.cacheControl).endObject();
    }

    void source(const MediaSource &from)
    {
        m_json.object("source");
        switch (from.kind) {
        case MediaSource::Kind::Url: m_json.textMember("type", "url").member("url", from.data); break;
        case MediaSource::Kind::Text:
            m_json.textMember("type", "text").textMember("media_type", "text/plain").member("data", from.data);
            break;
        case MediaSource::Kind::Base64:
        case MediaSource::Kind::FileId:
            m_json.textMember("type", "base64").member("media_type", from.mediaType.empty() ? Chars {"application/pdf"} : from.mediaType).member("data", from.data);
            break;
        }
        m_json.endObject();
    }

    void block(const ToolCallPart &part)
    {
        m_json.object().textMember("type", "tool_use").textMember("id", toolId(part.id)).member("name", part.name).key("input");
        if (!writeToolArguments(m_json, part.arguments))
            lose("tool_calls.function.arguments", "they are no JSON object: sent as {\"_raw\": ...}");
        m_json.endObject();
    }

    void block(const ToolResultPart &part)
    {
        m_json.object().textMember("type", "tool_result").textMember("tool_use_id", toolId(part.callId));
        if (!part.content.empty()) {
            m_json.array("content");
            for (const TextOrMedia &each : part.content)
                std::visit([this](const auto &what) { block(what); }, each.value);
            m_json.endArray();
        }
        if (part.isError)
            m_json.member("is_error", true);
        m_json.memberIf("cache_control", part.cacheControl).endObject();
    }

    void block(const ThinkingPart &part)
    {
        if (!part.redacted.empty())
            m_json.object().textMember("type", "redacted_thinking").member("data", part.redacted).endObject();
        else
            m_json.object().textMember("type", "thinking").member("thinking", part.text).member("signature", part.signature).endObject();
    }

    void block(const NativePart &part) { m_json.value(part.block); }

    /// Anthropic's ids are letters, digits, _ and -; the same id becomes the same id everywhere.
    static std::string toolId(Chars id)
    {
        std::string clean(id.raw);
        for (char &c : clean)
            if (!(c >= '0' && c <= '9') && !(asciiLower(c) >= 'a' && asciiLower(c) <= 'z') && c != '-')
                c = '_';
        return clean;
    }

    void lose(std::string what, std::string why)
    {
        Loss loss {.what = std::move(what), .why = std::move(why)};
        if (std::ranges::find(m_losses, loss) == m_losses.end())
            m_losses.push_back(std::move(loss));
    }

    JsonWriter &m_json;
    bool m_thinking;
    std::vector<Loss> &m_losses;
    bool m_prefill = false; ///< the text is what the model goes on from: no white space behind it
};

} // namespace

void writeMessages(JsonWriter &json, const ChatRequest &request, bool thinking, std::vector<Loss> &losses)
{
    Writer writer(json, thinking, losses);
    writer.system(request);
    writer.messages(request);
    for (const ChatMessage &message : request.messages)
        if (std::ranges::any_of(message.parts, [](const ChatPart &part) { return std::holds_alternative<AudioPart>(part); })) {
            losses.push_back({.what = "messages.content.input_audio", .why = "anthropic takes no audio"});
            break;
        }
}

bool historyForbidsThinking(const ChatRequest &request)
{
    for (auto message = request.messages.rbegin(); message != request.messages.rend(); ++message) {
        if (message->role != Role::Assistant)
            continue;
        const bool calls = std::ranges::any_of(message->parts, [](const ChatPart &part) { return std::holds_alternative<ToolCallPart>(part); });
        const bool sealed = std::ranges::any_of(message->parts, [](const ChatPart &part) {
            const auto *thinking = std::get_if<ThinkingPart>(&part);
            return thinking && thinking->issuer == WireFormat::Anthropic && (!thinking->signature.empty() || !thinking->redacted.empty());
        });
        return calls && !sealed;
    }
    return false;
}

} // namespace gateway::wire::anthropic
