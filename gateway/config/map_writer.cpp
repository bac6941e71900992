// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/map_writer.h"

#include <fmt/format.h>

namespace gateway::config {

namespace {

/// "${" as a local file writes a literal one: "$${".
std::string escaped(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        out += text[i];
        if (text[i] == '$' && i + 1 < text.size() && text[i + 1] == '{')
            out += '$';
    }
    return out;
}

Node escaped(Node node)
{
    if (node.kind == Node::Kind::Scalar)
        node.text = escaped(std::string_view(node.text));
    for (Node &item : node.items)
        item = escaped(std::move(item));
    for (Entry &entry : node.entries)
        entry.value = escaped(std::move(entry.value));
    return node;
}

} // namespace

Node MapWriter::text(const std::string &value) const
{
    return Node::string(m_options.literal ? value : escaped(std::string_view(value)));
}

Node MapWriter::list(const std::vector<std::string> &values) const
{
    Node node = Node::sequence();
    for (const std::string &value : values)
        node.items.push_back(text(value));
    return node;
}

void MapWriter::write(std::string_view key, const std::string &value, std::string_view standard)
{
    if (value != standard)
        addAlways(key, text(value));
}

void MapWriter::write(std::string_view key, bool value, bool standard)
{
    if (value != standard)
        addAlways(key, Node::plain(value ? "true" : "false"));
}

void MapWriter::write(std::string_view key, int value, int standard)
{
    if (value != standard)
        addAlways(key, Node::plain(fmt::format("{}", value)));
}

void MapWriter::write(std::string_view key, double value, double standard)
{
    if (value != standard)
        addAlways(key, Node::plain(fmt::format("{}", value)));
}

void MapWriter::write(std::string_view key, Millis value, Millis standard)
{
    if (value != standard)
        addAlways(key, Node::plain(durationText(value)));
}

void MapWriter::write(std::string_view key, const std::optional<Millis> &value, const std::optional<Millis> &standard)
{
    if (value && value != standard)
        addAlways(key, Node::plain(durationText(*value)));
}

void MapWriter::write(std::string_view key, const std::optional<Money> &value)
{
    if (value)
        addAlways(key, Node::plain(value->toDecimal()));
}

void MapWriter::write(std::string_view key, const std::optional<bool> &value)
{
    if (value)
        addAlways(key, Node::plain(*value ? "true" : "false"));
}

void MapWriter::write(std::string_view key, const std::optional<int> &value)
{
    if (value)
        addAlways(key, Node::plain(fmt::format("{}", *value)));
}

void MapWriter::write(std::string_view key, const std::optional<std::int64_t> &value)
{
    if (value)
        addAlways(key, Node::plain(fmt::format("{}", *value)));
}

void MapWriter::write(std::string_view key, const Secret &value)
{
    if (m_options.secrets == Secrets::Include && !value.empty())
        addAlways(key, text(value.value));
}

void MapWriter::write(std::string_view key, const std::vector<std::string> &values)
{
    add(key, list(values));
}

void MapWriter::write(std::string_view key, const std::map<std::string, std::string> &values)
{
    Node map = Node::map();
    for (const auto &[name, value] : values)
        map.add(name, text(value));
    add(key, std::move(map));
}

/// Empty where there is no such text: check() refuses one that is no JSON before anything is written.
Node MapWriter::node(const JsonText &value) const
{
    if (value.empty())
        return {};
    auto parsed = parseJson(value.text);
    if (!parsed)
        return {};
    return m_options.literal ? std::move(*parsed) : escaped(std::move(*parsed));
}

void MapWriter::write(std::string_view key, const JsonText &value)
{
    if (Node made = node(value); made.kind != Node::Kind::Null)
        addAlways(key, std::move(made));
}

void MapWriter::writeMembers(const JsonText &object)
{
    for (Entry &entry : node(object).entries)
        addAlways(entry.key, std::move(entry.value));
}

void MapWriter::writeSize(std::string_view key, std::int64_t value, std::int64_t standard)
{
    if (value != standard)
        addAlways(key, Node::plain(sizeText(value)));
}

void MapWriter::writeDate(std::string_view key, WallTime value)
{
    addAlways(key, Node::plain(dateText(value)));
}

void MapWriter::add(std::string_view key, Node value)
{
    if (!value.isEmpty())
        addAlways(key, std::move(value));
}

} // namespace gateway::config
