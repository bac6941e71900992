// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway::privacy {

/// Finds any of many words in one pass over a text, in time that does not depend on how many they are (Aho and Corasick,
/// 1975). About 20 bytes for each letter of the words. Built once; then thread-safe.
class WordAutomaton
{
public:
    /// @param words  bytes as they are to be found; the place of each is its number. Empty ones are never found.
    explicit WordAutomaton(const std::vector<std::string> &words = {});

    [[nodiscard]] bool empty() const { return m_nodes.size() <= 1; }

    /// Calls `found(word, from, to)` for every place where a word ends; longer ones first. `found` gives whether the
    /// shorter ones that end there are to be told as well.
    template <typename Found>
    void scan(std::string_view text, Found found) const
    {
        std::uint32_t node = 0;
        for (std::size_t i = 0; i < text.size(); ++i) {
            node = next(node, static_cast<unsigned char>(text[i]));
            for (std::uint32_t at = m_nodes[node].word != none ? node : m_nodes[node].output; at != 0; at = m_nodes[at].output) {
                const std::uint32_t word = m_nodes[at].word;
                if (!found(word, i + 1 - m_sizes[word], i + 1))
                    break;
            }
        }
    }

    /// The most bytes at the end of the text that could be the beginning of a word.
    [[nodiscard]] std::size_t begunAtEnd(std::string_view text) const;

private:
    static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
    /// The children of a node stand side by side, in the order of their bytes.
    struct Node
    {
        std::uint32_t children = 0; ///< the first one
        std::uint32_t fail = 0;     ///< the node of the longest end of this one's text that is a beginning of another
        std::uint32_t output = 0;   ///< the nearest node over `fail` that ends a word; 0: none
        std::uint32_t word = none;
        std::uint16_t count = 0;
        std::uint16_t depth = 0;
        std::uint8_t byte = 0;
    };

    [[nodiscard]] std::uint32_t child(std::uint32_t node, std::uint8_t byte) const;
    [[nodiscard]] std::uint32_t next(std::uint32_t node, std::uint8_t byte) const;
    void addChildren(std::uint32_t node, std::pair<std::size_t, std::size_t> range, const std::vector<std::string> &words, std::vector<std::pair<std::size_t, std::size_t>> &ranges);
    void link(std::uint32_t parent, std::uint32_t node);

    std::vector<Node> m_nodes;
    std::vector<std::uint32_t> m_order; ///< the words in the order of their bytes; while it is built
    std::vector<std::uint32_t> m_sizes;
    std::array<std::uint32_t, 256> m_first {}; ///< the root's children
};

} // namespace gateway::privacy
