// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/media_type.h"

#include "gateway/core/text.h"

#include <algorithm>
#include <array>

namespace gateway::wire {

std::string_view sniffedMediaType(std::string_view bytes)
{
    if (bytes.starts_with("\xFF\xD8\xFF"))
        return "image/jpeg";
    if (bytes.starts_with("\x89PNG\r\n\x1A\n"))
        return "image/png";
    if (bytes.starts_with("GIF87a") || bytes.starts_with("GIF89a"))
        return "image/gif";
    if (bytes.starts_with("RIFF") && bytes.size() >= 12 && bytes.substr(8, 4) == "WEBP")
        return "image/webp";
    return bytes.starts_with("%PDF-") ? "application/pdf" : std::string_view {};
}

std::string plainMediaType(std::string_view type)
{
    std::string plain(trimmed(type.substr(0, type.find(';'))));
    std::ranges::transform(plain, plain.begin(), asciiLower);
    return plain == "image/jpg" ? "image/jpeg" : plain;
}

bool isText(std::string_view contentType)
{
    constexpr std::array<std::string_view, 7> others {"application/json", "application/x-ndjson", "application/jsonl", "application/xml", "application/yaml", "application/javascript",
                                                      "application/x-www-form-urlencoded"};
    const std::string type = plainMediaType(contentType);
    return type.starts_with("text/") || type.ends_with("+json") || type.ends_with("+xml") || std::ranges::find(others, type) != others.end();
}

std::string_view audioFormat(std::string_view type)
{
    type.remove_prefix(std::string_view("audio/").size());
    if (type == "mpeg" || type == "mp3")
        return "mp3";
    return type == "wav" || type == "x-wav" || type == "wave" ? "wav" : type;
}

} // namespace gateway::wire
