// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace gateway::wire {

/// What a file's first bytes say that it is: JPEG, PNG, GIF, WebP and PDF, which is what models take; empty: none of them.
/// 16 bytes are enough.
[[nodiscard]] std::string_view sniffedMediaType(std::string_view bytes);

/// A media type as all providers write it: lower case, without parameters and white space; image/jpg is image/jpeg.
[[nodiscard]] std::string plainMediaType(std::string_view type);

/// Whether a Content-Type names text that people and models can read: JSON and its lines, events, forms, XML, text.
[[nodiscard]] bool isText(std::string_view contentType);

/// The format of sound, as OpenAI calls it ("mp3", "wav"), of a plain media type of sound.
[[nodiscard]] std::string_view audioFormat(std::string_view type);

} // namespace gateway::wire
