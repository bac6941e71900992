// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/image_urls.h"

#include "gateway/core/text.h"
#include "gateway/wire/base64.h"
#include "gateway/wire/media_type.h"
#include "gateway/wire/neutral/overloaded.h"
#include "gateway/wire/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace gateway::wire {
namespace {

using Kind = MediaSource::Kind;

/// Calls `take` with every image and file, those in tool results too; it gets the variant that holds the part.
template <typename Request, typename Take>
void eachMedia(Request &request, Take take)
{
    const auto visit = [&](auto &value) {
        if (std::holds_alternative<ImagePart>(value) || std::holds_alternative<FilePart>(value))
            take(value);
    };
    for (auto &message : request.messages)
        for (auto &part : message.parts) {
            visit(part);
            if (auto *result = std::get_if<ToolResultPart>(&part))
                for (auto &each : result->content)
                    visit(each.value);
        }
}

template <typename Part>
auto &sourceIn(Part &value)
{
    auto *image = std::get_if<ImagePart>(&value);
    return image ? image->source : std::get<FilePart>(value).source;
}

/// The address as plain text; empty: the source is none of http.
std::string addressOf(const MediaSource &source)
{
    if (source.kind != Kind::Url)
        return {};
    std::string plain = unescapeJson(source.data.raw);
    const std::string_view text = plain;
    return equalsIgnoringCase(text.substr(0, 7), "http://") || equalsIgnoringCase(text.substr(0, 8), "https://") ? plain : std::string();
}

/// An image called a file, or the other way round, becomes what its type says.
template <typename Part>
void settleKind(Part &value)
{
    const std::string_view type = sourceIn(value).mediaType.raw;
    if (const auto *image = std::get_if<ImagePart>(&value); image && type == "application/pdf")
        value = FilePart {.source = image->source, .cacheControl = image->cacheControl};
    else if (const auto *file = std::get_if<FilePart>(&value); file && type.starts_with("image/"))
        value = ImagePart {.source = file->source, .cacheControl = file->cacheControl};
}

/// What models read as text, whoever sent it as a file.
bool isText(std::string_view type)
{
    return type.starts_with("text/") || type == "application/json" || type == "application/xml" || type == "application/yaml";
}

/// Base64 already in its one form: nothing has to be copied.
bool isNormal(std::string_view raw)
{
    const auto plain = [](char c) { return (asciiLower(c) >= 'a' && asciiLower(c) <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/'; };
    const std::size_t padding = raw.ends_with("==") ? 2 : raw.ends_with('=') ? 1 : 0;
    return raw.size() % 4 == 0 && std::ranges::all_of(raw.substr(0, raw.size() - padding), plain);
}

class Normaliser
{
public:
    explicit Normaliser(ChatRequest &request) : m_request(request) {}

    void run()
    {
        eachMedia(m_request, [this](auto &value) {
            MediaSource &source = sourceIn(value);
            type(source);
            if (source.kind == Kind::Base64)
                base64(source, std::holds_alternative<FilePart>(value));
            settleKind(value);
        });
        for (ChatMessage &message : m_request.messages)
            for (ChatPart &part : message.parts)
                if (auto *audio = std::get_if<AudioPart>(&part))
                    bytes(audio->data);
    }

private:
    void type(MediaSource &source)
    {
        if (source.mediaType.empty())
            return;
        const std::string plain = plainMediaType(unescapeJson(source.mediaType.raw));
        if (plain != source.mediaType.raw)
            source.mediaType = m_request.keepChars(plain);
    }

    bool bytes(Chars &data)
    {
        if (isNormal(data.raw))
            return true;
        const bool escaped = data.raw.find('\\') != std::string_view::npos;
        auto normal = escaped ? normalBase64(unescapeJson(data.raw)) : normalBase64(data.raw);
        if (!normal)
            return false;
        data = {m_request.keep(std::move(*normal))};
        return true;
    }

    void base64(MediaSource &source, bool file)
    {
        if (!bytes(source.data))
            return;
        constexpr std::size_t enough = 32; // 24 bytes
        const std::string_view sniffed = sniffedMediaType(fromBase64(source.data.raw.substr(0, enough)).value_or(""));
        if (!sniffed.empty())
            source.mediaType = {sniffed};
        else if (file && isText(source.mediaType.raw))
            text(source);
    }

    void text(MediaSource &source)
    {
        const auto plain = fromBase64(source.data.raw);
        if (!plain || !isUtf8(*plain))
            return;
        source.data = m_request.keepChars(*plain);
        source.kind = Kind::Text;
    }

    ChatRequest &m_request;
};

/// What to call the bytes; empty: they are nothing that a model takes.
std::string typeOf(const FetchedMedia &media)
{
    const std::string_view sniffed = sniffedMediaType(media.bytes);
    if (!sniffed.empty())
        return std::string(sniffed);
    std::string said = plainMediaType(media.mediaType);
    const bool document = said.starts_with("image/") || said == "application/pdf" || (isText(said) && said != "text/html");
    return document ? said : std::string();
}

} // namespace

std::vector<std::string> mediaToFetch(const ChatRequest &request, MediaAbility ability)
{
    std::vector<std::string> addresses;
    std::set<std::string> seen;
    eachMedia(request, [&](const auto &value) {
        if (std::holds_alternative<ImagePart>(value) ? ability.imageUrls : ability.fileUrls)
            return;
        std::string address = addressOf(sourceIn(value));
        if (!address.empty() && seen.insert(address).second)
            addresses.push_back(std::move(address));
    });
    return addresses;
}

Result<void> putMedia(ChatRequest &request, std::span<const FetchedMedia> fetched)
{
    std::map<std::string_view, MediaSource> sources;
    for (const FetchedMedia &media : fetched) {
        const std::string type = typeOf(media);
        if (type.empty())
            return fail(ErrorCode::BadRequest, fmt::format("What lies at {} is neither an image (JPEG, PNG, GIF, WebP) nor a PDF.", media.address));
        sources[media.address] = {.kind = Kind::Base64, .mediaType = request.keepChars(type), .data = {request.keep(toBase64(media.bytes))}};
    }
    eachMedia(request, [&](auto &value) {
        if (const auto found = sources.find(addressOf(sourceIn(value))); found != sources.end()) {
            sourceIn(value) = found->second;
            settleKind(value);
        }
    });
    return {};
}

void normaliseMedia(ChatRequest &request)
{
    Normaliser(request).run();
}

} // namespace gateway::wire
