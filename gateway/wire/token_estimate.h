// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace gateway::wire {

/// How much text there is, by kind of script, as bytes of UTF-8: what tokens are estimated from where nobody counts
/// them (config.md, "The estimate"). Adding is one pass over the bytes, no allocation.
struct TextSize
{
    std::uint32_t ascii = 0;    ///< bytes
    std::uint32_t twoByte = 0;  ///< characters of two bytes: Latin with accents, Greek, Cyrillic, Hebrew, Arabic
    std::uint32_t eastAsian = 0;///< characters of three bytes from U+3000 on: kana, CJK, Hangul
    std::uint32_t otherThree = 0;///< other characters of three bytes: Indic, Thai, punctuation
    std::uint32_t fourByte = 0; ///< characters of four bytes: emoji, rare CJK

    /// Counts the bytes of a text as they stand in JSON; escape sequences count as the ASCII they are written with.
    void add(std::string_view utf8);
    void add(const TextSize &other);
    [[nodiscard]] bool empty() const { return (ascii | twoByte | eastAsian | otherThree | fourByte) == 0; }
};

/// What a request holds, for its estimate.
struct PromptSize
{
    TextSize text;
    std::uint32_t messages = 0;
    std::uint32_t images = 0;
    std::uint32_t audios = 0;
    std::uint32_t files = 0;
    std::uint64_t tokenIds = 0; ///< prompts given as token ids count exactly
    // For nobody's estimate, but found on the way:
    std::uint32_t seals = 0;        ///< of providers on thoughts and calls in the history
    std::uint32_t foreignSeals = 0; ///< of them, those that say by themselves that they are not of the caller's format
};

/// Tokens of that text; 0 for none.
std::int64_t estimateTokens(const TextSize &text);

/// No prompt of that size is more tokens: no token is shorter than a byte. Images, audio and files at their flat figures.
std::int64_t mostTokens(const PromptSize &prompt);

/// Tokens of that prompt: text, four for each message, flat figures for images, audio and files; at least 4.
std::int64_t estimateTokens(const PromptSize &prompt);

} // namespace gateway::wire
