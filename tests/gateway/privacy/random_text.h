// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/privacy/policy.h"
#include "tests/gateway/privacy/corpus.h"

#include <array>
#include <string>
#include <string_view>

/// A text of words, with 0 to 20 entities and a few things that are written like placeholders.
inline std::string randomText(corpus::Random &random)
{
    static const auto names = gateway::privacy::detectorNames();
    static constexpr std::array<std::string_view, 10> words {"the ", "Bericht ", "und\n", "\"quoted\" ", "\\ ", "caf\xc3\xa9 ", "<b>", "100% ", "&amp; ", "\xf0\x9f\x99\x82 "};
    static constexpr std::array<std::string_view, 6> literals {"<EMAIL_1> ", "<email_2>", "%3CIBAN_1%3E ", "\\u003cPHONE_1\\u003e ", "&lt;TEXT_1&gt; ", "<EMAIL_"};
    std::string text;
    for (std::size_t entities = random.below(21); entities > 0; --entities) {
        for (std::size_t i = random.below(4); i > 0; --i)
            text += random.of(words);
        text += (random.oneIn(8) ? std::string(random.of(literals)) : corpus::valueOf(random.of(names), random)) + " ";
    }
    return text;
}
