// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/map_reader.h"

#include "gateway/config/duration.h"
#include "gateway/config/not_built.h"
#include "gateway/core/text.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace gateway::config {

namespace {

std::string_view sectionTitle(std::string_view section)
{
    return section.empty() ? "the configuration" : section;
}

bool isHarmless(const NotBuilt &row, const Node &value)
{
    if (row.harmless == nullptr)
        return false;
    const std::string_view harmless = row.harmless;
    return harmless.empty() ? value.isEmpty() : value.kind == Node::Kind::Scalar && value.text == harmless;
}

} // namespace

MapReader::MapReader(Reading &reading, const Node &node, std::string field, std::string_view section)
    : m_reading(reading), m_node(node), m_field(std::move(field)), m_section(section)
{
    constexpr std::size_t manyKeys = 24;
    m_known.reserve(manyKeys);
    m_reading.place(node, m_field);
    if (!isMap())
        m_reading.error(node, m_field, fmt::format("{} must be a map of keys and values, such as `{}`", m_field.empty() ? "the configuration" : fmt::format("`{}`", m_field),
                                                   m_field.empty() ? "version: 1" : "name: value"));
}

std::string MapReader::at(std::string_view key) const
{
    return m_field.empty() ? std::string(key) : fmt::format("{}.{}", m_field, key);
}

void MapReader::complain(std::string_view key, std::string message)
{
    const Node *value = m_node.find(key);
    m_reading.error(value == nullptr ? m_node : *value, at(key), std::move(message));
}

const Node *MapReader::take(std::string_view key)
{
    m_known.push_back(key);
    const Node *value = m_node.find(key);
    if (value == nullptr)
        return nullptr;
    if (value->line > 0)
        m_reading.place(*value, at(key));
    const NotBuilt *row = m_reading.stored() ? nullptr : findNotBuilt(m_section, key);
    return row != nullptr && !isHarmless(*row, *value) ? nullptr : value; // finish() reports it
}

const Node *MapReader::takeMap(std::string_view key)
{
    const Node *value = take(key);
    if (value == nullptr || value->kind == Node::Kind::Map)
        return value;
    if (value->kind != Node::Kind::Null)
        complain(key, fmt::format("`{}` must be a map of keys and values", at(key)));
    return nullptr;
}

const Node *MapReader::takeSequence(std::string_view key)
{
    const Node *value = take(key);
    if (value == nullptr || value->kind == Node::Kind::Sequence)
        return value;
    if (value->kind != Node::Kind::Null)
        complain(key, fmt::format("`{}` must be a list", at(key)));
    return nullptr;
}

std::optional<std::string> MapReader::scalar(std::string_view key)
{
    const Node *value = take(key);
    if (value == nullptr)
        return std::nullopt;
    const std::string *literal = m_reading.literal(*value);
    return literal ? *literal : m_reading.text(*value, at(key));
}

template <typename T>
std::optional<T> MapReader::number(std::string_view key)
{
    const auto text = scalar(key);
    if (!text)
        return std::nullopt;
    T value {};
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error == std::errc {} && end == text->data() + text->size())
        return value;
    complain(key, error == std::errc::result_out_of_range ? fmt::format("`{}`: {} is too large", at(key), jsonQuoted(*text))
                                                          : fmt::format("`{}`: {} is not a {}number", at(key), jsonQuoted(*text), std::is_integral_v<T> ? "whole " : ""));
    return std::nullopt;
}

template <typename T>
std::optional<T> MapReader::converted(std::string_view key, Result<T> (*convert)(std::string_view))
{
    const auto text = scalar(key);
    if (!text)
        return std::nullopt;
    Result<T> value = convert(*text);
    if (value)
        return std::move(*value);
    complain(key, fmt::format("`{}`: {}", at(key), toValidUtf8(value.error().message)));
    return std::nullopt;
}

void MapReader::read(std::string_view key, std::string &out)
{
    if (auto text = scalar(key))
        out = std::move(*text);
}

void MapReader::read(std::string_view key, bool &out)
{
    const auto text = scalar(key);
    if (!text)
        return;
    if (*text == "true" || *text == "false")
        out = *text == "true";
    else
        complain(key, fmt::format("`{}`: {} is neither true nor false", at(key), jsonQuoted(*text)));
}

void MapReader::read(std::string_view key, std::optional<bool> &out)
{
    if (m_node.find(key) == nullptr) {
        m_known.push_back(key);
        return;
    }
    bool value = false;
    read(key, value);
    out = value;
}

void MapReader::read(std::string_view key, int &out)
{
    if (const auto value = number<int>(key))
        out = *value;
}

void MapReader::read(std::string_view key, std::optional<int> &out)
{
    if (const auto value = number<int>(key))
        out = value;
}

void MapReader::read(std::string_view key, std::optional<std::int64_t> &out)
{
    if (const auto value = number<std::int64_t>(key))
        out = value;
}

void MapReader::read(std::string_view key, double &out)
{
    if (const auto value = number<double>(key))
        out = *value;
}

void MapReader::read(std::string_view key, Millis &out)
{
    if (const auto value = converted(key, &parseDuration))
        out = *value;
}

void MapReader::read(std::string_view key, std::optional<Millis> &out)
{
    if (const auto value = converted(key, &parseDuration))
        out = value;
}

void MapReader::read(std::string_view key, std::optional<Money> &out)
{
    if (const auto value = converted(key, &Money::parse))
        out = value;
}

void MapReader::read(std::string_view key, WallTime &out)
{
    if (const auto value = converted(key, &parseDate))
        out = *value;
}

void MapReader::read(std::string_view key, std::optional<WallTime> &out)
{
    if (const auto value = converted(key, &parseDate))
        out = value;
}

void MapReader::readSize(std::string_view key, std::int64_t &out)
{
    if (const auto value = converted(key, &parseSize))
        out = *value;
}

void MapReader::read(std::string_view key, Secret &out)
{
    const Node *value = take(key);
    if (value == nullptr)
        return;
    if (auto text = m_reading.text(*value, at(key), true))
        out.value = std::move(*text);
}

void MapReader::read(std::string_view key, std::vector<std::string> &out)
{
    const Node *list = takeSequence(key);
    if (list == nullptr)
        return;
    out.clear();
    for (const Node &item : list->items) {
        const std::string field = fmt::format("{}[{}]", at(key), out.size());
        m_reading.place(item, field);
        out.push_back(m_reading.text(item, field).value_or(std::string()));
    }
}

void MapReader::read(std::string_view key, std::optional<std::vector<std::string>> &out)
{
    std::vector<std::string> list;
    read(key, list);
    const Node *value = m_node.find(key);
    if (value != nullptr && value->kind == Node::Kind::Sequence)
        out = std::move(list);
}

void MapReader::read(std::string_view key, std::map<std::string, std::string> &out)
{
    const Node *map = takeMap(key);
    if (map == nullptr)
        return;
    out.clear();
    for (const Entry &entry : map->entries) {
        const std::string field = fmt::format("{}.{}", at(key), entry.key);
        m_reading.place(entry.value, field);
        if (auto text = m_reading.text(entry.value, field))
            out.emplace(entry.key, std::move(*text));
    }
}

namespace {

/// The same tree with the variables of its texts put in.
Node resolved(Reading &reading, const Node &node, const std::string &field)
{
    Node out = node;
    if (node.kind == Node::Kind::Scalar) {
        auto text = reading.text(node, field).value_or(std::string());
        if (text != node.text)
            out.quoted = node.quoted || !isJsonLiteral(text);
        out.text = std::move(text);
    }
    for (std::size_t i = 0; i < node.items.size(); ++i)
        out.items[i] = resolved(reading, node.items[i], fmt::format("{}[{}]", field, i));
    for (std::size_t i = 0; i < node.entries.size(); ++i)
        out.entries[i].value = resolved(reading, node.entries[i].value, fmt::format("{}.{}", field, node.entries[i].key));
    return out;
}

} // namespace

void MapReader::read(std::string_view key, JsonText &out)
{
    const Node *map = takeMap(key);
    if (map != nullptr)
        out.text = map->entries.empty() ? std::string() : jsonText(resolved(m_reading, *map, at(key)));
}

void MapReader::readDocument(std::string_view key, Secret &out)
{
    const Node *value = m_node.find(key);
    if (value == nullptr || value->kind != Node::Kind::Map)
        read(key, out);
    else if (take(key) != nullptr)
        out.value = jsonText(resolved(m_reading, *value, at(key)));
}

std::optional<std::size_t> MapReader::choice(std::string_view key, const std::vector<std::string_view> &words)
{
    const auto text = scalar(key);
    if (!text)
        return std::nullopt;
    const auto word = std::find(words.begin(), words.end(), *text);
    if (word != words.end())
        return static_cast<std::size_t>(word - words.begin());
    complain(key, fmt::format("`{}`: {} is not one of {}", at(key), jsonQuoted(*text), fmt::join(words, ", ")));
    return std::nullopt;
}

void MapReader::finish()
{
    for (const Entry &entry : m_node.entries) {
        if (m_reading.stored() && std::ranges::find(m_known, entry.key) != m_known.end())
            continue;
        const NotBuilt *row = findNotBuilt(m_section, entry.key);
        if (row != nullptr) {
            if (!m_reading.stored() && !isHarmless(*row, entry.value))
                m_reading.errorAt(entry.line, entry.column, at(entry.key),
                                  row->harmless == nullptr || *row->harmless == '\0'
                                      ? fmt::format("`{}` is not built yet in this version; take it out", entry.key)
                                      : fmt::format("`{}` other than {} is not built yet in this version; take it out", entry.key, row->harmless));
            continue;
        }
        if (std::find(m_known.begin(), m_known.end(), entry.key) != m_known.end())
            continue;
        const std::string_view near = nearestName(entry.key, m_known);
        m_reading.errorAt(entry.line, entry.column, at(entry.key),
                          fmt::format("unknown key `{}` in {}{}", toValidUtf8(entry.key), sectionTitle(m_section),
                                      near.empty() ? fmt::format("; it may have {}", fmt::join(m_known, ", ")) : fmt::format("; did you mean `{}`?", near)));
    }
}

} // namespace gateway::config
