// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// What the mock upstream says, in the format of whoever it stands for.
namespace bench {

enum class Format { OpenAi, Anthropic, Gemini };

/// @param head  of a request: its path tells the format
Format formatOf(std::string_view head);
/// The model that a request asks for; empty: none was found.
std::string_view modelOf(Format format, std::string_view head, std::string_view body);

/// 1.2 KB with its HTTP head; the same text in every format.
std::string wholeAnswer(Format format);

/// Events of a stream, without HTTP's chunks around them.
std::string beginEvents(Format format);
std::string contentEvent(Format format, std::int64_t sentAt); ///< a word, and the moment at which it was sent
std::string endEvents(Format format, bool wantsUsage);

} // namespace bench
