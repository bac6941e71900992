// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/gemini/tool_reader.h"

#include "gateway/core/text.h"
#include "gateway/wire/gemini/content_reader.h"
#include "gateway/wire/gemini/names.h"
#include "gateway/wire/gemini/plain_schema.h"

#include <fmt/format.h>

#include <utility>

namespace gateway::wire::gemini {
namespace {

class Reader
{
public:
    Reader(RequestCursor &in, ChatRequest &request) : m_in(in), m_request(request) {}

    bool tool(std::string_view name)
    {
        if (m_in.type() != JsonCursor::Type::Object)
            return m_in.fail(name, "must be an object with functionDeclarations or a tool of Google's");
        return m_in.members(name, [&](std::string_view key) {
            if (named(key, "functionDeclarations"))
                return oneOrMore(m_in, key, [&](std::string_view place) { return function(place); });
            Json value;
            if (!m_in.any(value))
                return false;
            if (!value.empty())
                m_request.tools.push_back({.native = {m_request.keep(fmt::format("{{{}:{}}}", jsonQuoted(key), value.raw))}, .nativeOf = WireFormat::Gemini});
            return true;
        });
    }

    bool config(std::string_view name)
    {
        return m_in.members(name, [&](std::string_view key) {
            if (!named(key, "functionCallingConfig"))
                return keep(fmt::format("toolConfig.{}", key));
            return calling(key);
        });
    }

private:
    bool function(std::string_view name)
    {
        ChatTool tool;
        Json schema;
        if (m_in.type() != JsonCursor::Type::Object)
            return m_in.fail(name, "must be an object with a name");
        const bool read = m_in.members(name, [&](std::string_view key) {
            if (key == "name")
                return m_in.chars(key, tool.name);
            if (key == "description")
                return m_in.chars(key, tool.description);
            if (key == "parameters")
                return m_in.object(key, schema);
            if (named(key, "parametersJsonSchema"))
                return m_in.object(key, tool.parameters);
            return keep(fmt::format("tools.functionDeclarations.{}", key));
        });
        if (!read)
            return false;
        const std::string before = name.empty() ? std::string() : fmt::format("{}.", name);
        if (tool.name.empty())
            return m_in.fail(before + "name", "is missing");
        if (tool.parameters.empty() && !schema.empty()) {
            auto plain = plainSchema(schema.raw);
            if (!plain)
                return m_in.fail(before + "parameters", "is not valid JSON");
            tool.parameters = {m_request.keep(std::move(*plain))};
        }
        m_request.tools.push_back(tool);
        return true;
    }

    bool calling(std::string_view name)
    {
        using Mode = ToolChoice::Mode;
        Chars mode;
        std::vector<Chars> names;
        const bool read = m_in.members(name, [&](std::string_view key) {
            if (key == "mode")
                return m_in.chars(key, mode);
            if (named(key, "allowedFunctionNames"))
                return m_in.elements(key, [&] { return m_in.chars({}, names.emplace_back()); });
            return keep(fmt::format("toolConfig.functionCallingConfig.{}", key));
        });
        if (!read)
            return false;
        std::erase_if(names, [](Chars each) { return each.empty(); });
        if (equalsIgnoringCase(mode.raw, "NONE"))
            m_request.toolChoice = ToolChoice {.mode = Mode::None};
        else if (equalsIgnoringCase(mode.raw, "ANY") && names.empty())
            m_request.toolChoice = ToolChoice {.mode = Mode::Required};
        else if (equalsIgnoringCase(mode.raw, "ANY"))
            m_request.toolChoice = ToolChoice {.mode = names.size() == 1 ? Mode::Named : Mode::Allowed, .allowedRequired = names.size() > 1, .names = std::move(names)};
        else if (equalsIgnoringCase(mode.raw, "VALIDATED"))
            validated(std::move(names));
        else if (equalsIgnoringCase(mode.raw, "AUTO"))
            m_request.toolChoice = ToolChoice {.mode = Mode::Auto};
        else if (!mode.empty() && !equalsIgnoringCase(mode.raw, "MODE_UNSPECIFIED"))
            return m_in.fail(fmt::format("{}.mode", name), "must be AUTO, ANY, NONE or VALIDATED");
        return true;
    }

    /// As AUTO, with arguments held to their schemas: others ask that of each tool, and only of schemas that are made for it.
    void validated(std::vector<Chars> names)
    {
        m_request.toolChoice = ToolChoice {.mode = names.empty() ? ToolChoice::Mode::Auto : ToolChoice::Mode::Allowed, .names = std::move(names)};
        m_request.unknown.push_back({.name = "toolConfig.functionCallingConfig.mode", .value = {"\"VALIDATED\""}});
    }

    bool keep(std::string place)
    {
        Json value;
        if (!m_in.any(value))
            return false;
        if (!value.empty())
            m_request.unknown.push_back({.name = m_request.keep(std::move(place)), .value = value});
        return true;
    }

    RequestCursor &m_in;
    ChatRequest &m_request;
};

} // namespace

bool readTools(RequestCursor &in, std::string_view name, ChatRequest &request)
{
    Reader reader(in, request);
    return oneOrMore(in, name, [&](std::string_view place) { return reader.tool(place); });
}

bool readToolConfig(RequestCursor &in, std::string_view name, ChatRequest &request)
{
    return Reader(in, request).config(name);
}

} // namespace gateway::wire::gemini
