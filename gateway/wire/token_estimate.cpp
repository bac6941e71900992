// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/token_estimate.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace gateway::wire {
namespace {

// Hundredths of a token, from the public vocabularies (cl100k, o200k) over news text and source code. Deliberately a
// little high: an estimate reserves money.
constexpr std::int64_t perAsciiByte = 25;  // English prose 0.22, source code 0.30
constexpr std::int64_t perTwoByte = 50;    // Cyrillic 0.40, Greek 0.60, accents within Latin words 0.5
constexpr std::int64_t perEastAsian = 100; // Chinese 0.75 to 1.1, Japanese 0.8 to 1.0, Hangul 0.7 to 1.2
constexpr std::int64_t perOtherThree = 75; // Devanagari, Thai 0.4 to 1.0; typographic quotes and dashes 1
constexpr std::int64_t perFourByte = 200;  // emoji 1 to 3

constexpr std::int64_t perMessage = 4; // role and separators, OpenAI's own figure for chat
constexpr std::int64_t perImage = 765; // OpenAI's figure for 1024 x 1024 in high detail
constexpr std::int64_t perAudio = 500; // about 50 s of speech
constexpr std::int64_t perFile = 1500; // a page or two of a document
constexpr std::int64_t least = 4;      // config.md: at least 4 tokens

std::int64_t hundredths(const TextSize &text)
{
    return text.ascii * perAsciiByte + text.twoByte * perTwoByte + text.eastAsian * perEastAsian
        + text.otherThree * perOtherThree + text.fourByte * perFourByte;
}

std::int64_t besideText(const PromptSize &prompt)
{
    return prompt.messages * perMessage + prompt.images * perImage + prompt.audios * perAudio + prompt.files * perFile + static_cast<std::int64_t>(prompt.tokenIds);
}

/// How many bytes from `at` on are plain ASCII, in steps of 64 and 8: most text is, and is counted without looking closer.
std::size_t asciiRun(const char *at, const char *end)
{
    constexpr std::uint64_t high = 0x8080808080808080ULL;
    const auto isPlain = [](const char *from, std::size_t words) {
        std::array<std::uint64_t, 8> block {};
        std::memcpy(block.data(), from, words * sizeof high);
        std::uint64_t all = 0;
        for (std::size_t i = 0; i < words; ++i)
            all |= block[i];
        return (all & high) == 0;
    };
    const char *from = at;
    while (end - at >= 64 && isPlain(at, 8))
        at += 64;
    while (end - at >= 8 && isPlain(at, 1))
        at += 8;
    return static_cast<std::size_t>(at - from);
}

} // namespace

void TextSize::add(std::string_view utf8)
{
    const char *at = utf8.data();
    const char *end = at + utf8.size();
    while (at < end) {
        const std::size_t run = asciiRun(at, end);
        ascii += static_cast<std::uint32_t>(run);
        at += run;
        const char *stop = end - at < 8 ? end : at + 8;
        for (; at < stop; ++at) {
            const auto byte = static_cast<unsigned char>(*at);
            if (byte < 0x80) {
                ++ascii;
                continue;
            }
            twoByte += byte >= 0xC2 && byte < 0xE0;
            eastAsian += byte >= 0xE3 && byte <= 0xED;
            otherThree += (byte >= 0xE0 && byte < 0xE3) || byte == 0xEE || byte == 0xEF;
            fourByte += byte >= 0xF0;
        }
    }
}

void TextSize::add(const TextSize &other)
{
    ascii += other.ascii;
    twoByte += other.twoByte;
    eastAsian += other.eastAsian;
    otherThree += other.otherThree;
    fourByte += other.fourByte;
}

std::int64_t estimateTokens(const TextSize &text)
{
    return (hundredths(text) + 99) / 100;
}

std::int64_t estimateTokens(const PromptSize &prompt)
{
    return std::max(estimateTokens(prompt.text) + besideText(prompt), least);
}

std::int64_t mostTokens(const PromptSize &prompt)
{
    const TextSize &text = prompt.text;
    const std::int64_t bytes = std::int64_t {text.ascii} + std::int64_t {2} * text.twoByte + std::int64_t {3} * text.eastAsian + std::int64_t {3} * text.otherThree
        + std::int64_t {4} * text.fourByte;
    return std::max(bytes + besideText(prompt), least);
}

} // namespace gateway::wire
