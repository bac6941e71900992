// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/condition_text.h"

#include "gateway/config/condition_fields.h"
#include "gateway/core/text.h"

#include <array>
#include <fmt/format.h>

namespace gateway::config {

namespace {

constexpr std::array<std::string_view, 3> connectives {"$and", "$or", "$not"};

using Conditions = std::vector<Condition>;

/// One of them stands for itself, more for all of them.
Condition joined(Conditions parts)
{
    if (parts.size() == 1)
        return std::move(parts.front());
    return {AllOf {std::move(parts)}};
}

class ConditionReader
{
public:
    explicit ConditionReader(Reading &reading) : m_reading(reading) {}

    Condition read(const Node &node, const std::string &field)
    {
        m_reading.place(node, field);
        Conditions parts;
        if (node.kind != Node::Kind::Map) {
            m_reading.error(node, field, fmt::format("`{}` must be a map of fields and what they have to be, such as {{ metadata.tier: free }}", field));
            return joined(std::move(parts));
        }
        for (const Entry &entry : node.entries) {
            const std::string at = fmt::format("{}.{}", field, entry.key);
            m_reading.place(entry.value, at);
            if (entry.key.starts_with('$'))
                readConnective(entry, at, parts);
            else
                readTests(entry, at, parts);
        }
        return joined(std::move(parts));
    }

private:
    void readConnective(const Entry &entry, const std::string &at, Conditions &parts)
    {
        if (entry.key == "$and")
            parts.push_back({AllOf {readList(entry, at)}});
        else if (entry.key == "$or")
            parts.push_back({AnyOf {readList(entry, at)}});
        else if (entry.key == "$not")
            parts.push_back({NotOf {read(entry.value, at)}});
        else if (operatorOf(entry.key))
            m_reading.errorAt(entry.line, entry.column, at, fmt::format("`{0}` stands below a field, such as tokens.input: {{ {0}: 1000 }}", entry.key));
        else
            unknownOperator(entry, at, connectives);
    }

    Conditions readList(const Entry &entry, const std::string &at)
    {
        Conditions list;
        if (entry.value.kind != Node::Kind::Sequence)
            m_reading.error(entry.value, at, fmt::format("`{}` takes a list of conditions", entry.key));
        for (const Node &item : entry.value.items)
            list.push_back(read(item, fmt::format("{}[{}]", at, list.size())));
        return list;
    }

    /// "metadata.tier: free", "tokens.input: { $gt: 10, $lt: 20 }"
    void readTests(const Entry &entry, const std::string &at, Conditions &parts)
    {
        const Node &value = entry.value;
        if (value.kind == Node::Kind::Sequence) {
            m_reading.error(value, at, fmt::format("`{0}` is compared with one value; write {0}: {{ $in: [...] }} for any of several", entry.key));
        } else if (value.kind != Node::Kind::Map) {
            parts.push_back({FieldTest {.field = entry.key, .values = {readValue(value, at)}}});
        } else if (value.entries.empty()) {
            m_reading.error(value, at, fmt::format("`{}` has an empty map; give it a value, or an operator such as {{ $gt: 10 }}", entry.key));
        } else {
            readOperators(entry.key, value, at, parts);
        }
    }

    void readOperators(const std::string &name, const Node &map, const std::string &field, Conditions &parts)
    {
        for (const Entry &entry : map.entries) {
            const std::string at = fmt::format("{}.{}", field, entry.key);
            m_reading.place(entry.value, at);
            if (entry.key == "$not") {
                Conditions inner;
                if (entry.value.kind == Node::Kind::Map)
                    readOperators(name, entry.value, at, inner);
                else
                    m_reading.error(entry.value, at, "`$not` takes a map of operators here, such as { $gt: 10 }");
                parts.push_back({NotOf {joined(std::move(inner))}});
            } else if (const auto comparison = operatorOf(entry.key)) {
                parts.push_back({FieldTest {.field = name, .comparison = *comparison, .values = readValues(*comparison, entry, at)}});
            } else {
                unknownOperator(entry, at, operatorWords());
            }
        }
    }

    std::vector<ConditionValue> readValues(Operator comparison, const Entry &entry, const std::string &at)
    {
        std::vector<ConditionValue> values;
        const bool list = comparison == Operator::In || comparison == Operator::NotIn;
        if (!list) {
            values.push_back(readValue(entry.value, at));
            return values;
        }
        if (entry.value.kind != Node::Kind::Sequence)
            m_reading.error(entry.value, at, fmt::format("`{}` takes a list of values", entry.key));
        for (const Node &item : entry.value.items)
            values.push_back(readValue(item, fmt::format("{}[{}]", at, values.size())));
        return values;
    }

    ConditionValue readValue(const Node &node, const std::string &at)
    {
        if (node.kind == Node::Kind::Null)
            return {.kind = ConditionValue::Kind::Null, .text = {}};
        auto text = m_reading.text(node, at).value_or(std::string());
        ConditionValue::Kind kind = ConditionValue::Kind::Text;
        if (!node.quoted && isJsonLiteral(text)) // also what a variable held
            kind = text == "true" || text == "false" ? ConditionValue::Kind::Bool : text == "null" ? ConditionValue::Kind::Null : ConditionValue::Kind::Number;
        if (kind == ConditionValue::Kind::Null)
            text.clear();
        return {.kind = kind, .text = std::move(text)};
    }

    void unknownOperator(const Entry &entry, const std::string &at, std::span<const std::string_view> known)
    {
        const std::string_view near = nearestName(entry.key, known);
        m_reading.errorAt(entry.line, entry.column, at,
                          fmt::format("unknown operator `{}`{}", toValidUtf8(entry.key),
                                      near.empty() ? fmt::format("; there are {} here", fmt::join(known, ", ")) : fmt::format("; did you mean `{}`?", near)));
    }

    Reading &m_reading;
};

} // namespace

Condition readCondition(Reading &reading, const Node &node, const std::string &field)
{
    return ConditionReader(reading).read(node, field);
}

} // namespace gateway::config
