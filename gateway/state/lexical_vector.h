// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace gateway::state {

inline constexpr std::size_t lexicalDimensions = 256;

/// The built-in `lexical` vectoriser: which words, pairs of words and runs of three letters a text has, hashed into 256
/// numbers of length one together. It knows spelling and nothing of meaning: "How tall is the tower?" lies near "How tall
/// is the tower then?", and not near "What height does it have?"; and a question about another tower lies nearer than a
/// model of language would have it. For who wants repeated questions found without a model; an embeddings model is
/// better. Numbers and negations weigh more, since with them the answer changes. Letters are compared without case (ASCII,
/// Latin-1, Cyrillic). Pure; linear; 5 us a kilobyte or so.
/// @return all zero: the text has no word
[[nodiscard]] std::vector<float> lexicalVector(std::string_view text);

} // namespace gateway::state
