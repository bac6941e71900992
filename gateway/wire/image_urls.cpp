// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/image_urls.h"

#include "gateway/core/text.h"
#include "gateway/wire/base64.h"
#include "gateway/wire/media_type.h"
#include "gateway/wire/media_walk.h"
#include "gateway/wire/neutral/escaped.h"
#include "gateway/wire/utf8.h"

#include <algorithm>
#include <set>
#include <type_traits>
#include <variant>

namespace gateway::wire {
namespace {

using Kind = MediaSource::Kind;

bool isSound(const MediaSource &source)
{
    return source.mediaType.raw.starts_with("audio/");
}

/// An image called a file, or the other way round, becomes what its type says. A tool's result cannot hold sound.
template <typename Part>
void settleKind(Part &value)
{
    const MediaSource source = sourceIn(value);
    if (const auto *image = std::get_if<ImagePart>(&value); image && (source.mediaType.raw == "application/pdf" || source.kind == Kind::Text))
        value = FilePart {.source = source, .cacheControl = image->cacheControl};
    else if (const auto *file = std::get_if<FilePart>(&value); file && source.mediaType.raw.starts_with("image/"))
        value = ImagePart {.source = source, .cacheControl = file->cacheControl};
    else if constexpr (std::is_same_v<Part, ChatPart>) {
        if (isSound(source) && source.kind == Kind::Base64)
            value = AudioPart {.format = {audioFormat(source.mediaType.raw)}, .data = source.data};
    }
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

/// What stands in a request must not end the string that it stands in.
bool isToken(std::string_view type)
{
    return std::ranges::all_of(type, [](char c) { return c > ' ' && c < '\x7f' && c != '"' && c != '\\'; });
}

/// What to call the bytes; empty: they are nothing that a model takes.
std::string typeOf(std::string_view bytes, std::string_view saidType)
{
    const std::string_view sniffed = sniffedMediaType(bytes);
    if (!sniffed.empty())
        return std::string(sniffed);
    std::string said = plainMediaType(saidType);
    const bool known = said.starts_with("image/") || said.starts_with("audio/") || said == "application/pdf" || (isText(said) && said != "text/html");
    return known && isToken(said) ? said : std::string();
}

} // namespace

std::vector<MediaAddress> mediaToFetch(const ChatRequest &request, MediaAbility ability)
{
    std::vector<MediaAddress> addresses;
    std::set<std::string> seen;
    eachMedia(request, [&](const auto &value) {
        const MediaSource &source = sourceIn(value);
        if (std::holds_alternative<ImagePart>(value) ? ability.imageUrls : ability.fileUrls && !isSound(source))
            return;
        std::string url = addressOf(source);
        if (!url.empty() && seen.insert(url).second)
            addresses.push_back({.url = std::move(url), .written = source.data.raw});
    });
    return addresses;
}

Result<FetchedMedia> fetchedMedia(std::string url, std::string_view bytes, std::string_view saidType)
{
    FetchedMedia media {.url = std::move(url), .mediaType = bytes.empty() ? std::string() : typeOf(bytes, saidType)};
    if (media.mediaType.empty())
        return fail(ErrorCode::BadRequest, "is no image (JPEG, PNG, GIF, WebP), PDF, text or sound");
    if (isText(media.mediaType) && isUtf8(bytes)) {
        media.kind = Kind::Text;
        media.data = escaped(bytes);
    } else {
        media.data = toBase64(bytes);
    }
    return media;
}

void putMedia(ChatRequest &request, std::span<const FetchedMedia> fetched)
{
    eachMedia(request, [&](auto &value) {
        const auto found = std::ranges::find(fetched, addressOf(sourceIn(value)), &FetchedMedia::url);
        if (found == fetched.end())
            return;
        sourceIn(value) = {.kind = found->kind, .mediaType = {found->mediaType}, .data = {found->data}};
        settleKind(value);
    });
}

void normaliseMedia(ChatRequest &request)
{
    Normaliser(request).run();
}

} // namespace gateway::wire
