// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::privacy {

/// A text as detectors look at it: one byte a character, so that none of them needs to know Unicode or escapes. Digits,
/// letters, dashes, spaces and quotes of other widths and scripts become those of ASCII, letters of Latin-1 their lower-case
/// Latin-1 byte, other letters `otherLetter`, all else `otherSymbol` (characters.h). What has no width is left out. JSON's
/// escapes (`\n`, `\"`, `\u0040`, under up to four backslashes) and percent-encoded punctuation (`%40`) become what they
/// stand for, because texts hold JSON and URLs. Bytes that are no UTF-8 become symbols one by one. Plain ASCII is not
/// copied. Reusable; keeps its memory.
class FoldedText
{
public:
    /// @param text  under 4 GB; must outlive the use of this
    void fold(std::string_view text);

    [[nodiscard]] std::string_view bytes() const { return m_bytes; }
    /// Where a folded byte begins in the text that was given; of bytes().size(): its end.
    [[nodiscard]] std::size_t beginOf(std::size_t folded) const;
    /// Where the piece of text ends that the byte before `folded` stands for.
    [[nodiscard]] std::size_t endOf(std::size_t folded) const;
    /// The first folded byte that begins at or behind a place of the text.
    [[nodiscard]] std::size_t foldedAt(std::size_t place) const;

private:
    void foldPieces();

    std::string_view m_text;
    std::string_view m_bytes;
    std::string m_folded;
    std::vector<std::uint32_t> m_begins; ///< empty: the same places as in the text
    bool m_same = true;
};

/// The text folded by itself: for words that are compared with folded ones.
[[nodiscard]] std::string folded(std::string_view text);

} // namespace gateway::privacy
