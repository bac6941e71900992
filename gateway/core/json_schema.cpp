// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/json_schema.h"

#include "gateway/core/text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string_view>

namespace gateway {

namespace {

using nlohmann::json;

constexpr int deepest = 64;
constexpr int mostLooks = 100'000; // choices among choices could take for ever
constexpr std::size_t mostProblems = 20;
constexpr std::size_t longestShown = 60;

bool isOfType(const std::string &type, const json &value)
{
    if (type == "integer")
        return value.is_number_integer() || (value.is_number_float() && value.get<double>() == static_cast<double>(static_cast<std::int64_t>(value.get<double>())));
    if (type == "number")
        return value.is_number();
    if (type == "string")
        return value.is_string();
    if (type == "boolean")
        return value.is_boolean();
    if (type == "array")
        return value.is_array();
    if (type == "object")
        return value.is_object();
    return type != "null" || value.is_null(); // a type that nobody knows asks for nothing
}

std::size_t characters(const std::string &text)
{
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string shown(const json &value)
{
    return std::string(truncatedUtf8(value.dump(-1, ' ', false, json::error_handler_t::replace), longestShown));
}

class Check
{
public:
    Check(const json &root, int &looks) : m_root(root), m_looks(looks) {}

    std::vector<std::string> run(const json &value)
    {
        look(m_root, value, "$", 0);
        return std::move(m_problems);
    }

private:
    void problem(const std::string &place, std::string words)
    {
        if (m_problems.size() < mostProblems)
            m_problems.push_back(fmt::format("{}: {}", place, words));
    }

    void look(const json &schema, const json &value, const std::string &place, int depth)
    {
        if (depth > deepest || ++m_looks > mostLooks)
            return problem(place, depth > deepest ? "it is nested too deep to be checked" : "the schema has too many choices to be checked");
        if (schema == false)
            return problem(place, "nothing may be here");
        if (!schema.is_object())
            return;
        if (const auto reference = schema.find("$ref"); reference != schema.end() && reference->is_string())
            followed(reference->get<std::string>(), value, place, depth);
        type(schema, value, place);
        if (const auto list = schema.find("enum"); list != schema.end() && list->is_array() && std::ranges::find(*list, value) == list->end())
            problem(place, fmt::format("{} is none of {}", shown(value), shown(*list)));
        if (const auto only = schema.find("const"); only != schema.end() && *only != value)
            problem(place, fmt::format("{} is not {}", shown(value), shown(*only)));
        if (value.is_object())
            object(schema, value, place, depth);
        else if (value.is_array())
            array(schema, value, place, depth);
        else if (value.is_string())
            bounds(schema, static_cast<double>(characters(value.get_ref<const std::string &>())), "minLength", "maxLength", "characters", place);
        else if (value.is_number())
            number(schema, value.get<double>(), place);
        combined(schema, value, place, depth);
    }

    void followed(const std::string &reference, const json &value, const std::string &place, int depth)
    {
        json::json_pointer pointer;
        bool found = reference.starts_with('#');
        try {
            pointer = json::json_pointer(found ? reference.substr(1) : std::string());
            found = found && m_root.contains(pointer);
        } catch (const json::exception &) {
            found = false;
        }
        if (!found)
            return problem(place, fmt::format("the schema refers to {}, which is not in it", jsonQuoted(truncatedUtf8(reference, longestShown))));
        look(m_root[pointer], value, place, depth + 1);
    }

    void type(const json &schema, const json &value, const std::string &place)
    {
        const auto wanted = schema.find("type");
        if (wanted == schema.end())
            return;
        const bool fits = wanted->is_string() ? isOfType(wanted->get<std::string>(), value)
                                              : !wanted->is_array() || std::ranges::any_of(*wanted, [&](const json &one) { return !one.is_string() || isOfType(one.get<std::string>(), value); });
        if (!fits)
            problem(place, fmt::format("{} is no {}", shown(value), wanted->is_string() ? wanted->get<std::string>() : shown(*wanted)));
    }

    void object(const json &schema, const json &value, const std::string &place, int depth)
    {
        if (const auto required = schema.find("required"); required != schema.end() && required->is_array()) {
            for (const json &name : *required) {
                if (name.is_string() && !value.contains(name.get<std::string>()))
                    problem(place, fmt::format("{} is missing", jsonQuoted(name.get<std::string>())));
            }
        }
        const auto properties = schema.find("properties");
        const auto others = schema.find("additionalProperties");
        for (const auto &member : value.items()) {
            const std::string itsPlace = fmt::format("{}.{}", place, truncatedUtf8(member.key(), longestShown));
            if (properties != schema.end() && properties->is_object() && properties->contains(member.key()))
                look((*properties)[member.key()], member.value(), itsPlace, depth + 1);
            else if (others != schema.end() && *others == false)
                problem(itsPlace, "the schema does not have it");
            else if (others != schema.end())
                look(*others, member.value(), itsPlace, depth + 1);
        }
    }

    void array(const json &schema, const json &value, const std::string &place, int depth)
    {
        bounds(schema, static_cast<double>(value.size()), "minItems", "maxItems", "items", place);
        const auto items = schema.find("items");
        for (std::size_t i = 0; items != schema.end() && i < value.size(); ++i)
            look(*items, value[i], fmt::format("{}[{}]", place, i), depth + 1);
    }

    void bounds(const json &schema, double count, const char *least, const char *most, std::string_view what, const std::string &place)
    {
        if (const auto bound = schema.find(least); bound != schema.end() && bound->is_number() && count < bound->get<double>())
            problem(place, fmt::format("it has {} {}, fewer than {}", count, what, bound->get<double>()));
        if (const auto bound = schema.find(most); bound != schema.end() && bound->is_number() && count > bound->get<double>())
            problem(place, fmt::format("it has {} {}, more than {}", count, what, bound->get<double>()));
    }

    void number(const json &schema, double value, const std::string &place)
    {
        const auto breaks = [&](const char *keyword, auto isFine) {
            const auto bound = schema.find(keyword);
            if (bound != schema.end() && bound->is_number() && !isFine(value, bound->get<double>()))
                problem(place, fmt::format("{} is against {} {}", value, keyword, bound->get<double>()));
        };
        breaks("minimum", std::greater_equal<> {});
        breaks("maximum", std::less_equal<> {});
        breaks("exclusiveMinimum", std::greater<> {});
        breaks("exclusiveMaximum", std::less<> {});
    }

    void combined(const json &schema, const json &value, const std::string &place, int depth)
    {
        if (const auto all = schema.find("allOf"); all != schema.end() && all->is_array()) {
            for (const json &one : *all)
                look(one, value, place, depth + 1);
        }
        for (const auto &[keyword, exact] : {std::pair("anyOf", false), std::pair("oneOf", true)}) {
            const auto some = schema.find(keyword);
            if (some == schema.end() || !some->is_array())
                continue;
            const auto fitting = std::ranges::count_if(*some, [&](const json &one) {
                Check inner(m_root, m_looks);
                inner.look(one, value, place, depth + 1);
                return inner.m_problems.empty();
            });
            if (fitting == 0 || (exact && fitting > 1))
                problem(place, fmt::format("{} fits {} of {}", shown(value), fitting == 0 ? "none" : "more than one", keyword));
        }
    }

    const json &m_root;
    int &m_looks;
    std::vector<std::string> m_problems;
};

} // namespace

std::vector<std::string> schemaProblems(const nlohmann::json &schema, const nlohmann::json &value)
{
    int looks = 0;
    return Check(schema, looks).run(value);
}

} // namespace gateway
