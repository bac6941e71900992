// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/problem.h"

#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A text of the configuration as a tree of values with their places, before anything is known of their meaning: what
/// YAML and JSON have in common. Internal to config/.
namespace gateway::config {

struct Entry;

struct Node
{
    enum class Kind : std::uint8_t { Null, Scalar, Sequence, Map };
    Kind kind = Kind::Null;
    bool quoted = false;        ///< Scalar: a string whatever it looks like ("5"), not a number, true or false
    std::string text {};        ///< Scalar
    std::vector<Node> items {}; ///< Sequence
    std::vector<Entry> entries; ///< Map, in the text's order; keys differ (no {}: it would need Entry whole)
    int line = 0;               ///< from 1; 0: made, not read
    int column = 0;

    static Node plain(std::string text);    ///< a number, true, false, duration, word
    static Node string(std::string text);
    static Node sequence();
    static Node map();
    [[nodiscard]] bool isEmpty() const;     ///< null, or no text, items or entries
    [[nodiscard]] const Node *find(std::string_view key) const;
    void add(std::string key, Node value);  ///< to a Map
};

struct Entry
{
    std::string key;
    Node value;
    int line = 0;
    int column = 0;
};

/// Reads YAML, and with it JSON. Refuses anchors, aliases, tags, a second document, keys that occur twice, and what is over the
/// bounds of yaml_reader.h.
std::expected<Node, Problem> parseYaml(std::string_view text, const std::string &file);

/// Reads JSON without places, keeping every number as it is written as far as 64 bits or a decimal go.
std::expected<Node, Problem> parseJson(std::string_view text);

/// Compact JSON. Plain scalars that are JSON numbers, true or false stay as they are; all others become strings.
std::string jsonText(const Node &node);

/// YAML in block style, short inner maps and lists in flow style.
std::string yamlText(const Node &node);

/// Whether the text is a number, true, false or null as JSON writes them.
bool isJsonLiteral(std::string_view text);

inline constexpr std::size_t maxDocumentBytes = 8 * 1024 * 1024;
inline constexpr std::size_t maxDocumentDepth = 64;
inline constexpr std::size_t maxDocumentNodes = 500'000;

} // namespace gateway::config
