// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/duration.h"
#include "gateway/config/entity_writer.h"
#include "gateway/config/names.h"

#include <map>
#include <string>
#include <string_view>

/// Filling one map of a Node tree; each write() leaves out what equals the default. Internal to config/.
namespace gateway::config {

class MapWriter
{
public:
    explicit MapWriter(const WriteOptions &options) : m_options(options), m_node(Node::map()) {}

    void write(std::string_view key, const std::string &value, std::string_view standard = {});
    void write(std::string_view key, bool value, bool standard);
    void write(std::string_view key, int value, int standard);
    void write(std::string_view key, double value, double standard);
    void write(std::string_view key, Millis value, Millis standard);
    void write(std::string_view key, const std::optional<Millis> &value, const std::optional<Millis> &standard = {});
    void write(std::string_view key, const std::optional<Money> &value);
    void write(std::string_view key, const std::optional<int> &value);
    void write(std::string_view key, const std::optional<bool> &value);
    void write(std::string_view key, const std::optional<std::int64_t> &value);
    void write(std::string_view key, const Secret &value);
    void write(std::string_view key, const std::vector<std::string> &values);
    void write(std::string_view key, const std::map<std::string, std::string> &values);
    void write(std::string_view key, const JsonText &value);
    void writeMembers(const JsonText &object); ///< each as a key of this map
    void writeSize(std::string_view key, std::int64_t value, std::int64_t standard);
    void writeDate(std::string_view key, WallTime value);

    template <typename Enum>
    void writeChoice(std::string_view key, Enum value, Enum standard)
    {
        if (value != standard)
            m_node.add(std::string(key), Node::string(std::string(toText(value))));
    }

    /// A map or list, left out where it is empty.
    void add(std::string_view key, Node value);
    void addAlways(std::string_view key, Node value) { m_node.add(std::string(key), std::move(value)); }

    [[nodiscard]] const WriteOptions &options() const { return m_options; }
    [[nodiscard]] Node text(const std::string &value) const; ///< literal in the form that is written
    [[nodiscard]] Node list(const std::vector<std::string> &values) const;
    Node take() { return std::move(m_node); }

private:
    [[nodiscard]] Node node(const JsonText &value) const;

    const WriteOptions &m_options;
    Node m_node;
};

} // namespace gateway::config
