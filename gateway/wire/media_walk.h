// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/text.h"
#include "gateway/wire/neutral/chat_request.h"

#include <string>
#include <string_view>
#include <variant>

/// Going over a request's images and files. Internal to wire.
namespace gateway::wire {

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

/// @param value  a variant that holds an image or a file
template <typename Part>
auto &sourceIn(Part &value)
{
    auto *image = std::get_if<ImagePart>(&value);
    return image ? image->source : std::get<FilePart>(value).source;
}

/// The address as plain text; empty: the source is none of http.
inline std::string addressOf(const MediaSource &source)
{
    if (source.kind != MediaSource::Kind::Url)
        return {};
    std::string plain = unescapeJson(source.data.raw);
    const std::string_view text = plain;
    return equalsIgnoringCase(text.substr(0, 7), "http://") || equalsIgnoringCase(text.substr(0, 8), "https://") ? plain : std::string();
}

} // namespace gateway::wire
