// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/gemini/part_reader.h"

#include "gateway/wire/gemini/names.h"
#include "gateway/wire/gemini/thought_signature.h"
#include "gateway/wire/json_members.h"
#include "gateway/wire/media_type.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <utility>

namespace gateway::wire::gemini {
namespace {

using Type = JsonCursor::Type;

/// inlineData or fileData.
struct Media
{
    Chars mediaType {}, data {}, name {};
    bool address = false; ///< `data` is one
};

struct Call
{
    Chars id {}, name {};
    Json arguments {};
};

struct Answer
{
    Chars id {}, name {};
    Json response {};
    std::vector<Media> media {};
};

/// All that a part can have: mostly one of the data members, and marks beside it.
struct Part
{
    Json whole {};
    std::optional<Chars> text {};
    std::optional<bool> thought {};
    Chars signature {}, resolution {};
    std::optional<Media> media {};
    std::optional<Call> call {};
    std::optional<Answer> answer {};
    bool foreign = false; ///< it has a member that is not known here
};

class PartReader
{
public:
    PartReader(bool fromModel, ChatRequest &request, CallPairs &pairs, std::vector<ChatPart> &parts)
        : m_fromModel(fromModel), m_request(request), m_pairs(pairs), m_parts(parts)
    {
    }

    bool read(RequestCursor &outer, std::string_view name)
    {
        if (outer.type() != Type::Object)
            return outer.fail(name, "must be an object with text, inlineData, functionCall or the like");
        Part part;
        // Read twice: once to have it whole, should it be one that is not known here.
        if (!outer.any(part.whole))
            return false;
        RequestCursor in(part.whole.raw);
        if (!in.members({}, [&](std::string_view key) { return member(in, key, part); })) {
            const Error error = std::move(in).error();
            return outer.fail(within(name, error.where), "has the wrong type");
        }
        if (part.call && part.call->name.empty())
            return outer.fail(within(name, "functionCall.name"), "is missing");
        if (part.media && part.media->data.empty())
            return outer.fail(within(name, part.media->address ? "fileData.fileUri" : "inlineData.data"), "is missing");
        if (part.answer && std::ranges::any_of(part.answer->media, [](const Media &each) { return each.data.empty(); }))
            return outer.fail(within(name, "functionResponse.parts"), "hold a picture or file without its bytes or address");
        add(part);
        return true;
    }

private:
    static std::string within(std::string_view name, std::string_view place)
    {
        return name.empty() || place.empty() ? fmt::format("{}{}", name, place) : fmt::format("{}.{}", name, place);
    }

    static bool member(RequestCursor &in, std::string_view key, Part &part)
    {
        if (key == "text")
            return in.type() == Type::Null ? in.skip() : in.chars(key, part.text.emplace());
        if (key == "thought")
            return in.boolean(key, part.thought);
        if (named(key, "thoughtSignature"))
            return in.chars(key, part.signature);
        if (named(key, "inlineData") || named(key, "fileData"))
            return in.type() == Type::Null ? in.skip() : media(in, key, part.media.emplace());
        if (named(key, "functionCall"))
            return in.type() == Type::Null ? in.skip() : call(in, key, part.call.emplace());
        if (named(key, "functionResponse"))
            return in.type() == Type::Null ? in.skip() : answer(in, key, part.answer.emplace());
        if (named(key, "mediaResolution"))
            return in.type() == Type::Object ? in.members(key, [&](std::string_view inner) { return inner == "level" ? in.chars(inner, part.resolution) : in.skip(); }) : in.skip();
        part.foreign = part.foreign || in.type() != Type::Null;
        return in.skip();
    }

    static bool media(RequestCursor &in, std::string_view name, Media &media)
    {
        media.address = named(name, "fileData");
        return in.members(name, [&](std::string_view key) {
            if (named(key, "mimeType"))
                return in.chars(key, media.mediaType);
            if (named(key, "displayName"))
                return in.chars(key, media.name);
            return key == "data" || named(key, "fileUri") ? in.chars(key, media.data) : in.skip();
        });
    }

    static bool call(RequestCursor &in, std::string_view name, Call &call)
    {
        return in.members(name, [&](std::string_view key) {
            if (key == "id")
                return in.chars(key, call.id);
            if (key == "name")
                return in.chars(key, call.name);
            return key == "args" ? in.object(key, call.arguments) : in.skip();
        });
    }

    static bool answer(RequestCursor &in, std::string_view name, Answer &answer)
    {
        return in.members(name, [&](std::string_view key) {
            if (key == "id")
                return in.chars(key, answer.id);
            if (key == "name")
                return in.chars(key, answer.name);
            if (key == "response")
                return in.object(key, answer.response);
            if (key != "parts")
                return in.skip();
            return in.elements(key, [&] {
                return in.members({}, [&](std::string_view inner) {
                    const bool isMedia = named(inner, "inlineData") || named(inner, "fileData");
                    return isMedia && in.type() == Type::Object ? media(in, inner, answer.media.emplace_back()) : in.skip();
                });
            });
        });
    }

    void add(const Part &part)
    {
        if (part.call)
            return addCall(part);
        if (part.answer)
            return addAnswer(*part.answer);
        if (part.media)
            return addMedia(part);
        if (part.text && part.thought.value_or(false))
            return addThought(*part.text, part.signature);
        if (part.text && !part.text->empty()) {
            m_parts.emplace_back(TextPart {.text = *part.text, .signature = part.signature});
            return;
        }
        if (part.foreign)
            m_parts.emplace_back(NativePart {.of = WireFormat::Gemini, .block = part.whole});
        else if (!part.signature.empty())
            addThought({}, part.signature);
    }

    void addCall(const Part &part)
    {
        const Chars id = m_pairs.call(part.call->id, part.call->name);
        m_parts.emplace_back(ToolCallPart {.id = id, .name = part.call->name, .arguments = part.call->arguments, .signature = part.signature});
    }

    /// A thought's signature comes behind its words, mostly in a part of its own: they belong together.
    void addThought(Chars text, Chars signature)
    {
        if (signature.empty()) {
            if (!text.empty())
                m_parts.emplace_back(ThinkingPart {.text = text, .issuer = WireFormat::Gemini});
            return;
        }
        ThinkingPart thought = thoughtOf(signature, m_request);
        std::size_t first = m_parts.size();
        for (; first > 0; --first) {
            const auto *before = std::get_if<ThinkingPart>(&m_parts[first - 1]);
            if (!before || !before->signature.empty() || !before->redacted.empty())
                break;
        }
        thought.text = text;
        if (first < m_parts.size()) {
            std::string joined;
            for (std::size_t i = first; i < m_parts.size(); ++i)
                joined += std::get<ThinkingPart>(m_parts[i]).text.raw;
            joined += text.raw;
            m_parts.resize(first);
            thought.text = {m_request.keep(std::move(joined))};
        }
        m_parts.emplace_back(thought);
    }

    void addAnswer(const Answer &answer)
    {
        ToolResultPart result {.callId = m_pairs.answer(answer.id, answer.name), .name = answer.name};
        addResponse(answer.response, result);
        for (const Media &media : answer.media) {
            if (auto image = imageOf(media))
                result.content.push_back({std::move(*image)});
            else
                result.content.push_back({fileOf(media)});
        }
        m_parts.emplace_back(std::move(result));
    }

    /// Google names three members for what a function gave: "output" (and "result", which SDKs write) and "error". Where
    /// one stands alone it is the answer; else the whole object is.
    void addResponse(Json response, ToolResultPart &result)
    {
        if (response.empty())
            return;
        std::string_view name;
        Json value;
        std::size_t members = 0;
        JsonCursor in(response.raw);
        in.members([&](std::string_view key) { return name = key, ++members, in.skip(value.raw); });
        const Type type = JsonCursor(value.raw).type();
        const bool error = name == "error" && type != Type::Null && type != Type::Bool;
        const bool alone = members == 1 && (error || name == "output" || name == "result");
        if (alone && type == Type::String) {
            Chars text;
            JsonCursor(value.raw).string(text.raw);
            // A text that looks like an object would be taken for one: it stays in its member.
            if (error || !isContainer(text)) {
                result.isError = error;
                result.content.push_back({TextPart {.text = text}});
                return;
            }
        }
        result.isError = alone && error;
        result.content.push_back({TextPart {.text = m_request.keepChars(result.isError ? value.raw : response.raw)}});
    }

    bool isContainer(Chars text)
    {
        const std::string plain = unescapeJson(text.raw);
        const Type type = JsonCursor(plain).type();
        return (type == Type::Object || type == Type::Array) && isJson(plain);
    }

    void addMedia(const Part &part)
    {
        const Media &media = *part.media;
        // What a model made, or has signed, is Google's to know again; other formats have no place for it.
        if (m_fromModel || part.foreign || !part.signature.empty() || isGooglesOwn(media)) {
            m_parts.emplace_back(NativePart {.of = WireFormat::Gemini, .block = part.whole});
            return;
        }
        if (auto image = imageOf(media)) {
            image->detail = detailOf(part.resolution);
            m_parts.emplace_back(std::move(*image));
        } else if (const std::string type = typeOf(media); type.starts_with("audio/") && !media.address) {
            m_parts.emplace_back(AudioPart {.format = m_request.keepChars(audioFormat(type)), .data = media.data});
        } else {
            m_parts.emplace_back(fileOf(media));
        }
    }

    /// Video, files in Google's stores, and addresses of what is neither image, sound nor PDF.
    bool isGooglesOwn(const Media &media)
    {
        const std::string type = typeOf(media);
        if (!media.address)
            return type.starts_with("video/");
        const std::string uri = unescapeJson(media.data.raw);
        const bool http = uri.starts_with("http://") || uri.starts_with("https://");
        return !http || uri.starts_with("https://generativelanguage.googleapis.com/") || (!type.starts_with("image/") && !type.starts_with("audio/") && type != "application/pdf");
    }

    std::string typeOf(const Media &media)
    {
        if (!media.mediaType.empty() || !media.address)
            return plainMediaType(unescapeJson(media.mediaType.raw));
        std::string_view path = media.data.raw.substr(0, media.data.raw.find_first_of("?#"));
        for (const auto &[ending, type] : std::initializer_list<std::pair<std::string_view, std::string_view>> {
                 {".png", "image/png"}, {".jpg", "image/jpeg"}, {".jpeg", "image/jpeg"}, {".gif", "image/gif"}, {".webp", "image/webp"}, {".pdf", "application/pdf"}})
            if (path.ends_with(ending))
                return std::string(type);
        return {};
    }

    MediaSource sourceOf(const Media &media)
    {
        const Chars type = media.mediaType.raw.find('\\') == std::string_view::npos ? media.mediaType : m_request.keepChars(typeOf(media));
        return {.kind = media.address ? MediaSource::Kind::Url : MediaSource::Kind::Base64, .mediaType = type, .data = media.data};
    }

    std::optional<ImagePart> imageOf(const Media &media)
    {
        return typeOf(media).starts_with("image/") ? std::optional(ImagePart {.source = sourceOf(media)}) : std::nullopt;
    }

    FilePart fileOf(const Media &media) { return {.source = sourceOf(media), .name = media.name}; }

    static Chars detailOf(Chars resolution)
    {
        if (resolution.raw.ends_with("_LOW"))
            return {"low"};
        return resolution.raw.ends_with("_HIGH") ? Chars {"high"} : Chars {};
    }

    bool m_fromModel;
    ChatRequest &m_request;
    CallPairs &m_pairs;
    std::vector<ChatPart> &m_parts;
};

} // namespace

bool readPart(RequestCursor &in, std::string_view name, bool fromModel, ChatRequest &request, CallPairs &pairs, std::vector<ChatPart> &parts)
{
    return PartReader(fromModel, request, pairs, parts).read(in, name);
}

} // namespace gateway::wire::gemini
