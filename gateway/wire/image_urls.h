// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/wire/neutral/chat_request.h"

#include <span>
#include <string>
#include <vector>

/// Images and files that a request names by address, for providers that want their bytes (wire.md 2.2), and those that it
/// holds in a form that providers refuse. Nothing is fetched here: who does sees to private addresses, sizes, redirects
/// and time (wire.md 11, trap 26).
namespace gateway::wire {

/// What a provider fetches by itself.
struct MediaAbility
{
    bool imageUrls = false;
    bool fileUrls = false;
};

/// The http and https addresses whose bytes the provider needs, as plain text, each once, in the request's order. What
/// stands in tool results counts too; what is kept for one format alone (NativePart) does not.
[[nodiscard]] std::vector<std::string> mediaToFetch(const ChatRequest &request, MediaAbility ability);

struct FetchedMedia
{
    std::string address;      ///< as mediaToFetch() gave it
    std::string bytes;
    std::string mediaType {}; ///< what the server said: believed where the bytes themselves do not tell
};

/// Puts what was fetched in the place of its address, as base64 whose text the request keeps. Addresses that are not in
/// `fetched` stay.
/// @return BadRequest where what was fetched is neither an image nor a document (a page that says "not found"); then
///         nothing has changed
Result<void> putMedia(ChatRequest &request, std::span<const FetchedMedia> fetched);

/// Puts what the request holds into the form that providers take (wire.md 11, trap 25): plain base64, the media type that
/// the bytes have, an image among the images and a PDF among the files whichever the caller called it, text as text. What
/// is no base64 stays as it is, for the provider to judge. After putMedia(), where there is something to put.
void normaliseMedia(ChatRequest &request);

} // namespace gateway::wire
