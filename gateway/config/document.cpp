// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/document.h"

#include "gateway/core/text.h"

#include <algorithm>
#include <cstddef>

namespace gateway::config {

namespace {

/// Steps over one or more digits; false where there is none.
bool skipDigits(std::string_view text, std::size_t &at)
{
    const std::size_t start = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9')
        ++at;
    return at > start;
}

/// RFC 8259 section 6.
bool isJsonNumber(std::string_view text)
{
    std::size_t at = text.starts_with('-') ? 1 : 0;
    const std::size_t first = at;
    if (!skipDigits(text, at) || (text[first] == '0' && at > first + 1))
        return false;
    if (at < text.size() && text[at] == '.' && !skipDigits(text, ++at))
        return false;
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        if (at < text.size() && (text[at] == '+' || text[at] == '-'))
            ++at;
        if (!skipDigits(text, at))
            return false;
    }
    return at == text.size();
}

void writeJson(const Node &node, std::string &out)
{
    switch (node.kind) {
    case Node::Kind::Null: out += "null"; break;
    case Node::Kind::Scalar: out += !node.quoted && isJsonLiteral(node.text) ? node.text : jsonQuoted(node.text); break;
    case Node::Kind::Sequence: {
        out += '[';
        for (std::size_t i = 0; i < node.items.size(); ++i) {
            if (i > 0)
                out += ',';
            writeJson(node.items[i], out);
        }
        out += ']';
        break;
    }
    case Node::Kind::Map: {
        out += '{';
        for (std::size_t i = 0; i < node.entries.size(); ++i) {
            if (i > 0)
                out += ',';
            out += jsonQuoted(node.entries[i].key);
            out += ':';
            writeJson(node.entries[i].value, out);
        }
        out += '}';
        break;
    }
    }
}

} // namespace

Node Node::plain(std::string text)
{
    Node node;
    node.kind = Kind::Scalar;
    node.text = std::move(text);
    return node;
}

Node Node::string(std::string text)
{
    Node node = plain(std::move(text));
    node.quoted = true;
    return node;
}

Node Node::sequence()
{
    Node node;
    node.kind = Kind::Sequence;
    return node;
}

Node Node::map()
{
    Node node;
    node.kind = Kind::Map;
    return node;
}

bool Node::isEmpty() const
{
    return text.empty() && items.empty() && entries.empty();
}

const Node *Node::find(std::string_view key) const
{
    const auto entry = std::find_if(entries.begin(), entries.end(), [&](const Entry &candidate) { return candidate.key == key; });
    return entry == entries.end() ? nullptr : &entry->value;
}

void Node::add(std::string key, Node value)
{
    entries.push_back(Entry {std::move(key), std::move(value)});
}

bool isJsonLiteral(std::string_view text)
{
    return text == "true" || text == "false" || text == "null" || isJsonNumber(text);
}

std::string jsonText(const Node &node)
{
    std::string out;
    writeJson(node, out);
    return out;
}

} // namespace gateway::config
