// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/gemini/plain_schema.h"

#include "gateway/wire/gemini/names.h"
#include "gateway/wire/json_cursor.h"
#include "gateway/wire/json_writer.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

namespace gateway::wire::gemini {
namespace {

using Type = JsonCursor::Type;
constexpr int maxDepth = 64;

/// Google's enumerators as numbers, from 1 on: older SDKs send them so.
constexpr std::array<std::string_view, 7> typeNames {"string", "number", "integer", "boolean", "array", "object", "null"};
constexpr std::array<std::string_view, 3> maps {"properties", "$defs", "patternProperties"};
constexpr std::array<std::string_view, 4> lists {"anyOf", "oneOf", "allOf", "prefixItems"};
constexpr std::array<std::string_view, 3> schemas {"items", "additionalProperties", "not"};
constexpr std::array<std::string_view, 8> numbers {"minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties", "minimum", "maximum"};

/// The name in `names` that `key` stands for; empty: none.
template <std::size_t size>
std::string_view oneOf(const std::array<std::string_view, size> &names, std::string_view key)
{
    const auto found = std::ranges::find_if(names, [&](std::string_view name) { return named(key, name); });
    return found == names.end() ? std::string_view {} : *found;
}

class Converter
{
public:
    explicit Converter(std::string_view text) : m_in(text), m_json(m_out) {}

    std::optional<std::string> convert()
    {
        return schema(0) && m_in.atEnd() ? std::optional(std::move(m_out)) : std::nullopt;
    }

private:
    /// What an object of the schema says of its values, told at its end.
    struct Object
    {
        std::string_view type {};  ///< as written
        bool nullable = false;
        std::size_t enumEnd = 0;   ///< where its list of values ends in what was written; 0: it has none
        std::size_t choiceEnd = 0; ///< likewise of anyOf
    };

    bool schema(int depth)
    {
        if (m_in.type() != Type::Object || depth > maxDepth)
            return copy();
        Object object;
        m_json.object();
        if (!m_in.members([&](std::string_view key) { return member(key, object, depth); }))
            return false;
        const bool typed = writeType(object);
        // A value that may be null is also one of the values, or one of the choices.
        if (object.nullable && object.enumEnd > 0)
            m_out.insert(object.enumEnd - 1, ",null");
        else if (object.nullable && !typed && object.choiceEnd > 0)
            m_out.insert(object.choiceEnd - 1, R"(,{"type":"null"})");
        m_json.endObject();
        return true;
    }

    bool member(std::string_view key, Object &object, int depth)
    {
        if (key == "type")
            return m_in.skip(object.type);
        if (key == "nullable") {
            const auto value = m_in.boolean();
            object.nullable = value.value_or(false);
            return value || m_in.skip();
        }
        if (named(key, "propertyOrdering"))
            return m_in.skip();
        if (key == "ref")
            return reference();
        if (key == "example") {
            m_json.array("examples");
            const bool read = copy();
            m_json.endArray();
            return read;
        }
        if (const auto name = key == "defs" ? std::string_view("$defs") : oneOf(maps, key); !name.empty() && m_in.type() == Type::Object)
            return map(name, depth);
        if (const auto name = oneOf(lists, key); !name.empty() && m_in.type() == Type::Array)
            return list(name, name == "anyOf" ? object.choiceEnd : m_ignored, [&] { return schema(depth + 1); });
        if (const auto name = oneOf(schemas, key); !name.empty())
            return m_json.key(name), schema(depth + 1);
        if (const auto name = oneOf(numbers, key); !name.empty())
            return number(name);
        if (key == "enum" && m_in.type() == Type::Array)
            return list(key, object.enumEnd, [&] { return copy(); });
        return m_json.key(key), copy();
    }

    bool map(std::string_view name, int depth)
    {
        m_json.object(name);
        const bool read = m_in.members([&](std::string_view key) { return m_json.key(key), schema(depth + 1); });
        m_json.endObject();
        return read;
    }

    /// @param end  where it ends in what was written, unless it is empty
    template <typename Element>
    bool list(std::string_view name, std::size_t &end, Element element)
    {
        bool any = false;
        m_json.array(name);
        const bool read = m_in.elements([&] { return any = true, element(); });
        m_json.endArray();
        end = any ? m_out.size() : end;
        return read;
    }

    /// A number, which proto3's JSON writes as a string where it has 64 bits.
    bool number(std::string_view name)
    {
        m_json.key(name);
        std::string_view text;
        if (m_in.type() != Type::String)
            return copy();
        if (!m_in.string(text))
            return false;
        JsonCursor digits(text);
        const auto whole = digits.integer();
        whole && digits.atEnd() ? m_json.value(*whole) : m_json.value(Chars {text});
        return true;
    }

    /// "#/defs/Pet"
    bool reference()
    {
        constexpr std::string_view place = "#/defs/";
        std::string_view text;
        if (m_in.type() != Type::String)
            return m_json.key("ref"), copy();
        if (!m_in.string(text))
            return false;
        m_json.member("$ref", Chars {text.starts_with(place) ? "#/$defs/" + std::string(text.substr(place.size())) : std::string(text)});
        return true;
    }

    bool copy()
    {
        Json value;
        if (!m_in.skip(value.raw))
            return false;
        m_json.value(value);
        return true;
    }

    /// @return whether it has a type
    bool writeType(const Object &object)
    {
        JsonCursor in(object.type);
        const bool several = in.type() == Type::Array;
        std::vector<std::string> names;
        if (several)
            in.elements([&] { return takeType(in, names); });
        else
            takeType(in, names);
        if (names.empty())
            return false;
        if (object.nullable && std::ranges::find(names, "null") == names.end())
            names.emplace_back("null");
        m_json.key("type");
        if (names.size() == 1 && !several) {
            m_json.text(names.front());
            return true;
        }
        m_json.array();
        for (const std::string &name : names)
            m_json.text(name);
        m_json.endArray();
        return true;
    }

    static bool takeType(JsonCursor &in, std::vector<std::string> &names)
    {
        if (const auto number = in.integer()) {
            if (*number >= 1 && *number <= static_cast<std::int64_t>(typeNames.size()))
                names.emplace_back(typeNames[static_cast<std::size_t>(*number - 1)]);
            return true;
        }
        std::string_view raw;
        if (in.type() != Type::String)
            return in.skip();
        if (!in.string(raw))
            return false;
        std::string name = unescapeJson(raw);
        std::ranges::transform(name, name.begin(), asciiLower);
        if (name != "type_unspecified")
            names.push_back(std::move(name));
        return true;
    }

    JsonCursor m_in;
    std::string m_out;
    JsonWriter m_json;
    std::size_t m_ignored = 0;
};

} // namespace

std::optional<std::string> plainSchema(std::string_view schema)
{
    return Converter(schema).convert();
}

} // namespace gateway::wire::gemini
