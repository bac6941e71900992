// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/privacy/word_automaton.h"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::privacy {

/// Tells how much a text looks as if it tried to take a model over, by phrases of several languages
/// (resources/injection_phrases.txt). One pass over the text for all of them, whatever the case, widths and spaces it is written
/// in. Built once; then thread-safe.
class InjectionPhrases
{
public:
    /// @param own  further phrases, each of which is enough by itself
    explicit InjectionPhrases(const std::vector<std::string> &own);
    /// Those that are built in alone.
    static const std::shared_ptr<const InjectionPhrases> &builtIn();

    /// @return 0: nothing of the kind, to 1
    [[nodiscard]] double score(std::string_view text) const;

    static constexpr std::size_t widestGap = 48; ///< bytes between the words of a phrase

private:
    /// A word's place in a phrase.
    struct Place
    {
        std::uint32_t phrase = 0;
        std::uint32_t group = 0;
        bool open = false; ///< more letters may follow
    };
    struct Phrase
    {
        double weight = 0;
        std::uint32_t first = 0; ///< of its groups among those of all phrases
        std::uint32_t groups = 0;
    };
    class Builder;
    /// Where words of a group ended that all groups before it led to: the last two of them, because words overlap ("system",
    /// "system prompt").
    using Ends = std::array<std::size_t, 2>;
    void found(const Place &place, std::size_t from, std::size_t to, std::vector<Ends> &reached, std::vector<bool> &there) const;

    std::vector<Phrase> m_phrases;
    std::vector<std::vector<Place>> m_places; ///< by word
    WordAutomaton m_words;
    std::size_t m_groups = 0; ///< of all phrases
};

/// A text as phrases are looked for in it: lower case, one space for any white space, ASCII for its full-width forms, and without
/// what has no width, which hides words from eyes that look for them.
[[nodiscard]] std::string plainWords(std::string_view text);

} // namespace gateway::privacy
