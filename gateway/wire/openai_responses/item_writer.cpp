// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/openai_responses/item_writer.h"

#include "gateway/wire/data_url.h"
#include "gateway/wire/neutral/overloaded.h"
#include "gateway/wire/neutral/turn_losses.h"

#include <algorithm>

namespace gateway::wire::openai_responses {
namespace {

class Writer
{
public:
    Writer(JsonWriter &json, std::vector<Loss> &losses) : m_json(json), m_losses(losses) {}

    void write(const ChatMessage &message)
    {
        tellTurnLosses(message, m_losses);
        switch (message.role) {
        case Role::System: return turn(message, "system");
        case Role::Developer: return turn(message, "developer");
        case Role::User: return turn(message, "user");
        case Role::Assistant: return assistant(message);
        case Role::Tool: return results(message);
        }
    }

private:
    void turn(const ChatMessage &message, std::string_view role)
    {
        if (message.parts.empty())
            return;
        m_json.object().textMember("type", "message").textMember("role", role).array("content");
        for (const ChatPart &part : message.parts)
            std::visit([this](const auto &what) { element(what); }, part);
        m_json.endArray().endObject();
    }

    /// Each part is an item, words that follow one another are one.
    void assistant(const ChatMessage &message)
    {
        bool open = false;
        const auto close = [&] {
            if (open)
                m_json.endArray().endObject();
            open = false;
        };
        const auto words = [&](std::string_view type, std::string_view member, Chars text) {
            if (text.empty())
                return;
            if (!open)
                m_json.object().textMember("type", "message").textMember("role", "assistant").array("content");
            open = true;
            m_json.object().textMember("type", type).member(member, text).endObject();
        };
        const auto lastItem = std::find_if(message.parts.rbegin(), message.parts.rend(), isItem).base();
        for (auto part = message.parts.begin(); part != message.parts.end(); ++part) {
            std::visit(Overloaded {
                [&](const TextPart &what) { words("output_text", "text", what.text); },
                [&](const RefusalPart &what) { words("refusal", "refusal", what.text); },
                [&](const ThinkingPart &what) {
                    close();
                    // OpenAI refuses reasoning that nothing follows.
                    if (part < lastItem)
                        reasoning(what);
                },
                [&](const ToolCallPart &what) { close(), call(what); },
                [&](const NativePart &what) { close(), native(what); },
                [&](const auto &) { lose("messages.content", "an assistant's turn holds text and calls alone"); },
            }, *part);
        }
        close();
    }

    static bool isItem(const ChatPart &part)
    {
        if (const auto *text = std::get_if<TextPart>(&part))
            return !text->text.empty();
        const auto *native = std::get_if<NativePart>(&part);
        return std::holds_alternative<ToolCallPart>(part) || std::holds_alternative<RefusalPart>(part) || (native && native->of == WireFormat::OpenAiResponses);
    }

    /// Goes back to its maker alone, and sealed. Without its id: that belongs to what the provider stored.
    void reasoning(const ThinkingPart &part)
    {
        const Chars seal = part.redacted.empty() ? part.signature : part.redacted;
        if (part.issuer != WireFormat::OpenAiResponses || seal.empty())
            return;
        m_json.object().textMember("type", "reasoning").array("summary");
        if (!part.text.empty())
            m_json.object().textMember("type", "summary_text").member("text", part.text).endObject();
        m_json.endArray().member("encrypted_content", seal).endObject();
    }

    void call(const ToolCallPart &part)
    {
        m_json.object().textMember("type", "function_call").member("call_id", part.id).member("name", part.name);
        m_json.textMember("arguments", part.arguments.empty() ? "{}" : part.arguments.raw).endObject();
    }

    void native(const NativePart &part)
    {
        if (part.of == WireFormat::OpenAiResponses)
            m_json.value(part.block);
        else
            lose("messages.content", "a block that only its own provider knows");
    }

    void results(const ChatMessage &message)
    {
        for (const ChatPart &part : message.parts)
            if (const auto *result = std::get_if<ToolResultPart>(&part))
                output(*result);
    }

    void output(const ToolResultPart &result)
    {
        m_json.object().textMember("type", "function_call_output").member("call_id", result.callId);
        if (std::ranges::all_of(result.content, [](const TextOrMedia &each) { return std::holds_alternative<TextPart>(each.value); })) {
            std::string text = result.isError ? "Error: " : "";
            for (const TextOrMedia &each : result.content)
                text += std::get<TextPart>(each.value).text.raw;
            m_json.member("output", Chars {text}).endObject();
            return;
        }
        m_json.array("output");
        if (result.isError)
            element(TextPart {.text = {"Error:"}});
        for (const TextOrMedia &each : result.content)
            std::visit([this](const auto &what) { element(what); }, each.value);
        m_json.endArray().endObject();
    }

    void element(const TextPart &part) { m_json.object().textMember("type", "input_text").member("text", part.text).endObject(); }
    void element(const RefusalPart &part) { element(TextPart {.text = part.text}); }

    void element(const ImagePart &part)
    {
        if (part.source.kind == MediaSource::Kind::Text)
            return lose("image", "openai takes an image as base64 or from an address");
        m_json.object().textMember("type", "input_image");
        if (part.source.kind == MediaSource::Kind::FileId)
            m_json.member("file_id", part.source.data);
        else
            address("image_url", part.source, "image/png");
        m_json.memberIf("detail", part.detail).endObject();
    }

    void element(const AudioPart &part)
    {
        m_json.object().textMember("type", "input_audio").object("input_audio").member("data", part.data).member("format", part.format).endObject().endObject();
    }

    void element(const FilePart &part)
    {
        if (part.source.kind == MediaSource::Kind::Text)
            return element(TextPart {.text = part.source.data});
        m_json.object().textMember("type", "input_file");
        switch (part.source.kind) {
        case MediaSource::Kind::FileId: m_json.member("file_id", part.source.data); break;
        case MediaSource::Kind::Url: m_json.member("file_url", part.source.data); break;
        case MediaSource::Kind::Base64:
        case MediaSource::Kind::Text:
            m_json.member("filename", part.name.empty() ? Chars {"document.pdf"} : part.name);
            address("file_data", part.source, "application/pdf");
            break;
        }
        m_json.endObject();
    }

    void element(const ToolCallPart &) { lose("messages.content", "a tool call outside an assistant's turn"); }
    void element(const ToolResultPart &) { lose("messages.content", "a tool result outside a tool's turn"); }
    void element(const ThinkingPart &) { lose("messages.content", "thoughts outside an assistant's turn"); }
    void element(const NativePart &) { lose("messages.content", "a block that only its own provider knows"); }

    void address(std::string_view name, const MediaSource &source, std::string_view type)
    {
        const std::string url = urlOfSource(source, type);
        m_json.member(name, Chars {url});
    }

    void lose(std::string what, std::string why)
    {
        Loss loss {.what = std::move(what), .why = std::move(why)};
        if (std::ranges::find(m_losses, loss) == m_losses.end())
            m_losses.push_back(std::move(loss));
    }

    JsonWriter &m_json;
    std::vector<Loss> &m_losses;
};

} // namespace

void writeInput(JsonWriter &json, const ChatRequest &request, std::vector<Loss> &losses)
{
    Writer writer(json, losses);
    json.array("input");
    for (const ChatMessage &message : request.messages)
        writer.write(message);
    json.endArray();
}

} // namespace gateway::wire::openai_responses
