// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/bedrock/message_writer.h"

#include "gateway/wire/bedrock/media.h"
#include "gateway/wire/json_members.h"
#include "gateway/wire/neutral/blank_text.h"
#include "gateway/wire/neutral/escaped.h"
#include "gateway/wire/neutral/tool_arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace gateway::wire::bedrock {
namespace {

constexpr std::string_view onlyItsProvider = "a block that only its own provider knows";
constexpr std::string_view liesElsewhere = "the file lies with another provider";
constexpr std::string_view noAddresses = "bedrock takes bytes, not addresses";

/// Turns of the caller's that become one of Converse's, as comma-joined blocks.
struct Turn
{
    bool assistant = false;
    std::string results; ///< these stand first
    std::string blocks;
    bool text = false;
    bool document = false;

    [[nodiscard]] bool empty() const { return results.empty() && blocks.empty(); }
};

void addText(Turn &turn, Chars text)
{
    addElement(turn.blocks, [&](JsonWriter &json) { json.object().member("text", text).endObject(); });
    turn.text = true;
}

void append(std::string &list, const std::string &more)
{
    if (!list.empty() && !more.empty())
        list += ',';
    list += more;
}

bool isSystem(const ChatMessage &message)
{
    return message.role == Role::System || message.role == Role::Developer;
}

/// A text that is a JSON object, as that; else empty.
std::string jsonObject(const std::vector<TextOrMedia> &content)
{
    const auto *text = content.size() == 1 ? std::get_if<TextPart>(&content.front().value) : nullptr;
    const std::size_t first = text ? text->text.raw.find_first_not_of(' ') : std::string_view::npos;
    if (first == std::string_view::npos || (text->text.raw[first] != '{' && text->text.raw[first] != '\\'))
        return {};
    std::string plain = unescapeJson(text->text.raw);
    return JsonCursor(plain).type() == JsonCursor::Type::Object && isJson(plain) ? plain : std::string();
}

class Writer
{
public:
    Writer(const ChatRequest &request, const MessagePlan &plan, WriteContext &context)
        : m_request(request), m_plan(plan), m_context(context), m_rules(context.rules)
    {
    }

    void write(JsonWriter &json)
    {
        std::string system;
        readSystem(system);
        readTurns();
        json.array("messages");
        for (const Turn &turn : m_turns) {
            json.object().textMember("role", turn.assistant ? "assistant" : "user").array("content");
            if (!turn.results.empty())
                json.value(Json {turn.results});
            if (!turn.blocks.empty())
                json.value(Json {turn.blocks});
            json.endArray().endObject();
        }
        json.endArray();
        if (!system.empty())
            json.array("system").value(Json {system}).endArray();
    }

private:
    /// Into `system`; for a model that takes none into a user's turn at the very front.
    void readSystem(std::string &system)
    {
        Turn front;
        const auto add = [&](Chars text, Json mark) {
            if (isBlank(text))
                return;
            if (!m_rules.systemPrompt)
                return addText(front, text);
            addElement(system, [&](JsonWriter &json) { json.object().member("text", text).endObject(); });
            m_context.cachePoint(system, mark, m_rules.cachePoints);
        };
        for (const ChatMessage &message : m_request.messages) {
            if (!isSystem(message))
                continue;
            tellUnknown(message);
            for (const ChatPart &part : message.parts) {
                if (const auto *text = std::get_if<TextPart>(&part))
                    add(text->text, text->cacheControl);
                else
                    m_context.lose("messages.system", "a system text may hold words alone");
            }
        }
        for (const std::string &instruction : m_plan.instructions)
            add({escaped(instruction)}, {});
        if (!front.empty())
            m_turns.push_back(std::move(front));
    }

    void readTurns()
    {
        const auto last = std::ranges::find_if_not(m_request.messages.rbegin(), m_request.messages.rend(), isSystem);
        const bool endsWithAssistant = last != m_request.messages.rend() && last->role == Role::Assistant;
        if (endsWithAssistant && !last->parts.empty())
            m_prefill = &last->parts.back();
        for (const ChatMessage &message : m_request.messages) {
            if (isSystem(message))
                continue;
            tellUnknown(message);
            Turn turn {.assistant = message.role == Role::Assistant};
            for (const ChatPart &part : message.parts)
                std::visit([&](const auto &what) { add(turn, what); }, part);
            if (turn.empty())
                continue;
            if (m_turns.empty() || m_turns.back().assistant != turn.assistant)
                m_turns.push_back(std::move(turn));
            else
                merge(m_turns.back(), turn);
        }
        // It begins with a user, and ends with one unless the caller's does not: what was left out may have been a whole turn.
        if (m_turns.empty() || m_turns.front().assistant)
            m_turns.insert(m_turns.begin(), userDot());
        if (m_turns.back().assistant && !endsWithAssistant)
            m_turns.push_back(userDot());
        for (Turn &turn : m_turns)
            if (turn.document && !turn.text) // a document wants words beside it
                addText(turn, {"."});
    }

    static Turn userDot()
    {
        Turn turn;
        addText(turn, {"."});
        return turn;
    }

    static void merge(Turn &to, const Turn &from)
    {
        append(to.results, from.results);
        append(to.blocks, from.blocks);
        to.text = to.text || from.text;
        to.document = to.document || from.document;
    }

    void tellUnknown(const ChatMessage &message)
    {
        constexpr std::array<std::string_view, 4> nothing {"[]", "{}", "\"\"", "false"};
        if (!message.name.empty())
            m_context.lose("messages.name", "bedrock has no such member");
        for (const UnknownMember &member : message.unknown)
            if (!member.value.empty() && std::ranges::find(nothing, member.value.raw) == nothing.end())
                m_context.lose("messages." + std::string(member.name), "bedrock has no such member");
    }

    void add(Turn &turn, const TextPart &part)
    {
        const auto *prefill = m_prefill ? std::get_if<TextPart>(m_prefill) : nullptr;
        const Chars text {prefill == &part ? withoutTrailingSpace(part.text.raw) : part.text.raw};
        if (isBlank(text))
            return;
        addText(turn, text);
        m_context.cachePoint(turn.blocks, part.cacheControl, m_rules.cachePoints);
    }

    void add(Turn &turn, const RefusalPart &part)
    {
        if (!isBlank(part.text))
            addText(turn, part.text);
    }

    void add(Turn &turn, const ImagePart &part)
    {
        if (!part.detail.empty() && part.detail.raw != "auto")
            m_context.lose("image_url.detail", "bedrock has no such setting");
        if (mayHold(turn) && image(turn.blocks, part.source))
            m_context.cachePoint(turn.blocks, part.cacheControl, m_rules.cachePoints);
    }

    void add(Turn &, const AudioPart &) { m_context.lose("messages.content.input_audio", "bedrock takes no audio"); }

    void add(Turn &turn, const FilePart &part)
    {
        if (!mayHold(turn))
            return;
        if (part.source.kind == MediaSource::Kind::Text && m_rules.family != Family::Claude) { // whose citations need a document
            citations(part.citations);
            return add(turn, TextPart {.text = part.source.data, .cacheControl = part.cacheControl});
        }
        bool document = false;
        if (!file(turn.blocks, part, document))
            return;
        turn.document = turn.document || document;
        m_context.cachePoint(turn.blocks, part.cacheControl, m_rules.cachePoints);
    }

    bool mayHold(const Turn &turn)
    {
        if (turn.assistant)
            m_context.lose("messages.content", "an assistant's turn holds text and calls alone");
        return !turn.assistant;
    }

    bool image(std::string &list, const MediaSource &source)
    {
        const bool stored = isStored(source);
        const std::string_view format = stored && imageFormat(source).empty() ? "png" : imageFormat(source);
        if (source.kind == MediaSource::Kind::Url && !stored)
            return lost("image.url", noAddresses);
        if (source.kind == MediaSource::Kind::FileId)
            return lost("image.file_id", liesElsewhere);
        if (source.kind == MediaSource::Kind::Text || format.empty())
            return lost("image", "bedrock takes png, jpeg, gif and webp");
        addElement(list, [&](JsonWriter &json) {
            json.object().object("image").textMember("format", format);
            bytes(json, source);
            json.endObject().endObject();
        });
        return true;
    }

    /// @param document  set where it is one, not an image
    bool file(std::string &list, const FilePart &part, bool &document)
    {
        const MediaSource &source = part.source;
        const bool text = source.kind == MediaSource::Kind::Text;
        if (source.kind == MediaSource::Kind::Url && !isStored(source))
            return lost("file.url", noAddresses);
        if (source.kind == MediaSource::Kind::FileId)
            return lost("file.file_id", liesElsewhere);
        if (!text && !imageFormat(source).empty())
            return image(list, source);
        std::string_view format = documentFormat(source.mediaType, part.name);
        if (text)
            format = "txt";
        if (format.empty())
            return lost("file", "bedrock takes pdf, csv, doc, docx, xls, xlsx, html, txt and md");
        document = true;
        addElement(list, [&](JsonWriter &json) {
            json.object().object("document").textMember("format", format).textMember("name", m_documents.next(part.name));
            bytes(json, source);
            if (citations(part.citations))
                json.object("citations").member("enabled", true).endObject();
            json.endObject().endObject();
        });
        return true;
    }

    /// Whether they are to be had.
    bool citations(Json asked)
    {
        JsonCursor in(asked.raw);
        bool enabled = false;
        in.members([&](std::string_view key) {
            const auto value = key == "enabled" ? in.boolean() : std::nullopt;
            enabled = enabled || value.value_or(false);
            return value || in.skip();
        });
        if (enabled && m_rules.family != Family::Claude)
            m_context.lose("citations", "the model names no places in documents");
        return enabled && m_rules.family == Family::Claude;
    }

    /// At an address of Amazon's own, which some models read themselves.
    bool isStored(const MediaSource &source) const
    {
        const bool reads = m_rules.family == Family::Nova || m_rules.family == Family::Other;
        return reads && source.kind == MediaSource::Kind::Url && unescapeJson(source.data.raw.substr(0, 16)).starts_with("s3://");
    }

    static void bytes(JsonWriter &json, const MediaSource &source)
    {
        std::string made;
        json.object("source");
        switch (source.kind) {
        case MediaSource::Kind::Url: json.object("s3Location").member("uri", source.data).endObject(); break;
        case MediaSource::Kind::Text: json.member("text", source.data); break;
        case MediaSource::Kind::Base64:
        case MediaSource::Kind::FileId: json.member("bytes", standardBase64(source.data, made)); break;
        }
        json.endObject();
    }

    void add(Turn &turn, const ToolCallPart &part)
    {
        if (!turn.assistant)
            return m_context.lose("messages.content", "a tool call outside an assistant's turn");
        if (!m_rules.tools) {
            inWords();
            return addText(turn, {fmt::format("(Called the tool {} with {}.)", part.name.raw, part.arguments.empty() ? "{}" : escaped(part.arguments.raw))});
        }
        addElement(turn.blocks, [&](JsonWriter &json) {
            json.object().object("toolUse").textMember("toolUseId", toolUseId(part.id, m_rules.toolIds)).textMember("name", m_context.name(part.name)).key("input");
            if (!writeToolArguments(json, part.arguments))
                m_context.lose("tool_calls.function.arguments", "they are no JSON object: sent as {\"_raw\": ...}");
            json.endObject().endObject();
        });
    }

    void add(Turn &turn, const ToolResultPart &part)
    {
        if (turn.assistant)
            return m_context.lose("messages.content", "a tool result outside a user's turn");
        std::string content;
        const bool mayBeObject = m_rules.tools && (!part.isError || m_rules.resultStatus);
        if (const std::string object = mayBeObject ? jsonObject(part.content) : std::string(); !object.empty())
            addElement(content, [&](JsonWriter &json) { json.object().member("json", Json {object}).endObject(); });
        else
            resultContent(turn, part, content);
        if (content.empty())
            addElement(content, [](JsonWriter &json) { json.object().textMember("text", ".").endObject(); });
        if (!m_rules.tools) {
            inWords();
            addText(turn, {"(What the tool answered:)"});
            return append(turn.blocks, content);
        }
        addElement(turn.results, [&](JsonWriter &json) {
            json.object().object("toolResult").textMember("toolUseId", toolUseId(part.callId, m_rules.toolIds)).array("content").value(Json {content}).endArray();
            if (part.isError && m_rules.resultStatus)
                json.textMember("status", "error");
            json.endObject().endObject();
        });
        Json mark = part.cacheControl;
        for (const TextOrMedia &each : part.content)
            std::visit([&](const auto &what) { mark = mark.empty() ? what.cacheControl : mark; }, each.value);
        m_context.cachePoint(turn.results, mark, m_rules.cachePoints);
    }

    /// What a model does not take within a result stands beside it.
    void resultContent(Turn &turn, const ToolResultPart &part, std::string &content)
    {
        const auto text = [&](Chars words) { addElement(content, [&](JsonWriter &json) { json.object().member("text", words).endObject(); }); };
        if (part.isError && !m_rules.resultStatus)
            text({"Error:"});
        bool beside = false;
        for (const TextOrMedia &each : part.content) {
            const auto *words = std::get_if<TextPart>(&each.value);
            const auto *picture = std::get_if<ImagePart>(&each.value);
            const auto *document = std::get_if<FilePart>(&each.value);
            const bool plain = document && document->source.kind == MediaSource::Kind::Text && m_rules.family != Family::Claude;
            if (words || plain) {
                if (const Chars chars = words ? words->text : document->source.data; !isBlank(chars))
                    text(chars);
            } else if (!m_rules.resultMedia) {
                const std::size_t before = turn.blocks.size();
                bool isDocument = false;
                picture ? image(turn.blocks, picture->source) : file(turn.blocks, *document, isDocument);
                turn.document = turn.document || isDocument;
                beside = beside || turn.blocks.size() > before;
            } else {
                bool isDocument = false;
                picture ? image(content, picture->source) : file(content, *document, isDocument);
            }
        }
        if (beside)
            text({"(More of the result follows.)"});
    }

    void inWords() { m_context.lose("tools", "the model knows none: calls and results of the history are told in words"); }

    void add(Turn &turn, const ThinkingPart &part)
    {
        const bool sealed = !part.signature.empty() || !part.redacted.empty();
        const bool known = part.issuer == WireFormat::BedrockConverse || (m_rules.family == Family::Claude && part.issuer == WireFormat::Anthropic);
        if (!turn.assistant || !sealed || !known)
            return m_context.lose("messages.reasoning_content", "thoughts go back to their maker alone, sealed by it");
        if (m_rules.family == Family::Claude && !m_plan.thinks)
            return m_context.lose("messages.reasoning_content", "the model does not think in this call");
        addElement(turn.blocks, [&](JsonWriter &json) {
            json.object().object("reasoningContent");
            if (!part.redacted.empty())
                json.member("redactedContent", part.redacted);
            else
                json.object("reasoningText").member("text", part.text).member("signature", part.signature).endObject();
            json.endObject().endObject();
        });
    }

    void add(Turn &turn, const NativePart &part)
    {
        if (part.of != WireFormat::BedrockConverse)
            return m_context.lose("messages.content", std::string(onlyItsProvider));
        addElement(turn.blocks, [&](JsonWriter &json) { json.value(part.block); });
    }

    bool lost(std::string what, std::string_view why)
    {
        m_context.lose(std::move(what), std::string(why));
        return false;
    }

    const ChatRequest &m_request;
    const MessagePlan &m_plan;
    WriteContext &m_context;
    const ModelRules &m_rules;
    std::vector<Turn> m_turns;
    DocumentNames m_documents;
    const ChatPart *m_prefill = nullptr; ///< what the model goes on from: no white space behind it
};

} // namespace

void writeMessages(JsonWriter &json, const ChatRequest &request, const MessagePlan &plan, WriteContext &context)
{
    Writer(request, plan, context).write(json);
}

} // namespace gateway::wire::bedrock
