// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/config/document.h"
#include "gateway/config/yaml_reader.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Reading a Node tree into values with every key accounted for. Internal to config/.
namespace gateway::config {

/// One reading of a text: its options, and what was found wrong so far.
class Reading
{
public:
    /// @param stored  the JSON form with ids and other state, taken literally
    Reading(const ReadOptions &options, bool stored) : m_options(options), m_stored(stored) {}

    [[nodiscard]] const ReadOptions &options() const { return m_options; }
    [[nodiscard]] bool stored() const { return m_stored; }
    [[nodiscard]] bool local() const { return !m_stored && m_options.local; }

    void error(const Node &at, std::string field, std::string message);
    void warn(const Node &at, std::string field, std::string message);
    void errorAt(int line, int column, std::string field, std::string message);
    void place(const Node &at, const std::string &field);
    /// The scalar's text where it is taken literally, with no look at its field; null: ask text().
    [[nodiscard]] const std::string *literal(const Node &node) const { return m_stored && node.kind == Node::Kind::Scalar ? &node.text : nullptr; }

    /// The scalar's text with `${NAME}`, `file:` and `vault:` put in as far as the options allow; nullopt where it is no
    /// scalar or cannot be resolved, which was reported then.
    std::optional<std::string> text(const Node &node, const std::string &field, bool credential = false);

    Problems problems;
    std::map<std::string, std::pair<int, int>, std::less<>> places;

private:
    std::optional<std::string> expanded(const Node &node, const std::string &field);
    std::optional<std::string> variable(const Node &node, const std::string &field, std::string_view inBraces);

    const ReadOptions &m_options;
    bool m_stored;
};

/// Reads the keys of one map. Each read() takes a key where it is there and leaves `out` alone where it is not; finish()
/// reports the keys that nobody read.
class MapReader
{
public:
    /// @param section  as in NotBuilt
    MapReader(Reading &reading, const Node &node, std::string field, std::string_view section);

    [[nodiscard]] bool isMap() const { return m_node.kind == Node::Kind::Map; }
    [[nodiscard]] std::string at(std::string_view key) const;
    const Node &node() const { return m_node; }

    /// The value of a key, or nullptr where it is absent or was refused.
    const Node *take(std::string_view key);
    const Node *takeMap(std::string_view key);
    const Node *takeSequence(std::string_view key);

    void read(std::string_view key, std::string &out);
    void read(std::string_view key, bool &out);
    void read(std::string_view key, std::optional<bool> &out);
    void read(std::string_view key, int &out);
    void read(std::string_view key, std::optional<int> &out);
    void read(std::string_view key, std::optional<std::int64_t> &out);
    void read(std::string_view key, double &out);
    void read(std::string_view key, Millis &out);
    void read(std::string_view key, std::optional<Millis> &out);
    void read(std::string_view key, std::optional<Money> &out);
    void read(std::string_view key, WallTime &out);
    void read(std::string_view key, std::optional<WallTime> &out);
    void read(std::string_view key, Secret &out);
    void read(std::string_view key, std::vector<std::string> &out);
    void read(std::string_view key, std::optional<std::vector<std::string>> &out);
    void read(std::string_view key, std::map<std::string, std::string> &out);
    void read(std::string_view key, JsonText &out);
    void readSize(std::string_view key, std::int64_t &out);
    /// A secret that is a JSON text: the text itself, or the map that it is.
    void readDocument(std::string_view key, Secret &out);

    template <typename Enum>
    void readChoice(std::string_view key, Enum &out, std::initializer_list<Enum> values)
    {
        std::vector<std::string_view> words;
        for (const Enum value : values)
            words.push_back(toText(value));
        if (const auto index = choice(key, words))
            out = *(values.begin() + static_cast<std::ptrdiff_t>(*index));
    }

    void finish();

private:
    std::optional<std::string> scalar(std::string_view key);
    std::optional<std::size_t> choice(std::string_view key, const std::vector<std::string_view> &words);
    template <typename T>
    std::optional<T> number(std::string_view key);
    template <typename T>
    std::optional<T> converted(std::string_view key, Result<T> (*convert)(std::string_view));
    void complain(std::string_view key, std::string message);

    Reading &m_reading;
    const Node &m_node;
    std::string m_field;
    std::string_view m_section;
    std::vector<std::string_view> m_known; ///< asked for, there or not
};

} // namespace gateway::config
