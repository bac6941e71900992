// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/gemini/schema_subset.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace gateway::wire::gemini {
namespace {

using nlohmann::ordered_json;
constexpr int maxReferences = 8;
constexpr int maxDepth = 64;
constexpr int maxNodes = 4000;

constexpr std::array<std::string_view, 15> kept {"format", "description", "nullable", "required", "minItems", "maxItems", "minimum", "maximum",
                                                 "minLength", "maxLength", "pattern", "propertyOrdering", "title", "type", "enum"};

class Converter
{
public:
    explicit Converter(const ordered_json &root) : m_root(root) {}

    ordered_json convert(const ordered_json &schema, int references = 0, int depth = 0)
    {
        ordered_json out = ordered_json::object();
        if (!schema.is_object() || depth > maxDepth || ++m_nodes > maxNodes) {
            out["type"] = "object";
            return out;
        }
        if (const auto reference = schema.find("$ref"); reference != schema.end() && reference->is_string()) {
            const ordered_json *target = references < maxReferences ? find(reference->get_ref<const std::string &>()) : nullptr;
            if (target)
                return convert(*target, references + 1, depth + 1);
            out["type"] = "object";
            return out;
        }
        for (const std::string_view name : kept)
            if (const auto member = schema.find(name); member != schema.end())
                out[std::string(name)] = *member;
        types(out);
        values(schema, out);
        if (const auto properties = schema.find("properties"); properties != schema.end() && properties->is_object())
            for (const auto &[name, inner] : properties->items())
                out["properties"][name] = convert(inner, references, depth + 1);
        if (const auto items = schema.find("items"); items != schema.end() && items->is_object())
            out["items"] = convert(*items, references, depth + 1);
        for (const char *choice : {"anyOf", "oneOf"})
            if (const auto list = schema.find(choice); list != schema.end() && list->is_array())
                choices(*list, out, references, depth);
        if (const auto all = schema.find("allOf"); all != schema.end() && all->is_array())
            for (const ordered_json &each : *all)
                merge(convert(each, references, depth + 1), out);
        return out;
    }

private:
    /// Within the document alone: "#/$defs/Person".
    const ordered_json *find(const std::string &reference) const
    {
        if (!reference.starts_with('#'))
            return nullptr;
        try {
            return &m_root.at(ordered_json::json_pointer(reference.substr(1)));
        } catch (const ordered_json::exception &) {
            return nullptr;
        }
    }

    static void types(ordered_json &out)
    {
        const auto type = out.find("type");
        if (type == out.end() || !type->is_array())
            return;
        const ordered_json all = std::move(*type); // what is put into an ordered object moves its members
        ordered_json some = ordered_json::array();
        for (const ordered_json &each : all) {
            if (each == "null")
                out["nullable"] = true;
            else
                some.push_back(each);
        }
        out.erase("type");
        if (some.size() == 1) {
            out["type"] = some[0];
        } else {
            for (const ordered_json &each : some)
                out["anyOf"].push_back({{"type", each}});
        }
    }

    static void values(const ordered_json &schema, ordered_json &out)
    {
        if (const auto constant = schema.find("const"); constant != schema.end())
            out["enum"] = ordered_json::array({*constant});
        const auto list = out.find("enum");
        if (list == out.end() || !list->is_array())
            return;
        for (ordered_json &value : *list)
            if (!value.is_string())
                value = value.dump();
        out["type"] = "string";
    }

    void choices(const ordered_json &list, ordered_json &out, int references, int depth)
    {
        ordered_json some = ordered_json::array();
        for (const ordered_json &each : list) {
            if (each.is_object() && each.value("type", "") == "null")
                out["nullable"] = true;
            else
                some.push_back(convert(each, references, depth + 1));
        }
        if (some.size() == 1)
            merge(some[0], out);
        else if (!some.empty())
            out["anyOf"] = some;
    }

    static void merge(const ordered_json &from, ordered_json &out)
    {
        for (const auto &[name, value] : from.items()) {
            if (name == "properties" && out.contains(name))
                out[name].update(value);
            else if (name == "required" && out.contains(name))
                out[name].insert(out[name].end(), value.begin(), value.end());
            else
                out[name] = value;
        }
    }

    const ordered_json &m_root;
    int m_nodes = 0;
};

} // namespace

std::string schemaSubset(std::string_view schema)
{
    const ordered_json root = ordered_json::parse(schema, nullptr, false);
    return Converter(root).convert(root).dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

} // namespace gateway::wire::gemini
