// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/gemini/content_writer.h"

#include "gateway/wire/json_members.h"
#include "gateway/wire/neutral/call_order.h"
#include "gateway/wire/neutral/overloaded.h"
#include "gateway/wire/neutral/tool_arguments.h"
#include "gateway/wire/neutral/turn_losses.h"

#include <algorithm>

namespace gateway::wire::gemini {
namespace {

/// What Google documents for calls of other models' histories, which have no signature.
constexpr std::string_view skipValidator = "skip_thought_signature_validator";

bool isSystem(const ChatMessage &message)
{
    return message.role == Role::System || message.role == Role::Developer;
}

class Writer
{
public:
    Writer(JsonWriter &json, const ChatRequest &request, const WriteOptions &options, std::vector<Loss> &losses)
        : m_json(json), m_request(request), m_options(options), m_losses(losses)
    {
    }

    void system()
    {
        if (std::ranges::none_of(m_request.messages, isSystem))
            return;
        m_json.object("systemInstruction").array("parts");
        for (const ChatMessage &message : m_request.messages) {
            if (!isSystem(message))
                continue;
            for (const ChatPart &part : message.parts) {
                if (const auto *text = std::get_if<TextPart>(&part))
                    write(*text);
                else
                    lose("messages.system", "a system text may hold words alone");
            }
        }
        m_json.endArray().endObject();
    }

    void contents()
    {
        for (const ChatMessage &message : m_request.messages)
            tellTurnLosses(message, m_losses);
        m_json.array("contents");
        bool any = false, model = false;
        for (std::size_t next = 0; next < m_request.messages.size();) {
            const ChatMessage &message = m_request.messages[next];
            const bool isModel = message.role == Role::Assistant;
            m_signed = !m_options.rules.signatures;
            for (const ChatPart *part : partsFrom(next)) {
                if (!hasPlace(*part))
                    continue;
                if (const auto *call = std::get_if<ToolCallPart>(part))
                    m_calls.add(*call);
                if (any && isModel != model) {
                    m_json.endArray().endObject();
                    any = false;
                }
                if (!any) {
                    if (m_first && isModel) // it begins with a user
                        m_json.object().textMember("role", "user").array("parts").object().textMember("text", ".").endObject().endArray().endObject();
                    m_json.object().textMember("role", isModel ? "model" : "user").array("parts");
                    any = true;
                    m_first = false;
                    model = isModel;
                }
                std::visit([this](const auto &what) { write(what); }, *part);
            }
        }
        if (any)
            m_json.endArray().endObject();
        m_json.endArray();
    }

private:
    /// The parts of the message at `next`, which moves behind it; of tool turns, of all that stand there.
    std::vector<const ChatPart *> partsFrom(std::size_t &next) const
    {
        const std::vector<ChatMessage> &messages = m_request.messages;
        if (messages[next].role == Role::Tool)
            return m_calls.takeResults(messages, next);
        std::vector<const ChatPart *> parts;
        if (!isSystem(messages[next])) {
            for (const ChatPart &part : messages[next].parts)
                parts.push_back(&part);
        }
        ++next;
        return parts;
    }

    /// Whether there is something to write of it, in a turn that may not be empty; what is lost is told.
    bool hasPlace(const ChatPart &part)
    {
        return std::visit(Overloaded {
            [](const TextPart &text) { return !text.text.empty(); },
            [](const RefusalPart &refusal) { return !refusal.text.empty(); },
            // Thought itself is not sent back; its signature is, to its maker.
            [](const ThinkingPart &thinking) { return thinking.issuer == WireFormat::Gemini && !thinking.signature.empty(); },
            [this](const ImagePart &image) { return hasPlace("image", image.source); },
            [this](const FilePart &file) { return hasPlace("file", file.source); },
            [this](const NativePart &native) {
                if (native.of != WireFormat::Gemini)
                    lose("messages.content", "a block that only its own provider knows");
                return native.of == WireFormat::Gemini;
            },
            [](const auto &) { return true; },
        }, part);
    }

    void write(const TextPart &part)
    {
        if (!part.text.empty())
            m_json.object().member("text", part.text).memberIf("thoughtSignature", part.signature).endObject();
    }

    void write(const RefusalPart &part) { write(TextPart {.text = part.text}); }

    void write(const ImagePart &part)
    {
        media("image", part.source, "image/png");
        if (!part.detail.empty() && part.detail.raw != "auto")
            lose("image_url.detail", "gemini has no such setting on a part");
    }

    void write(const AudioPart &part)
    {
        const std::string type = "audio/" + std::string(part.format.empty() ? "wav" : part.format.raw);
        m_json.object().object("inlineData").member("mimeType", Chars {type}).member("data", part.data).endObject().endObject();
    }

    void write(const FilePart &part) { media("file", part.source, "application/pdf"); }

    bool hasPlace(std::string_view what, const MediaSource &source)
    {
        if (source.kind == MediaSource::Kind::FileId)
            lose(std::string(what) + ".file_id", "the file lies with another provider");
        else if (source.kind == MediaSource::Kind::Url && !m_options.fileUris)
            lose(std::string(what) + ".url", "gemini takes bytes, not addresses");
        else
            return source.kind != MediaSource::Kind::Text || !source.data.empty();
        return false;
    }

    void media(std::string_view what, const MediaSource &source, std::string_view type)
    {
        if (!hasPlace(what, source))
            return;
        switch (source.kind) {
        case MediaSource::Kind::Base64:
            m_json.object().object("inlineData").key("mimeType");
            source.mediaType.empty() ? m_json.text(type) : m_json.value(source.mediaType);
            m_json.member("data", source.data).endObject().endObject();
            return;
        case MediaSource::Kind::Text: return write(TextPart {.text = source.data});
        case MediaSource::Kind::Url:
            m_json.object().object("fileData").key("mimeType");
            source.mediaType.empty() ? m_json.text(typeOf(source.data.raw, type)) : m_json.value(source.mediaType);
            m_json.member("fileUri", source.data).endObject().endObject();
            return;
        case MediaSource::Kind::FileId: return;
        }
    }

    /// Vertex insists on a type: the address's ending tells it, mostly.
    static std::string_view typeOf(std::string_view url, std::string_view fallback)
    {
        url = url.substr(0, url.find_first_of("?#"));
        if (url.ends_with(".jpg") || url.ends_with(".jpeg"))
            return "image/jpeg";
        if (url.ends_with(".webp"))
            return "image/webp";
        if (url.ends_with(".gif"))
            return "image/gif";
        return url.ends_with(".pdf") ? "application/pdf" : fallback;
    }

    void write(const ToolCallPart &part)
    {
        m_json.object().object("functionCall").member("name", part.name).key("args");
        if (!writeToolArguments(m_json, part.arguments))
            lose("tool_calls.function.arguments", "they are no JSON object: sent as {\"_raw\": ...}");
        m_json.endObject();
        // The first call of a step is the one that has to be signed.
        if (!part.signature.empty())
            m_json.member("thoughtSignature", part.signature);
        else if (!m_signed)
            m_json.textMember("thoughtSignature", skipValidator);
        m_signed = true;
        m_json.endObject();
    }

    void write(const ToolResultPart &part)
    {
        const Chars name = m_calls.nameOf(part);
        m_json.object().object("functionResponse").member("name", name.empty() ? part.callId : name).key("response");
        std::string text;
        std::vector<const TextOrMedia *> rest;
        for (const TextOrMedia &each : part.content) {
            if (const auto *words = std::get_if<TextPart>(&each.value))
                text += words->text.raw;
            else
                rest.push_back(&each);
        }
        const std::string plain = unescapeJson(text);
        JsonCursor value(plain);
        const JsonCursor::Type type = value.type();
        const bool json = isJson(plain);
        const bool container = json && (type == JsonCursor::Type::Object || type == JsonCursor::Type::Array);
        if (container && type == JsonCursor::Type::Object && !part.isError) {
            m_json.value(Json {plain});
        } else {
            m_json.object().key(part.isError ? "error" : "result");
            container ? m_json.value(Json {plain}) : m_json.value(Chars {text});
            m_json.endObject();
        }
        m_json.endObject().endObject();
        for (const TextOrMedia *each : rest) // beside it: it holds JSON alone
            std::visit([this](const auto &what) { write(what); }, each->value);
    }

    void write(const ThinkingPart &part) { m_json.object().textMember("text", "").member("thoughtSignature", part.signature).endObject(); }

    void write(const NativePart &part) { m_json.value(part.block); }

    void lose(std::string what, std::string why)
    {
        Loss loss {.what = std::move(what), .why = std::move(why)};
        if (std::ranges::find(m_losses, loss) == m_losses.end())
            m_losses.push_back(std::move(loss));
    }

    JsonWriter &m_json;
    const ChatRequest &m_request;
    const WriteOptions &m_options;
    std::vector<Loss> &m_losses;
    CallOrder m_calls; ///< those that were written
    bool m_first = true;
    bool m_signed = false; ///< the turn's first call has been written, or needs no signature
};

} // namespace

void writeContents(JsonWriter &json, const ChatRequest &request, const WriteOptions &options, std::vector<Loss> &losses)
{
    Writer writer(json, request, options, losses);
    writer.system();
    writer.contents();
}

} // namespace gateway::wire::gemini
