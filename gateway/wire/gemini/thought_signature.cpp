// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/gemini/thought_signature.h"

#include "gateway/wire/base64.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace gateway::wire::gemini {
namespace {

constexpr std::string_view mark = "signalbox";
constexpr std::string_view sealed = "sealed", signedBy = "signed";

/// Written into callers' histories: names never change.
constexpr std::array<std::pair<WireFormat, std::string_view>, 7> issuers {{
    {WireFormat::OpenAiChat, "openai-chat"}, {WireFormat::OpenAiResponses, "openai-responses"}, {WireFormat::Anthropic, "anthropic"},
    {WireFormat::Gemini, "gemini"}, {WireFormat::BedrockConverse, "bedrock"}, {WireFormat::CohereV2, "cohere"}, {WireFormat::OllamaChat, "ollama"},
}};

std::string_view nameOf(WireFormat format)
{
    for (const auto &[issuer, name] : issuers)
        if (issuer == format)
            return name;
    return {};
}

std::string_view nextWord(std::string_view &text)
{
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return word;
}

/// nullopt: it is none of ours.
std::optional<ThinkingPart> opened(std::string_view text, ChatRequest &keeper)
{
    if (!text.starts_with(sealedBeginning))
        return std::nullopt;
    const std::string plain = fromBase64(text).value_or("");
    std::string_view rest = plain;
    nextWord(rest);
    const std::string_view issuer = nextWord(rest), kind = nextWord(rest);
    for (const auto &[format, name] : issuers) {
        if (name != issuer || rest.empty() || (kind != sealed && kind != signedBy))
            continue;
        // Escaped anew: nobody promised that the text comes back as it was given out.
        const Chars kept = keeper.keepChars(rest);
        return kind == sealed ? ThinkingPart {.redacted = kept, .issuer = format} : ThinkingPart {.signature = kept, .issuer = format};
    }
    return std::nullopt;
}

} // namespace

std::string thoughtSignature(const ThinkingDelta &delta)
{
    const bool redacted = !delta.redacted.empty();
    const std::string_view raw = redacted ? delta.redacted.raw : delta.signature.raw;
    if (delta.issuer == WireFormat::Gemini && !redacted)
        return std::string(raw);
    return toBase64(fmt::format("{} {} {} {}", mark, nameOf(delta.issuer), redacted ? sealed : signedBy, unescapeJson(raw)));
}

ThinkingPart thoughtOf(Chars signature, ChatRequest &keeper)
{
    const auto own = opened(keeper.plain(signature), keeper);
    return own.value_or(ThinkingPart {.signature = signature, .issuer = WireFormat::Gemini});
}

} // namespace gateway::wire::gemini
