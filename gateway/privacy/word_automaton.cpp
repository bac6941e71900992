// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/word_automaton.h"

#include <algorithm>
#include <numeric>

namespace gateway::privacy {

WordAutomaton::WordAutomaton(const std::vector<std::string> &words)
{
    m_order.resize(words.size());
    std::iota(m_order.begin(), m_order.end(), 0U);
    std::ranges::stable_sort(m_order, [&](std::uint32_t a, std::uint32_t b) { return words[a] < words[b]; });
    for (const std::string &word : words)
        m_sizes.push_back(static_cast<std::uint32_t>(word.size()));
    // Breadth first, so that children stand side by side and every `fail` leads to a node that is there.
    m_nodes.emplace_back();
    std::vector<std::pair<std::size_t, std::size_t>> ranges {{0, words.size()}}; // of m_order: the words below each node
    for (std::uint32_t node = 0; node < m_nodes.size(); ++node)
        addChildren(node, ranges[node], words, ranges);
    m_order = {};
    m_nodes.shrink_to_fit();
}

void WordAutomaton::addChildren(std::uint32_t node, std::pair<std::size_t, std::size_t> range, const std::vector<std::string> &words, std::vector<std::pair<std::size_t, std::size_t>> &ranges)
{
    const std::size_t depth = m_nodes[node].depth;
    auto [from, to] = range;
    for (; from < to && words[m_order[from]].size() == depth; ++from) {
        if (depth > 0 && m_nodes[node].word == none)
            m_nodes[node].word = m_order[from];
    }
    m_nodes[node].children = static_cast<std::uint32_t>(m_nodes.size());
    while (from < to) {
        const char byte = words[m_order[from]][depth];
        std::size_t end = from + 1;
        while (end < to && words[m_order[end]][depth] == byte)
            ++end;
        m_nodes.push_back({.depth = static_cast<std::uint16_t>(depth + 1), .byte = static_cast<std::uint8_t>(byte)});
        ranges.emplace_back(from, end);
        ++m_nodes[node].count;
        if (node == 0)
            m_first[static_cast<std::uint8_t>(byte)] = static_cast<std::uint32_t>(m_nodes.size() - 1);
        from = end;
    }
    for (std::uint32_t each = m_nodes[node].children; each < m_nodes.size(); ++each)
        link(node, each);
    const Node &fail = m_nodes[m_nodes[node].fail];
    m_nodes[node].output = node == 0 ? 0 : fail.word != none ? m_nodes[node].fail : fail.output;
}

void WordAutomaton::link(std::uint32_t parent, std::uint32_t node)
{
    if (parent != 0)
        m_nodes[node].fail = next(m_nodes[parent].fail, m_nodes[node].byte);
}

std::uint32_t WordAutomaton::child(std::uint32_t node, std::uint8_t byte) const
{
    if (node == 0)
        return m_first[byte];
    const auto begin = m_nodes.begin() + m_nodes[node].children, end = begin + m_nodes[node].count;
    const auto found = std::lower_bound(begin, end, byte, [](const Node &each, std::uint8_t value) { return each.byte < value; });
    return found != end && found->byte == byte ? static_cast<std::uint32_t>(found - m_nodes.begin()) : 0;
}

std::uint32_t WordAutomaton::next(std::uint32_t node, std::uint8_t byte) const
{
    while (true) {
        const std::uint32_t to = child(node, byte);
        if (to != 0 || node == 0)
            return to;
        node = m_nodes[node].fail;
    }
}

std::size_t WordAutomaton::begunAtEnd(std::string_view text) const
{
    std::uint32_t node = 0;
    for (const char c : text)
        node = next(node, static_cast<unsigned char>(c));
    return m_nodes[node].depth;
}

} // namespace gateway::privacy
