// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/openai_responses/seal.h"

#include "gateway/wire/openai_chat/finish_words.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace gateway::wire::openai_responses {
namespace {

constexpr std::string_view envelope = "signalbox:";
constexpr std::array<std::pair<std::string_view, Seal::Of>, 4> words {
    {{"thought", Seal::Of::Thought}, {"redacted", Seal::Of::Redacted}, {"call", Seal::Of::Call}, {"nothing", Seal::Of::Nothing}}};

std::string_view wordOf(Seal::Of of)
{
    return words[static_cast<std::size_t>(of)].first;
}

} // namespace

std::string writeSeal(const Seal &seal)
{
    if (seal.issuer == WireFormat::OpenAiResponses)
        return std::string(seal.text.raw);
    return fmt::format("{}{}:{}:{}", envelope, openai_chat::reasoningFormat(seal.issuer), wordOf(seal.of), seal.text.raw);
}

Seal readSeal(Chars encryptedContent)
{
    std::string_view rest = encryptedContent.raw;
    const Seal plain {.text = encryptedContent};
    if (!rest.starts_with(envelope))
        return plain;
    rest.remove_prefix(envelope.size());
    const std::size_t first = rest.find(':');
    const std::size_t second = first == std::string_view::npos ? first : rest.find(':', first + 1);
    if (second == std::string_view::npos)
        return plain;
    const std::string_view of = rest.substr(first + 1, second - first - 1);
    for (const auto &[word, value] : words)
        if (word == of)
            return {.of = value, .issuer = openai_chat::reasoningIssuer(rest.substr(0, first)), .text = {rest.substr(second + 1)}};
    return plain;
}

} // namespace gateway::wire::openai_responses
