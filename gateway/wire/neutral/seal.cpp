// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/neutral/seal.h"

#include "gateway/wire/openai_chat/finish_words.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace gateway::wire {
namespace {

constexpr std::array<std::pair<std::string_view, Seal::Of>, 4> words {
    {{"thought", Seal::Of::Thought}, {"redacted", Seal::Of::Redacted}, {"call", Seal::Of::Call}, {"nothing", Seal::Of::Nothing}}};

std::string_view wordOf(Seal::Of of)
{
    return words[static_cast<std::size_t>(of)].first;
}

} // namespace

std::string writeSeal(const Seal &seal, WireFormat native)
{
    if (seal.issuer == native)
        return std::string(seal.text.raw);
    return fmt::format("{}{}:{}:{}", sealEnvelope, openai_chat::reasoningFormat(seal.issuer), wordOf(seal.of), seal.text.raw);
}

Seal readSeal(Chars text, WireFormat native)
{
    std::string_view rest = text.raw;
    const Seal plain {.issuer = native, .text = text};
    if (!rest.starts_with(sealEnvelope))
        return plain;
    rest.remove_prefix(sealEnvelope.size());
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

} // namespace gateway::wire
