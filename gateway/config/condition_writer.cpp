// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/condition_fields.h"
#include "gateway/config/condition_text.h"
#include "gateway/config/map_writer.h"

#include <algorithm>

namespace gateway::config {

namespace {

class ConditionWriter
{
public:
    explicit ConditionWriter(const WriteOptions &options) : m_writer(options) {}

    Node write(const Condition &condition) const
    {
        if (const auto *all = std::get_if<AllOf>(&condition.test))
            return writeAll(all->conditions);
        Node map = Node::map();
        addTo(map, condition);
        return map;
    }

private:
    /// A map of several, where each key is there once and the reader finds the same order; else `$and`.
    Node writeAll(const std::vector<Condition> &conditions) const
    {
        Node map = Node::map();
        if (conditions.empty())
            return map;
        bool flat = conditions.size() > 1;
        for (std::size_t i = 0; flat && i < conditions.size(); ++i)
            flat = addTo(map, conditions[i]);
        if (flat)
            return map;
        Node list = Node::map();
        list.add("$and", writeList(conditions));
        return list;
    }

    Node writeList(const std::vector<Condition> &conditions) const
    {
        Node list = Node::sequence();
        for (const Condition &condition : conditions)
            list.items.push_back(write(condition));
        return list;
    }

    /// False: its key is taken already, and what is there cannot be joined with it.
    bool addTo(Node &map, const Condition &condition) const
    {
        if (const auto *test = std::get_if<FieldTest>(&condition.test))
            return addTest(map, *test);
        if (const auto *all = std::get_if<AllOf>(&condition.test))
            return addOnce(map, "$and", writeList(all->conditions));
        if (const auto *any = std::get_if<AnyOf>(&condition.test))
            return addOnce(map, "$or", writeList(any->conditions));
        const auto &inner = std::get<NotOf>(condition.test).condition;
        return addOnce(map, "$not", inner ? write(*inner) : Node::map());
    }

    static bool addOnce(Node &map, std::string key, Node value)
    {
        if (map.find(key) != nullptr)
            return false;
        map.add(std::move(key), std::move(value));
        return true;
    }

    bool addTest(Node &map, const FieldTest &test) const
    {
        const std::string word(toText(test.comparison));
        if (map.find(test.field) == nullptr) {
            if (test.comparison == Operator::Equal && test.values.size() == 1) {
                map.add(test.field, writeValue(test.values.front()));
                return true;
            }
            Node operators = Node::map();
            operators.add(word, writeValues(test));
            map.add(test.field, std::move(operators));
            return true;
        }
        // The one before it may take it along: { $gt: 10, $lt: 20 }.
        Entry &last = map.entries.back();
        if (last.key != test.field || (last.value.kind == Node::Kind::Map && last.value.find(word) != nullptr))
            return false;
        if (last.value.kind != Node::Kind::Map) {
            if (test.comparison == Operator::Equal)
                return false;
            Node operators = Node::map();
            operators.add(std::string(toText(Operator::Equal)), std::move(last.value));
            last.value = std::move(operators);
        }
        last.value.add(word, writeValues(test));
        return true;
    }

    Node writeValues(const FieldTest &test) const
    {
        if (test.comparison != Operator::In && test.comparison != Operator::NotIn)
            return test.values.empty() ? Node() : writeValue(test.values.front());
        Node list = Node::sequence();
        for (const ConditionValue &value : test.values)
            list.items.push_back(writeValue(value));
        return list;
    }

    Node writeValue(const ConditionValue &value) const
    {
        switch (value.kind) {
        case ConditionValue::Kind::Null: return {};
        case ConditionValue::Kind::Bool:
        case ConditionValue::Kind::Number: return Node::plain(value.text);
        case ConditionValue::Kind::Text: break;
        }
        return m_writer.text(value.text);
    }

    MapWriter m_writer;
};

} // namespace

Node toNode(const Condition &condition, const WriteOptions &options)
{
    return ConditionWriter(options).write(condition);
}

} // namespace gateway::config
