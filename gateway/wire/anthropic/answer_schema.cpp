// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/anthropic/answer_schema.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace gateway::wire::anthropic {
namespace {

using nlohmann::ordered_json;

constexpr int maxDepth = 64;
constexpr std::array<std::string_view, 13> limits {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength",
                                                   "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "patternProperties"};
constexpr std::array<std::string_view, 10> formats {"date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"};

bool isObject(const ordered_json &schema)
{
    const auto type = schema.find("type");
    return schema.contains("properties") || (type != schema.end() && *type == "object");
}

class Narrower
{
public:
    void narrow(ordered_json &schema, int depth = 0)
    {
        if (!schema.is_object() || depth > maxDepth)
            return;
        tellLimits(schema);
        if (isObject(schema))
            close(schema);
        if (const auto choices = schema.find("oneOf"); choices != schema.end()) {
            ordered_json moved = std::move(*choices);
            schema.erase("oneOf");
            schema["anyOf"] = std::move(moved);
        }
        for (const char *named : {"properties", "$defs", "definitions"}) {
            if (const auto inner = schema.find(named); inner != schema.end() && inner->is_object())
                for (auto &[name, each] : inner->items())
                    narrow(each, depth + 1);
        }
        for (const char *list : {"anyOf", "allOf"}) {
            if (const auto inner = schema.find(list); inner != schema.end() && inner->is_array())
                for (ordered_json &each : *inner)
                    narrow(each, depth + 1);
        }
        if (const auto items = schema.find("items"); items != schema.end())
            narrow(*items, depth + 1);
    }

    std::vector<std::string> told;

private:
    static bool isKnown(std::string_view word, const ordered_json &value)
    {
        if (word == "minItems")
            return value == 0 || value == 1;
        return word == "uniqueItems" && value == false;
    }

    void tellLimits(ordered_json &schema)
    {
        std::string words;
        const auto move = [&](const std::string &word) {
            const auto limit = schema.find(word);
            if (limit == schema.end() || isKnown(word, *limit))
                return;
            words += (words.empty() ? "" : ", ") + word + ": " + limit->dump(-1, ' ', false, ordered_json::error_handler_t::replace);
            schema.erase(word);
            if (std::ranges::find(told, word) == told.end())
                told.push_back(word);
        };
        for (const std::string_view word : limits)
            move(std::string(word));
        if (const auto format = schema.find("format"); format != schema.end() && std::ranges::none_of(formats, [&](std::string_view known) { return *format == known; }))
            move("format");
        if (words.empty())
            return;
        const auto description = schema.find("description");
        const bool described = description != schema.end() && description->is_string();
        schema["description"] = described ? description->get<std::string>() + " (" + words + ")" : words;
    }

    void close(ordered_json &schema)
    {
        const auto more = schema.find("additionalProperties");
        if (more != schema.end() && *more == false)
            return;
        if (more != schema.end() && std::ranges::find(told, "additionalProperties") == told.end())
            told.emplace_back("additionalProperties");
        schema["additionalProperties"] = false;
    }
};

} // namespace

AnswerSchema answerSchema(std::string_view schema)
{
    ordered_json root = ordered_json::parse(schema, nullptr, false);
    const ordered_json before = root;
    Narrower narrower;
    narrower.narrow(root);
    if (root == before)
        return {.json = std::string(schema)};
    return {.json = root.dump(-1, ' ', false, ordered_json::error_handler_t::replace), .told = std::move(narrower.told)};
}

} // namespace gateway::wire::anthropic
