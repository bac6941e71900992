// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/document.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unordered_set>

namespace gateway::config {

namespace {

using nlohmann::json;

/// nlohmann's parser tells each number's text, which its own tree would lose ("1.10", integers over 64 bits).
class TreeBuilder final : public nlohmann::json_sax<json>
{
public:
    Node take() { return std::move(m_root); }
    [[nodiscard]] const std::string &message() const { return m_message; }

    bool null() override { return put(Node {}) != nullptr; }
    bool boolean(bool value) override { return put(Node::plain(value ? "true" : "false")) != nullptr; }
    bool number_integer(number_integer_t value) override { return put(Node::plain(fmt::format("{}", value))) != nullptr; }
    bool number_unsigned(number_unsigned_t value) override { return put(Node::plain(fmt::format("{}", value))) != nullptr; }
    bool number_float(number_float_t, const string_t &text) override { return put(Node::plain(text)) != nullptr; }
    bool string(string_t &value) override { return put(Node::string(std::move(value))) != nullptr; }
    bool binary(binary_t &) override { return refuse("binary values are not taken"); }
    bool start_object(std::size_t) override { return open(Node::map()); }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open(Node::sequence()); }
    bool end_array() override { return close(); }

    bool key(string_t &value) override
    {
        if (!isNew(m_open.back(), value))
            return refuse(fmt::format("the key `{}` occurs twice", value));
        m_open.back().node->entries.push_back(Entry {std::move(value), Node {}});
        return true;
    }

    bool parse_error(std::size_t position, const std::string &, const nlohmann::detail::exception &) override
    {
        return refuse(fmt::format("is no JSON: unexpected text at byte {}", position));
    }

private:
    struct Level
    {
        Node *node;
        std::unordered_set<std::string> keys {}; ///< of a large map; a small one is gone through
    };

    static bool isNew(Level &map, const std::string &key)
    {
        constexpr std::size_t small = 16;
        const std::vector<Entry> &entries = map.node->entries;
        if (entries.size() < small)
            return map.node->find(key) == nullptr;
        if (map.keys.empty()) {
            for (const Entry &entry : entries)
                map.keys.insert(entry.key);
        }
        return map.keys.insert(key).second;
    }

    bool refuse(std::string message)
    {
        m_message = std::move(message);
        return false;
    }

    Node *put(Node node)
    {
        if (++m_nodes > maxDocumentNodes) {
            refuse(fmt::format("more than {} values", maxDocumentNodes));
            return nullptr;
        }
        if (m_open.empty()) {
            m_root = std::move(node);
            return &m_root;
        }
        Node &parent = *m_open.back().node;
        Node &place = parent.kind == Node::Kind::Map ? parent.entries.back().value : parent.items.emplace_back();
        place = std::move(node);
        return &place;
    }

    bool open(Node node)
    {
        if (m_open.size() >= maxDocumentDepth)
            return refuse(fmt::format("nested more than {} deep", maxDocumentDepth));
        Node *place = put(std::move(node));
        if (place == nullptr)
            return false;
        m_open.push_back(Level {place});
        return true;
    }

    bool close()
    {
        m_open.pop_back();
        return true;
    }

    Node m_root;
    std::vector<Level> m_open;
    std::size_t m_nodes = 0;
    std::string m_message;
};

} // namespace

std::expected<Node, Problem> parseJson(std::string_view text)
{
    if (text.size() > maxDocumentBytes)
        return std::unexpected(Problem {.message = fmt::format("has {} bytes; at most 8 MB are read", text.size())});
    try {
        TreeBuilder tree;
        if (!json::sax_parse(text, &tree))
            return std::unexpected(Problem {.message = tree.message().empty() ? std::string("is no JSON") : tree.message()});
        return tree.take();
    } catch (const std::exception &error) {
        return std::unexpected(Problem {.message = fmt::format("is no JSON: {}", error.what())});
    }
}

} // namespace gateway::config
