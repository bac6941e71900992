// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/image_urls.h"

#include <span>
#include <string>
#include <string_view>

namespace gateway::wire {

/// A body that is passed to a provider of its own format, with what was fetched in the place of addresses; all else keeps
/// its bytes. Of OpenAI's chat format and Anthropic's: nobody else has providers that differ in this.
/// @param request  read of `body`
std::string withMedia(std::string_view body, const ChatRequest &request, WireFormat format, std::span<const FetchedMedia> fetched);

} // namespace gateway::wire
