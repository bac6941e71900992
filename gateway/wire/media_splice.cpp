// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/media_splice.h"

#include "gateway/wire/json_place.h"
#include "gateway/wire/media_walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace gateway::wire {
namespace {

struct Change
{
    std::string_view old; ///< of the body
    std::string text;
};

std::string anthropicSource(const FetchedMedia &media)
{
    if (media.kind == MediaSource::Kind::Text)
        return fmt::format(R"({{"type":"text","media_type":"text/plain","data":"{}"}})", media.data);
    return fmt::format(R"({{"type":"base64","media_type":"{}","data":"{}"}})", media.mediaType, media.data);
}

} // namespace

std::string withMedia(std::string_view body, const ChatRequest &request, WireFormat format, std::span<const FetchedMedia> fetched)
{
    std::vector<Change> changes;
    eachMedia(request, [&](const auto &value) {
        const MediaSource &source = sourceIn(value);
        const auto found = std::ranges::find(fetched, addressOf(source), &FetchedMedia::url);
        if (found == fetched.end())
            return;
        if (format == WireFormat::Anthropic)
            changes.push_back({.old = placeIn(body, source.data.raw).object, .text = anthropicSource(*found)});
        else if (found->kind == MediaSource::Kind::Base64)
            changes.push_back({.old = source.data.raw, .text = fmt::format("data:{};base64,{}", found->mediaType, found->data)});
    });
    std::ranges::sort(changes, {}, [](const Change &change) { return change.old.data(); });

    std::string made;
    const char *at = body.data();
    for (const Change &change : changes) {
        made.append(at, change.old.data()).append(change.text);
        at = change.old.data() + change.old.size();
    }
    return made.append(at, body.data() + body.size());
}

} // namespace gateway::wire
