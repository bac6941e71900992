// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/data_url.h"

#include "gateway/core/text.h"

#include <fmt/format.h>

namespace gateway::wire {

MediaSource sourceOfUrl(Chars url)
{
    constexpr std::string_view scheme = "data:";
    const std::string_view raw = url.raw;
    const std::size_t comma = raw.find(',');
    if (raw.size() < scheme.size() || !equalsIgnoringCase(raw.substr(0, scheme.size()), scheme) || comma == std::string_view::npos)
        return {.kind = MediaSource::Kind::Url, .data = url};
    std::string_view head = raw.substr(scheme.size(), comma - scheme.size());
    std::string_view type = head.substr(0, head.find(';'));
    // A slash may be written \/ in JSON; media types have no other character that needs an escape.
    const bool base64 = head.size() >= 7 && equalsIgnoringCase(head.substr(head.size() - 7), ";base64");
    return {.kind = base64 ? MediaSource::Kind::Base64 : MediaSource::Kind::Text, .mediaType = {type}, .data = {raw.substr(comma + 1)}};
}

std::string urlOfSource(const MediaSource &source, std::string_view type)
{
    if (source.kind == MediaSource::Kind::Url)
        return std::string(source.data.raw);
    return fmt::format("data:{};base64,{}", source.mediaType.empty() ? type : source.mediaType.raw, source.data.raw);
}

} // namespace gateway::wire
