// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gateway::wire {

/// What an error body says, brought into one form from all those of wire.md section 8.
struct ProviderWords
{
    bool json = false;         ///< the body was JSON
    bool html = false;
    std::string message {};    ///< empty: none found
    std::string type {};
    std::string code {};
    std::string param {};
    int status = 0;            ///< a number between 400 and 599 that the body itself names; 0: none
    bool google = false;       ///< Google's form: its 429 is always a rate limit
    bool dailyQuota = false;   ///< Google: a limit per day is used up
    bool moderation = false;   ///< OpenRouter's or Azure's verdict of a filter
    std::optional<Duration> retryAfter {};
};

/// Reads an error body of any provider. Never fails: what is not JSON becomes the message, tags taken off, 200 bytes.
/// @param secrets  values masked wherever they stand in the words, longest first
ProviderWords readProviderWords(std::string_view body, WallTime wallNow, std::span<const std::string> secrets = {});

/// Text with what looks like an API key or bearer token masked; providers repeat keys in their messages.
std::string withoutSecrets(std::string_view text);

/// Text with each of those very values masked, wherever it stands. @param secrets  longest first; none of them empty
std::string withoutValues(std::string text, std::span<const std::string> secrets);

} // namespace gateway::wire
