// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/literal_text.h"

#include <fmt/format.h>

namespace gateway::config {

void readLiteral(Reading &reading, MapReader &map, std::string_view key, std::string &out)
{
    const Node *node = map.take(key);
    if (node == nullptr)
        return;
    if (node->kind == Node::Kind::Scalar)
        out = node->text;
    else if (node->kind != Node::Kind::Null)
        reading.error(*node, map.at(key), fmt::format("`{}` must be a text", map.at(key)));
}

void readLiterals(Reading &reading, MapReader &map, std::string_view key, std::vector<std::string> &out)
{
    const Node *list = map.takeSequence(key);
    if (list == nullptr)
        return;
    out.clear();
    for (const Node &item : list->items) {
        const std::string field = fmt::format("{}[{}]", map.at(key), out.size());
        reading.place(item, field);
        if (item.kind != Node::Kind::Scalar)
            reading.error(item, field, fmt::format("`{}` is a list of texts", map.at(key)));
        out.push_back(item.text);
    }
}

void readJson(Reading &reading, MapReader &map, std::string_view key, Node::Kind kind, std::string &out)
{
    const Node *node = map.take(key);
    if (node == nullptr || node->kind == Node::Kind::Null)
        return;
    if (node->kind == kind)
        out = node->isEmpty() ? std::string() : jsonText(*node);
    else
        reading.error(*node, map.at(key), fmt::format("`{}` must be a {}", map.at(key), kind == Node::Kind::Map ? "map of keys and values" : "list"));
}

void writeLiteral(MapWriter &map, std::string_view key, const std::string &text)
{
    if (!text.empty())
        map.addAlways(key, Node::string(text));
}

void writeLiterals(MapWriter &map, std::string_view key, const std::vector<std::string> &texts)
{
    Node list = Node::sequence();
    for (const std::string &text : texts)
        list.items.push_back(Node::string(text));
    map.add(key, std::move(list));
}

void writeJson(MapWriter &map, std::string_view key, const std::string &json)
{
    if (json.empty())
        return;
    if (auto node = parseJson(json))
        map.addAlways(key, std::move(*node));
}

} // namespace gateway::config
