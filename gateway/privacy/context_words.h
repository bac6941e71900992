// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::privacy {

/// The words that make a finding beside them likelier, for up to 64 sources (detectors and own rules) at once, and those
/// that name other numbers ("order", "version"). Built once; then thread-safe and without allocation.
class ContextWords
{
public:
    using Mask = std::uint64_t;
    static constexpr std::size_t buckets = 1024;

    /// @param word  any spelling; four or more bytes and a "*" stand for all words that begin so
    void add(std::string_view word, Mask sources);
    /// After the last add().
    void seal();

    struct Near
    {
        Mask raised = 0;
        bool lowered = false; ///< of the three words before, one names another number, and none nearer raises anything
    };
    /// What stands around a piece of folded text: up to eight words before it, back to the line's beginning (or the line
    /// before where it begins one), and four behind it in the same part of the sentence. A word that names another number
    /// hides what stands before it. Bounded.
    [[nodiscard]] Near around(std::string_view text, std::size_t from, std::size_t to) const;

private:
    struct Entry
    {
        std::string word;
        Mask sources = 0;
        bool beginning = false;
        bool otherNumber = false;
    };
    struct Found
    {
        Mask sources = 0;
        bool otherNumber = false;
    };
    [[nodiscard]] Found find(std::string_view word) const;
    [[nodiscard]] Found findParts(std::string_view word) const;
    void put(std::string_view word, Mask sources, bool otherNumber);

    std::vector<Entry> m_entries; ///< by bucket after seal()
    std::array<std::uint32_t, buckets + 1> m_begins {};
};

} // namespace gateway::privacy
