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

/// An http or https address whose bytes the provider needs.
struct MediaAddress
{
    std::string url;              ///< plain text
    std::string_view written {};  ///< as it stands, first, in the body that was read
};

/// Each address once, in the request's order. What stands in tool results counts too; what is kept for one format alone
/// (NativePart) does not. Sound is wanted as bytes by all.
[[nodiscard]] std::vector<MediaAddress> mediaToFetch(const ChatRequest &request, MediaAbility ability);

/// What lies at an address, in the form in which requests hold it.
struct FetchedMedia
{
    std::string url;               ///< as mediaToFetch() gave it
    MediaSource::Kind kind = MediaSource::Kind::Base64; ///< or Text
    std::string mediaType {};      ///< what the bytes say, or, where they do not, what the server said
    std::string data {};           ///< base64; of Text: as it stands in a JSON string
};

/// @param saidType  the server's Content-Type
/// @return BadRequest, in words that follow "it", where the bytes are no image, PDF, text or sound (a page that says "not found")
Result<FetchedMedia> fetchedMedia(std::string url, std::string_view bytes, std::string_view saidType);

/// Puts what was fetched in the place of its address. Addresses that are not in `fetched` stay.
/// @param fetched  outlives the request, which points into it
void putMedia(ChatRequest &request, std::span<const FetchedMedia> fetched);

/// Puts what the request holds into the form that providers take (wire.md 11, trap 25): plain base64, the media type that
/// the bytes have, an image among the images and a PDF among the files whichever the caller called it, text as text. What
/// is no base64 stays as it is, for the provider to judge. After putMedia(), where there is something to put.
void normaliseMedia(ChatRequest &request);

} // namespace gateway::wire
